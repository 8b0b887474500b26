package tidiomock

import (
	"cmp"
	"fmt"
	"maps"
)

// What flows, bots, visitors and teammates do to contacts: nobody checks it, not even that a value
// has a definition.

// AddContact adds a contact at the end of the list, with a new id and the present time unless it
// brings them, and returns it. It panics when the id is taken.
func (m *Mock) AddContact(c Contact) Contact {
	added := newContact(c)
	m.addContacts(added)
	return added.clone()
}

// AddContacts adds n contacts, as AddContact does: with(0), with(1) ...
func (m *Mock) AddContacts(n int, with func(i int) Contact) {
	added := make([]*Contact, n)
	for i := range n {
		added[i] = newContact(with(i))
	}
	m.addContacts(added...)
}

// SetContactValue writes a value of a contact; nil takes it away. It panics when there is no such
// contact: a test's typo must not pass silently.
func (m *Mock) SetContactValue(id, property string, value any) {
	m.ChangeContact(id, func(c *Contact) {
		if value == nil {
			delete(c.Properties, property)
			return
		}
		c.setValue(property, value)
	})
}

// ChangeContact lets change edit a contact, all but its id. It holds everyone else off meanwhile,
// so change must not call the mock. It panics when there is no such contact.
func (m *Mock) ChangeContact(id string, change func(*Contact)) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	old, ok := m.store.contacts.get(id)
	if !ok {
		panicNoContact(id)
	}
	edited := old.clone()
	change(&edited)
	edited.ID = old.ID
	stored := edited.clone() // what change put in remains the caller's
	m.store.contacts.replace(&stored)
	m.store.contacts.settle(id)
}

// DeleteContact removes a contact. It panics when there is no such contact.
func (m *Mock) DeleteContact(id string) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.contacts.remove(id) {
		panicNoContact(id)
	}
	m.store.contacts.settle(id)
}

// MergeContacts merges a contact into another: it leaves the lists, its messages become the other's,
// its fields and values are dropped. GET, PATCH and DELETE of its id act on the other contact, over
// both APIs. It panics when one of the two does not exist or both are the same.
func (m *Mock) MergeContacts(old, into string) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	contacts := &m.store.contacts
	for _, id := range []string{old, into} {
		if _, ok := contacts.get(id); !ok {
			panicNoContact(id)
		}
	}
	old, into = contacts.resolve(old), contacts.resolve(into)
	if old == into {
		panic(fmt.Sprintf("tidiomock: contact %q is merged with itself", old))
	}
	contacts.remove(old)
	contacts.settle(old)
	if contacts.merged == nil {
		contacts.merged = map[string]string{}
	}
	contacts.merged[old] = into
}

// Contact returns the contact of an id, or the one it was merged into.
func (m *Mock) Contact(id string) (Contact, bool) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	c, ok := m.store.contacts.get(id)
	if !ok {
		return Contact{}, false
	}
	return c.clone(), true
}

// Contacts returns what the account has, in the API's order.
func (m *Mock) Contacts() []Contact {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	var all []Contact
	for _, r := range m.store.contacts.rows {
		if !r.gone {
			all = append(all, r.object.clone())
		}
	}
	return all
}

func (m *Mock) addContacts(added ...*Contact) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	for _, c := range added {
		if !m.store.contacts.append(c) {
			panic(fmt.Sprintf("tidiomock: contact %q is there already", c.ID))
		}
		m.store.contacts.settle(c.ID)
	}
}

// newContact returns a copy of c with what every contact has.
func newContact(c Contact) *Contact {
	c = c.clone()
	if c.ID == "" {
		c.ID = newID("cont_")
	}
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
		copied := make([]any, len(value))
		for i, inner := range value {
			copied[i] = cloneValue(inner)
		}
		return copied
	default:
		return value
	}
}

func panicNoContact(id string) {
	panic(fmt.Sprintf("tidiomock: there is no contact %q", id))
}
