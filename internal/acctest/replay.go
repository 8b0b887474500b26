package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// tape is the interactions of a cassette in their order.
//
// A write belongs to one place on it. A GET has a place between two writes, and what it is answered
// with holds until the next write to the same collection: engines differ in how often they read
// and how often they start a provider, but not in what they write.
type tape []*cassette.Interaction

// readsOf returns the places before end, in order, of what a GET may be answered with there.
func (t tape) readsOf(uri string, end int) []int {
	var places []int
	for i := end - 1; i >= 0; i-- {
		switch request := t[i].Request; {
		case request.Method != http.MethodGet && collectionOf(requestURI(request)) == collectionOf(uri):
			return places
		case request.Method == http.MethodGet && requestURI(request) == uri:
			places = slices.Insert(places, 0, i)
		}
	}
	return places
}

// requestURI is the path and the query of a recorded request.
func requestURI(r cassette.Request) string {
	u, err := url.Parse(r.URL)
	if err != nil {
		return r.URL
	}
	return u.RequestURI()
}

// segmentsOf are the segments of a path below the root of its API.
func segmentsOf(uri string) []string {
	path, _, _ := strings.Cut(uri, "?")
	return strings.Split(strings.TrimPrefix(strings.TrimPrefix(path, "/v1"), "/"), "/")
}

// collectionOf is the collection that a path belongs to: "contacts" of "/v1/contacts/c1?page=2".
func collectionOf(uri string) string { return segmentsOf(uri)[0] }

// player answers requests from a cassette. It is the order of writes that go-vcr's own replay does
// not keep, and reads in any number that it does not allow beside it.
type player struct {
	name string
	fail func(format string, args ...any)

	mu   sync.Mutex
	tape tape
	used []bool
	next int // the write that has to come next
}

func newPlayer(name string, t tape, fail func(format string, args ...any)) *player {
	p := &player{name: name, fail: fail, tape: t, used: make([]bool, len(t))}
	p.next = p.writeFrom(0)
	return p
}

// RoundTrip implements [http.RoundTripper]. What was not recorded fails the test.
func (p *player) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close()
	}
	place, err := p.place(req.Method, req.URL.RequestURI(), body)
	if err != nil {
		p.fail("%s: %v", p.name, err)
		return nil, err
	}
	response := p.tape[place].Response
	header := response.Headers.Clone()
	for name := range header {
		if isLimit(name) { // it was the recording's: there is nothing to wait for now
			delete(header, name)
		}
	}
	return &http.Response{
		Status: response.Status, StatusCode: response.Code, Header: header, Request: req,
		Proto: response.Proto, ProtoMajor: response.ProtoMajor, ProtoMinor: response.ProtoMinor,
		Body: io.NopCloser(strings.NewReader(response.Body)), ContentLength: int64(len(response.Body)),
	}, nil
}

// place finds the interaction that answers a request, and notes that it was used.
func (p *player) place(method, uri string, body []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if method == http.MethodGet {
		places := p.tape.readsOf(uri, p.next)
		if len(places) == 0 {
			return 0, fmt.Errorf("GET %s was not recorded %s", uri, p.whereabouts())
		}
		place := places[len(places)-1]
		if unused := slices.IndexFunc(places, func(i int) bool { return !p.used[i] }); unused >= 0 {
			place = places[unused]
		}
		p.used[place] = true
		return place, nil
	}
	if p.next == len(p.tape) {
		return 0, fmt.Errorf("%s %s comes after the last recorded write", method, uri)
	}
	want := p.tape[p.next].Request
	if want.Method != method || requestURI(want) != uri || !sameJSON([]byte(want.Body), body) {
		return 0, fmt.Errorf("%s %s with the body %q was not recorded %s", method, uri, body, p.whereabouts())
	}
	place := p.next
	p.used[place] = true
	p.next = p.writeFrom(place + 1)
	return place, nil
}

// writeFrom returns the place of the first write from a place on, or the end.
func (p *player) writeFrom(place int) int {
	for place < len(p.tape) && p.tape[place].Request.Method == http.MethodGet {
		place++
	}
	return place
}

// whereabouts says between which writes the replay is.
func (p *player) whereabouts() string {
	if p.next == len(p.tape) {
		return "after the last write"
	}
	next := p.tape[p.next].Request
	return fmt.Sprintf("before %s %s with the body %q", next.Method, requestURI(next), next.Body)
}

// allUsed is an error if something on the tape answered nothing.
func (p *player) allUsed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for i, used := range p.used {
		if !used {
			request := p.tape[i].Request
			left = append(left, fmt.Sprintf("%d: %s %s", i, request.Method, requestURI(request)))
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("%s: recorded, but nothing asked for it:\n%s", p.name, strings.Join(left, "\n"))
	}
	return nil
}

// sameJSON compares JSON texts; numbers as they are written.
func sameJSON(a, b []byte) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	x, errX := decode(a)
	y, errY := decode(b)
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}

// decode reads a JSON text and keeps its numbers as they are written.
func decode(text []byte) (v any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&v)
	return v, err
}

// load reads a cassette.
func load(content []byte) (tape, error) {
	recorded, err := cassette.LoadWithFS("", inMemory{content: content})
	if err != nil {
		return nil, err
	}
	return recorded.Interactions, nil
}

// inMemory is a file system whose files all have one content.
type inMemory struct {
	cassette.FS
	content []byte
}

// ReadFile implements [cassette.FS].
func (m inMemory) ReadFile(string) ([]byte, error) { return m.content, nil }
