package tidio

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/listcache"
	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// Reads may lag behind writes. Two results of a read are therefore not accepted immediately: that a new object
// does not exist, and that a cleared value still exists. Both are read again at certain ages of the write, and
// then accepted. Every other difference is accepted immediately, because somebody else may have made it.

// rechecks decides when to read again.
type rechecks struct {
	ages []time.Duration // of the write, ascending

	mu       sync.Mutex
	relisted map[string]time.Time // by the path of the collection
}

func newRechecks(ages []time.Duration) *rechecks {
	return &rechecks{ages: ages, relisted: map[string]time.Time{}}
}

// await waits until it is time to read a written object again, and returns that time. again is false if no more
// reads are due. If the caller is interrupted during the wait, await returns an error.
func (r *rechecks) await(ctx context.Context, written time.Time) (due time.Time, again bool, err error) {
	for _, age := range r.ages {
		if due := written.Add(age); due.After(time.Now()) {
			return due, true, sleepUntil(ctx, due)
		}
	}
	return due, false, nil
}

// relist makes sure that the next list is not older than due. All callers that read again share a list. Between the
// beginnings of two lists is at least the first age.
func (r *rechecks) relist(ctx context.Context, path string, due time.Time, invalidate func()) error {
	if len(r.ages) == 0 {
		invalidate()
		return nil
	}
	for {
		next := r.mayRelist(path, due, invalidate)
		if next.IsZero() {
			return nil
		}
		if err := sleepUntil(ctx, next); err != nil {
			return err
		}
	}
}

// mayRelist returns when a new list may begin; zero if one is recent enough, or was just requested.
func (r *rechecks) mayRelist(path string, due time.Time, invalidate func()) (next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, last := time.Now(), r.relisted[path]
	switch next = last.Add(r.ages[0]); {
	case !last.Before(due):
		return time.Time{}
	case next.After(now):
		return next
	}
	r.relisted[path] = now
	invalidate()
	return time.Time{}
}

// findRecent is find for an object that Terraform created at the given time, by the clock of the machine that it ran
// on; zero means long ago. An absence is accepted when the object is old enough.
func findRecent[T any](
	ctx context.Context, c *Client, n noun[T], cache *listcache.Cache[T], id string, created time.Time,
) (item T, err error) {
	if now := time.Now(); created.After(now) {
		created = now // the other clock is ahead
	}
	item, err = find(ctx, c, n, cache, id)
	for IsNotFound(err) {
		due, again, interrupted := c.rechecks.await(ctx, created)
		if !again {
			return item, err
		}
		if interrupted == nil {
			interrupted = c.rechecks.relist(ctx, n.path, due, cache.Invalidate)
		}
		if interrupted != nil {
			return item, c.call(http.MethodGet, object(n.path, id)).because(Cancelled, interrupted)
		}
		item, err = cache.Again(ctx, id)
		err = proveAbsent(ctx, c, n, cache, id, c.shared(object(n.path, id), err))
	}
	return item, err
}

// readBack reads a contact after a write that clears something, until the value is cleared. A write that was sent is
// finished, so an interrupt ends only the waits.
func (c *Client) readBack(ctx context.Context, id string, sent ContactChange) (Contact, error) {
	written := time.Now()
	graced, cancel := transport.WithCancelGrace(ctx)
	defer cancel()
	for {
		contact, err := c.contacts.Get(graced, id)
		if err != nil || sent.clearedIn(contact) {
			return contact, err
		}
		_, again, interrupted := c.rechecks.await(ctx, written)
		switch {
		case interrupted != nil:
			return contact, c.call(http.MethodGet, object(c.wire.contacts.path, id)).because(Cancelled, interrupted)
		case !again:
			return contact, nil
		}
	}
}

// confirmDeleted reads a contact after a delete whose reply may not be from the API, until the contact is gone.
func (c *Client) confirmDeleted(ctx context.Context, id string, r reply) error {
	written := time.Now()
	graced, cancel := transport.WithCancelGrace(ctx)
	defer cancel()
	for {
		_, err := getOne(graced, c, c.wire.contacts, id)
		if failed := AsError(err); failed != nil && failed.Kind != NotFound {
			failed.OutcomeUnknown = true
			return failed
		}
		if err != nil {
			return nil
		}
		if _, again, interrupted := c.rechecks.await(ctx, written); !again || interrupted != nil {
			return r.bad("the account still has the contact")
		}
	}
}

// sleepUntil waits until the given time, or until ctx ends.
func sleepUntil(ctx context.Context, then time.Time) error {
	timer := time.NewTimer(time.Until(then))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
