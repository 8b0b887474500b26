// Package listcache serves reads of a collection from one list of it, where requests are what costs.
//
// A [Cache] keeps what is known of each object, from whichever request or write it comes, and reads
// the list page by page when a caller needs more than that. Nothing runs in the background: a caller
// that needs a page reads it with its own context, and the others who need it meanwhile wait. One who
// is cancelled loses at most the page that it was reading; the next caller goes on from there. So no
// fetch is detached from its caller, as it would be with golang.org/x/sync/singleflight, and every
// caller can be cancelled on its own.
//
// What holds at any time:
//
//   - One page is read at a time, and one shared look at the same object; looks at different objects
//     run at once. Who waited for a page or a look that failed gets the same error, instead of asking
//     again; what failed because its own caller was cancelled is done again by the next. No other
//     failure is remembered.
//   - Requests and writes are numbered in the order in which they began. What is known of an object
//     has the number that it comes from, and never gives way to a lower one: a page that was asked
//     for before a write of ours says nothing of that object.
//   - Reading a list replaces nothing until its end. Then what it did not show is forgotten, except
//     what was written or looked at since its first page, what is known to be gone, and what this
//     client has written at any time: lists may lag behind writes. (Without [Source.Get] the list has
//     the last word about these.)
//   - A list is complete if nothing shows that it changed while it was read: then what it lacks did
//     not exist. Deletes of ours move objects to pages that were read already, so one that was on its
//     way at any time between the first page and the last makes the list incomplete, and one whose
//     outcome is unknown, which may still take place, every list.
//   - An unknown outcome of a create ([Cache.Invalidate]) stops no read that has begun. Callers from
//     before it are content with that one; all later ones share the next.
//   - With [Source.Get] a list is a hint only: what it lacks is looked at by itself, once, before it
//     is not found. An object that turns up then shows that the list is incomplete.
//
// With [Source.PreferGet] the first objects are read singly. How many is decided by what was spent:
// if the length of the list is known, as many as it has pages, then the list is read on as far as it
// takes; if it is not known, a few, and from then on as many as pages were read. So the cost is at
// most about twice what it would have been at best. A page that cannot be read costs its request and
// nothing else: the object is read singly then.
package listcache

import (
	"context"
	"slices"
	"sync"
)

const (
	// freeGets is how many objects are read singly before a list of unknown length is read on.
	freeGets = 5

	// proofAttempts is how many lists are read for one that is complete, where that is the only proof.
	proofAttempts = 3
)

// A Page is one page of a collection, as its [Reader] hands it on.
type Page[T any] struct {
	Items      []T  // without those that were on an earlier page
	Last       bool // the list ends here
	Pages      int  // how many pages the whole list has; 0 = not known
	Incomplete bool // the list changed while it was read, or says less than it holds: it proves no absence
}

// A Reader reads the next page each time it is called, by one caller at a time. After an error it is
// called for the same page again.
type Reader[T any] func(ctx context.Context) (Page[T], error)

// A Source is the collection that a [Cache] reads.
type Source[T any] struct {
	ID func(T) string

	// Open returns a Reader that starts at the first page. It must not block.
	Open func() Reader[T]

	// Get reads one object. Nil means that the API has no such call: then a whole list is the proof.
	Get func(ctx context.Context, id string) (T, error)

	// IsNotFound reports whether an error of Get or NotFound says that the object does not exist.
	IsNotFound func(error) bool

	// NotFound makes the error for an object that is known to be gone: a list is the proof, or an
	// earlier look, or a delete of ours.
	NotFound func(id string) error

	// Changed makes the error for an object whose absence no list could prove, because the list kept
	// changing while it was read. It is used without Get only.
	Changed func() error

	// PreferGet reads objects singly for as long as that is cheaper than the list.
	PreferGet bool
}

// An Outcome is what became of a delete.
type Outcome int

// Outcomes of a delete.
const (
	Unknown    Outcome = iota // it may have taken place, or still take place
	Deleted                   // the object is gone, whoever deleted it
	NotDeleted                // it was refused, or never sent
)

// A Cache serves reads of one collection. Its methods may be called at the same time. If a caller's
// context ends while it waits for another's request, the error is the context's cause.
type Cache[T any] struct {
	source Source[T]

	mu      sync.Mutex // held for no request
	calls   map[string]*call
	clock   uint64 // numbers requests and writes
	objects map[string]object[T]
	ids     []string        // of objects, in the list's order
	stale   map[string]bool // ids of objects
	view    []T             // what All hands out; nil = to be made

	reading     *list[T] // the one whose end was not read yet
	read        list[T]  // the last one whose end was read; began is 0 if there is none
	wanted      map[uint64]int
	invalidated uint64 // the clock when Invalidate was called last

	deletes       int // of ours that have begun
	deleting      int // deletes of ours that are on their way
	deleteUnknown bool

	answered bool // an object was read, found or not
	gets     int  // PreferGet: objects read singly
	tried    int  // pages that were read, or could not be
	length   int  // of the list in pages; 0 = not known
}

