package tidiomock

import (
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

	route string // of the contract; "" when it has none
}

// requestLog keeps the requests in order of arrival.
type requestLog struct {
	mu   sync.Mutex
	seen []*Request
}

func (l *requestLog) arrived(c *call) *Request {
	url := c.request.URL
	r := &Request{
		Method: c.request.Method, Path: url.EscapedPath(), Query: url.RawQuery, Time: time.Now(), Body: c.body,
		route: c.path,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, r)
	return r
}

// replied is called before the reply is sent: who has the reply finds it in the log.
func (l *requestLog) replied(r *Request, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Status = status
}

// Requests returns the requests in order of arrival. Who has read a reply finds its status here.
func (m *Mock) Requests() []Request {
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	var all []Request
	for _, r := range m.log.seen {
		all = append(all, *r)
	}
	return all
}

// Count returns how many requests of a method came to a route, refused ones too. The route is written as in
// the contract: "/properties/{id}"; "" is any, also for the method. A route that both APIs have counts over
// both. It panics when there is no such route: zero would prove nothing.
func (m *Mock) Count(method, route string) int {
	m.mustKnow(route)
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	n := 0
	for _, r := range m.log.seen {
		if (method == "" || method == r.Method) && (route == "" || route == r.route) {
			n++
		}
	}
	return n
}

// ResetRequests empties the log.
func (m *Mock) ResetRequests() {
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	m.log.seen = nil
}
