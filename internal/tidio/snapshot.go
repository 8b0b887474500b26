package tidio

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// snapshot serves the reads of one collection from one list. A client has one for each collection,
// so it lives as long as the configured provider: two of them share nothing.
//
// One read is in the air at a time. It is detached from the caller who began it and ends early only
// when nobody waits for it any more. It needs no deadline of its own: each attempt and each wait
// has one, and the number of pages is capped.
//
// What this client writes meanwhile is told to the snapshot: put, touch, drop, invalidate.
type snapshot[T identified] struct {
	path string // of the collection
	base *url.URL
	read listReader[T]
	look func(ctx context.Context, id string) (T, error) // at one object by itself

	looking turn // for what the list lacks; one at a time, so that few are enough

	mu         sync.Mutex
	list       listing[T]
	flight     *flight[T]
	generation int             // counts invalidations
	written    map[string]int  // counts the writes of an object
	gone       map[string]bool // what the list lacks, and a look has not found either
	failure    *Error
	failedAt   time.Time

	removing atomic.Int64 // deletes of ours that are on their way
	removals atomic.Int64 // deletes of ours that have begun
}

// listReader reads a whole list, unless goOn says after a page that it need not.
type listReader[T identified] func(ctx context.Context, goOn func() bool) (items []T, complete bool, err error)

// flight is a read of the whole list.
type flight[T identified] struct {
	cancel  context.CancelFunc
	waiting int                 // callers
	writes  []func(*listing[T]) // ours since it began
	calm    func() bool         // whether nothing was deleted since

	done chan struct{} // closed when what follows is set
	err  *Error
	told bool // one of the callers has got the error
}

func newSnapshot[T identified](
	c *Client, path string, read listReader[T], look func(context.Context, string) (T, error),
) *snapshot[T] {
	return &snapshot[T]{
		path: path, base: c.base, read: read, look: look, looking: newTurn(),
		written: map[string]int{}, gone: map[string]bool{},
	}
}

// all returns the list: the one there is, or one that is read now. complete is false if it changed
// while it was read; then it proves no absence. What this client has written before the call is in
// it. The caller must not change the items.
func (s *snapshot[T]) all(ctx context.Context) (items []T, complete bool, err error) {
	for {
		if err := s.await(ctx); err != nil {
			return nil, false, err
		}
		if err := s.refresh(ctx); err != nil {
			return nil, false, err
		}
		s.mu.Lock()
		if s.list.whole { // else it was invalidated meanwhile
			defer s.mu.Unlock()
			return s.list.all(), s.list.complete, nil
		}
		s.mu.Unlock()
	}
}

// await waits until the list has been read.
func (s *snapshot[T]) await(ctx context.Context) error {
	s.mu.Lock()
	if s.list.whole {
		s.mu.Unlock()
		return nil
	}
	if failed := s.standing(); failed != nil {
		s.mu.Unlock()
		return failed
	}
	if s.flight == nil {
		s.takeOff(ctx)
	}
	f := s.flight
	f.waiting++
	s.mu.Unlock()

	select {
	case <-f.done:
		return s.outcome(f)
	case <-ctx.Done():
		s.leave(f)
		return s.call("").because(Cancelled, context.Cause(ctx))
	}
}

// outcome is how a flight ended, for each of its callers.
func (s *snapshot[T]) outcome(f *flight[T]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case f.err == nil:
		return nil
	case f.told:
		return f.err.again()
	}
	f.told = true
	return f.err
}

// refresh reads the objects that were written since the list was read, one by one, or the list
// again if that is cheaper. What is written meanwhile is nobody's to wait for.
func (s *snapshot[T]) refresh(ctx context.Context) error {
	s.mu.Lock()
	touched := slices.Sorted(maps.Keys(s.list.touched))
	if len(touched) > s.list.pages {
		s.list.whole = false
		s.mu.Unlock()
		return s.await(ctx)
	}
	s.mu.Unlock()
	if len(touched) == 0 {
		return nil
	}
	if err := s.looking.take(ctx); err != nil {
		return s.call("").because(Cancelled, err)
	}
	defer s.looking.give()
	for _, id := range touched {
		if _, known := s.known(id); known { // by another's refresh
			continue
		}
		if _, err := s.single(ctx, id); err != nil && !IsNotFound(err) {
			return err
		}
	}
	return nil
}

