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
	ID    string `json:"id"`
	Name  string `json:"name"` // "" = none, of each field but the id; over v1 then FirstName and LastName
	Email string `json:"email"`
	Phone string `json:"phone"`

	// Properties are the values by the name of their property: string, bool, json.Number, float64 or int. A
	// name that is absent has no value; nil is one that is sent as null. For tests of a client that meets bad
	// data they may also be a []any or a map[string]any, which must not be changed afterwards.
	Properties map[string]any `json:"properties"`

	CreatedAt string `json:"created_at"` // RFC 3339

	// What only the published API has.
	DistinctID   string `json:"distinct_id"` // the person's id in the system of who owns the account
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name"`
	Language     string `json:"language"` // ISO 639-1
	Country      string `json:"country"`  // ISO 3166
	City         string `json:"city"`
	EmailConsent string `json:"email_consent"` // subscribed or unsubscribed, which is what "" reads as
}

func (c *Contact) key() string { return c.ID }

func (m *Mock) v1Contact(c *Contact) fields {
	named := *c
	named.Name = cmp.Or(c.Name, strings.TrimSpace(c.FirstName+" "+c.LastName))
	sent := shape(named, "distinct_id", "first_name", "last_name", "language", "country", "city", "email_consent")
	if c.Properties == nil {
		sent["properties"] = fields{} // never null
	}
	return m.trim(sent, "id")
}

func (m *Mock) publishedContact(c *Contact) fields {
	sent := shape(c, "name")
	values := []fields{}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		value := sent["properties"].(map[string]any)[name]
		if number, ok := value.(json.Number); ok && !m.config.Published.JSONNumbers {
			value = number.String()
		}
		values = append(values, fields{"name": name, "value": value})
	}
	sent["properties"] = values
	sent["email_consent"] = cmp.Or(c.EmailConsent, "unsubscribed")
	sent["messenger_id"], sent["instagram_id"] = nil, nil
	return m.trim(sent, "id")
}

func (m *Mock) contactRoutes() []*route {
	const path = "/contacts/{id}"
	ofV1 := listing[*Contact]{
		table: &m.contacts, shape: m.v1Contact,
		invent: func(*call) *Contact {
			id := newID("cont_")
			return newContact(Contact{
				ID: id, Name: "Made up", FirstName: "Made", LastName: "up", Email: id + "@example.com",
			})
		},
	}
	ofPublished := ofV1
	ofPublished.shape = m.publishedContact
	ofPublished.keep = m.emailFilter
	return []*route{
		list(m, v1, "/contacts", "data", ofV1),
		{format: v1, method: http.MethodPost, path: "/contacts", handle: m.createContact},
		get(m, v1, path, ofV1),
		{format: v1, method: http.MethodPatch, path: path, finds: ofV1.finds, handle: m.updateContact},
		remove(v1, path, ofV1.table),
		list(m, published, "/contacts", "contacts", ofPublished),
		{format: published, method: http.MethodPost, path: "/contacts", handle: m.createContact},
		{format: published, method: http.MethodPost, path: "/contacts/batch", handle: m.createContacts},
		get(m, published, path, ofPublished),
		{format: published, method: http.MethodPatch, path: path, finds: ofV1.finds, handle: m.updateContact},
		remove(published, path, ofV1.table),
	}
}

// emailFilter returns the filter of a list; nil keeps all contacts.
func (m *Mock) emailFilter(c *call) func(*Contact) bool {
	kind, email := m.config.Published.EmailFilter, c.request.URL.Query().Get("email")
	if email == "" || kind == EmailIgnored {
		return nil
	}
	return func(c *Contact) bool {
		return c.Email == email || kind == EmailAnyCase && strings.EqualFold(c.Email, email)
	}
}

func (m *Mock) createContact(c *call) reply {
	sent := bodyOf[fields](c)
	created, flaw := m.newContact(c, sent)
	if flaw != "" {
		return m.invalid(c, flaw)
	}
	m.contacts.append(created)
	switch {
	case c.format == v1:
		return m.written(c, http.StatusCreated, m.v1Contact(created))
	case m.config.Published.FullReplies:
		return jsonReply(http.StatusCreated, m.publishedContact(created))
	default:
		return jsonReply(http.StatusCreated, fields{"id": created.ID})
	}
}

// createContacts creates all of the contacts or none.
func (m *Mock) createContacts(c *call) reply {
	sent := bodyOf[struct{ Contacts []fields }](c)
	var all []*Contact
	for i, one := range sent.Contacts {
		created, flaw := m.newContact(c, one)
		if flaw != "" {
			return m.invalid(c, fmt.Sprintf("contacts[%d]: %s", i, flaw))
		}
		all = append(all, created)
	}
	shapes := []fields{}
	for _, created := range all {
		m.contacts.append(created)
		shapes = append(shapes, m.publishedContact(created))
	}
	return jsonReply(http.StatusOK, fields{"contacts": shapes})
}

