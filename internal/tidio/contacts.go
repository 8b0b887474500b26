package tidio

import (
	"context"
	"net/http"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/listcache"
)

// MaxPropertyValue is how many characters the value of a property may have.
const MaxPropertyValue = 1000

// Contact is somebody who writes to the team. Operators, flows and the contact write to it, too.
type Contact struct {
	ID         string
	DistinctID string // its id in the user's own system; "" = none, as for the fields that follow
	Name       string // of one with first and last name, both
	FirstName  string
	LastName   string
	Email      string
	Phone      string
	CreatedAt  string // RFC 3339

	// What only the API and the contact write.
	Language     string // ISO 639-1
	Country      string // ISO 3166-1 alpha-2
	City         string
	EmailConsent string // "subscribed" or "unsubscribed"

	// Properties are the values by property name in NFC, as texts: a number digit for digit, and what
	// is neither as JSON. A property without a value has no entry.
	Properties map[string]string
}

func (c Contact) id() string { return c.ID }

// ContactField is a field of a contact beside its properties.
type ContactField string

// The fields of a contact that can be written.
const (
	ContactDistinctID ContactField = "distinct_id"
	ContactName       ContactField = "name"
	ContactFirstName  ContactField = "first_name"
	ContactLastName   ContactField = "last_name"
	ContactEmail      ContactField = "email"
	ContactPhone      ContactField = "phone"
)

// Field is the place of a field that can be written.
func (c *Contact) Field(f ContactField) *string {
	switch f {
	case ContactDistinctID:
		return &c.DistinctID
	case ContactName:
		return &c.Name
	case ContactFirstName:
		return &c.FirstName
	case ContactLastName:
		return &c.LastName
	case ContactEmail:
		return &c.Email
	case ContactPhone:
		return &c.Phone
	}
	panic("tidio: a contact has no field " + string(f))
}

// CanBeCleared reports whether a contact that has a value in this field can lose it.
func (f ContactField) CanBeCleared() bool { return f != ContactDistinctID }

// How many characters the fields of a contact may have over the published API: schema newContact.
const (
	MaxDistinctID   = 55
	MaxContactName  = 127
	MaxContactPhone = 155
)

// ContactChange is what a write sends. What is not in a map is left alone; nil clears it.
type ContactChange struct {
	Fields     map[ContactField]*string
	Properties map[string]*string
}

// Empty reports whether there is nothing to send.
func (c ContactChange) Empty() bool { return len(c.Fields) == 0 && len(c.Properties) == 0 }

// clears reports whether there is anything to clear.
func (c ContactChange) clears() bool {
	for _, value := range c.Fields {
		if value == nil {
			return true
		}
	}
	for _, value := range c.Properties {
		if value == nil {
			return true
		}
	}
	return false
}

// clearedIn reports whether a contact has no value any more where one was to be cleared.
func (c ContactChange) clearedIn(contact Contact) bool {
	for field, value := range c.Fields {
		if value == nil && *contact.Field(field) != "" {
			return false
		}
	}
	for name, value := range c.Properties {
		if value == nil && contact.Properties[Normalize(name)] != "" {
			return false
		}
	}
	return true
}

// WrittenContact is the result of a create or a change.
type WrittenContact struct {
	ID string

	// Recovered is set if no reply told of the contact: it was found after a POST whose outcome was unknown.
	Recovered bool

	// Contact is how it is now; nil if no reply says so.
	Contact *Contact

	// ReadBackErr says why a cleared value could not be looked at. The write succeeded.
	ReadBackErr error
}

// FindContact returns one contact as this client has read it, or reads it now: by itself or, if many
// are asked for, with all others. An error of the kind NotFound says that it is gone.
func (c *Client) FindContact(ctx context.Context, id string) (Contact, error) {
	return find(ctx, c, c.wire.contacts, c.contacts, id)
}

// FindRecentContact is FindContact for one that Terraform created at a time; zero if that was long ago. Reads may lag
// behind writes: that it is gone is believed when it is old enough.
func (c *Client) FindRecentContact(ctx context.Context, id string, created time.Time) (Contact, error) {
	return findRecent(ctx, c, c.wire.contacts, c.contacts, id, created)
}

// ListContacts returns all contacts of the account. They are read once per client, one request per page. complete is
// false if one may have been missed. The caller must not change the list.
func (c *Client) ListContacts(ctx context.Context) (contacts []Contact, complete bool, err error) {
	return list(ctx, c, c.wire.contacts, c.contacts)
}

// EachContact hands on the account's contacts page by page until keepReading returns false; last says
// that no page follows. complete is false if the list changed meanwhile, so that one may have been
// missed. They are read anew unless all are known already, and are not kept: of a large account they
// would take as much memory as what is made of them.
func (c *Client) EachContact(
	ctx context.Context, keepReading func(page []Contact, last bool) bool,
) (complete bool, err error) {
	if all, complete, known := c.contacts.Known(); known {
		keepReading(all, true)
		return complete, nil
	}
	noDeletes := c.contacts.WatchDeletes()
	complete, err = eachPage(ctx, c, c.wire.contacts, collection(c.wire.contacts.path), keepReading)
	return complete && noDeletes(), err
}

