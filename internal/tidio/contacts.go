package tidio

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// MaxPropertyValue is how many characters the value of a property may have (contract, line 7).
const MaxPropertyValue = 1000

// Contact is somebody who writes to the team. Operators, flows and the contact write to it, too.
type Contact struct {
	ID        string
	Name      string // "" = none, as for the fields that follow
	Email     string
	Phone     string
	CreatedAt string // RFC 3339

	// Properties are the values by property name. A property without a value has no entry.
	Properties map[string]Value

	// Unreadable names, sorted, the properties whose value is an object or a list (contract, line
	// 7). They have no entry in Properties.
	Unreadable []string
}

func (c Contact) identifier() string { return c.ID }

// Value is the value of a property.
type Value struct {
	Text   string // a number digit for digit
	Number bool   // a JSON number; else a string
}

// MarshalJSON sends a number as it is written.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.Number {
		return json.Marshal(json.Number(v.Text))
	}
	return json.Marshal(v.Text)
}

// ContactField is a field of a contact beside its properties.
type ContactField string

// The fields of a contact that can be written.
const (
	ContactName  ContactField = "name"
	ContactEmail ContactField = "email"
	ContactPhone ContactField = "phone"
)

// ContactChange is what a write sends. What is not in a map is left alone; nil clears it.
type ContactChange struct {
	Fields     map[ContactField]*string
	Properties map[string]*Value
}

// Empty reports whether there is nothing to send.
func (c ContactChange) Empty() bool { return len(c.Fields) == 0 && len(c.Properties) == 0 }

// MarshalJSON writes the body of a POST or PATCH (contract, line 8).
func (c ContactChange) MarshalJSON() ([]byte, error) {
	body := make(map[string]any, len(c.Fields)+1)
	for field, value := range c.Fields {
		body[string(field)] = value
	}
	if len(c.Properties) > 0 {
		body["properties"] = c.Properties
	}
	return json.Marshal(body)
}

// WrittenContact is the result of a create or a change.
type WrittenContact struct {
	Contact

	// Unconfirmed says why the contact could not be read back. The write succeeded; of Contact only
	// the id is known.
	Unconfirmed error
}

// contactJSON is a contact on the wire.
type contactJSON struct {
	ID         str                  `json:"id"`
	Name       *str                 `json:"name"`
	Email      *str                 `json:"email"`
	Phone      *str                 `json:"phone"`
	Properties map[string]valueJSON `json:"properties"`
	CreatedAt  *str                 `json:"created_at"`
}

func (c contactJSON) identifier() string { return string(c.ID) }

func (c contactJSON) contact() Contact {
	made := Contact{
		ID: string(c.ID), Name: c.Name.text(), Email: c.Email.text(), Phone: c.Phone.text(),
		CreatedAt: c.CreatedAt.text(), Properties: make(map[string]Value, len(c.Properties)),
	}
	for name, value := range c.Properties {
		switch {
		case value.unreadable:
			made.Unreadable = append(made.Unreadable, name)
		case value.Text != "":
			made.Properties[name] = value.Value
		}
	}
	slices.Sort(made.Unreadable)
	return made
}

// valueJSON is the value of a property on the wire.
type valueJSON struct {
	Value
	unreadable bool // an object or a list
}

// UnmarshalJSON refuses nothing: a value that cannot be read is no reason to lose all others.
func (v *valueJSON) UnmarshalJSON(raw []byte) error {
	value, readable := decodeValue(raw)
	*v = valueJSON{Value: value, unreadable: !readable}
	return nil
}

// decodeValue reads the value of a property; null and "" read as no text.
func decodeValue(raw json.RawMessage) (v Value, readable bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return Value{}, false
	}
	switch {
	case raw[0] == '"':
		text, err := unquote(raw)
		return Value{Text: text}, err == nil
	case string(raw) == "null":
		return Value{}, true
	case string(raw) == "true", string(raw) == "false":
		return Value{Text: string(raw)}, true
	}
	return Value{Text: string(raw), Number: true}, true
}

// GetContact reads one contact by itself.
func (c *Client) GetContact(ctx context.Context, id string) (Contact, error) {
	item, err := getObject[contactJSON](ctx, c, "contacts", id)
	if err != nil {
		return Contact{}, err
	}
	return item.contact(), nil
}

// FindContact returns one contact as this client has read it, or reads it now: by itself or, if many
// are asked for, with all others.
func (c *Client) FindContact(ctx context.Context, id string) (Contact, error) {
	return c.singly.find(ctx, id)
}

// EachContact hands on the account's contacts page by page until yield returns false; last says
// that no page follows. complete is false if the list changed meanwhile, so that one may have been
// missed. They are read anew unless all are known already, and are not kept: of a large account they
// would take as much memory as what is made of them.
func (c *Client) EachContact(
	ctx context.Context, yield func(page []Contact, last bool) bool,
) (complete bool, err error) {
	if c.contacts.isClean() {
		all, complete, err := c.contacts.all(ctx)
		if err == nil {
			yield(all, true)
		}
		return complete, err
	}
	if failed := c.contacts.failed(); failed != nil {
		return false, failed
	}
	calm := c.contacts.watch()
	complete, err = eachPage(ctx, c, collection("contacts"), func(page page[contactJSON]) bool {
		return yield(meanings(page.items, contactJSON.contact), page.last)
	})
	c.contacts.fail(err)
	return complete && calm(), err
}

