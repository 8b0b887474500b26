// Package tidiomock is a stateful mock of one Tidio account, for tests and for trying things out without one.
// Two APIs lead to the account: the one that Tidio publishes, at the root, and v1, at /v1. The mock keeps the
// account in memory, limits requests as the API does, misbehaves on demand, keeps a log of what it was asked,
// and holds every request and reply to the contracts in openapi.yaml and v1.yaml. It shares no code with the
// client: it would share its mistakes.
//
// A noun is one file: its type, how each API sends it, and its routes over both. What people do in Tidio's
// panel is in panel.go, for tests; panel_http.go is the same for curl.
package tidiomock

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxBody is the largest request body that is read, in bytes: a hundred contacts with long values.
const maxBody = 8 << 20

const remainingHeader = "X-Ratelimit-Remaining"

// Config says how the mock behaves. The zero value is a friendly API: any key, no limit, full replies.
type Config struct {
	// APIKey is the only bearer token that v1 accepts; "" accepts any that is not empty.
	APIKey string
	// ClientID and ClientSecret are the only ones that the published API accepts; "" accepts any that is not
	// empty.
	ClientID, ClientSecret string
	// PageSize is the number of items on a page of a list; 0 = 100.
	PageSize int

	// RequestsPerMinute is the rate limit; 0 = none. A minute begins with the first request after the last minute.
	// Requests that are refused for the limit or for their credentials do not count.
	RequestsPerMinute int
	// HideRateHeaders leaves out x-ratelimit-limit and x-ratelimit-remaining.
	HideRateHeaders bool

	// Latency is waited before each reply, after its request took effect.
	Latency time.Duration
	// ReadLag is how long GETs of either API show an object as it was before a write: what was created is
	// absent, what was changed is unchanged, what was deleted is still there. Writes act on the current
	// object. Changes made in the panel (AddContact, ChangeContact ...) show at once, and so does what tests
	// look at (Contact, Contacts ...).
	ReadLag time.Duration
	// Replies is the shape of v1's successful replies.
	Replies Replies
	// Published is how the published API behaves where its descriptions leave it open.
	Published Published
	// IgnoreClears makes a PATCH answer as ever, but leave alone what a null in it should clear.
	IgnoreClears bool
	// Rewrite, if set, changes the name of a property that is created over v1 to another.
	Rewrite func(name string) string

	// OnViolation is called for each request or reply that breaks the contract, maybe from several goroutines
	// at once; nil = nobody is told.
	OnViolation func(error)
	// OnRequest is called for each request to either API, when its reply is known, as OnViolation is.
	OnRequest func(Request)
}

// Mock is one account of the API behind an HTTP handler. All methods may be called at any time, from any
// goroutine.
type Mock struct {
	config Config
	routes []*route

	mu     sync.Mutex // guards all fields below
	log    []*Request // in order of arrival
	armed  []*Fault   // not yet spent, in the order of arming
	minute struct {   // of the rate limit
		began    time.Time
		requests int
	}

	properties    table[*Property]
	contacts      table[*Contact]
	operators     table[*Operator]
	conversations table[*Conversation]
	messages      table[*Message]
	departments   table[*Department]
	tickets       table[*Ticket]
	lastTicket    int // the highest ticket id so far
	project       Project
}

// New returns the mock of an empty account. It panics only if an embedded contract is invalid.
func New(config Config) *Mock {
	config.PageSize = cmp.Or(config.PageSize, 100)
	m := &Mock{config: config, project: Project{ID: 1001, Status: "online"}}
	m.SetReadLag(config.ReadLag)
	m.AddDepartment(Department{ID: generalID, Name: "General"})
	m.routes = slices.Concat(
		m.propertyRoutes(), m.contactRoutes(), m.conversationRoutes(), m.ticketRoutes(), m.teamRoutes(),
	)
	for _, rt := range m.routes {
		rt.spec = mustSpecify(rt)
	}
	return m
}