// ContactsByEmail returns the contacts with an address, without regard to case; none have "". If the API
// can search, that is one request; else all contacts are read for it, once per client. complete is false
// if one may have been missed.
func (c *Client) ContactsByEmail(ctx context.Context, email string) (found []Contact, complete bool, err error) {
	all, complete, known := c.contacts.Known()
	switch {
	case known:
	case c.wire.byEmail != nil:
		return c.filterByEmail(ctx, email)
	default:
		all, complete, err = list(ctx, c, c.wire.contacts, c.contacts)
	}
	return withEmail(all, email), complete, err
}

// filterByEmail is ContactsByEmail by a request, for an API that can search.
func (c *Client) filterByEmail(ctx context.Context, email string) (found []Contact, complete bool, err error) {
	pages := newPager(c, c.wire.contacts, collection(c.wire.contacts.path))
	pages.filter = c.wire.byEmail(email)
	all, complete, err := pages.all(ctx)
	return withEmail(all, email), complete, err // the API may have ignored the filter
}

func withEmail(all []Contact, email string) (found []Contact) {
	for _, contact := range all {
		if email != "" && SameFold(contact.Email, email) {
			found = append(found, contact)
		}
	}
	return found
}

// ContactsByDistinctID returns the contacts with a distinct id; none have "". All contacts are read for it,
// once per client. complete is false if one may have been missed.
func (c *Client) ContactsByDistinctID(
	ctx context.Context, distinctID string,
) (found []Contact, complete bool, err error) {
	all, complete, err := list(ctx, c, c.wire.contacts, c.contacts)
	for _, contact := range all {
		if distinctID != "" && SameText(contact.DistinctID, distinctID) {
			found = append(found, contact)
		}
	}
	return found, complete, err
}

// UpdateContact changes a contact.
func (c *Client) UpdateContact(ctx context.Context, id string, in ContactChange) (WrittenContact, error) {
	written := WrittenContact{ID: id}
	r, err := c.writeContact(ctx, http.MethodPatch, object(c.wire.contacts.path, id), in)
	if err == nil || OutcomeUnknown(err) {
		c.contacts.MarkStale(id)
	}
	if err != nil {
		return written, err
	}
	if actual, err := c.wire.writtenID(r.body); err == nil && actual != "" && actual != id {
		failed := r.call.otherObject(actual)
		failed.OutcomeUnknown = true // the other one may have been changed
		return written, failed
	}
	contact, err := c.wire.contacts.one(r.body)
	switch {
	case err == nil && c.wire.tells(r.body, in):
		written.Contact = &contact
	case in.clears(): // nobody would see later that it did not take
		if contact, written.ReadBackErr = c.readBack(ctx, id, in); written.ReadBackErr == nil {
			written.Contact = &contact
		}
	}
	return written, nil
}

// writeContact sends a change.
func (c *Client) writeContact(ctx context.Context, method string, p path, in ContactChange) (reply, error) {
	body, err := c.encodeContact(ctx, in)
	if err != nil {
		return reply{}, err
	}
	return c.do(ctx, method, p, nil, body)
}

// encodeContact makes the body of a change. The account's properties are read if they are needed: they tell which
// values are numbers, and the Unicode form of names.
func (c *Client) encodeContact(ctx context.Context, in ContactChange) (any, error) {
	var definitions PropertyList
	for name, value := range in.Properties {
		if hasOtherForm(name) || c.wire.typedValues && value != nil && IsNumber(*value) {
			var err error
			if definitions, err = c.ListProperties(ctx); err != nil {
				return nil, err
			}
			in.Properties = definitions.inOwnForm(in.Properties)
			break
		}
	}
	return c.wire.encodeContact(in, func(property string) bool {
		definition, _ := definitions.ByName(property)
		return definition.Type == TypeNumber
	}), nil
}

// DeleteContact deletes a contact that Terraform created at a time; zero if that was long ago. One that is not there is
// no error: gone says so. The contact is read before, unless this client has read it already: an id that another
// contact answers to is not deleted.
func (c *Client) DeleteContact(ctx context.Context, id string, created time.Time) (gone bool, err error) {
	if _, err := c.FindRecentContact(ctx, id, created); err != nil {
		return IsNotFound(err), ignoreNotFound(err)
	}
	end := c.contacts.BeginDelete(id)
	r, err := c.do(ctx, http.MethodDelete, object(c.wire.contacts.path, id), nil, nil)
	if err == nil && len(r.body) > 0 { // a delete is answered without a body
		err = c.confirmDeleted(ctx, id, r)
	}
	switch {
	case err == nil || IsNotFound(err):
		end(listcache.Deleted)
	case OutcomeUnknown(err):
		end(listcache.Unknown)
	default:
		end(listcache.NotDeleted)
	}
	err = proveAbsent(ctx, c, c.wire.contacts, c.contacts, id, err)
	return IsNotFound(err), ignoreNotFound(err)
}

func ignoreNotFound(err error) error {
	if IsNotFound(err) {
		return nil
	}
	return err
}
