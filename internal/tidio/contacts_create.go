package tidio

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// CreateContact creates a contact. The API never looks for an existing contact, so a POST with an
// unknown outcome is not simply sent again.
//
// If the contact has a distinct id, CreateContact looks for it. A contact with this id that was created
// since the POST began is the new one. If there is none, the POST is sent once more. An older contact
// never counts, because the new contact may be its replacement. In all other cases, the error has
// OutcomeUnknown set, and Candidates if they are known. Without a distinct id, these are the contacts
// with the same e-mail address.
//
// Once the API has accepted the POST, CreateContact returns no error.
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
			attempts = 3 // the last one alone: another contact of the batch may be the cause
		}
		created := c.findCreated(ctx, in, began, end)
		if created == nil { // looking was not possible
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
	c.contacts.MarkStale(written.ID) // the reply may lack fields that were not sent
	if contact, err := c.wire.contacts.one(body); err == nil && c.wire.tells(body, in) {
		written.Contact = &contact
	}
	return written, nil
}

// createdContacts are the contacts that a POST may have created.
type createdContacts struct {
	all      []Contact // of any age
	complete bool      // there are no others
	young    []Contact // created since the POST began, or at an unknown time
	certain  bool      // the time of creation is known for all of them
}

// tooEarly returns the result of a look after which reads may still show a new contact.
func (c *createdContacts) tooEarly() *createdContacts {
	if c != nil {
		c.complete = false
	}
	return c
}

// findCreated looks for contacts like in. If none of them was created since began, it looks again for a while, because
// reads may lag behind writes. An interrupt does not end this: a look that is too early proves nothing, and whoever
// applies again would create a second contact. It returns nil if it cannot look, or has nothing to look for. end is the
// end of the batch, if the contact was in one.
func (c *Client) findCreated(ctx context.Context, in ContactChange, began time.Time, end batchEnd) *createdContacts {
	distinctID, email := in.Fields[ContactDistinctID], in.Fields[ContactEmail]
	ctx, cancel := transport.WithCancelGrace(ctx)
	defer cancel()
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
				return created.tooEarly()
			}
		}
		// The API may have the address in a different case, which its filter may not find.
	}
	return c.lookTwice(ctx, in, began, written, nil, nil)
}

// filter finds the contacts with an e-mail address. nil stands for a list of all contacts.
type filter func(context.Context, string) (found []Contact, complete bool, err error)

// lookTwice looks for what a write may have created: soon after it, and when reads no longer lag. All waiting callers
// share each list.
func (c *Client) lookTwice(
	ctx context.Context, in ContactChange, began, written time.Time, soon, late filter,
) (created *createdContacts) {
	filters, ages := []filter{late}, []time.Duration{0}
	if n := len(c.rechecks.ages); n > 0 {
		filters, ages = []filter{soon, late}, []time.Duration{c.rechecks.ages[0], c.rechecks.ages[n-1]}
	}
	for i, age := range ages {
		interrupted := sleepUntil(ctx, written.Add(age))
		due := written // the list shows everything that was written by then
		if i > 0 {
			due = written.Add(age - ages[0])
		}
		switch {
		case interrupted != nil:
			return created.tooEarly()
		case filters[i] != nil:
			created = c.lookForCreated(ctx, in, began, filters[i])
		case c.rechecks.relist(ctx, c.wire.contacts.path, due, c.contacts.Invalidate) != nil:
			return created.tooEarly()
		default:
			created = c.lookForCreated(ctx, in, began, nil)
		}
		if created == nil || len(created.young) > 0 {
			return created
		}
	}
	return created
}

// lookForCreated looks once for contacts with the distinct id of in, or without one, with its e-mail address. filtered
// finds the contacts with an address; if it is nil, all contacts are read. The result is nil if looking failed.
func (c *Client) lookForCreated(
	ctx context.Context, in ContactChange, began time.Time,
	filtered filter,
) *createdContacts {
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
	began = c.clock.when(began) // by now, the API's time is known from its replies
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

// isLike reports whether a contact has the distinct id of a change or, if the change has none, its e-mail address.
func (c ContactChange) isLike(contact Contact) bool {
	if distinctID := c.Fields[ContactDistinctID]; distinctID != nil {
		return SameText(contact.DistinctID, *distinctID)
	}
	return SameFold(contact.Email, *c.Fields[ContactEmail])
}

// clock is the API's clock, known from its replies.
type clock struct {
	mu   sync.Mutex
	said time.Time // the API's time in its last reply
	at   time.Time // this machine's time of that reply, used only to measure the time since
}

// observe records the header Date of a reply.
func (c *clock) observe(h http.Header) {
	said, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said, c.at = said, time.Now()
}

// when converts a time of this machine to the API's time; zero if that is unknown. The result is too early by up to a
// second plus the time that the reply took.
func (c *clock) when(here time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said.IsZero() {
		return time.Time{}
	}
	return c.said.Add(here.Sub(c.at))
}
