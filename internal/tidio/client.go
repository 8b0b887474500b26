// Package tidio is the Tidio REST API v1 as Go: one type per noun and one method per endpoint,
// typed in and out. What is particular to the wire format (paths, envelope, paging, error bodies,
// the auth header) stays inside this package.
//
// Every error of a method is an [*Error].
package tidio

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// Options configure a [Client]. The defaults are the provider's business: every field is taken
// literally.
type Options struct {
	BaseURL   *url.URL // from [ParseBaseURL]
	Key       Key      // from [ParseKey]
	UserAgent string

	MaxRetries        int           // of attempts that ended in a 5xx or a network error; 0 = none
	MaxRetryWait      time.Duration // longest wait on the rate limit without progress
	RequestTimeout    time.Duration // of one attempt with its body
	RequestsPerMinute int           // 0 = no cap but the API's own

	Hooks Hooks
	Base  http.RoundTripper // sends a single attempt; nil = the network
}

// Hooks are told about attempts and waits, never about headers or bodies.
type Hooks = transport.Hooks

// Attempt is what a hook is told of one request.
type Attempt = transport.Attempt

// Wait is what a hook is told of one pause.
type Wait = transport.Wait

// Client calls the API. It is safe for concurrent use; all calls share one rate budget, and most reads
// of properties, operators and contacts one list each.
type Client struct {
	base       *url.URL
	key        Key
	userAgent  string
	maxRetries int
	transport  *transport.Transport

	there *sync.Map // collections that have answered, by name

	properties *snapshot[Property]
	operators  *snapshot[Operator]
	contacts   *snapshot[Contact]
	singly     *singles[Contact]

	inVain *sync.Map // refusals of creates, in words, after which the list did not have the name

	creatingProperties, creatingContacts, updatingContacts, deletingContacts *series
}

// New returns a client. It makes no request.
func New(o Options) *Client {
	c := &Client{
		base: o.BaseURL, key: o.Key, userAgent: o.UserAgent, maxRetries: o.MaxRetries,
		there: &sync.Map{}, inVain: &sync.Map{},
		creatingProperties: &series{}, creatingContacts: &series{}, updatingContacts: &series{}, deletingContacts: &series{},
		transport: transport.New(transport.Options{
			Base:              o.Base,
			MaxRetries:        o.MaxRetries,
			MaxWait:           o.MaxRetryWait,
			AttemptTimeout:    o.RequestTimeout,
			RequestsPerMinute: o.RequestsPerMinute,
			Hooks:             o.Hooks,
		}),
	}
	c.properties = newSnapshot(c, "properties", c.readProperties, c.GetProperty)
	c.operators = newSnapshot(c, "operators", c.readOperators, c.GetOperator)
	c.contacts = newSnapshot(c, "contacts", c.readContacts, c.GetContact)
	c.singly = newSingles(c.contacts, c.measureContacts)
	return c
}

// path addresses a collection, the object in it that id names, or a list that this object has.
type path struct {
	collection string
	id         string
	object     bool
	list       string // "" = none
}

func collection(name string) path { return path{collection: name} }

func object(collection, id string) path { return path{collection: collection, id: id, object: true} }

func listWithin(collection, id, list string) path {
	return path{collection: collection, id: id, object: true, list: list}
}

// String is the path for people, relative to the base URL.
func (p path) String() string { return p.with(url.PathEscape(p.id)) }

// with is the path with the id as it is written here.
func (p path) with(id string) string {
	joined := p.collection
	if p.object {
		joined += "/" + id
	}
	if p.list != "" {
		joined += "/" + p.list
	}
	return joined
}

// reply is a 2xx.
type reply struct {
	call *Error // a template for what may be wrong with it
	body []byte
}

// do makes a call and returns its reply if that is a 2xx. in is sent as JSON unless it is nil.
func (c *Client) do(ctx context.Context, method string, p path, query url.Values, in any) (reply, error) {
	call := &Error{Method: method, Path: p.String(), Base: c.base}
	if p.object && (p.id == "" || p.id == "." || p.id == "..") {
		// In a path it would address something else: the collection, say.
		return reply{}, call.with(NotFound, "no object has this id")
	}
	req, err := c.request(ctx, method, p, query, in)
	if err != nil {
		return reply{}, call.because(Unreadable, err)
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return reply{}, call.fromTransport(err)
	}
	defer resp.Body.Close()
	body := make([]byte, resp.ContentLength) // the transport has read it whole
	if _, err := io.ReadFull(resp.Body, body); err != nil {
		return reply{}, call.because(Unreachable, err)
	}
	call.Status, call.ContentType, call.Bytes = resp.StatusCode, transport.MediaType(resp.Header), len(body)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		failed := call.fromStatus(resp, p)
		failed.Repeated = resp.Request == nil
		failed.MaybeLanded = failed.MaybeLanded || method != http.MethodGet && transport.MaybeSentBefore(resp)
		failed.Message = shorten(c.key.redact(apiMessage(body))) // a key that was cut in two would not be found
		failed.Location = c.key.redact(failed.Location)
		return reply{}, failed
	}
	return reply{call: call, body: body}, nil
}

func (c *Client) request(
	ctx context.Context, method string, p path, query url.Values, in any,
) (*http.Request, error) {
	u := *c.base
	// Not JoinPath: it would clean away an id's dots and slashes.
	u.Path = c.base.Path + p.with(p.id)
	u.RawPath = c.base.EscapedPath() + p.String()
	u.RawQuery = query.Encode()

	var body io.Reader
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	c.key.authorize(req)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}
