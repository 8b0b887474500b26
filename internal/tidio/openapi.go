package tidio

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// The wire format of the published API (client id and secret, cursors): the parts that all requests and replies
// share. The source is the OpenAPI document of the published format in internal/tidiomock, cited by operation and
// schema.

// OpenAPIBaseURL is the address of the published API.
const OpenAPIBaseURL = "https://api.tidio.com/"

// ClientCredentials are the id and the secret of the published API. They are never printed: they are kept in
// a function, which fmt can only show as an address.
type ClientCredentials struct {
	reveal func() (id, secret string)
}

// ParseClientCredentials checks a client id and its secret, and removes white space around them. flawed is the
// setting that an error is about, client_id or client_secret. The error contains neither value.
func ParseClientCredentials(id, secret string) (credentials ClientCredentials, flawed string, err error) {
	id, secret = strings.TrimSpace(id), strings.TrimSpace(secret)
	if strings.HasPrefix(id, "cs_") || strings.HasPrefix(secret, "ci_") {
		return credentials, "client_id", errors.New("the client id and the client secret are swapped")
	}
	if flaw := checkToken(id); flaw != "" {
		return credentials, "client_id", errors.New("the client id " + flaw)
	}
	if flaw := checkToken(secret); flaw != "" {
		return credentials, "client_secret", errors.New("the client secret " + flaw)
	}
	return ClientCredentials{reveal: func() (string, string) { return id, secret }}, "", nil
}

// String hides the credentials.
func (ClientCredentials) String() string { return "(client credentials)" }

func (c ClientCredentials) wire() *wire {
	id, secret := c.reveal()
	redacted := strings.NewReplacer(secret, "(client secret)", id, "(client id)")
	return &wire{
		format: OpenAPI,
		help: &Help{
			Credentials: "the client id and the client secret",
			Settings:    []string{"client_id", "client_secret"},
			Advice: "The project's owner or an admin creates them in the Tidio panel under Developer > OpenAPI. API access " +
				"needs the Plus or Premium plan.",
			BaseURL: OpenAPIBaseURL,
		},
		setHeaders: func(h http.Header) {
			h.Set("X-Tidio-Openapi-Client-Id", id)
			h.Set("X-Tidio-Openapi-Client-Secret", secret)
			h.Set("Accept", "application/json; version=1")
		},
		redact:    redacted.Replace,
		classify:  classifyOpenAPI,
		isAnswer:  isJSON,
		isError:   isErrorOpenAPI,
		message:   messageOpenAPI,
		writtenID: writtenIDOpenAPI,

		properties: listOnly(nounOpenAPI("contact-properties", "properties", Property.id,
			propertyOpenAPI.property, propertyOpenAPI.check)),
		operators: listOnly(nounOpenAPI("operators", "operators", Operator.id, operatorOpenAPI.operator, nil)),
		departments: listOnly(nounOpenAPI("departments", "departments", Department.id,
			departmentOpenAPI.department, nil)),
		contacts:        nounOpenAPI("contacts", "contacts", Contact.id, contactOpenAPI.contact, nil),
		tickets:         nounOpenAPI("tickets", "tickets", Ticket.id, ticketOpenAPI.ticket, nil),
		contactMessages: contactMessagesOpenAPI(),
		project:         nounOpenAPI("project", "", Project.id, projectOpenAPI.project, nil),

		contactFields: []ContactField{ContactDistinctID, ContactFirstName, ContactLastName, ContactEmail, ContactPhone},
		byEmail:       func(email string) url.Values { return url.Values{"email": {email}} },
		encodeContact: encodeContactOpenAPI,
		tells:         tellsOpenAPI,
		batch:         &batchFormat{path: "contacts/batch", encode: encodeBatchOpenAPI, split: splitBatchOpenAPI},
		ticketWrites:  ticketWritesOpenAPI(),
	}
}

// classifyOpenAPI returns the class of a reply for the transport. Credentials, version and the account's plan
// are the same for all requests, so a refusal of one of these is final. Any other 403 may concern only one
// route. A reply that is not JSON is not from the API.
func classifyOpenAPI(_ transport.Request, r transport.Reply) transport.Class {
	code, _ := errorOpenAPI(r.Body)
	switch {
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusNotAcceptable,
		r.Status == http.StatusForbidden && code == "api_access_disabled":
		return transport.Final
	case r.Status == http.StatusForbidden, r.Status >= 300 && r.Status < 400, len(r.Body) > 0 && !isJSON(r.Body):
		return transport.Failed
	}
	return transport.Answered
}

// nounOpenAPI describes a collection whose objects are sent as J, in a field of the list. check returns what is
// missing in an object; nil if nothing can be missing.
func nounOpenAPI[T, J any](
	path, field string, id func(T) string, convert func(J) T, check func(J) error,
) noun[T] {
	return noun[T]{
		path: path,
		id:   id,
		page: func(body []byte, _ int) (page[T], error) {
			var sent map[string]json.RawMessage
			if err := decode(body, &sent); err != nil {
				return page[T]{}, err
			}
			var items []J
			if sent[field] == nil {
				return page[T]{}, fmt.Errorf("it has no field %q", field)
			}
			if err := decode(sent[field], &items); err != nil {
				return page[T]{}, err
			}
			read := page[T]{total: -1, items: make([]T, 0, len(items))}
			for _, item := range items {
				if check != nil {
					if err := check(item); err != nil {
						return page[T]{}, err
					}
				}
				read.items = append(read.items, convert(item))
			}
			var meta struct {
				Cursor *string `json:"cursor"`
			}
			if sent["meta"] != nil {
				if err := decode(sent["meta"], &meta); err != nil {
					return page[T]{}, err
				}
			}
			if meta.Cursor != nil && *meta.Cursor != "" {
				read.next = url.Values{"cursor": {*meta.Cursor}}
			}
			return read, nil
		},
		one: func(body []byte) (T, error) {
			var item J
			err := decode(body, &item)
			if err == nil && check != nil {
				err = check(item)
			}
			return convert(item), err
		},
	}
}

// listOnly returns the noun of a collection whose objects cannot be read by id.
func listOnly[T any](n noun[T]) noun[T] {
	n.one = nil
	return n
}

// writtenIDOpenAPI needs only the id: the object exists even if the rest of the reply cannot be read.
func writtenIDOpenAPI(body []byte) (string, error) {
	var written struct {
		ID flexString `json:"id"`
	}
	err := decode(body, &written)
	return string(written.ID), err
}

func messageOpenAPI(body []byte) string {
	_, message := errorOpenAPI(body)
	return message
}

// errorOpenAPI returns the first code in the body of an error, and all of its messages.
func errorOpenAPI(body []byte) (code, message string) {
	var sent struct {
		Errors []json.RawMessage `json:"errors"`
	}
	_ = json.Unmarshal(body, &sent) // a body that is not an error has no message
	var messages []string
	for _, raw := range sent.Errors {
		var entry struct {
			Code    json.RawMessage `json:"code"`
			Message json.RawMessage `json:"message"`
		}
		_ = json.Unmarshal(raw, &entry)
		if code == "" {
			code = stringIn(entry.Code)
		}
		if text := stringIn(entry.Message); text != "" {
			messages = append(messages, text)
		}
	}
	return code, strings.Join(messages, "; ")
}

func isErrorOpenAPI(body []byte) bool {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(body, &fields) // a body that is not an object is not an error
	return !isEmptyJSON(fields["errors"])
}
