// Package listcache serves reads of a collection from one list, because requests are the cost that
// matters.
//
// A [Cache] keeps what is known of each object, from any request or write. When a caller needs more,
// the cache reads the list page by page. Nothing runs in the background. A caller that needs a page
// reads it with its own context, and other callers that need the page wait. If a caller is cancelled,
// at most its current page is lost, and the next caller continues from there. So every caller can be
// cancelled on its own, and no fetch is detached from its caller (as with
// golang.org/x/sync/singleflight).
//
// These rules always hold:
//
//   - Only one page is read at a time, and only one shared read of the same object. Reads of different
//     objects run at the same time. If a page or an object read fails, all waiting callers get the same
//     error. If it fails because its own caller was cancelled, the next caller tries again. No other
//     failure is remembered.
//   - Requests and writes are numbered in the order in which they began. What is known of an object has
//     the number of its source, and a lower number never replaces it. A page that was requested before
//     one of our writes therefore proves nothing about the written object.
//   - The list replaces nothing until it is read to its end. Then the objects that it did not show are
//     forgotten. These exceptions stay: objects that were written or read by id since the list's first
//     page, objects that are known to be gone, and all objects that this client ever wrote, because lists
//     may lag behind writes. (Without [Source.Get], the list decides about all of these.)
//   - A list is complete if nothing shows that it changed while it was read. What a complete list does
//     not show did not exist. Our own deletes move objects to pages that were already read. So a delete
//     in flight between the first and the last page makes the list incomplete. A delete with an unknown
//     outcome may still take effect, so it makes every list incomplete.
//   - A create with an unknown outcome ([Cache.Invalidate]) does not stop a list that is being read.
//     Callers from before it use that list; all later callers share the next one.
//   - With [Source.Get], a list is only a hint. Before an object counts as not found, it is read by id
//     once. If it exists, the list was incomplete.
//
// With [Source.PreferGet], the first objects are read by id. The number depends on the requests spent so
// far. If the length of the list is known, as many objects are read by id as the list has pages; then the
// list is read as far as needed. If the length is unknown, a few objects are read by id, and after that as
// many as pages were read. So the total is at most about twice the optimum. If a page cannot be read, it
// costs one request, and the object is read by id.
package listcache

import (
	"context"
	"slices"
	"sync"
)

const (
	// freeGets is how many objects are read by id before more of a list of unknown length is read.
	freeGets = 5

	// proofAttempts is how many lists are read to get a complete one, where that is the only proof.
	proofAttempts = 3
)

// A Page is one page of a collection, as its [Reader] returns it.
type Page[T any] struct {
	Items      []T  // without items from earlier pages
	Last       bool // the list ends here
	Pages      int  // how many pages the whole list has; 0 = unknown
	Incomplete bool // the list changed during the read, or reports fewer items than it has: it proves no absence
}

// A Reader reads the next page each time it is called. Only one caller uses it at a time. After an
// error, the next call reads the same page again.
type Reader[T any] func(ctx context.Context) (Page[T], error)

// A Source is the collection that a [Cache] reads.
type Source[T any] struct {
	ID func(T) string

	// Open returns a Reader that starts at the first page. It must not block.
	Open func() Reader[T]

	// Get reads one object. Nil means that the API has no such call: then a complete list is the proof.
	Get func(ctx context.Context, id string) (T, error)

	// IsNotFound reports whether an error of Get or NotFound says that the object does not exist.
	IsNotFound func(error) bool

	// NotFound returns the error for an object that is known to be gone, from a list, an earlier read or
	// our own delete.
	NotFound func(id string) error

	// Changed returns the error for an object whose absence no list could prove, because the list kept
	// changing during the read. It is used only without Get.
	Changed func() error

	// PreferGet reads objects by id as long as this needs fewer requests than the list.
	PreferGet bool
}

// An Outcome is the outcome of a delete.
type Outcome int

// Outcomes of a delete.
const (
	Unknown    Outcome = iota // it may have taken effect, or may still do so
	Deleted                   // the object is gone, whoever deleted it
	NotDeleted                // the delete was refused, or never sent
)

// A Cache serves reads of one collection. It is safe for concurrent use. If a caller's context ends
// while the caller waits for another caller's request, the error is the context's cause.
type Cache[T any] struct {
	source Source[T]

	mu      sync.Mutex // not held during requests
	calls   map[string]*call
	clock   uint64 // numbers requests and writes
	objects map[string]object[T]
	ids     []string        // of objects, in the list's order
	stale   map[string]bool // ids of objects
	view    []T             // what All returns; nil = to be built

	reading     *list[T]       // the list that is being read
	read        list[T]        // the last list that was read to its end; began is 0 if there is none
	wanted      map[uint64]int // how many callers wait for a list that began after this number
	invalidated uint64         // the clock at the last call of Invalidate

	deletes       int // our own deletes that have begun
	deleting      int // our own deletes in flight
	deleteUnknown bool

	answered bool // an object was read by id, found or not
	gets     int  // PreferGet: objects read by id
	tried    int  // pages that were read, or that failed
	length   int  // of the list in pages; 0 = unknown
}

// New returns an empty Cache.
func New[T any](s Source[T]) *Cache[T] {
	return &Cache[T]{
		source:  s,
		calls:   map[string]*call{},
		objects: map[string]object[T]{},
		stale:   map[string]bool{},
		wanted:  map[uint64]int{},
	}
}

// All returns the whole list. It shows everything that this client wrote before the call in its current
// form. An incomplete list proves no absence. The caller must not change items.
func (c *Cache[T]) All(ctx context.Context) (items []T, complete bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.readAll(ctx, c.invalidated); err != nil {
		return nil, false, err
	}
	until := c.clock // later writes do not keep this caller waiting
	for {
		var stale []string
		newer := 0 // how many stale objects another list would refresh
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

// Find returns one object as it is known, or reads the list to find it.
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
	// Any list is good enough, even one from before Invalidate: an object that it lacks is read by id.
	if err := c.readAll(ctx, 0); err != nil {
		if item, known, absent := c.known(id); known { // from a page before the failed one
			return item, absent
		}
		return item, err
	}
	return c.look(ctx, id)
}

// Get reads one object now and keeps the result. After a create, call MarkStale first; otherwise, the
// list counts as incomplete because it lacks the object. Without [Source.Get], it is Find in a list that
// begins after this call.
func (c *Cache[T]) Get(ctx context.Context, id string) (T, error) {
	if c.source.Get != nil {
		return c.get(ctx, id)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.findListed(ctx, id, c.clock)
}

// Again looks again for an object that was not found, because reads may lag behind writes. It reads the
// object by id as long as this needs fewer requests than the list. Otherwise, it uses a list that began
// after the last call of Invalidate.
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

// Known returns the list like All, if this needs no request. The caller must not change items.
func (c *Cache[T]) Known() (items []T, complete, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read.began <= c.invalidated || len(c.stale) > 0 {
		return nil, false, false
	}
	return c.all(), c.isComplete(), true
}

// Put records the current form of an object that was written or read.
func (c *Cache[T]) Put(item T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store(c.source.ID(item), object[T]{item: item, exists: true, written: true, asOf: c.tick()})
}

// MarkStale records that an object was written, and that its current form is unknown.
func (c *Cache[T]) MarkStale(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.markStale(id)
}

// BeginDelete records that an object is being deleted. The caller must call end exactly once.
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

// Invalidate records a create with an unknown outcome: the list may lack an object.
func (c *Cache[T]) Invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidated = c.clock
}

// WatchDeletes returns a function that reports whether this client has deleted nothing since the call.
// Use it to read the collection without the cache.
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
