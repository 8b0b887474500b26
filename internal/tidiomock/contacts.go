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
	// data they may also be a []any or a map[string]any.
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
	name := cmp.Or(c.Name, strings.TrimSpace(c.FirstName+" "+c.LastName))
	return m.trim(fields{
		"id": c.ID, "name": orNull(name), "email": orNull(c.Email), "phone": orNull(c.Phone),
		"created_at": orNull(c.CreatedAt), "properties": maps.Collect(maps.All(c.Properties)), // never null
	}, "id")
}

func (m *Mock) publishedContact(c *Contact) fields {
	values := []fields{}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		value := c.Properties[name]
		switch value.(type) {
		case json.Number, int, float64:
			if m.config.Published.Numbers != NumbersAsJSONNumbers {
				value = fmt.Sprint(value)
			}
		}
		values = append(values, fields{"name": name, "value": value})
	}
	return m.trim(fields{
		"id": c.ID, "distinct_id": orNull(c.DistinctID), "first_name": orNull(c.FirstName),
		"last_name": orNull(c.LastName), "email": orNull(c.Email), "phone": orNull(c.Phone),
		"language": orNull(c.Language), "country": orNull(c.Country), "city": orNull(c.City),
		"created_at": orNull(c.CreatedAt), "email_consent": cmp.Or(c.EmailConsent, "unsubscribed"),
		"properties": values, "messenger_id": nil, "instagram_id": nil,
	}, "id")
}

func (m *Mock) contactRoutes() []*route {
	const path = "/contacts/{id}"
	ofV1 := listing[*Contact]{
		table: &m.store.contacts, shape: m.v1Contact,
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

// contactWrite is what a request sends: fields and properties, each of them absent, null or a value.
type contactWrite map[string]any

func (m *Mock) createContact(c *call) reply {
	var sent contactWrite
	c.decode(&sent)
	created, flaw := m.newContact(c, sent)
	if flaw != "" {
		return m.invalid(c, flaw)
	}
	m.store.contacts.append(created)
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
	var sent struct{ Contacts []contactWrite }
	c.decode(&sent)
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
		m.store.contacts.append(created)
		shapes = append(shapes, m.publishedContact(created))
	}
	return jsonReply(http.StatusOK, fields{"contacts": shapes})
}

func (m *Mock) updateContact(c *call) reply {
	var sent contactWrite
	c.decode(&sent)
	old, _ := m.store.contacts.get(c.id())
	updated := old.clone()
	if flaw := m.write(c, &updated, sent); flaw != "" {
		return m.invalid(c, flaw)
	}
	m.store.contacts.replace(&updated)
	if c.format == v1 {
		return m.written(c, http.StatusOK, m.v1Contact(&updated))
	}
	return reply{status: http.StatusNoContent}
}

// newContact returns the contact that a create asks for, and why it is invalid, "" if it is not.
func (m *Mock) newContact(c *call, sent contactWrite) (created *Contact, flaw string) {
	if c.format == v1 {
		created = newContact(Contact{})
		for _, value := range sent.v1Values() {
			if value == nil {
				return nil, "A new contact has no values that null could clear."
			}
		}
	} else {
		created = newContact(Contact{ID: newUUID(), EmailConsent: "unsubscribed"})
	}
	return created, m.write(c, created, sent)
}

// write makes the changes that a request asks for. It returns what is wrong with them, "" if nothing is; the
// message does not repeat a value. Who calls it holds the store's lock.
func (m *Mock) write(c *call, to *Contact, sent contactWrite) (flaw string) {
	if c.format == v1 {
		flaw := m.writeFields(map[string]*string{"name": &to.Name, "email": &to.Email, "phone": &to.Phone}, sent)
		return cmp.Or(flaw, m.writeValues(to, sent.v1Values()))
	}
	had := to.hasName()
	flaw = m.writeFields(map[string]*string{
		"distinct_id": &to.DistinctID, "email_consent": &to.EmailConsent, "first_name": &to.FirstName,
		"last_name": &to.LastName, "email": &to.Email, "phone": &to.Phone,
	}, sent)
	if flaw == "" && had && !to.hasName() {
		flaw = "One of email, first_name, last_name and phone has to remain."
	}
	if flaw != "" {
		return flaw
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

// v1Values are the property values that are sent over v1, by name.
func (sent contactWrite) v1Values() map[string]any {
	values, _ := sent["properties"].(map[string]any)
	return values
}

// publishedValues returns the values that are sent over the published API in the form of v1: by name, and
// numbers as numbers.
func (m *Mock) publishedValues(sent contactWrite) (values map[string]any, flaw string) {
	values = map[string]any{}
	list, _ := sent["properties"].([]any)
	for _, item := range list {
		entry := item.(map[string]any)
		name, value := entry["name"].(string), entry["value"]
		if _, again := values[name]; again {
			return nil, fmt.Sprintf("The value of %q is sent twice.", name)
		}
		if p := m.store.property(name); p != nil && p.Type == "number" {
			_, isNumber := value.(json.Number)
			text, isText := value.(string)
			kind := m.config.Published.Numbers
			switch {
			case isNumber && kind == NumbersAsStrings:
				return nil, fmt.Sprintf("The value of %q must be a string.", name)
			case isText && kind != NumbersAsJSONNumbers && isNumeral(text):
				value = json.Number(text)
			}
		}
		values[name] = value
	}
	return values, ""
}

// writeFields is the part of write about fields.
func (m *Mock) writeFields(fields map[string]*string, sent map[string]any) (flaw string) {
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
		value, property := values[name], m.store.property(name)
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

// clone copies a contact, its values too.
func (c *Contact) clone() Contact {
	copied := *c
	copied.Properties = maps.Clone(c.Properties)
	for name, value := range copied.Properties {
		copied.Properties[name] = cloneValue(value)
	}
	return copied
}

func cloneValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := maps.Clone(value)
		for key, inner := range copied {
			copied[key] = cloneValue(inner)
		}
		return copied
	case []any:
		copied := slices.Clone(value)
		for i, inner := range copied {
			copied[i] = cloneValue(inner)
		}
		return copied
	default:
		return value
	}
}
