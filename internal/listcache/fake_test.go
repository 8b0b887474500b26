package listcache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errAbsent  = errors.New("absent")
	errChanged = errors.New("changed")
	errBroken  = errors.New("broken")
)

// thing is an object of a collection.
type thing struct{ id, value string }

// fake is an API with one collection. Each request takes a second.
type fake struct {
	pageSize        int
	tellsLength     bool
	incompleteLists int // how many of the lists change while they are read
	fail            func(request string) error

	mu       sync.Mutex
	things   []thing
	lists    int
	requests []string
	holds    map[string]chan struct{}
}

// newFake returns an API that has n things in pages of ten, "t0" to "t<n-1>", and a cache of them.
func newFake(n int, options ...func(*Source[thing])) (*fake, *Cache[thing]) {
	api := &fake{pageSize: 10, holds: map[string]chan struct{}{}, fail: func(string) error { return nil }}
	for i := range n {
		api.set(id(i), "old")
	}
	source := Source[thing]{
		ID: func(x thing) string { return x.id }, Open: api.open, Get: api.get,
		IsNotFound: func(err error) bool { return errors.Is(err, errAbsent) },
		NotFound:   func(id string) error { return fmt.Errorf("%s: %w", id, errAbsent) },
		Changed:    func() error { return errChanged },
	}
	for _, option := range options {
		option(&source)
	}
	return api, New(source)
}

func withoutGet(s *Source[thing]) { s.Get = nil }

func preferGet(s *Source[thing]) { s.PreferGet = true }

func id(i int) string { return fmt.Sprintf("t%d", i) }

// set makes or changes a thing.
func (f *fake) set(id, value string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.things, func(x thing) bool { return x.id == id }); i >= 0 {
		f.things[i].value = value
		return
	}
	f.things = append(f.things, thing{id, value})
}

func (f *fake) remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.things = slices.DeleteFunc(f.things, func(x thing) bool { return x.id == id })
}

func (f *fake) open() Reader[thing] {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lists++
	incomplete := f.lists <= f.incompleteLists
	number, seen := 1, map[string]bool{}
	return func(ctx context.Context) (Page[thing], error) {
		f.mu.Lock()
		from := min((number-1)*f.pageSize, len(f.things))
		to := min(number*f.pageSize, len(f.things))
		page := Page[thing]{Last: to == len(f.things), Incomplete: incomplete && number == 1}
		if f.tellsLength {
			page.Pages = (len(f.things) + f.pageSize - 1) / f.pageSize
		}
		items := slices.Clone(f.things[from:to])
		f.mu.Unlock()
		if err := f.answer(ctx, fmt.Sprintf("page %d", number)); err != nil {
			return Page[thing]{}, err
		}
		for _, x := range items {
			if seen[x.id] {
				page.Incomplete = true
				continue
			}
			seen[x.id] = true
			page.Items = append(page.Items, x)
		}
		number++
		return page, nil
	}
}

func (f *fake) get(ctx context.Context, id string) (thing, error) {
	f.mu.Lock()
	i := slices.IndexFunc(f.things, func(x thing) bool { return x.id == id })
	var found thing
	if i >= 0 {
		found = f.things[i]
	}
	f.mu.Unlock()
	if err := f.answer(ctx, "get "+id); err != nil {
		return thing{}, err
	}
	if i < 0 {
		return thing{}, fmt.Errorf("get %s: %w", id, errAbsent)
	}
	return found, nil
}

// answer hands on an answer that was made already.
func (f *fake) answer(ctx context.Context, request string) error {
	f.mu.Lock()
	f.requests = append(f.requests, request)
	held := f.holds[request]
	delete(f.holds, request)
	f.mu.Unlock()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	if held != nil {
		select {
		case <-held:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return f.fail(request)
}

// hold holds the answer to the next request of that name back until release is called.
func (f *fake) hold(request string) (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	held := make(chan struct{})
	f.holds[request] = held
	return func() { close(held) }
}

// sent returns the requests since it was called last.
func (f *fake) sent() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	sent := strings.Join(f.requests, ", ")
	f.requests = nil
	return sent
}

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.requests)
}

// failing returns what lets the requests fail whose name begins so.
func failing(prefix string) func(string) error {
	return func(request string) error {
		if strings.HasPrefix(request, prefix) {
			return fmt.Errorf("%s: %w", request, errBroken)
		}
		return nil
	}
}

// start calls f in a goroutine of its own, until it waits for something. The result returns its error.
func start(f func() error) (result func() error) {
	done := make(chan error, 1)
	go func() { done <- f() }()
	settle()
	return func() error { return <-done }
}

// settle goes on until all requests that are not held are answered.
func settle() {
	synctest.Wait()
	<-time.After(time.Minute)
	synctest.Wait()
}

// atOnce calls f n times at once, and returns the errors.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(i) })
	}
	all.Wait()
	return errs
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func fails(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error: got %v, want %v", err, want)
	}
}

func succeeds(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("unexpected error: %v", err)
	}
}

// listAll is what All returns, as a map and without an error.
func listAll(t *testing.T, c *Cache[thing]) (values map[string]string, complete bool) {
	t.Helper()
	items, complete, err := c.All(t.Context())
	succeeds(t, err)
	values = map[string]string{}
	for _, x := range items {
		values[x.id] = x.value
	}
	equal(t, "ids that are in the list twice", len(items)-len(values), 0)
	return values, complete
}

// finds fails the test unless c has that value.
func finds(t *testing.T, c *Cache[thing], id, value string) {
	t.Helper()
	found, err := c.Find(t.Context(), id)
	succeeds(t, err)
	equal(t, id, found, thing{id, value})
}

func findsNot(t *testing.T, c *Cache[thing], id string) {
	t.Helper()
	_, err := c.Find(t.Context(), id)
	fails(t, err, errAbsent)
}
