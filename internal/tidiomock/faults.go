package tidiomock

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// FaultKind is what goes wrong. "The effect" is what the request does when nothing goes wrong.
type FaultKind string

// Kinds that meet any request.
const (
	// FailBefore answers with an error, without the effect.
	FailBefore FaultKind = "fail before the effect"
	// FailAfter answers with an error, after the effect.
	FailAfter FaultKind = "fail after the effect"
	// TooManyRequests answers 429, without the effect. Without Fault.Header it has no Retry-After.
	TooManyRequests FaultKind = "too many requests"
	// CutBefore closes the connection, without the effect or a reply. Go's http.Transport sends a GET again
	// by itself when that happens to a connection it used before: the log shows both.
	CutBefore FaultKind = "cut before the effect"
	// CutAfter closes the connection without a reply, after the effect. See CutBefore.
	CutAfter FaultKind = "cut after the effect"
	// CutBody closes the connection within the body of a good reply.
	CutBody FaultKind = "cut within the body"
	// TruncatedJSON sends half of a good reply's body as if it were all of it.
	TruncatedJSON FaultKind = "truncated JSON"
	// Garbage sends a body that is not JSON, after the effect.
	Garbage FaultKind = "garbage"
	// HTML answers 200 with a login page, without the effect.
	HTML FaultKind = "HTML"
	// NotFoundHTML answers 404 with a page of HTML, as a proxy does, without the effect.
	NotFoundHTML FaultKind = "404 with HTML"
	// Huge sends 50 MB of valid JSON (an empty list, and padding) without a Content-Length, after the effect.
	Huge FaultKind = "huge body"
	// HoldBefore waits for Release or for the client to leave, and then goes on as if nothing was.
	HoldBefore FaultKind = "hold before the effect"
	// HoldAfter is HoldBefore with the wait between the effect and the reply.
	HoldAfter FaultKind = "hold after the effect"
)

// Kinds that meet the requests of lists only.
const (
	// RepeatPage answers with the items of page 1 as if they were the page that was asked for.
	RepeatPage FaultKind = "repeat the first page"
	// WrongPage answers with the page that was asked for under the number of the next. It meets lists with
	// numbered pages only: those of v1.
	WrongPage FaultKind = "wrong page number"
	// InsertBetween puts a new item in front of the list, to stay, and then answers correctly.
	InsertBetween FaultKind = "insert between pages"
	// DeleteBetween removes the first item of the list, for good, and then answers correctly.
	DeleteBetween FaultKind = "delete between pages"
)

// The kinds that need the effect first, and those that need a list.
var (
	afterEffect = []FaultKind{FailAfter, CutAfter, CutBody, TruncatedJSON, Garbage, Huge, HoldAfter}
	onLists     = []FaultKind{RepeatPage, WrongPage, InsertBetween, DeleteBetween}
)

// Fault is a request gone wrong. It acts on requests for operations that there are, with valid credentials,
// that the rate limit let through, whether or not the contract allows them.
type Fault struct {
	Method string // "" = any
	Route  string // as in the contract: "/properties/{id}", of both APIs if both have it; "" = any
	Skip   int    // let this many such requests through first
	Times  int    // how many requests it meets; 0 = one, -1 = all
	Do     FaultKind

	Status  int         // of an error or a made-up body; 0 = 500, or the status of the kind
	Message string      // of the error body; "" = the status in words
	Header  http.Header // added to the reply, or replacing its own
	Body    []byte      // Garbage: replaces the default body

	Reached chan<- struct{} // is sent to when the fault acts, unless that would block: buffer it
	Release <-chan struct{} // ends a hold; close it to end all holds
}

// Arm adds a fault. Of the faults that match a request the one armed first acts, or counts the request as
// skipped; the next has its turn when it is spent. Arm panics when there is no kind, or no such route.
func (m *Mock) Arm(f Fault) {
	m.mustKnow(f.Route)
	if f.Do == "" {
		panic("tidiomock: a fault without a kind")
	}
	f.Times = cmp.Or(f.Times, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.armed = append(m.armed, &f)
}

// Unfired returns the faults that still wait for a request, with the Skip and Times they have left; those
// that act on all requests are not among them. A test whose fault nobody met proves nothing.
func (m *Mock) Unfired() []Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	var left []Fault
	for _, f := range m.armed {
		if f.Times > 0 {
			left = append(left, *f)
		}
	}
	return left
}