func (c *Client) readContacts(ctx context.Context, goOn func() bool) ([]Contact, bool, error) {
	return listOf(ctx, c, collection("contacts"), contactJSON.contact, goOn)
}

// measureContacts returns how many pages the list of the contacts has; 0 if the API does not say. A
// list of one page has been read by that.
func (c *Client) measureContacts(ctx context.Context) (pages int, err error) {
	writes := c.contacts.writes("")
	whole := true
	var first []Contact
	complete, err := eachPage(ctx, c, collection("contacts"), func(page page[contactJSON]) bool {
		pages, whole = page.pages, page.last
		first = meanings(page.items, contactJSON.contact)
		return whole
	})
	if err == nil && whole {
		c.contacts.fill(first, complete, writes)
	}
	return pages, err
}

// ContactsByEmail returns the contacts with an address, without regard to case; none have "". All
// contacts are read for it, once per client. complete is false if one may have been missed.
func (c *Client) ContactsByEmail(ctx context.Context, email string) (found []Contact, complete bool, err error) {
	all, complete, err := c.contacts.all(ctx)
	for _, contact := range all {
		if email != "" && strings.EqualFold(contact.Email, email) {
			found = append(found, contact)
		}
	}
	return found, complete, err
}

// CreateContact creates a contact. The API never looks for one that exists (contract, line 10), so
// a POST whose outcome is unknown is not sent again: the error has MaybeLanded set.
//
// Once the API has accepted the POST there is no error.
func (c *Client) CreateContact(ctx context.Context, in ContactChange) (written WrittenContact, err error) {
	if err := c.creatingContacts.standing(); err != nil {
		return WrittenContact{}, err
	}
	defer func() { c.creatingContacts.note(err) }()
	r, err := c.do(ctx, http.MethodPost, collection("contacts"), nil, in)
	var item contactJSON
	if err == nil {
		item, err = decodeInto[contactJSON](r)
	}
	if err != nil {
		if AsError(err).MaybeLanded {
			c.contacts.invalidate()
		}
		return WrittenContact{}, err
	}
	return c.confirmContact(ctx, in, item, r), nil
}

// UpdateContact changes a contact.
func (c *Client) UpdateContact(
	ctx context.Context, id string, in ContactChange,
) (written WrittenContact, err error) {
	if err := c.updatingContacts.standing(); err != nil {
		return WrittenContact{}, err
	}
	defer func() { c.updatingContacts.note(err) }()
	r, err := c.do(ctx, http.MethodPatch, object("contacts", id), nil, in)
	if err == nil || AsError(err).MaybeLanded {
		c.contacts.touch(id)
	}
	if err != nil {
		return WrittenContact{}, err
	}
	if item, unclear := decodeAs[contactJSON](r, id); unclear == nil {
		return c.confirmContact(ctx, in, item, r), nil
	}
	return c.readBack(ctx, id), nil // the API may answer with nothing
}

// confirmContact reads a written contact back unless the reply tells what became of all that was
// sent (contract, lines 4 and 8).
func (c *Client) confirmContact(
	ctx context.Context, in ContactChange, written contactJSON, r reply,
) WrittenContact {
	c.contacts.touch(written.identifier()) // the reply may leave out what was not sent
	if in.answeredBy(r) {
		return WrittenContact{Contact: written.contact()}
	}
	return c.readBack(ctx, written.identifier())
}

func (c *Client) readBack(ctx context.Context, id string) WrittenContact {
	read, err := c.contacts.single(ctx, id)
	if err != nil {
		return WrittenContact{Contact: Contact{ID: id}, Unconfirmed: err}
	}
	return WrittenContact{Contact: read}
}

// answeredBy reports whether a reply has every field that was sent, cleared ones included.
func (c ContactChange) answeredBy(r reply) bool {
	var fields map[string]json.RawMessage
	if decodeObject(r.body, &fields) != nil {
		return false
	}
	for field := range c.Fields {
		if _, there := fields[string(field)]; !there {
			return false
		}
	}
	_, there := fields["properties"]
	return there || len(c.Properties) == 0
}

// DeleteContact deletes a contact. One that is not there is no error: gone says so.
func (c *Client) DeleteContact(ctx context.Context, id string) (gone bool, err error) {
	if err := c.deletingContacts.standing(); err != nil {
		return false, err
	}
	defer func() { c.deletingContacts.note(err) }()
	done := c.contacts.remove()
	defer func() {
		if err == nil || !AsError(err).MaybeLanded { // else it may land while a list is read, at any time
			done()
		}
	}()
	_, err = c.do(ctx, http.MethodDelete, object("contacts", id), nil, nil)
	if gone = IsNotFound(err); gone {
		err = c.isThere(ctx, "contacts")
	}
	switch {
	case err == nil:
		c.contacts.drop(id)
	case AsError(err).MaybeLanded:
		c.contacts.touch(id)
	}
	return gone && err == nil, err
}
