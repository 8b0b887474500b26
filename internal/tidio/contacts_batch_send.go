package tidio

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// send creates the contacts of a batch, and finishes each when its outcome is known.
func (b *batcher) send(batch []*pendingCreate) {
	if b.mu.Lock(); len(batch) == 1 || b.disabled {
		b.mu.Unlock()
		b.sendSingly(batch)
		return
	}
	b.mu.Unlock()
	ctx, cancel := untilAllEnd(batch)
	defer cancel()
	bodies := make([]any, len(batch))
	for i, p := range batch {
		bodies[i] = p.body
	}
	wire := b.client.wire.batch
	r, err := b.client.do(ctx, http.MethodPost, collection(wire.path), nil, wire.encode(bodies))
	failed := AsError(err)
	switch {
	case failed == nil:
		b.assign(batch, r)
	case failed.Status == http.StatusNotFound, failed.Status == http.StatusMethodNotAllowed,
		failed.Status == http.StatusGone:
		b.disable()
		b.sendSingly(batch)
	case failed.Kind == Forbidden: // maybe one of them alone
		b.sendSingly(batch)
	case failed.Kind == BadRequest:
		b.refused(ctx, batch, failed)
	default: // of all: the credentials, or nobody knows what became of it
		b.fail(batch, failed)
	}
}

func (b *batcher) disable() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.disabled = true
}

func (b *batcher) sendSingly(batch []*pendingCreate) {
	var all sync.WaitGroup
	for _, p := range batch {
		all.Go(func() { p.finish(b.client.postContact(p.ctx, p.in)) })
	}
	all.Wait()
}

// assign tells each create which object of the reply is its own. That is known by the distinct id: the order is not
// promised, nor that all are there.
func (b *batcher) assign(batch []*pendingCreate, r reply) {
	objects, err := b.client.wire.batch.split(r.body)
	if err != nil {
		b.fail(batch, r.bad("the reply cannot be read: %w", err))
		return
	}
	var left []createdObject
	for _, body := range objects {
		contact, _ := b.client.wire.contacts.one(body) // one that cannot be read is nobody's
		left = append(left, createdObject{contact, body})
	}
	// The API may keep another spelling. What it calls created is never created again.
	missing := b.match(batch, &left, SameText)
	missing = b.match(missing, &left, func(sent, kept string) bool {
		return SameFold(strings.TrimSpace(sent), strings.TrimSpace(kept))
	})
	failed := r.bad("the reply does not have the contact")
	for _, object := range left {
		if object.contact.ID != "" { // it was created, whosever it is
			if failed.Candidates == nil {
				failed.Candidates = &Candidates{}
			}
			failed.Candidates.Contacts = append(failed.Candidates.Contacts, object.contact)
		}
	}
	b.fail(missing, failed)
}

// createdObject is an object in the reply to a batch.
type createdObject struct {
	contact Contact
	body    []byte
}

// match finishes the creates of which the reply has exactly one object, by distinct id, and returns the others. What
// is nobody's is left.
func (b *batcher) match(
	batch []*pendingCreate, left *[]createdObject, same func(string, string) bool,
) (missing []*pendingCreate) {
	for _, p := range batch {
		isOwn := func(o createdObject) bool { return same(o.contact.DistinctID, *p.in.Fields[ContactDistinctID]) }
		first := slices.IndexFunc(*left, isOwn)
		if first < 0 || slices.ContainsFunc((*left)[first+1:], isOwn) {
			missing = append(missing, p)
			continue
		}
		written, err := b.client.created((*left)[first].body, p.in)
		if err != nil {
			missing = append(missing, p)
			continue
		}
		*left = slices.Delete(*left, first, first+1)
		p.finish(written, nil)
	}
	return missing
}

// fail ends creates with an error that concerns all of them, as if each had been sent alone.
func (b *batcher) fail(batch []*pendingCreate, failed *Error) {
	now := time.Now()
	for i, p := range batch {
		own := *failed
		own.Path = b.path().String()
		own.Repeated = failed.Repeated || i > 0 && !failed.OutcomeUnknown
		if own.OutcomeUnknown {
			p.end = batchEnd{at: now, soon: b.filterFor(batch)}
		}
		p.finish(WrittenContact{}, &own)
	}
}

// filterFor is how the contacts of a batch are looked for: few of them by their e-mail addresses, since the list may
// be long.
func (b *batcher) filterFor(batch []*pendingCreate) filter {
	if b.client.wire.byEmail == nil || len(batch) > batchFew ||
		slices.ContainsFunc(batch, func(p *pendingCreate) bool { return p.in.Fields[ContactEmail] == nil }) {
		return nil
	}
	return b.client.filterByEmail
}

// refused finds out which contacts of a refused batch are at fault, by halving it: each ends in a request of its own,
// whose error is its own. Of the first batch that is refused it is not believed that nothing was created.
func (b *batcher) refused(ctx context.Context, batch []*pendingCreate, failed *Error) {
	if !b.believed { // no lock: one batch is on its way
		doubtful := *failed
		doubtful.OutcomeUnknown = true
		created, others, ok := b.lookFor(ctx, batch)
		switch {
		case !ok:
			doubtful.Candidates = &Candidates{} // looking again would not tell more
			b.fail(batch, &doubtful)
			return
		case len(created) > 0:
			b.disable()
			b.fail(created, &doubtful)
			b.sendSingly(others)
			return
		}
		b.believed = true
	}
	if len(batch) <= batchSplit {
		b.sendSingly(batch)
		return
	}
	b.send(batch[:len(batch)/2])
	b.send(batch[len(batch)/2:])
}

// lookFor looks which of a batch were created since it began: soon, and when reads no longer lag behind writes. ok is
// false if that cannot be told.
func (b *batcher) lookFor(ctx context.Context, batch []*pendingCreate) (created, others []*pendingCreate, ok bool) {
	var mu sync.Mutex
	ok = true
	ended := time.Now()
	graced, cancel := transport.WithCancelGrace(ctx)
	defer cancel()
	how := b.filterFor(batch)
	var all sync.WaitGroup
	for _, p := range batch {
		all.Go(func() {
			looked := b.client.lookTwice(graced, p.in, p.began, ended, how, how)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case looked == nil || !looked.complete:
				ok = false
			case len(looked.young) > 0:
				created = append(created, p)
			default:
				others = append(others, p)
			}
		})
	}
	all.Wait()
	return created, others, ok
}

// untilAllEnd returns a context that ends with the last of a batch's.
func untilAllEnd(batch []*pendingCreate) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(batch[0].ctx))
	var left atomic.Int64
	left.Store(int64(len(batch)))
	stops := make([]func() bool, len(batch))
	for i, p := range batch {
		stops[i] = context.AfterFunc(p.ctx, func() {
			if left.Add(-1) == 0 {
				cancel(context.Cause(p.ctx))
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel(nil)
	}
}
