package tidio

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Creates of contacts that wait at the same time leave as one request, where the API has one for it: an account may
// allow as few as 60 requests a minute. What arrives while a batch is on its way is the next one, so under load
// nobody waits for the sake of a batch, and a batch is as large as the load is.
const (
	batchQuiet = 100 * time.Millisecond // without another create, before a batch is sent
	batchWait  = time.Second            // from the first create on, at most
	batchSize  = 100                    // schema newContacts
	batchSplit = 4                      // a refused batch of so many is sent singly: halving it would cost as much
)

// batcher sends creates of contacts, many at once.
type batcher struct {
	client *Client

	mu       sync.Mutex
	waiting  []*pendingCreate
	running  bool
	arrived  chan struct{} // receives when a create has joined those that wait
	disabled bool          // the account has no such route, or it created some of what it refused
	believed bool          // of a refused batch nothing was created: all or nothing, as the API promises
}

// pendingCreate is a create that waits for its outcome.
type pendingCreate struct {
	ctx   context.Context
	in    ContactChange
	began time.Time
	done  chan struct{} // closed when the fields below are set

	written WrittenContact
	err     error
	ended   time.Time // of a batch whose outcome is unknown: the same for all in it; else zero
}

func (p *pendingCreate) distinctID() string { return Normalize(*p.in.Fields[ContactDistinctID]) }

func (p *pendingCreate) finish(written WrittenContact, err error) {
	p.written, p.err = written, err
	close(p.done)
}

func newBatcher(c *Client) *batcher { return &batcher{client: c, arrived: make(chan struct{}, 1)} }

// post creates a contact, with others or by itself. A batch that was not sent yet is left when ctx ends. ended is when
// a batch ended with an unknown outcome; zero if it was not that.
func (b *batcher) post(ctx context.Context, in ContactChange) (written WrittenContact, ended time.Time, err error) {
	p := &pendingCreate{ctx: ctx, in: in, began: time.Now(), done: make(chan struct{})}
	if b.client.wire.batch == nil || in.Fields[ContactDistinctID] == nil || !b.add(p) {
		written, err = b.client.postContact(ctx, in)
		return written, time.Time{}, err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		if b.remove(p) {
			return written, ended, b.client.call(http.MethodPost, b.path()).because(Cancelled, context.Cause(ctx))
		}
		<-p.done // a write that was sent is finished
	}
	return p.written, p.ended, p.err
}

func (b *batcher) path() path { return collection(b.client.wire.contacts.path) }

// add lets a create wait for the next batch, unless there are none.
func (b *batcher) add(p *pendingCreate) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.disabled {
		return false
	}
	b.waiting = append(b.waiting, p)
	if !b.running {
		b.running = true
		go b.run()
	}
	select {
	case b.arrived <- struct{}{}:
	default:
	}
	return true
}

// remove takes a create back, and reports whether it was still waiting.
func (b *batcher) remove(p *pendingCreate) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.waiting, p)
	if i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
	}
	return i >= 0
}

// run sends batches, one at a time, until nobody waits.
func (b *batcher) run() {
	for {
		deadline, quiet := time.After(batchWait), time.After(batchQuiet)
		for waits := b.count() > 0; waits && b.count() < batchSize; {
			select {
			case <-b.arrived:
				quiet = time.After(batchQuiet)
			case <-quiet:
				waits = false
			case <-deadline:
				waits = false
			}
		}
		batch := b.take()
		if batch == nil {
			return
		}
		b.send(batch)
	}
}

func (b *batcher) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting)
}

// take takes a batch out of those that wait; nil ends the run. A distinct id that is in it already waits for the
// next: the reply would not tell the two apart.
func (b *batcher) take() []*pendingCreate {
	b.mu.Lock()
	defer b.mu.Unlock()
	var batch, left []*pendingCreate
	ids := map[string]bool{}
	for _, p := range b.waiting {
		if id := p.distinctID(); ids[id] || len(batch) == batchSize {
			left = append(left, p)
		} else {
			ids[id] = true
			batch = append(batch, p)
		}
	}
	b.waiting, b.running = left, len(batch) > 0
	return batch
}

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
		var err error
		if bodies[i], err = b.client.encodeContact(ctx, p.in); err != nil { // of all: the properties cannot be read
			b.fail(batch, AsError(err))
			return
		}
	}
	wire := b.client.wire.batch
	r, err := b.client.do(ctx, http.MethodPost, collection(wire.path), nil, wire.encode(bodies))
	failed := AsError(err)
	switch {
	case failed == nil:
		b.assign(batch, r)
	case failed.Status == http.StatusNotFound, failed.Status == http.StatusMethodNotAllowed:
		b.disable()
		b.sendSingly(batch)
	case failed.Status == http.StatusBadRequest, failed.Status == http.StatusRequestEntityTooLarge,
		failed.Status == http.StatusUnprocessableEntity:
		b.refused(ctx, batch, failed)
	default:
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
	own := map[string][]json.RawMessage{} // by distinct id
	for _, object := range objects {
		if contact, err := b.client.wire.contacts.one(object); err == nil {
			id := Normalize(contact.DistinctID)
			own[id] = append(own[id], object)
		}
	}
	var missing []*pendingCreate
	for _, p := range batch {
		if mine := own[p.distinctID()]; len(mine) != 1 {
			missing = append(missing, p)
		} else if written, err := b.client.created(mine[0], p.in); err != nil {
			missing = append(missing, p)
		} else {
			p.finish(written, nil)
		}
	}
	b.fail(missing, r.bad("the reply does not have the contact"))
}

// fail ends creates with an error that concerns all of them, as if each had been sent by itself.
func (b *batcher) fail(batch []*pendingCreate, failed *Error) {
	now := time.Now()
	for _, p := range batch {
		own := *failed
		if own.Method == http.MethodPost {
			own.Path = b.path().String()
		}
		if own.OutcomeUnknown {
			p.ended = now
		}
		p.finish(WrittenContact{}, &own)
	}
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

// lookFor reads a list to tell those of a batch that were created since it began from the others. ok is false if
// nobody could look.
func (b *batcher) lookFor(ctx context.Context, batch []*pendingCreate) (created, others []*pendingCreate, ok bool) {
	b.client.contacts.Invalidate()
	for _, p := range batch {
		switch looked := b.client.lookForCreated(ctx, p.in, p.began, nil); {
		case looked == nil || !looked.complete:
			return nil, nil, false
		case len(looked.young) > 0:
			created = append(created, p)
		default:
			others = append(others, p)
		}
	}
	return created, others, true
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
