package tidiomock

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

const batchPath = "/contacts/batch"

type publishedContactJSON struct {
	ID           string      `json:"id"`
	DistinctID   *string     `json:"distinct_id"`
	FirstName    *string     `json:"first_name"`
	LastName     *string     `json:"last_name"`
	Email        *string     `json:"email"`
	Phone        *string     `json:"phone"`
	Language     *string     `json:"language"`
	Country      *string     `json:"country"`
	City         *string     `json:"city"`
	CreatedAt    *string     `json:"created_at"`
	EmailConsent string      `json:"email_consent"`
	Properties   []valueJSON `json:"properties"`
	MessengerID  *string     `json:"messenger_id"`
	InstagramID  *string     `json:"instagram_id"`
}

type valueJSON struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

func (m *Mock) publishedContactRoutes() []*route {
	const path = "/contacts/{id}"
	contacts := &m.store.contacts
	list := publishedListing(m, contacts, func() *Contact { return inventContact(newUUID()) })
	return []*route{
		m.cursorRoute("/contacts", "contacts", func(c *call) collection {
			found := list
			found.keep = m.emailFilter(c.request.URL.Query().Get("email"))
			return listOf(m, found)
		}),
		{method: http.MethodPost, path: "/contacts", handle: m.createPublished},
		{method: http.MethodPost, path: batchPath, handle: m.createBatch},
		{method: http.MethodPatch, path: batchPath, handle: m.updateBatch},
		publishedGet(m, path, contacts, list.shape),
		{
			method: http.MethodPatch, path: path,
			needs: hasID(m, contacts), handle: m.updatePublished,
		},
		publishedDelete(m, path, contacts),
	}
}

// emailFilter returns the filter of a list; nil keeps all contacts.
func (m *Mock) emailFilter(email string) func(*Contact) bool {
	kind := m.config.Published.EmailFilter
	if email == "" || kind == EmailIgnored {
		return nil
	}
	return func(c *Contact) bool {
		return c.Email == email || kind == EmailAnyCase && strings.EqualFold(c.Email, email)
	}
}

func (m *Mock) createPublished(c *call) reply {
	var sent contactWrite
	c.decode(&sent)
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	created, flaw := m.newPublished(sent)
	if flaw != "" {
		return m.invalid(flaw)
	}
	m.store.contacts.append(created)
	if m.config.Published.FullReplies {
		return jsonReply(http.StatusCreated, created.published(m))
	}
	return jsonReply(http.StatusCreated, idJSON{created.ID})
}

func (m *Mock) createBatch(c *call) reply {
	var sent struct{ Contacts []contactWrite }
	c.decode(&sent)
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	all := make([]*Contact, len(sent.Contacts))
	for i, one := range sent.Contacts {
		var flaw string
		if all[i], flaw = m.newPublished(one); flaw != "" {
			return m.invalid(fmt.Sprintf("contacts[%d]: %s", i, flaw))
		}
	}
	told := []any{}
	for _, created := range all {
		m.store.contacts.append(created)
		told = append(told, created.published(m))
	}
	switch m.config.Published.BatchReply {
	case BatchReversed:
		slices.Reverse(told)
	case BatchShort:
		told = told[:len(told)-1]
	}
	return jsonReply(http.StatusOK, map[string]any{"contacts": told})
}

func (m *Mock) updatePublished(c *call) reply {
	var sent contactWrite
	c.decode(&sent)
	sent["id"] = c.params["id"]
	return m.updateAll(c, []contactWrite{sent}, false)
}

func (m *Mock) updateBatch(c *call) reply {
	var sent struct{ Contacts []contactWrite }
	c.decode(&sent)
	return m.updateAll(c, sent.Contacts, true)
}

// updateAll changes all of the contacts or none. Only a batch names the contact that is invalid.
func (m *Mock) updateAll(c *call, sent []contactWrite, isBatch bool) reply {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	changed := map[string]*Contact{}
	for i, one := range sent {
		old, ok := m.store.contacts.get(one["id"].(string))
		where := ""
		if isBatch {
			where = fmt.Sprintf("contacts[%d]: ", i)
		}
		switch {
		case !ok && isBatch:
			return m.invalid(where + noSuchObject)
		case !ok:
			return c.fail(http.StatusNotFound, noSuchObject)
		case changed[old.ID] == nil:
			copied := old.clone()
			changed[old.ID] = &copied
		}
		if flaw := m.writePublished(changed[old.ID], one); flaw != "" {
			return m.invalid(where + flaw)
		}
	}
	for _, contact := range changed {
		m.store.contacts.replace(contact)
	}
	return reply{status: http.StatusNoContent}
}

// newPublished returns the contact that a create asks for, and why it is invalid, "" if it is not.
func (m *Mock) newPublished(sent contactWrite) (created *Contact, flaw string) {
	created = newContact(Contact{ID: newUUID(), EmailConsent: "unsubscribed"})
	return created, m.writePublished(created, sent)
}

// writePublished is what write is for v1.
func (m *Mock) writePublished(to *Contact, sent contactWrite) (flaw string) {
	required := []*string{&to.FirstName, &to.LastName, &to.Email, &to.Phone}
	isSet := func(field *string) bool { return *field != "" }
	had := slices.ContainsFunc(required, isSet)
	flaw = m.writeFields(map[string]*string{
		"distinct_id": &to.DistinctID, "email_consent": &to.EmailConsent,
		"first_name": &to.FirstName, "last_name": &to.LastName,
		"email": &to.Email, "phone": &to.Phone,
	}, sent)
	if flaw == "" && had && !slices.ContainsFunc(required, isSet) {
		flaw = "One of email, first_name, last_name and phone has to remain."
	}
	if flaw != "" {
		return flaw
	}
	values, flaw := m.sentValues(sent)
	if flaw != "" {
		return flaw
	}
	if flaw := m.writeValues(to, values); flaw != "" || m.config.IgnoreClears {
		return flaw
	}
	left := map[Cleared]any{ClearedNull: nil, ClearedEmpty: ""}
	if value, kept := left[m.config.Published.Cleared]; kept {
		for name, sent := range values {
			if sent == nil {
				to.setValue(name, value)
			}
		}
	}
	return ""
}

// sentValues returns the values that are sent in the form of v1: by name, and numbers as numbers.
func (m *Mock) sentValues(sent contactWrite) (values map[string]any, flaw string) {
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

// isNumeral reports whether a text is a JSON number.
func isNumeral(text string) bool {
	return json.Valid([]byte(text)) && strings.Trim(text, "+-.0123456789eE") == ""
}

func (c *Contact) published(m *Mock) any {
	values := []valueJSON{}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		value := c.Properties[name]
		switch value.(type) {
		case json.Number, int, float64:
			if m.config.Published.Numbers != NumbersAsJSONNumbers {
				value = fmt.Sprint(value)
			}
		}
		values = append(values, valueJSON{name, value})
	}
	return m.trim(publishedContactJSON{
		ID:           c.ID,
		DistinctID:   orNull(&c.DistinctID),
		FirstName:    orNull(&c.FirstName),
		LastName:     orNull(&c.LastName),
		Email:        orNull(&c.Email),
		Phone:        orNull(&c.Phone),
		Language:     orNull(&c.Language),
		Country:      orNull(&c.Country),
		City:         orNull(&c.City),
		CreatedAt:    orNull(&c.CreatedAt),
		EmailConsent: cmp.Or(c.EmailConsent, "unsubscribed"),
		Properties:   values,
	}, "id")
}
