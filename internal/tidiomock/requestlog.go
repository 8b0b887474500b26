package tidiomock

import (
	"bytes"
	"sync"
	"time"
)

// Request is a request the mock got, whatever became of it.
type Request struct {
	Method string
	Path   string // as sent, with its escapes: "/v1/properties"
	Query  string // as sent, without the question mark
	Status int    // of the reply; 0 = none: not replied yet, or the connection was cut
	Time   time.Time
	Body   []byte
}

// requestLog keeps the requests in order of arrival.
type requestLog struct {
	mu      sync.Mutex
	entries []*logEntry
}

type logEntry struct {
	Request
	route string // of the contract; "" when it has none
}

func (l *requestLog) arrived(c *call) *logEntry {
	url := c.request.URL
	e := &logEntry{route: c.path, Request: Request{
		Method: c.request.Method,
		Path:   url.EscapedPath(),
		Query:  url.RawQuery,
		Time:   time.Now(),
		Body:   c.body,
	}}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
	return e
}

// replied is called before the reply is sent: who has the reply finds it in the log.
func (l *requestLog) replied(e *logEntry, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Status = status
}

// Requests returns the requests in order of arrival. Who has read a reply finds its status here.
func (m *Mock) Requests() []Request {
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	var all []Request
	for _, e := range m.log.entries {
		r := e.Request
		r.Body = bytes.Clone(r.Body)
		all = append(all, r)
	}
	return all
}

// Count returns how many requests of a method came to a route, refused ones too. The route is
// written as in the contract: "/properties/{id}"; "" is any, also for the method. A route that both
// APIs have counts over both. It panics when there is no such route: zero would prove nothing.
func (m *Mock) Count(method, route string) int {
	m.mustKnow(route)
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	n := 0
	for _, e := range m.log.entries {
		if (method == "" || method == e.Method) && (route == "" || route == e.route) {
			n++
		}
	}
	return n
}

// ResetRequests empties the log.
func (m *Mock) ResetRequests() {
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	m.log.entries = nil
}
