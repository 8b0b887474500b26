package tidio

import (
	"context"
	"net/http"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/listcache"
)

// MaxPropertyValue is how many characters the value of a property may have.
const MaxPropertyValue = 1000

// Contact is a person who writes to the team. Operators, flows and the contact also change its values.
type Contact struct {
	ID         string
	DistinctID string // the id in the user's own system; "" = none, as for the fields below
	Name       string // if the API has first and last name, both of them
	FirstName  string
	LastName   string
	Email      string
	Phone      string
	CreatedAt  string // RFC 3339

	// Only the API and the contact write these.
	Language     string // ISO 639-1
	Country      string // ISO 3166-1 alpha-2
	City         string
	EmailConsent string // "subscribed" or "unsubscribed"

	// Properties are the values by property name in NFC, as texts. A number keeps all its digits. Values of
	// other types are JSON. A property without a value has no entry.
	Properties map[string]string
}

func (c Contact) id() string { return c.ID }

// ContactField is a field of a contact that is not a property.
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

// Field returns a pointer to a field that can be written.
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

// CanBeCleared reports whether the API can clear this field.
func (f ContactField) CanBeCleared() bool { return f != ContactDistinctID }

// The maximum lengths of a contact's fields in the published API, in characters: schema newContact.
const (
	MaxDistinctID   = 55
	MaxContactName  = 127
	MaxContactPhone = 155
)

// ContactChange is what a write sends. A field or property without an entry does not change; nil clears it.
type ContactChange struct {
	Fields     map[ContactField]*string
	Properties map[string]*string
}

// Empty reports whether there is nothing to send.
func (c ContactChange) Empty() bool { return len(c.Fields) == 0 && len(c.Properties) == 0 }

// clears reports whether the change clears anything.
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

// clearedIn reports whether all values that the change clears are gone from a contact.
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

	// Recovered is set if the contact was found after a POST with an unknown outcome.
	Recovered bool

	// Contact is its current form; nil if no reply shows it.
	Contact *Contact

	// ReadBackErr is why a cleared value could not be read back. The write succeeded.
	ReadBackErr error
}

// FindContact returns one contact as this client has read it, or reads it now. If many contacts are
// needed, it reads the list. An error of the kind NotFound means that the contact is gone.
func (c *Client) FindContact(ctx context.Context, id string) (Contact, error) {
	return find(ctx, c, c.wire.contacts, c.contacts, id)
}

// FindRecentContact is FindContact for a contact that Terraform created at the given time; zero means long ago. Reads
// may lag behind writes, so its absence is accepted only when the contact is old enough.
func (c *Client) FindRecentContact(ctx context.Context, id string, created time.Time) (Contact, error) {
	return findRecent(ctx, c, c.wire.contacts, c.contacts, id, created)
}

// ListContacts returns all contacts of the account. They are read once per client, one request per page. complete is
// false if a contact may have been missed. The caller must not change the list.
func (c *Client) ListContacts(ctx context.Context) (contacts []Contact, complete bool, err error) {
	return list(ctx, c, c.wire.contacts, c.contacts)
}

// EachContact passes the account's contacts to keepReading, page by page, until it returns false. last
// means that no page follows. complete is false if the list changed during the read, so that a contact may
// have been missed. Unless all contacts are already known, they are read again. They are not kept, because
// the contacts of a large account would take much memory.
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

// ContactsByEmail returns the contacts with an address, without regard to case; none for "". If the API can
// search, this is one request. Otherwise, all contacts are read, once per client. complete is false if a
// contact may have been missed.
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

// ContactsByDistinctID returns the contacts with a distinct id; none for "". It reads all contacts, once per
// client. complete is false if a contact may have been missed.
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
	case in.clears(): // a later read would not show that a value was not cleared
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

// DeleteContact deletes a contact that Terraform created at the given time; zero means long ago. Unless this client
// has already read the contact, DeleteContact reads it first, so that it never deletes another contact that the id
// leads to. gone is true if the contact did not exist, which is not an error. found is true if the read has found it:
// the contact is, or was, in this account.
func (c *Client) DeleteContact(ctx context.Context, id string, created time.Time) (gone, found bool, err error) {
	if _, err := c.FindRecentContact(ctx, id, created); err != nil {
		return IsNotFound(err), false, ignoreNotFound(err)
	}
	end := c.contacts.BeginDelete(id)
	r, err := c.do(ctx, http.MethodDelete, object(c.wire.contacts.path, id), nil, nil)
	if err == nil && len(r.body) > 0 { // the API's reply to a delete has no body
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
	return IsNotFound(err), true, ignoreNotFound(err)
}

func ignoreNotFound(err error) error {
	if IsNotFound(err) {
		return nil
	}
	return err
}