// ServeHTTP answers a request to the API. To cut a connection it panics with http.ErrAbortHandler, which an
// http.Server understands; a caller of another kind has to recover.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{request: r, header: http.Header{}}
	m.find(c)
	var err error
	if r.Body != nil {
		c.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	}
	logged := m.arrived(c)

	var answer reply
	switch {
	case c.format == nil:
		answer = outside()
	case err != nil:
		answer = c.fail(http.StatusBadRequest, "The body cannot be read: "+err.Error())
	default:
		answer = m.answer(c)
	}
	if m.config.Latency > 0 {
		select {
		case <-time.After(m.config.Latency):
		case <-r.Context().Done():
		}
	}
	m.mu.Lock()
	logged.Status = answer.status // before the reply is sent, so that a client that has it finds it in the log
	m.mu.Unlock()
	if m.config.OnRequest != nil {
		m.config.OnRequest(*logged)
	}
	answer.send(w, c.header)
}

// outside is the reply to a path that belongs to neither API: an error that both formats can read.
func outside() reply {
	const message = "No path of either API begins like this; those of v1 begin with /v1/."
	body := publishedError(http.StatusNotFound, "", message)
	body["message"] = message
	return jsonReply(http.StatusNotFound, body)
}

// answer holds the request and its reply to the contract.
func (m *Mock) answer(c *call) reply {
	violation := checkRequest(c)
	if violation != nil {
		m.report("request", c, violation)
	}
	answer := m.admit(c, violation)
	if c.route != nil && !answer.faulty {
		if err := checkReply(c, answer); err != nil {
			m.report("reply to", c, err)
		}
	}
	return answer
}

// admit takes the call past the credentials and the rate limit to an armed fault, or to what it asks for.
func (m *Mock) admit(c *call, violation error) reply {
	switch {
	case c.path == "":
		return c.fail(http.StatusNotFound, "There is no such path.")
	case c.route == nil:
		c.header.Set("Allow", strings.Join(c.allow, ", "))
		return c.fail(http.StatusMethodNotAllowed, "This path has no such method.")
	}
	if status, message := c.format.authorize(m.config, c.request.Header); status != 0 {
		return c.fail(status, message)
	}
	if !m.withinLimit(c.header) {
		return c.fail(http.StatusTooManyRequests, "Too many requests: slow down and retry.")
	}
	serve := func() reply { return m.serve(c, violation) }
	if fault, ok := m.nextFault(c); ok {
		return m.misbehave(c, fault, serve)
	}
	return serve()
}

// withinLimit counts a request and sets the rate headers of its reply. It reports false if the limit is reached.
func (m *Mock) withinLimit(header http.Header) (admitted bool) {
	limit := m.config.RequestsPerMinute
	if limit == 0 {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.minute.began) >= time.Minute {
		m.minute.began, m.minute.requests = time.Now(), 0
	}
	if m.minute.requests < limit {
		m.minute.requests++
		admitted = true
	}
	if !m.config.HideRateHeaders {
		header.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
		header.Set(remainingHeader, strconv.Itoa(limit-m.minute.requests))
	}
	return admitted
}

// serve checks that the request can be read, that its object exists and that it is valid, in this order, and
// then does what it asks for.
func (m *Mock) serve(c *call, violation error) reply {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case violation != nil && !isMisfit(violation):
		return c.fail(http.StatusBadRequest, "Check the request: "+violation.Error())
	case !c.finds():
		return c.fail(http.StatusNotFound, "There is no such object.")
	case violation != nil:
		return m.invalid(c, violation.Error())
	default:
		return c.route.handle(c)
	}
}

func (m *Mock) report(what string, c *call, violation error) {
	if m.config.OnViolation != nil {
		url := c.request.URL
		m.config.OnViolation(
			fmt.Errorf("%s %s %s: %w", what, c.request.Method, url.RequestURI(), violation))
	}
}