func (m *Mock) updateContact(c *call) reply {
	sent := bodyOf[fields](c)
	old, _ := m.contacts.get(c.id())
	updated := old.clone()
	if flaw := m.write(c, &updated, sent); flaw != "" {
		return m.invalid(c, flaw)
	}
	m.contacts.replace(&updated)
	if c.format == v1 {
		return m.written(c, http.StatusOK, m.v1Contact(&updated))
	}
	return reply{status: http.StatusNoContent}
}

// newContact returns the contact that a create asks for, and why it is invalid, "" if it is not.
func (m *Mock) newContact(c *call, sent fields) (created *Contact, flaw string) {
	if c.format == published {
		created = newContact(Contact{ID: newUUID(), EmailConsent: "unsubscribed"})
		return created, m.write(c, created, sent)
	}
	values, _ := sent["properties"].(map[string]any)
	for _, value := range values {
		if value == nil {
			return nil, "A new contact has no values that null could clear."
		}
	}
	created = newContact(Contact{})
	return created, m.write(c, created, sent)
}

// write makes the changes that a request asks for. It returns what is wrong with them, "" if nothing is; the
// message does not repeat a value. The caller holds the mock's lock.
func (m *Mock) write(c *call, to *Contact, sent fields) (flaw string) {
	had := to.hasName()
	if flaw := m.writeFields(to, sent); flaw != "" {
		return flaw
	}
	if c.format == v1 {
		values, _ := sent["properties"].(map[string]any)
		return m.writeValues(to, values)
	}
	if had && !to.hasName() {
		return "One of email, first_name, last_name and phone has to remain."
	}
	values, flaw := m.publishedValues(sent)
	if flaw == "" {
		flaw = m.writeValues(to, values)
	}
	left, isLeft := map[Cleared]any{ClearedNull: nil, ClearedEmpty: ""}[m.config.Published.Cleared]
	for name, value := range values {
		if value == nil && isLeft && !m.config.IgnoreClears {
			to.setValue(name, left)
		}
	}
	return flaw
}

// hasName reports whether the contact has one of the fields that the published API requires.
func (c *Contact) hasName() bool { return c.FirstName+c.LastName+c.Email+c.Phone != "" }

// publishedValues returns the values that are sent over the published API in the form of v1: by name, and
// numbers as numbers.
func (m *Mock) publishedValues(sent fields) (values fields, flaw string) {
	values = fields{}
	list, _ := sent["properties"].([]any)
	for _, item := range list {
		entry := item.(map[string]any)
		name, value := entry["name"].(string), entry["value"]
		if _, again := values[name]; again {
			return nil, fmt.Sprintf("The value of %q is sent twice.", name)
		}
		if p := m.property(name); p != nil && p.Type == "number" {
			_, isNumber := value.(json.Number)
			text, isText := value.(string)
			switch {
			case m.config.Published.JSONNumbers:
			case isNumber:
				return nil, fmt.Sprintf("The value of %q must be a string.", name)
			case isText && isNumeral(text):
				value = json.Number(text)
			}
		}
		values[name] = value
	}
	return values, ""
}

// writeFields writes the fields of a request to an object, by their JSON names, except for properties; null clears a
// text. It returns what is wrong with the fields, or "".
func (m *Mock) writeFields(to any, sent fields) (flaw string) {
	if email, ok := sent["email"].(string); ok && !isEmail(email) {
		return "The e-mail address is malformed."
	}
	written := fields{}
	for name, value := range sent {
		switch {
		case name == "properties", value == nil && m.config.IgnoreClears:
		case value == nil:
			written[name] = ""
		default:
			written[name] = value
		}
	}
	if err := recode(written, to); err != nil {
		return "The fields do not fit: " + err.Error() + "."
	}
	return ""
}

// writeValues writes the property values of a request to a contact; nil clears a value.
func (m *Mock) writeValues(to *Contact, values fields) (flaw string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value, property := values[name], m.property(name)
		switch {
		case property == nil:
			return fmt.Sprintf("There is no property with the name %q.", name)
		case value == nil && m.config.IgnoreClears:
		case value == nil:
			delete(to.Properties, name)
		default:
			if misfit := checkValue(property.Type, value); misfit != "" {
				return fmt.Sprintf("The value of %q %s.", name, misfit)
			}
			to.setValue(name, value)
		}
	}
	return ""
}

func (c *Contact) setValue(name string, value any) {
	if c.Properties == nil {
		c.Properties = map[string]any{}
	}
	c.Properties[name] = value
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

// isNumeral reports whether a text is a JSON number.
func isNumeral(text string) bool {
	return json.Valid([]byte(text)) && strings.Trim(text, "+-.0123456789eE") == ""
}

// newContact returns a copy of c with what every contact has.
func newContact(c Contact) *Contact {
	c = c.clone()
	c.ID = cmp.Or(c.ID, newID("cont_"))
	c.CreatedAt = cmp.Or(c.CreatedAt, now())
	return &c
}

// clone copies a contact. The copies share values that are lists or objects.
func (c *Contact) clone() Contact {
	copied := *c
	copied.Properties = maps.Clone(c.Properties)
	return copied
}
