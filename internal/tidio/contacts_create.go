package tidio

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// CreateContact creates a contact. The API never looks for one that exists, so a POST whose outcome is
// unknown is not simply sent again.
//
// Where a contact has a distinct id, it is looked for: one that was created since the POST began is the
// one; if there is none, the POST is sent once more. An older one never counts: it may be the one that
// this one is to replace. In all other cases the error has OutcomeUnknown set, and Candidates if they are
// known: those with the same e-mail address, if there is no distinct id.
//
// Once the API has accepted the POST there is no error.
func (c *Client) CreateContact(ctx context.Context, in ContactChange) (WrittenContact, error) {
	began, attempts := time.Now(), 2
	for attempt := 1; ; attempt++ {
		post := c.batches.post
		if attempt > 2 {
			post = c.batches.postAlone
		}
		written, end, err := post(ctx, in)
		if !OutcomeUnknown(err) {
			return written, err
		}
		failed := AsError(err)
		failed.SentTwice = attempt > 1
		if failed.Candidates != nil { // the reply itself has named them
			return written, failed
		}
		if !end.at.IsZero() {
			attempts = 3 // the last one without the others, of whom one may be the cause
		}
		created := c.findCreated(ctx, in, began, end)
		if created == nil { // nobody could look
			return written, failed
		}
		failed.Candidates = &Candidates{Contacts: created.all, Complete: created.complete}
		if in.Fields[ContactDistinctID] == nil {
			return written, failed
		}
		failed.Candidates.Contacts = created.young
		switch {
		case created.certain && len(created.young) == 1:
			return WrittenContact{ID: created.young[0].ID, Contact: &created.young[0], Recovered: true}, nil
		case len(created.young) > 0 || !created.complete || attempt == attempts || ctx.Err() != nil:
			return written, failed
		}
	}
}

func (c *Client) postContact(ctx context.Context, in ContactChange) (written WrittenContact, err error) {
	r, err := c.writeContact(ctx, http.MethodPost, collection(c.wire.contacts.path), in)
	if err != nil {
		return written, err
	}
	if written, err = c.created(r.body, in); err != nil {
		return written, r.bad("%w", err)
	}
	return written, nil
}

// created reads the object that was created. An error says that there is no id.
func (c *Client) created(body []byte, in ContactChange) (written WrittenContact, err error) {
	if written.ID, err = c.wire.writtenID(body); err != nil || written.ID == "" {
		return written, errors.New("the reply has no id")
	}
	c.contacts.MarkStale(written.ID) // the reply may leave out what was not sent
	if contact, err := c.wire.contacts.one(body); err == nil && c.wire.tells(body, in) {
		written.Contact = &contact
	}
	return written, nil
}

// createdContacts are the contacts that a POST may have created.
type createdContacts struct {
	all      []Contact // however old they are
	complete bool      // there are no others
	young    []Contact // created since the POST began, or nobody knows when
	certain  bool      // of each it is known when
}

// findCreated looks for contacts like in, and again for a while if none of them was created since began, because reads
// may lag behind writes. nil if nobody could look, or there is nothing to look for. end is that of its batch, if it was
// in one.
func (c *Client) findCreated(ctx context.Context, in ContactChange, began time.Time, end batchEnd) *createdContacts {
	distinctID, email := in.Fields[ContactDistinctID], in.Fields[ContactEmail]
	c.contacts.Invalidate()
	switch {
	case distinctID == nil && email == nil:
		return nil
	case !end.at.IsZero():
		return c.lookTwice(ctx, in, began, end.at, end.soon, nil)
	}
	written := time.Now()
	if distinctID != nil && email != nil && c.wire.byEmail != nil { // one request for each look
		for again := true; again; {
			created := c.lookForCreated(ctx, in, began, c.filterByEmail)
			if created == nil || len(created.young) > 0 {
				return created
			}
			var interrupted error
			if _, again, interrupted = c.rechecks.await(ctx, written); interrupted != nil {
				return created
			}
		}
		// The API may keep the address in another case, and its filter may not find that.
	}
	return c.lookTwice(ctx, in, began, written, nil, nil)
}

// filter finds the contacts with an e-mail address; nil stands for a list of all.
type filter func(context.Context, string) (found []Contact, complete bool, err error)

// lookTwice looks for what a write at a time may have created, soon and when reads no longer lag. Lists are shared by
// all who wait for one.
func (c *Client) lookTwice(
	ctx context.Context, in ContactChange, began, written time.Time, soon, late filter,
) (created *createdContacts) {
	filters, ages := []filter{late}, []time.Duration{0}
	if n := len(c.rechecks.ages); n > 0 {
		filters, ages = []filter{soon, late}, []time.Duration{c.rechecks.ages[0], c.rechecks.ages[n-1]}
	}
	for i, age := range ages {
		interrupted := sleepUntil(ctx, written.Add(age))
		due := written // what was written by then is in it
		if i > 0 {
			due = written.Add(age - ages[0])
		}
		graced, cancel := transport.WithCancelGrace(ctx) // a write that was sent is finished
		switch {
		case filters[i] != nil:
			created = c.lookForCreated(ctx, in, began, filters[i])
		case c.rechecks.relist(graced, c.wire.contacts.path, due, c.contacts.Invalidate) == nil:
			created = c.lookForCreated(ctx, in, began, nil)
		}
		cancel()
		if created == nil || len(created.young) > 0 || interrupted != nil {
			return created
		}
	}
	return created
}

// lookForCreated looks once for contacts that have the distinct id of in, or else its e-mail address. filtered finds
// those with an address; nil reads all. nil if nobody could look.
func (c *Client) lookForCreated(
	ctx context.Context, in ContactChange, began time.Time,
	filtered filter,
) *createdContacts {
	ctx, cancel := transport.WithCancelGrace(ctx) // a write that was sent is finished
	defer cancel()
	var all []Contact
	var complete bool
	var err error
	if filtered != nil {
		all, complete, err = filtered(ctx, *in.Fields[ContactEmail])
	} else {
		all, complete, err = list(ctx, c, c.wire.contacts, c.contacts)
	}
	if err != nil {
		return nil
	}
	created := &createdContacts{complete: complete, certain: true}
	began = c.clock.when(began) // by now the API has told its time
	for _, contact := range all {
		if !in.isLike(contact) {
			continue
		}
		created.all = append(created.all, contact)
		at, err := time.Parse(time.RFC3339, contact.CreatedAt)
		known := err == nil && !began.IsZero()
		// Both clocks count whole seconds.
		if !known || !at.Before(began.Truncate(time.Second)) {
			created.young = append(created.young, contact)
			created.certain = created.certain && known
		}
	}
	return created
}

// isLike reports whether a contact has the distinct id of a change or, if that has none, its e-mail address.
func (c ContactChange) isLike(contact Contact) bool {
	if distinctID := c.Fields[ContactDistinctID]; distinctID != nil {
		return SameText(contact.DistinctID, *distinctID)
	}
	return SameFold(contact.Email, *c.Fields[ContactEmail])
}

// clock is the API's, as far as its replies tell.
type clock struct {
	mu   sync.Mutex
	said time.Time // by the API
	at   time.Time // by this machine: only its passing counts
}

// observe takes in the header Date of a reply.
func (c *clock) observe(h http.Header) {
	said, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said, c.at = said, time.Now()
}

// when is the API's time at a time of this machine, zero if it has not told any. It is early by up to a second
// and the time that the reply took.
func (c *clock) when(here time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said.IsZero() {
		return time.Time{}
	}
	return c.said.Add(here.Sub(c.at))
}