// takeOff begins a read. The caller holds the lock.
func (s *snapshot[T]) takeOff(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[T]{cancel: cancel, done: make(chan struct{})}
	s.flight = f
	go func() {
		defer cancel()
		for {
			began, pages := s.depart(f), 0
			items, complete, err := s.read(ctx, func() bool {
				pages++
				return s.isCurrent(began)
			})
			if s.land(f, began, newListing(items, complete, pages), err) {
				return
			}
		}
	}()
}

// depart returns the generation in which a read begins.
func (s *snapshot[T]) depart(f *flight[T]) (generation int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.writes, f.calm = nil, s.watch()
	return s.generation
}

func (s *snapshot[T]) isCurrent(generation int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.generation == generation
}

// land ends a flight. It reports false if the read was invalidated: then it must begin anew.
func (s *snapshot[T]) land(f *flight[T], began int, read listing[T], err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := s.flight == f // else nobody waits for it
	switch {
	case err != nil:
		f.err = AsError(err)
		if wanted {
			s.keep(f.err)
		}
	case wanted && began != s.generation:
		return false
	default:
		read.complete = read.complete && f.calm()
		for _, write := range f.writes {
			write(&read)
		}
		if wanted {
			s.list, s.failure, s.gone = read, nil, map[string]bool{}
		}
	}
	if wanted {
		s.flight = nil
	}
	close(f.done)
	return true
}

// leave takes back a caller's wait. A flight that nobody waits for is cancelled.
func (s *snapshot[T]) leave(f *flight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	if f.waiting == 0 {
		f.cancel()
		if s.flight == f {
			s.flight = nil
		}
	}
}

// known returns an object as the list has it, or as it was read by itself.
func (s *snapshot[T]) known(id string) (item T, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list.get(id)
}

// isRead reports whether the whole list has been read.
func (s *snapshot[T]) isRead() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list.whole
}

// isClean reports whether the whole list has been read, and nothing in it is in doubt.
func (s *snapshot[T]) isClean() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list.isClean()
}

// fill takes over a list of one page that was read for another reason, unless this client has
// written meanwhile: writes is what it was before.
func (s *snapshot[T]) fill(items []T, complete bool, writes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.written[""] == writes {
		s.list, s.gone = newListing(items, complete, 1), map[string]bool{}
	}
}

// writes returns how often this client has written an object; for "", any.
func (s *snapshot[T]) writes(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written[id]
}

// remove notes that an object is being deleted, until done is called.
func (s *snapshot[T]) remove() (done func()) {
	s.removing.Add(1)
	s.removals.Add(1)
	return func() { s.removing.Add(-1) }
}

// watch returns what reports whether this client has deleted nothing since. A delete moves the items
// behind it to a page that was read already, and if another item comes the total does not tell.
func (s *snapshot[T]) watch() (calm func() bool) {
	removals := s.removals.Load()
	calmBefore := s.removing.Load() == 0
	return func() bool { return calmBefore && s.removals.Load() == removals }
}

// put notes an object as it now is.
func (s *snapshot[T]) put(item T) {
	s.write(item.identifier(), func(l *listing[T]) { l.put(item) })
}

// touch notes that an object was written, and that what became of it is not known.
func (s *snapshot[T]) touch(id string) {
	s.write(id, func(l *listing[T]) { l.touch(id) })
}

// drop notes that an object was deleted.
func (s *snapshot[T]) drop(id string) {
	s.write(id, func(l *listing[T]) { l.drop(id) })
}

func (s *snapshot[T]) write(id string, change func(*listing[T])) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written[id]++
	s.written[""]++
	s.note(change)
}

// note changes the list, and the one that is being read now. The caller holds the lock.
func (s *snapshot[T]) note(change func(*listing[T])) {
	change(&s.list)
	if s.flight != nil {
		s.flight.writes = append(s.flight.writes, change)
	}
}

// invalidate forgets the list: a write whose outcome nobody knows may have changed it. A read in
// the air begins anew.
func (s *snapshot[T]) invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.written[""]++
	s.list, s.gone = listing[T]{}, map[string]bool{}
}

// call is a template for an error about an object, or about the list if id is "".
func (s *snapshot[T]) call(id string) *Error {
	p := collection(s.path)
	if id != "" {
		p = object(s.path, id)
	}
	return &Error{Method: http.MethodGet, Path: p.String(), Base: s.base}
}
