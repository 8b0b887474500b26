package tidio

import (
	"context"
	"net/http"
	"slices"
	"sync"
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
