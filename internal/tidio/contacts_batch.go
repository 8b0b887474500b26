package tidio

import (
	"context"
	"net/http"
	"slices"
	"strings"
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
	batchFew   = 10                     // so many are looked for one by one, by e-mail address: the list may be long
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
	body  any // of its request
	began time.Time
	done  chan struct{} // closed when the fields below are set

	written WrittenContact
	err     error
	end     batchEnd
}

// batchEnd is the end of a batch with an unknown outcome. Those in it share the looks for what it created.
type batchEnd struct {
	at   time.Time // zero if it was no batch, or its outcome is known
	soon filter    // for the first look; nil = a list
}

func (p *pendingCreate) distinctID() string { return Normalize(*p.in.Fields[ContactDistinctID]) }

func (p *pendingCreate) finish(written WrittenContact, err error) {
	p.written, p.err = written, err
	close(p.done)
}

func newBatcher(c *Client) *batcher { return &batcher{client: c, arrived: make(chan struct{}, 1)} }

// post creates a contact, with others or alone. A batch that was not sent yet is left when ctx ends.
func (b *batcher) post(ctx context.Context, in ContactChange) (written WrittenContact, end batchEnd, err error) {
	if b.client.wire.batch == nil || in.Fields[ContactDistinctID] == nil || b.mayBeRefused(in) {
		return b.postAlone(ctx, in)
	}
	p := &pendingCreate{ctx: ctx, in: in, began: time.Now(), done: make(chan struct{})}
	if p.body, err = b.client.encodeContact(ctx, in); err != nil {
		return written, end, err
	}
	if !b.add(p) {
		return b.postAlone(ctx, in)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		if b.remove(p) {
			return written, end, b.client.call(http.MethodPost, b.path()).because(Cancelled, context.Cause(ctx))
		}
		<-p.done // a write that was sent is finished
	}
	return p.written, p.end, p.err
}

// mayBeRefused reports whether a contact has a key that the account's properties do not have, as far as they are known.
// It is not to delay others.
func (b *batcher) mayBeRefused(in ContactChange) bool {
	definitions, complete, known := b.client.properties.Known()
	if !known || !complete {
		return false
	}
	for name := range in.Properties {
		isIt := func(p Property) bool { return SameText(p.Name, name) }
		if !slices.ContainsFunc(definitions, isIt) {
			return true
		}
	}
	return false
}

// postAlone is post without waiting for others.
func (b *batcher) postAlone(ctx context.Context, in ContactChange) (written WrittenContact, _ batchEnd, err error) {
	written, err = b.client.postContact(ctx, in)
	return written, batchEnd{}, err
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
	how := b.filterFor(batch)
	var all sync.WaitGroup
	for _, p := range batch {
		all.Go(func() {
			looked := b.client.lookTwice(ctx, p.in, p.began, ended, how, how)
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
	return created, others, ok && ctx.Err() == nil
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
