package tidio

import (
	"context"
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
	const attempts = 2
	began := time.Now()
	for attempt := 1; ; attempt++ {
		written, err := c.postContact(ctx, in)
		if !OutcomeUnknown(err) {
			return written, err
		}
		failed := AsError(err)
		created := c.findCreated(ctx, in, began)
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
		if OutcomeUnknown(err) {
			c.contacts.Invalidate()
		}
		return written, err
	}
	if written.ID, err = c.wire.writtenID(r.body); err != nil || written.ID == "" {
		c.contacts.Invalidate()
		return written, r.bad("the reply has no id")
	}
	c.contacts.MarkStale(written.ID) // the reply may leave out what was not sent
	if contact, err := c.wire.contacts.one(r.body); err == nil && c.wire.tells(r.body, in) {
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
// may lag behind writes. nil if nobody could look, or there is nothing to look for.
func (c *Client) findCreated(ctx context.Context, in ContactChange, began time.Time) *createdContacts {
	if in.Fields[ContactDistinctID] == nil && in.Fields[ContactEmail] == nil {
		return nil
	}
	graced, cancel := transport.WithCancelGrace(ctx) // a write that was sent is finished
	defer cancel()
	written := time.Now()
	for {
		found, complete, err := c.contactsLike(graced, in)
		if err != nil {
			return nil
		}
		created := createdContacts{all: found, complete: complete, certain: true}
		began := c.clock.when(began) // by now the API has told its time
		for _, contact := range found {
			at, err := time.Parse(time.RFC3339, contact.CreatedAt)
			known := err == nil && !began.IsZero()
			// Both clocks count whole seconds.
			if !known || !at.Before(began.Truncate(time.Second)) {
				created.young = append(created.young, contact)
				created.certain = created.certain && known
			}
		}
		if len(created.young) > 0 {
			return &created
		}
		if _, again, interrupted := c.rechecks.await(ctx, written); !again || interrupted != nil {
			return &created
		}
		c.contacts.Invalidate()
	}
}

// contactsLike returns the contacts that have the distinct id of in, and its e-mail address if it has one: those can be
// found by one request. Without a distinct id, those that have its e-mail address.
func (c *Client) contactsLike(ctx context.Context, in ContactChange) (found []Contact, complete bool, err error) {
	distinctID, email := in.Fields[ContactDistinctID], in.Fields[ContactEmail]
	switch {
	case distinctID == nil:
		return c.ContactsByEmail(ctx, *email)
	case email == nil || c.wire.byEmail == nil:
		return c.ContactsByDistinctID(ctx, *distinctID)
	}
	all, complete, err := c.ContactsByEmail(ctx, *email)
	for _, contact := range all {
		if SameText(contact.DistinctID, *distinctID) {
			found = append(found, contact)
		}
	}
	return found, complete, err
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
