package tidiomock

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sync"
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
	// CutBefore closes the connection, without the effect or a reply. Go's http.Transport sends a
	// GET again by itself when that happens to a connection it used before: the log shows both.
	CutBefore FaultKind = "cut before the effect"
	// CutAfter closes the connection without a reply, after the effect. See CutBefore.
	CutAfter FaultKind = "cut after the effect"
	// CutBody closes the connection within the body of a good reply.
	CutBody FaultKind = "cut within the body"
	// TruncatedJSON sends half of a good reply's body as if it were all of it.
	TruncatedJSON FaultKind = "truncated JSON"
	// Garbage sends a body that is not JSON, after the effect.
	Garbage FaultKind = "garbage"
	// HTML sends a login page, without the effect.
	HTML FaultKind = "HTML"
	// NotFoundHTML sends a 404 with a page of HTML, as a proxy does, without the effect.
	NotFoundHTML FaultKind = "404 with HTML"
	// Redirect sends the client to Location, without the effect.
	Redirect FaultKind = "redirect"
	// Huge streams 50 MB of valid JSON (an empty list, and padding), after the effect.
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
	// WrongPage answers with the page that was asked for under the number of the next. It meets
	// lists with numbered pages only: those of v1.
	WrongPage FaultKind = "wrong page number"
	// RepeatCursor answers with the page that was asked for, and the cursor that asked for it. It
	// meets lists with cursors only: those of the published API.
	RepeatCursor FaultKind = "repeat the cursor"
	// EndlessPages answers with a page full of new items, without a total or with a new cursor.
	EndlessPages FaultKind = "endless pages"
	// InsertBetween puts a new item in front of the list, to stay, and then answers correctly.
	InsertBetween FaultKind = "insert between pages"
	// DeleteBetween removes the first item of the list, for good, and then answers correctly.
	DeleteBetween FaultKind = "delete between pages"
)

// Fault is a request gone wrong. It acts on requests with valid credentials that the rate limit let
// through, whether or not the contract allows them; over the published API only on operations that
// there are.
type Fault struct {
	Method string // "" = any
	Route  string // as in the contract: "/properties/{id}", of both if both have it; "" = any
	Skip   int    // let this many such requests through first
	Times  int    // how many requests it meets; 0 = one, -1 = all
	Do     FaultKind

	Code     string      // of the published API's error; "" = the one of the status
	Status   int         // of an error, a redirect or a made-up body; 0 = 500, 302 or 200
	Message  string      // of the error body; "" = the status in words
	Header   http.Header // headers that the reply has, or has instead
	Location string      // Redirect: where to

	Body        []byte // Garbage: in place of our own
	ContentType string // Garbage: of Body; "" = application/json

	Reached chan<- struct{} // is sent to when the fault acts, unless that would block: buffer it
	Release <-chan struct{} // ends a hold; close it to end all holds
}

// Arm adds a fault. Of the faults that match a request the one armed first acts, or counts the
// request as skipped; the next has its turn when it is spent. Arm panics when the kind or the route
// does not exist.
func (m *Mock) Arm(f Fault) {
	m.mustKnow(f.Route)
	if !slices.Contains(kinds, f.Do) {
		panic(fmt.Sprintf("tidiomock: there is no kind of fault %q", f.Do))
	}
	f.Times = cmp.Or(f.Times, 1)
	m.faults.mu.Lock()
	defer m.faults.mu.Unlock()
	m.faults.armed = append(m.faults.armed, &f)
}

// Unfired returns the faults that still wait for a request, with the Skip and Times they have left;
// those that act on all requests are not among them. A test whose fault nobody met proves nothing.
func (m *Mock) Unfired() []Fault {
	m.faults.mu.Lock()
	defer m.faults.mu.Unlock()
	var left []Fault
	for _, f := range m.faults.armed {
		if f.Times > 0 {
			left = append(left, *f)
		}
	}
	return left
}

// Disarm takes back all faults.
func (m *Mock) Disarm() {
	m.faults.mu.Lock()
	defer m.faults.mu.Unlock()
	m.faults.armed = nil
}

// The kinds by what they need: no effect yet, the effect first, or a list.
var (
	beforeEffect = []FaultKind{
		FailBefore, TooManyRequests, CutBefore, HTML, NotFoundHTML, Redirect, HoldBefore,
	}
	afterEffect = []FaultKind{
		FailAfter, CutAfter, CutBody, TruncatedJSON, Garbage, Huge, HoldAfter,
	}
	onLists = []FaultKind{
		RepeatPage, WrongPage, RepeatCursor, EndlessPages, InsertBetween, DeleteBetween,
	}

	kinds = slices.Concat(beforeEffect, afterEffect, onLists)
)

// faults are the armed ones that are not spent, in the order of arming.
type faults struct {
	mu    sync.Mutex
	armed []*Fault
}

// next returns the fault that acts on the call, if one does.
func (fs *faults) next(c *call) (Fault, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	i := slices.IndexFunc(fs.armed, func(f *Fault) bool { return f.matches(c) })
	if i < 0 {
		return Fault{}, false
	}
	f := fs.armed[i]
	if f.Skip > 0 {
		f.Skip--
		return Fault{}, false
	}
	if f.Times > 0 {
		f.Times--
	}
	if f.Times == 0 {
		fs.armed = slices.Delete(fs.armed, i, i+1)
	}
	return *f, true
}

func (f *Fault) matches(c *call) bool {
	return (f.Method == "" || f.Method == c.request.Method) &&
		(f.Route == "" || f.Route == c.path) &&
		(c.isList() || !slices.Contains(onLists, f.Do)) &&
		(f.Do != WrongPage || c.format == v1) && (f.Do != RepeatCursor || c.format != v1)
}

func (c *call) isList() bool { return c.route != nil && c.route.list != nil }
