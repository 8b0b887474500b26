// Package tidio is the account as Go types and calls: one file and one type for each noun of the API.
// Only the files that construct a [wire] know a wire format.
//
// Every error that a method returns is an [*Error].
package tidio

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/listcache"
	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// Options configure a [Client]. They have no defaults: the provider sets every field.
type Options struct {
	Settings

	BaseURL     *url.URL    // from [ParseBaseURL]
	Credentials Credentials // from [ParseKey] or [ParseClientCredentials]
	UserAgent   string

	// ExpectedProjectID is the project that the credentials must belong to; "" = any. The first call
	// checks it.
	ExpectedProjectID string

	// RecheckAfter are the ages of a write, ascending, at which a read that contradicts it is repeated,
	// because reads may lag behind writes.
	RecheckAfter []time.Duration

	Hooks Hooks
	Base  http.RoundTripper // sends a single attempt; nil = the network
}

// Settings are the user's settings.
type Settings = transport.Settings

// Hooks receive attempts and waits, but never headers, queries or bodies.
type Hooks = transport.Hooks

// Attempt describes one request to a hook.
type Attempt = transport.Attempt

// Wait describes one pause to a hook.
type Wait = transport.Wait

// Client calls the API. It is safe for concurrent use. All calls share one rate budget. Most reads of
// properties share one list, and so do most reads of operators and of contacts.
type Client struct {
	base       *url.URL
	userAgent  string
	maxRetries int
	wire       *wire
	transport  *transport.Transport

	rechecks *rechecks
	clock    *clock
	project  *projectCheck

	verified *sync.Map // collections that have answered, by path
	told     *sync.Map // errors of shared reads that somebody has got
	posted   *postedNames

	properties *listcache.Cache[Property]
	operators  *listcache.Cache[Operator]
	contacts   *listcache.Cache[Contact]

	batches *batcher
}

// New returns a client. It makes no request.
func New(o Options) *Client {
	w := o.Credentials.wire()
	c := &Client{
		base: o.BaseURL, userAgent: o.UserAgent, maxRetries: o.MaxRetries, wire: w, verified: &sync.Map{}, told: &sync.Map{},
		posted:   &postedNames{names: map[string]bool{}},
		rechecks: newRechecks(o.RecheckAfter), clock: &clock{}, project: &projectCheck{expected: o.ExpectedProjectID},
		transport: transport.New(transport.Options{
			Settings: o.Settings, Base: o.Base, Hooks: o.Hooks, Classify: w.classify,
		}),
	}
	c.properties = newCache(c, w.properties, false)
	c.operators = newCache(c, w.operators, false)
	c.contacts = newCache(c, w.contacts, true)
	c.batches = newBatcher(c)
	return c
}

// Format is the format that the credentials select.
func (c *Client) Format() Format { return c.wire.format }

// CanCreateProperties reports whether the API can create properties.
func (c *Client) CanCreateProperties() bool { return c.wire.encodeProperty != nil }

// HasConversations reports whether messages belong to conversations. Otherwise, they belong to contacts.
func (c *Client) HasConversations() bool { return c.wire.conversations.exists() }

// HasProject reports whether the API shows the project that the credentials belong to.
func (c *Client) HasProject() bool { return c.wire.project.exists() }

// HasTickets reports whether the API has tickets and departments.
func (c *Client) HasTickets() bool { return c.wire.tickets.exists() }

// CanSearchByEmail reports whether the API finds a contact by its e-mail address with one request.
func (c *Client) CanSearchByEmail() bool { return c.wire.byEmail != nil }

// ContactFields are the fields of a contact that the API can write.
func (c *Client) ContactFields() []ContactField { return c.wire.contactFields }

// unsupported returns an error of the kind Unsupported if the format does not have a collection.
func unsupported[T any](c *Client, n noun[T], method, path string) error {
	if n.exists() {
		return nil
	}
	return c.call(method, collection(path)).with(Unsupported, "this API has no %s", path)
}

// newCache returns the cache that serves the reads of a collection from one list.
func newCache[T any](c *Client, n noun[T], preferGet bool) *listcache.Cache[T] {
	source := listcache.Source[T]{
		ID:         n.id,
		Open:       func() listcache.Reader[T] { return newPager(c, n, collection(n.path)).next },
		IsNotFound: IsNotFound,
		NotFound: func(id string) error {
			return c.call(http.MethodGet, object(n.path, id)).with(NotFound, "the list does not contain it")
		},
		Changed: func() error {
			return c.call(http.MethodGet, collection(n.path)).with(Changing, "the list changed each time it was read")
		},
		PreferGet: preferGet,
	}
	if n.one != nil {
		source.Get = func(ctx context.Context, id string) (T, error) { return getOne(ctx, c, n, id) }
	}
	return listcache.New(source)
}

// call returns a template for the errors of a call.
func (c *Client) call(method string, p path) *Error {
	return &Error{Method: method, Path: p.String(), Base: c.base, Help: c.wire.help}
}

// reply is a 2xx.
type reply struct {
	call    *Error // a template for its errors
	body    []byte
	message func() string // the message in the body, if the body reports an error
}

// bad returns the error for a reply without the expected content. The write that it answers may have taken effect.
func (r reply) bad(format string, args ...any) *Error {
	failed := r.call.with(BadResponse, format, args...)
	failed.OutcomeUnknown = failed.OutcomeUnknown || r.call.Method != http.MethodGet && !r.call.Repeated
	failed.Message = r.message()
	return failed
}

