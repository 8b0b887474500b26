package tidio

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// The wire format v1 (Bearer, /v1/, pages): the parts that all requests and replies share. The source is the
// API description in internal/tidiomock, cited by operation and schema.

// V1BaseURL is the address of the API.
const V1BaseURL = "https://api.tidio.co/v1/"

// Key is an API key. It is never printed: it is kept in a function, which fmt can only show as an address.
type Key struct {
	reveal func() string
}

// ParseKey checks an API key, and removes white space around it, such as the line break at the end of a file.
// The error does not contain the key.
func ParseKey(s string) (Key, error) {
	s = strings.TrimSpace(s)
	if flaw := checkToken(s); flaw != "" {
		return Key{}, errors.New("the API key " + flaw)
	}
	return Key{reveal: func() string { return s }}, nil
}

// String hides the key.
func (Key) String() string { return "(API key)" }

func (k Key) wire() *wire {
	return &wire{
		help: &Help{
			Credentials: "the API key",
			Settings:    []string{"api_key"},
			Advice: "Keys are made in the Tidio panel under Settings > Developer. API access needs the Plus plan. " +
				"The plans Starter, Growth and Tidio+ have no API access.",
			BaseURL: V1BaseURL,
		},
		format: V1,
		setHeaders: func(h http.Header) {
			h.Set("Authorization", "Bearer "+k.reveal())
			h.Set("Accept", "application/json")
		},
		redact:    func(s string) string { return strings.ReplaceAll(s, k.reveal(), k.String()) },
		classify:  classifyV1,
		isAnswer:  isJSON,
		isError:   isErrorV1,
		message:   messageV1,
		writtenID: writtenIDV1,

		properties:           nounV1("properties", Property.id, propertyV1.property, propertyV1.check),
		operators:            nounV1("operators", Operator.id, operatorV1.operator, nil),
		contacts:             nounV1("contacts", Contact.id, contactV1.contact, nil),
		conversations:        nounV1("conversations", Conversation.id, conversationV1.conversation, nil),
		conversationMessages: nounV1("messages", Message.id, messageOfV1.message, nil),

		contactFields:  []ContactField{ContactName, ContactEmail, ContactPhone},
		encodeProperty: encodePropertyV1,
		encodeContact:  encodeContactV1,
		typedValues:    true,
		tells:          tellsV1,

		encodeConversation: encodeConversationV1,
	}
}

// classifyV1 returns the class of a reply for the transport. All requests have the same key, so a refused key
// is final. A 403 may concern only one route. A reply that is not JSON is not from the API.
func classifyV1(_ transport.Request, r transport.Reply) transport.Class {
	switch {
	case r.Status == http.StatusUnauthorized:
		return transport.Final
	case r.Status == http.StatusForbidden, r.Status >= 300 && r.Status < 400, len(r.Body) > 0 && !isJSON(r.Body):
		return transport.Failed
	}
	return transport.Answered
}

// nounV1 describes a collection whose objects are sent as J. check returns what is missing in an object; nil
// if nothing can be missing.
func nounV1[T, J any](path string, id func(T) string, convert func(J) T, check func(J) error) noun[T] {
	return noun[T]{
		path: path,
		id:   id,
		page: func(body []byte, number int) (page[T], error) {
			var sent struct {
				Data *[]J `json:"data"`
				Meta *struct {
					Total *int `json:"total"`
					Page  *int `json:"page"`
				} `json:"meta"`
			}
			if err := decode(body, &sent); err != nil {
				return page[T]{}, err
			}
			if sent.Meta != nil && sent.Meta.Page != nil && *sent.Meta.Page != number {
				return page[T]{}, fmt.Errorf("page %d was requested, but page %d was returned", number, *sent.Meta.Page)
			}
			if sent.Data == nil {
				var fields map[string]json.RawMessage
				if _ = json.Unmarshal(body, &fields); fields["data"] == nil {
					return page[T]{}, errors.New("it has no field \"data\"")
				}
				return page[T]{total: -1}, nil // null is an empty list
			}
			read := page[T]{total: -1, items: make([]T, 0, len(*sent.Data))}
			for _, item := range *sent.Data {
				if check != nil {
					if err := check(item); err != nil {
						return page[T]{}, err
					}
				}
				read.items = append(read.items, convert(item))
			}
			if sent.Meta != nil && sent.Meta.Total != nil {
				read.total = *sent.Meta.Total
			}
			if sent.Meta == nil || len(read.items) == 0 {
				return read, nil
			}
			read.next = url.Values{"page": {strconv.Itoa(number + 1)}}
			return read, nil
		},
		one: func(body []byte) (T, error) {
			var item J
			err := decodeObjectV1(body, &item)
			if err == nil && check != nil {
				err = check(item)
			}
			return convert(item), err
		},
	}
}

// decodeObjectV1 reads a single object, bare or wrapped in data.
func decodeObjectV1(raw []byte, into any) error {
	var fields map[string]json.RawMessage
	if err := decode(raw, &fields); err != nil {
		return err
	}
	data, wrapped := fields["data"]
	if _, bare := fields["id"]; wrapped && !bare {
		raw = data
	}
	return decode(raw, into)
}

// writtenIDV1 needs only the id: the object exists even if the rest of the reply cannot be read.
func writtenIDV1(body []byte) (string, error) {
	var written struct {
		ID flexString `json:"id"`
	}
	err := decodeObjectV1(body, &written)
	return string(written.ID), err
}

// messageV1 returns the field message of an error's body, or else the messages in errors, or else error.
func messageV1(body []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return ""
	}
	if message := stringIn(fields["message"]); message != "" {
		return message
	}
	var list []json.RawMessage
	if json.Unmarshal(fields["errors"], &list) == nil {
		var messages []string
		for _, item := range list {
			var entry struct{ Message json.RawMessage }
			if json.Unmarshal(item, &entry) == nil && stringIn(entry.Message) != "" {
				messages = append(messages, stringIn(entry.Message))
			}
		}
		if len(messages) > 0 {
			return strings.Join(messages, "; ")
		}
	}
	return stringIn(fields["error"])
}

// isErrorV1 ignores the field message, because a success may have one.
func isErrorV1(body []byte) bool {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(body, &fields) // a body that is not an object is not an error
	failed := string(fields["error"])
	return !isEmptyJSON(fields["errors"]) || !isEmptyJSON(fields["error"]) && failed != "false" && failed != `""`
}
