package tidiomock

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue is the length of the longest value that a contact may have, in characters.
const maxValue = 1000

// Contact is someone who talks to the account.
type Contact struct {
	ID    string
	Name  string // "" = none, of each field but the id; over v1 then FirstName and LastName
	Email string
	Phone string

	// Properties are the values by the name of their property: string, bool, json.Number, float64
	// or int. A name that is absent has no value; nil is one that is sent as null. For tests of a
	// client that meets bad data they may also be a []any or a map[string]any.
	Properties map[string]any

	CreatedAt string // RFC 3339

	// What only the published API has.
	DistinctID   string // the person's id in the system of who owns the account
	FirstName    string
	LastName     string
	Language     string // ISO 639-1
	Country      string // ISO 3166
	City         string
	EmailConsent string // subscribed or unsubscribed, which is what "" reads as
}

type contactJSON struct {
	ID         string         `json:"id"`
	Name       *string        `json:"name"`
	Email      *string        `json:"email"`
	Phone      *string        `json:"phone"`
	Properties map[string]any `json:"properties"`
	CreatedAt  *string        `json:"created_at"`
}

// contactWrite is what a request sends: name, email, phone and properties, where each is absent,
// null or a value.
type contactWrite map[string]any

func (m *Mock) contactRoutes() []*route {
	const path = "/contacts/{id}"
	contacts := &m.store.contacts
	return []*route{
		m.listRoute("/contacts", func(*call) collection {
			return v1ListOf(m, contacts, func() *Contact { return inventContact(newID("cont_")) })
		}),
		{method: http.MethodPost, path: "/contacts", handle: m.createContact},
		getRoute(m, path, contacts, "contact"),
		{method: http.MethodPatch, path: path, handle: m.updateContact},
		{method: http.MethodDelete, path: path, handle: m.deleteContact},
	}
}

func (m *Mock) createContact(c *call) reply {
	var sent contactWrite
	c.decode(&sent)
	created := newContact(Contact{})
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if slices.Contains(slices.Collect(maps.Values(sent.values())), nil) {
		return failure(http.StatusBadRequest, "A new contact has no values that null could clear.")
	}
	if flaw := m.write(created, sent); flaw != "" {
		return failure(http.StatusBadRequest, flaw)
	}
	m.store.contacts.append(created)
	return m.written(http.StatusCreated, created.ID, m.shape(created))
}

func (m *Mock) updateContact(c *call) reply {
	var sent contactWrite
	c.decode(&sent)
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	old, ok := m.store.contacts.get(c.params["id"])
	if !ok {
		return absent("contact")
	}
	updated := old.clone()
	if flaw := m.write(&updated, sent); flaw != "" {
		return failure(http.StatusBadRequest, flaw)
	}
	m.store.contacts.replace(&updated)
	return m.written(http.StatusOK, updated.ID, m.shape(&updated))
}

func (m *Mock) deleteContact(c *call) reply {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.contacts.remove(c.params["id"]) {
		return absent("contact")
	}
	return reply{status: http.StatusNoContent}
}

// write makes the changes that a request asks for. It returns what is wrong with them, "" if
// nothing is; the message does not repeat a value. Who calls it holds the store's lock.
func (m *Mock) write(to *Contact, sent contactWrite) (flaw string) {
	fields := map[string]*string{"name": &to.Name, "email": &to.Email, "phone": &to.Phone}
	if flaw := m.writeFields(fields, sent); flaw != "" {
		return flaw
	}
	return m.writeValues(to, sent.values())
}

// writeFields is the part of write about fields.
func (m *Mock) writeFields(fields map[string]*string, sent contactWrite) (flaw string) {
	for field, is := range fields {
		value, ok := sent[field]
		text, _ := value.(string) // null clears
		switch {
		case !ok, value == nil && m.config.IgnoreClears:
		case field == "email" && value != nil && !isEmail(text):
			return "The e-mail address is malformed."
		default:
			*is = text
		}
	}
	return ""
}

// writeValues is the part of write about property values.
func (m *Mock) writeValues(to *Contact, values map[string]any) (flaw string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		property := m.store.property(name)
		if property == nil {
			return fmt.Sprintf("There is no property with the name %q.", name)
		}
		if value == nil {
			if !m.config.IgnoreClears {
				delete(to.Properties, name)
			}
			continue
		}
		if misfit := checkValue(property.Type, value); misfit != "" {
			return fmt.Sprintf("The value of %q %s.", name, misfit)
		}
		to.setValue(name, value)
	}
	return ""
}

func (c *Contact) setValue(name string, value any) {
	if c.Properties == nil {
		c.Properties = map[string]any{}
	}
	c.Properties[name] = value
}

// values are the property values that are sent.
func (sent contactWrite) values() map[string]any {
	values, _ := sent["properties"].(map[string]any)
	return values
}

// checkValue returns why a value does not fit a property of a type, "" if it does.
func checkValue(kind string, value any) (misfit string) {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	switch {
	case kind == "number" && !isNumber:
		return "must be a number"
	case kind != "number" && !isText:
		return "must be a string"
	case utf8.RuneCountInString(text+number.String()) > maxValue:
		return fmt.Sprintf("is longer than %d characters", maxValue)
	case kind == "email" && !isEmail(text):
		return "is not an e-mail address"
	case kind == "phone" && !strings.ContainsFunc(text, unicode.IsDigit):
		return "is not a phone number: it has no digits"
	case kind == "url" && !hasScheme(text):
		return "is not a URL: it has no scheme"
	}
	return ""
}

// isEmail tells whether a text could be an e-mail address: rough, so that only nonsense is refused.
func isEmail(text string) bool {
	user, host, ok := strings.Cut(text, "@")
	return ok && user != "" && host != "" && !strings.ContainsFunc(text, unicode.IsSpace)
}

func hasScheme(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != ""
}

// inventContact returns a contact that no account has, if the id is new.
func inventContact(id string) *Contact {
	return newContact(Contact{
		ID: id, Name: "Made up", FirstName: "Made", LastName: "up", Email: id + "@example.com",
	})
}

func (c *Contact) key() string { return c.ID }

func (c *Contact) json() any {
	values := c.Properties
	if values == nil {
		values = map[string]any{}
	}
	name := cmp.Or(c.Name, strings.TrimSpace(c.FirstName+" "+c.LastName))
	return contactJSON{
		ID:         c.ID,
		Name:       orNull(&name),
		Email:      orNull(&c.Email),
		Phone:      orNull(&c.Phone),
		Properties: values,
		CreatedAt:  orNull(&c.CreatedAt),
	}
}
