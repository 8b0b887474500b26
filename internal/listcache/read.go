package listcache

import (
	"cmp"
	"context"
)

// The methods in this file expect the caller to hold the lock, and hold it when they return, unless
// they say otherwise.

// object is what is known of an object.
type object[T any] struct {
	item    T
	exists  bool
	stale   bool   // this client has written it, and item is the form before the write
	written bool   // this client has ever written it
	asOf    uint64 // the number of the request or write that is the source
}

// isGone reports whether the object does not exist, or nothing is known of it.
func (o object[T]) isGone() bool { return !o.exists && !o.stale }

// list is a list that is being read, or was read.
type list[T any] struct {
	next       Reader[T]
	began      uint64 // the number of its first request
	ids        []string
	pages      int // read so far
	incomplete bool
}

// call is work that one caller does and other callers wait for.
type call struct {
	done chan struct{}
	err  error // set before done is closed
}

// Calls that read the list have the key pages. Calls that read an object by id have lookAt and the id.
const (
	pages  = "pages"
	lookAt = "object "
)

// do calls f without the lock. If another call with the same key is running, do waits for that call
// instead. It returns that call's error, unless its caller was cancelled. In this case f was not called,
// and the work may still have to be done.
func (c *Cache[T]) do(ctx context.Context, key string, f func() error) error {
	if other := c.calls[key]; other != nil {
		c.mu.Unlock()
		defer c.mu.Lock()
		select {
		case <-other.done:
			return other.err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	mine := &call{done: make(chan struct{})}
	c.calls[key] = mine
	c.mu.Unlock()
	err := f()
	c.mu.Lock()
	delete(c.calls, key)
	if ctx.Err() == nil {
		mine.err = err
	}
	close(mine.done)
	return err
}

// readAll reads to the end of a list that began after since.
func (c *Cache[T]) readAll(ctx context.Context, since uint64) error {
	c.wanted[since]++
	defer func() {
		if c.wanted[since]--; c.wanted[since] == 0 {
			delete(c.wanted, since)
		}
	}()
	for c.read.began <= since {
		if err := c.do(ctx, pages, func() error { return c.readPage(ctx, since) }); err != nil {
			return err
		}
	}
	return nil
}

// isWanted reports whether a caller waits for a list with this beginning.
func (c *Cache[T]) isWanted(began uint64) bool {
	for since := range c.wanted {
		if since < began {
			return true
		}
	}
	return false
}

// readPage reads the next page of the list. If the list began before since and no caller waits for it,
// readPage begins a new list. The caller does not hold the lock, but makes the only call with the key
// pages.
func (c *Cache[T]) readPage(ctx context.Context, since uint64) error {
	c.mu.Lock()
	asked := c.tick()
	if c.reading == nil || c.reading.began <= since && !c.isWanted(c.reading.began) {
		c.reading = &list[T]{next: c.source.Open(), began: asked, incomplete: c.deleting > 0}
	}
	l := c.reading
	c.mu.Unlock()

	page, err := l.next(ctx)

	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() == nil {
		c.tried++
	}
	if err != nil {
		return err
	}
	for _, item := range page.Items {
		id := c.source.ID(item)
		l.ids = append(l.ids, id)
		if o := c.objects[id]; o.asOf < asked {
			c.store(id, object[T]{item: item, exists: true, written: o.written, asOf: asked})
		}
	}
	l.pages++
	l.incomplete = l.incomplete || page.Incomplete
	c.length = page.Pages
	if page.Last {
		c.finish(l)
	}
	return nil
}

// finish forgets objects that the list did not show, and orders the rest like the list.
func (c *Cache[T]) finish(l *list[T]) {
	shown := make(map[string]bool, len(l.ids))
	for _, id := range l.ids {
		shown[id] = true
	}
	for _, id := range c.ids {
		o := c.objects[id]
		switch {
		case shown[id]:
		case o.asOf > l.began, o.isGone(), o.written && c.source.Get != nil:
			l.ids = append(l.ids, id)
		default:
			delete(c.objects, id)
			delete(c.stale, id)
		}
	}
	c.read, c.reading, c.ids, c.view = *l, nil, l.ids, nil
}

// findListed returns an object from a list that began after since.
func (c *Cache[T]) findListed(ctx context.Context, id string, since uint64) (item T, err error) {
	for range proofAttempts {
		err := c.readAll(ctx, since)
		if item, known, absent := c.known(id); known && c.objects[id].asOf > since {
			return item, absent
		}
		switch {
		case err != nil:
			return item, err
		case c.isComplete() && !c.stale[id]:
			return item, c.source.NotFound(id)
		}
		since = c.read.began
	}
	return item, c.source.Changed()
}

// findSingly returns an object with the fewest requests: a read by id, or the next pages of the list.
func (c *Cache[T]) findSingly(ctx context.Context, id string) (item T, err error) {
	for {
		_, known, _ := c.known(id)
		switch {
		case known, c.read.began > 0:
			return c.look(ctx, id)
		case !c.answered: // the first object goes alone, to find a problem that concerns all of them
			isFirst := false
			failed := c.do(ctx, pages, func() error {
				isFirst = true
				c.mu.Lock()
				c.gets++
				c.mu.Unlock()
				item, err = c.get(ctx, id)
				return nil // err is about this object
			})
			switch {
			case isFirst:
				return item, err
			case failed != nil && ctx.Err() != nil: // otherwise, a page has failed
				return item, failed
			}
			continue
		case c.tried > 0 && c.getIsCheaper():
			c.gets++
			return c.look(ctx, id)
		}
		if c.do(ctx, pages, func() error { return c.readPage(ctx, 0) }) != nil {
			c.gets++
			return c.look(ctx, id)
		}
	}
}

// getIsCheaper reports whether fewer objects were read by id than the list has pages, as far as is known.
func (c *Cache[T]) getIsCheaper() bool { return c.gets < cmp.Or(c.length, max(freeGets, c.tried)) }

// look returns an object as it is known, or reads it by id. It reads again if a write happened during
// the read. Callers that want the same object share one read.
func (c *Cache[T]) look(ctx context.Context, id string) (item T, err error) {
	for {
		if item, known, err := c.known(id); known {
			return item, err
		}
		err = c.do(ctx, lookAt+id, func() error { _, err := c.get(ctx, id); return err })
		if err != nil {
			return item, err
		}
	}
}

// get reads an object and keeps the result. The caller does not hold the lock.
func (c *Cache[T]) get(ctx context.Context, id string) (T, error) {
	c.mu.Lock()
	asked := c.tick()
	c.mu.Unlock()

	item, err := c.source.Get(ctx, id)

	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered = c.answered || ctx.Err() == nil
	o := c.objects[id]
	switch {
	case o.asOf > asked: // the result is older than a write, or than a later read
	case err == nil:
		if o.isGone() {
			c.read.incomplete = true // the list lacked this object
		}
		c.store(id, object[T]{item: item, exists: true, written: o.written, asOf: asked})
	case c.source.IsNotFound(err):
		c.store(id, object[T]{asOf: asked})
	}
	return item, err
}

// known returns what is known of an object: the item, or the error for an object that is gone.
func (c *Cache[T]) known(id string) (item T, known bool, err error) {
	o, known := c.objects[id]
	switch {
	case !known || o.stale:
		return item, false, nil
	case o.isGone():
		return item, true, c.source.NotFound(id)
	}
	return o.item, true, nil
}

// all returns the objects that exist. Later writes do not change the result.
func (c *Cache[T]) all() []T {
	if c.view == nil {
		c.view = make([]T, 0, len(c.ids))
		for _, id := range c.ids {
			if o := c.objects[id]; o.exists {
				c.view = append(c.view, o.item)
			}
		}
	}
	return c.view
}

// isComplete reports whether objects that the list lacks did not exist when it was read.
func (c *Cache[T]) isComplete() bool { return !c.read.incomplete && !c.deleteUnknown }

func (c *Cache[T]) markStale(id string) {
	o := c.objects[id]
	o.stale, o.written, o.asOf = true, true, c.tick()
	c.store(id, o)
}

func (c *Cache[T]) store(id string, o object[T]) {
	if _, known := c.objects[id]; !known {
		c.ids = append(c.ids, id)
	}
	c.objects[id] = o
	if o.stale {
		c.stale[id] = true
	} else {
		delete(c.stale, id)
	}
	c.view = nil
}

func (c *Cache[T]) tick() uint64 {
	c.clock++
	return c.clock
}
