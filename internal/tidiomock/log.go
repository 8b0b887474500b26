package tidiomock

// Request is a request that the mock received, also one that was refused or got no reply.
type Request struct {
	Method string
	Path   string // as sent, with its escapes: "/v1/properties"
	Query  string // as sent, without the question mark
	Status int    // of the reply; 0 = none: not replied yet, or the connection was cut
	Body   []byte

	route string // as in the contract; "" if the contract has no such route
}

func (m *Mock) arrived(c *call) *Request {
	url := c.request.URL
	r := &Request{
		Method: c.request.Method, Path: url.EscapedPath(), Query: url.RawQuery, Body: c.body,
		route: c.path,
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log = append(m.log, r)
	return r
}

// Requests returns the requests in order of arrival. A client that has read a reply finds its status here.
func (m *Mock) Requests() []Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Request
	for _, r := range m.log {
		all = append(all, *r)
	}
	return all
}

// Count returns how many requests of a method came to a route, refused ones too. The route is written as in
// the contract: "/properties/{id}"; "" is any, also for the method. A route that both APIs have counts over
// both. It panics when there is no such route: zero would prove nothing.
func (m *Mock) Count(method, route string) int {
	m.mustKnow(route)
	n := 0
	for _, r := range m.Requests() {
		if (method == "" || method == r.Method) && (route == "" || route == r.route) {
			n++
		}
	}
	return n
}

// ResetRequests empties the log.
func (m *Mock) ResetRequests() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log = nil
}