// New returns a Cache that knows nothing yet.
func New[T any](s Source[T]) *Cache[T] {
	return &Cache[T]{
		source:  s,
		calls:   map[string]*call{},
		objects: map[string]object[T]{},
		stale:   map[string]bool{},
		wanted:  map[uint64]int{},
	}
}

// All returns the whole list, with all that this client has written before the call as it now is. If
// it is not complete, it proves no absence. The caller must not change items.
func (c *Cache[T]) All(ctx context.Context) (items []T, complete bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.readAll(ctx, c.invalidated); err != nil {
		return nil, false, err
	}
	until := c.clock // who goes on writing does not keep others waiting
	for {
		var stale []string
		newer := 0 // how many another list may show as they are now
		for id := range c.stale {
			asOf := c.objects[id].asOf
			if asOf <= until {
				stale = append(stale, id)
			}
			if asOf > c.read.began {
				newer++
			}
		}
		switch {
		case len(stale) == 0:
			return c.all(), c.isComplete(), nil
		case c.source.Get == nil || newer > c.read.pages:
			if err := c.readAll(ctx, c.read.began); err != nil {
				return nil, false, err
			}
			continue
		}
		slices.Sort(stale)
		for _, id := range stale {
			if _, err := c.look(ctx, id); err != nil && !c.source.IsNotFound(err) {
				return nil, false, err
			}
		}
	}
}

// Find returns one object as it is known, or reads the list for it.
func (c *Cache[T]) Find(ctx context.Context, id string) (item T, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	item, known, err := c.known(id)
	switch {
	case known:
		return item, err
	case c.source.Get == nil:
		return c.findListed(ctx, id, c.invalidated)
	case c.stale[id]:
		return c.look(ctx, id)
	case c.source.PreferGet:
		return c.findSingly(ctx, id)
	}
	// Any list will do, even one from before Invalidate: what it lacks is looked at.
	if err := c.readAll(ctx, 0); err != nil {
		if item, known, absent := c.known(id); known { // from a page before the one that failed
			return item, absent
		}
		return item, err
	}
	return c.look(ctx, id)
}

// Get returns one object as it is now and keeps the result. After a create call MarkStale first, or
// the list is taken to have missed the object. Without [Source.Get] it is Find in a list that is read
// after this call.
func (c *Cache[T]) Get(ctx context.Context, id string) (T, error) {
	if c.source.Get != nil {
		return c.get(ctx, id)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.findListed(ctx, id, c.clock)
}

// Again looks once more for an object that was not found, because reads may lag behind writes: by itself for
// as long as that is cheaper than the list, else in a list from after the last call of Invalidate.
func (c *Cache[T]) Again(ctx context.Context, id string) (item T, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.source.Get != nil && c.getIsCheaper() {
		c.gets++
		c.mu.Unlock()
		defer c.mu.Lock()
		return c.get(ctx, id)
	}
	if err := c.readAll(ctx, c.invalidated); err != nil {
		return item, err
	}
	if item, known, err := c.known(id); known {
		return item, err
	}
	return item, c.source.NotFound(id)
}

// Known returns the list as All does, if that takes no request. The caller must not change items.
func (c *Cache[T]) Known() (items []T, complete, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read.began <= c.invalidated || len(c.stale) > 0 {
		return nil, false, false
	}
	return c.all(), c.isComplete(), true
}

// Put records an object that was written or read, as it now is.
func (c *Cache[T]) Put(item T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store(c.source.ID(item), object[T]{item: item, exists: true, written: true, asOf: c.tick()})
}

// MarkStale records that an object was written, and that how it is now is not known.
func (c *Cache[T]) MarkStale(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.markStale(id)
}

// BeginDelete records that an object is being deleted, until end is called, once.
func (c *Cache[T]) BeginDelete(id string) (end func(Outcome)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deletes++
	c.deleting++
	if c.reading != nil {
		c.reading.incomplete = true
	}
	return func(outcome Outcome) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.deleting--
		switch outcome {
		case Deleted:
			c.store(id, object[T]{asOf: c.tick()})
		case Unknown:
			c.deleteUnknown = true
			c.markStale(id)
		case NotDeleted:
		}
	}
}

// Invalidate records a create whose outcome is unknown: the list may lack an object.
func (c *Cache[T]) Invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidated = c.clock
}

// WatchDeletes returns a function that reports whether this client has deleted nothing since. It is for
// those who read the collection past the cache.
func (c *Cache[T]) WatchDeletes() (none func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, quiet := c.deletes, c.deleting == 0 && !c.deleteUnknown
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return quiet && c.deletes == before
	}
}