// do makes a call and returns its reply if it is a 2xx. It sends in as JSON, unless in is nil.
func (c *Client) do(ctx context.Context, method string, p path, query url.Values, in any) (reply, error) {
	call := c.call(method, p)
	if !p.isAddressable() {
		return reply{}, call.with(NotFound, "no object has this id")
	}
	req := transport.Request{Method: method, URL: p.on(c.base, query), Header: http.Header{}}
	req.Header.Set("User-Agent", c.userAgent)
	c.wire.setHeaders(req.Header)
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return reply{}, call.because(BadResponse, err)
		}
		req.Body = encoded
		req.Header.Set("Content-Type", "application/json")
	}
	if err := c.checkProject(ctx, p); err != nil {
		return reply{}, err
	}
	resp, err := c.transport.Do(ctx, req)
	if err != nil {
		return reply{}, call.fromTransport(ctx, err)
	}
	resp.Body = withoutMark(resp.Body)
	call.fromReply(resp)
	if !resp.Repeated && (c.wire.isAnswer(resp.Body) || resp.Status == http.StatusNoContent) {
		c.clock.observe(resp.Header)
	}
	message := func() string {
		return shorten(c.wire.redact(OneLine(c.wire.message(resp.Body)))) // in this order: shortening could cut a key in two
	}
	r := reply{call: call, body: resp.Body, message: message}
	switch {
	case resp.Status < 200 || resp.Status > 299:
		failed := call.fromStatus(resp, p, c.wire)
		failed.Message = message()
		failed.Location = c.wire.redact(failed.Location)
		return reply{}, failed
	case method != http.MethodGet && len(resp.Body) > 0 && !c.wire.isAnswer(resp.Body):
		return reply{}, r.bad("the reply is not from the API")
	case method != http.MethodGet && c.wire.isError(resp.Body):
		return reply{}, r.bad("the reply reports an error")
	}
	return r, nil
}

// getOne reads one object of a collection. An error of the kind NotFound means that no object has this
// id. In this case, the address of the collection has been verified.
func getOne[T any](ctx context.Context, c *Client, n noun[T], id string) (item T, err error) {
	r, err := c.do(ctx, http.MethodGet, object(n.path, id), nil, nil)
	if IsNotFound(err) && AsError(err).Status != 0 {
		if unverified := c.verify(ctx, n.path); unverified != nil {
			return item, unverified
		}
	}
	if err != nil {
		return item, err
	}
	actual, err := c.wire.writtenID(r.body)
	switch {
	case err != nil:
		return item, r.bad("the reply cannot be read: %w", err)
	case actual == "":
		return item, r.bad("the reply has no id")
	case actual != id:
		return item, r.call.otherObject(actual)
	}
	read, err := n.one(r.body)
	if err != nil {
		return item, r.bad("the reply cannot be read: %w", err)
	}
	c.verified.Store(n.path, true)
	return read, nil
}

// verify checks that a collection exists at its address, unless this is already known. Without this
// check, a 404 for an object does not prove that the object is gone: the base URL may be wrong.
func (c *Client) verify(ctx context.Context, of string) error {
	if _, known := c.verified.Load(of); known {
		return nil
	}
	_, err := c.do(ctx, http.MethodGet, collection(of), nil, nil)
	if err == nil {
		c.verified.Store(of, true)
	}
	return err
}

// shared returns the error of a read that several callers may have waited for. For all but the first of them, it is a
// repeated error. A caller whose context ended while it waited gets an error of its own.
func (c *Client) shared(p path, err error) error {
	failed := AsError(err)
	switch {
	case err == nil:
		return nil
	case failed == nil:
		return c.call(http.MethodGet, p).because(Cancelled, err)
	}
	if _, told := c.told.LoadOrStore(failed, true); told {
		again := *failed
		again.Repeated = true
		return &again
	}
	return err
}

// list returns a whole collection, usually without a request.
func list[T any](ctx context.Context, c *Client, n noun[T], cache *listcache.Cache[T]) ([]T, bool, error) {
	items, complete, err := cache.All(ctx)
	return items, complete, c.shared(collection(n.path), err)
}

// find returns one object of a collection, usually without a request. An error of the kind NotFound means
// that it is gone.
func find[T any](ctx context.Context, c *Client, n noun[T], cache *listcache.Cache[T], id string) (T, error) {
	item, err := cache.Find(ctx, id)
	return item, proveAbsent(ctx, c, n, cache, id, c.shared(object(n.path, id), err))
}

// proveAbsent decides about a 404 that may not be from the API: it counts if the complete list does not
// have the object either. err is the 404.
func proveAbsent[T any](
	ctx context.Context, c *Client, n noun[T], cache *listcache.Cache[T], id string, err error,
) error {
	failed := AsError(err)
	if failed == nil || failed.Kind != Unproven {
		return err
	}
	cache.Invalidate()
	items, complete, listErr := list(ctx, c, n, cache)
	if unread := AsError(listErr); unread != nil {
		told := *unread // a copy, because other callers may have the same error
		told.OutcomeUnknown = failed.OutcomeUnknown
		return &told
	}
	for _, item := range items {
		if n.id(item) == id {
			return err
		}
	}
	if !complete {
		return err
	}
	return failed.because(NotFound, failed.Err)
}