// Disarm takes back all faults.
func (m *Mock) Disarm() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.armed = nil
}

// nextFault returns the fault that acts on the call, if any.
func (m *Mock) nextFault(c *call) (Fault, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.armed, func(f *Fault) bool { return f.matches(c) })
	if i < 0 {
		return Fault{}, false
	}
	f := m.armed[i]
	if f.Skip > 0 {
		f.Skip--
		return Fault{}, false
	}
	if f.Times > 0 {
		f.Times--
	}
	if f.Times == 0 {
		m.armed = slices.Delete(m.armed, i, i+1)
	}
	return *f, true
}

func (f *Fault) matches(c *call) bool {
	return (f.Method == "" || f.Method == c.request.Method) &&
		(f.Route == "" || f.Route == c.path) &&
		(c.route.list != nil || !slices.Contains(onLists, f.Do)) &&
		(f.Do != WrongPage || c.format == v1)
}

// misbehave answers the call as the fault says. What serve returns would be the good answer.
func (m *Mock) misbehave(c *call, f Fault, serve func() reply) reply {
	var good reply
	if slices.Contains(afterEffect, f.Do) {
		good = serve()
	}
	select { // tells who armed the fault that it acts now
	case f.Reached <- struct{}{}:
	default:
	}
	switch f.Do {
	case HoldBefore:
		f.hold(c.request.Context())
		return serve()
	case HoldAfter:
		f.hold(c.request.Context())
		return good
	case InsertBetween:
		m.change(c, c.route.list.insert)
		return serve()
	case DeleteBetween:
		m.change(c, c.route.list.removeFirst)
		return serve()
	case RepeatPage, WrongPage:
		c.fault = f.Do
		return serve()
	}
	bad, header := f.spoil(c, good), http.Header{}
	maps.Copy(header, bad.header)
	maps.Copy(header, f.Header)
	bad.header, bad.faulty = header, true
	return bad
}

// change changes the list that the call asks for, if it exists.
func (m *Mock) change(c *call, how func(*call)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.finds() {
		how(c)
	}
}

// hold waits for the release; when the client leaves, or its server closes, nobody needs it.
func (f Fault) hold(ctx context.Context) {
	select {
	case <-f.Release:
	case <-ctx.Done():
	}
}

// spoil makes the faulty reply, from the good one where the fault is after the effect.
func (f Fault) spoil(c *call, good reply) reply {
	switch f.Do {
	case TooManyRequests:
		f.Status = cmp.Or(f.Status, http.StatusTooManyRequests)
		if c.header.Get(remainingHeader) != "" {
			c.header.Set(remainingHeader, "0")
		}
		fallthrough
	case FailBefore, FailAfter:
		status := cmp.Or(f.Status, http.StatusInternalServerError)
		return c.fail(status, cmp.Or(f.Message, http.StatusText(status)))
	case CutBody:
		body := good.body
		good.body = body[:len(body)/2]
		good.missing = max(len(body)-len(good.body), 1)
		return good
	case TruncatedJSON:
		good.body = good.body[:len(good.body)/2]
		return good
	case Garbage:
		const garbage = "upstream connect error or disconnect/reset before headers"
		return f.madeUp(http.StatusOK, "application/json", cmp.Or(string(f.Body), garbage))
	case HTML, NotFoundHTML:
		status := map[FaultKind]int{HTML: http.StatusOK, NotFoundHTML: http.StatusNotFound}[f.Do]
		const page = "<!doctype html>\n<title>Proxy</title>\n<p>Log in to continue.</p>\n"
		return f.madeUp(status, "text/html; charset=utf-8", page)
	case Huge:
		head := `{"` + cmp.Or(c.route.key, "data") + `":[],"padding":"`
		bad := f.madeUp(http.StatusOK, "application/json", head+strings.Repeat("x", 50_000_000)+`"}`)
		bad.unsized = true
		return bad
	default: // CutBefore, CutAfter
		return reply{}
	}
}

// madeUp is a reply with the status of the fault, or else that of its kind.
func (f Fault) madeUp(status int, contentType, body string) reply {
	header := http.Header{"Content-Type": {contentType}}
	return reply{status: cmp.Or(f.Status, status), header: header, body: []byte(body)}
}
