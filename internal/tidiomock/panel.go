package tidiomock

import (
	"cmp"
	"fmt"
	"maps"
	"time"
)

// What teammates do and see in Tidio's panel, and what flows, bots and visitors do. It is no request: it is
// not in the log, does not count against the limit, meets no fault, and shows at once. Nobody checks it, not
// even that a value has a definition. What cannot be done panics: a test's typo must not pass silently.

// SetReadLag changes the lag of reads, and makes all writes so far visible.
func (m *Mock) SetReadLag(lag time.Duration) {
	m.do(func(s *store) error { s.setLag(lag); return nil })
}

// Settle makes all writes visible to reads at once, as if the lag had passed.
func (m *Mock) Settle() {
	m.do(func(s *store) error { s.setLag(s.contacts.lag); return nil })
}

// SetProject replaces the account's project. Before, its id is the same in every mock.
func (m *Mock) SetProject(p Project) {
	m.do(func(s *store) error { s.project = p; return nil })
}

// AddProperty adds a property at the end of the list, with a new id unless it brings one, and returns it. It
// panics when the name or the id is taken.
func (m *Mock) AddProperty(p Property) Property {
	return m.makeProperty(&property{Property: p})
}

// AddDefaultProperty is AddProperty for a property that Tidio itself defines: the published API lists it with
// the custom ones, v1 does not.
func (m *Mock) AddDefaultProperty(p Property) Property {
	return m.makeProperty(&property{Property: p, builtIn: true})
}

func (m *Mock) makeProperty(p *property) Property {
	m.do(func(s *store) error { return s.makeProperty(p) })
	return p.Property
}

// SetPropertyLabel changes the label of a property; "" takes it away. It panics when there is no such
// property.
func (m *Mock) SetPropertyLabel(name, label string) {
	m.do(func(s *store) error {
		return s.editProperty(name, func(p *property) error { p.Label = label; return nil })
	})
}

// HideProperty takes a property out of the list and makes its id unknown; the name stays taken. It panics
// when there is no such property.
func (m *Mock) HideProperty(name string) {
	m.do(func(s *store) error {
		return s.editProperty(name, func(p *property) error { p.Hidden = true; return nil })
	})
}

// RenameProperty changes the name of a property; the contacts' values follow. Its id over v1 stays, over the
// published API the name is the id. It panics when there is no such property, or the new name is taken.
func (m *Mock) RenameProperty(name, to string) {
	m.do(func(s *store) error { return s.editProperty(name, func(p *property) error { p.Name = to; return nil }) })
}

// DeleteProperty removes a property, which frees its name; the contacts' values stay. It panics when there is
// no such property.
func (m *Mock) DeleteProperty(name string) {
	m.do(func(s *store) error { return s.deleteProperty(name) })
}

// Properties returns what the account has, in the API's order; hidden and default ones too.
func (m *Mock) Properties() []Property {
	return copies(m, &m.store.properties, func(p *property) Property { return p.Property })
}

// Property returns the property of a name; a hidden one too.
func (m *Mock) Property(name string) (Property, bool) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if p := m.store.property(name); p != nil {
		return p.Property, true
	}
	return Property{}, false
}

// AddContact adds a contact at the end of the list, with a new id and the present time unless it brings them,
// and returns it. It panics when the id is taken.
func (m *Mock) AddContact(c Contact) Contact {
	added := newContact(c)
	m.do(func(s *store) error { return add(&s.contacts, added) })
	return added.clone()
}

// AddContacts adds n contacts, as AddContact does: with(0), with(1) ...
func (m *Mock) AddContacts(n int, with func(i int) Contact) {
	for i := range n {
		m.AddContact(with(i))
	}
}

// SetContactValue writes a value of a contact; nil takes it away. It panics when there is no such contact.
func (m *Mock) SetContactValue(id, property string, value any) {
	m.ChangeContact(id, func(c *Contact) {
		if value == nil {
			delete(c.Properties, property)
			return
		}
		c.setValue(property, value)
	})
}

// ChangeContact lets change edit a contact, all but its id. It holds everyone else off meanwhile, so change
// must not call the mock. It panics when there is no such contact.
func (m *Mock) ChangeContact(id string, change func(*Contact)) {
	m.do(func(s *store) error { return s.editContact(id, func(c *Contact) error { change(c); return nil }) })
}

// DeleteContact removes a contact. It panics when there is no such contact.
func (m *Mock) DeleteContact(id string) {
	m.do(func(s *store) error { return s.deleteContact(id) })
}

// MergeContacts merges a contact into another: it leaves the lists, its messages become the other's, its
// fields and values are dropped. GET, PATCH and DELETE of its id act on the other contact, over both APIs. It
// panics when one of the two does not exist or both are the same.
func (m *Mock) MergeContacts(old, into string) {
	m.do(func(s *store) error { return s.mergeContacts(old, into) })
}

// Contact returns the contact of an id, or the one it was merged into.
func (m *Mock) Contact(id string) (Contact, bool) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if c, ok := m.store.contacts.get(id); ok {
		return c.clone(), true
	}
	return Contact{}, false
}

// Contacts returns what the account has, in the API's order.
func (m *Mock) Contacts() []Contact { return copies(m, &m.store.contacts, (*Contact).clone) }

// AddConversation adds a conversation at the end of the list, with a new id and the present times unless it
// brings them, and returns it. It panics when the id is taken.
func (m *Mock) AddConversation(c Conversation) Conversation {
	added := newConversation(c)
	m.do(func(s *store) error { return add(&s.conversations, added) })
	return *added
}

// Conversations returns what the account has, in the API's order.
func (m *Mock) Conversations() []Conversation {
	return copies(m, &m.store.conversations, func(c *Conversation) Conversation { return *c })
}

// AddMessages adds messages at the end of a conversation, with new ids and the present time unless they bring
// them. What the conversation says of its last update stays. It panics when there is no such conversation, or
// an id is taken.
func (m *Mock) AddMessages(conversationID string, messages ...Message) {
	m.do(func(s *store) error {
		if _, ok := s.conversations.get(conversationID); !ok {
			return fmt.Errorf("there is no conversation %q", conversationID)
		}
		return s.addMessages(conversationID, messages)
	})
}

// AddContactMessages adds messages as AddMessages does, to the first conversation of a contact, which begins
// if there is none. It panics when there is no such contact.
func (m *Mock) AddContactMessages(contactID string, messages ...Message) {
	m.do(func(s *store) error {
		if _, ok := s.contacts.get(contactID); !ok {
			return noContact(contactID)
		}
		return s.addMessages(s.conversationWith(contactID).ID, messages)
	})
}

// AddTicket adds a ticket at the end of the list and returns it. Unless it brings them, it gets a new id,
// status, priority and department (open, normal, General), and its messages get ids and the present time. It
// panics when the id is taken.
func (m *Mock) AddTicket(t Ticket) (added Ticket) {
	m.do(func(s *store) error {
		ticket := s.numbered(t)
		added = ticket.clone()
		return add(&s.tickets, ticket)
	})
	return added
}

// Tickets returns what the account has, in the API's order.
func (m *Mock) Tickets() []Ticket { return copies(m, &m.store.tickets, (*Ticket).clone) }

// AddOperator adds an operator at the end of the list, with a new id unless it brings one, and returns it. It
// panics when the id is taken.
func (m *Mock) AddOperator(o Operator) Operator {
	o.ID = cmp.Or(o.ID, newID("oper_"))
	m.do(func(s *store) error { return add(&s.operators, &o) })
	return o
}

// AddDepartment adds a department at the end of the list, with a new id unless it brings one, and returns it.
// Every account already has one, General. It panics when the id is taken.
func (m *Mock) AddDepartment(d Department) Department {
	d.ID = cmp.Or(d.ID, newUUID())
	m.do(func(s *store) error { return add(&s.departments, &d) })
	return d
}

// do does something in the account, and panics if it cannot be done.
func (m *Mock) do(what func(*store) error) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if err := what(&m.store); err != nil {
		panic("tidiomock: " + err.Error())
	}
}

// copies returns copies of what a table has, in its order.
func copies[T object, C any](m *Mock, t *table[T], copied func(T) C) (all []C) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	for _, o := range t.all() {
		all = append(all, copied(o))
	}
	return all
}

// add adds an object that reads see at once.
func add[T object](t *table[T], o T) error {
	if !t.append(o) {
		return fmt.Errorf("the id %q is there already", o.key())
	}
	t.settle(o.key())
	return nil
}

func (s *store) makeProperty(p *property) error {
	p.ID = cmp.Or(p.ID, newID("prop_"))
	if err := s.checkName(p.Name); err != nil {
		return err
	}
	return add(&s.properties, p)
}

// editProperty replaces a property by what edit makes of it. The contacts' values follow its name.
func (s *store) editProperty(name string, edit func(*property) error) error {
	old := s.property(name)
	if old == nil {
		return noProperty(name)
	}
	edited := *old
	if err := edit(&edited); err != nil {
		return err
	}
	if edited.Name != name {
		if err := s.checkName(edited.Name); err != nil {
			return err
		}
		for _, r := range s.contacts.rows {
			if value, ok := r.object.Properties[name]; ok && !r.gone {
				moved := *r.object
				moved.Properties = maps.Clone(moved.Properties)
				delete(moved.Properties, name)
				moved.Properties[edited.Name] = value
				r.object = &moved
			}
		}
	}
	s.properties.replace(&edited)
	s.properties.settle(edited.ID)
	return nil
}

func (s *store) deleteProperty(name string) error {
	p := s.property(name)
	if p == nil {
		return noProperty(name)
	}
	s.properties.remove(p.ID)
	s.properties.settle(p.ID)
	return nil
}

// editContact replaces a contact by what edit makes of it, if it succeeds.
func (s *store) editContact(id string, edit func(*Contact) error) error {
	old, ok := s.contacts.get(id)
	if !ok {
		return noContact(id)
	}
	edited := old.clone()
	if err := edit(&edited); err != nil {
		return err
	}
	edited.ID = old.ID
	stored := edited.clone() // what edit put in remains the caller's
	s.contacts.replace(&stored)
	s.contacts.settle(id)
	return nil
}

func (s *store) deleteContact(id string) error {
	if !s.contacts.remove(id) {
		return noContact(id)
	}
	s.contacts.settle(id)
	return nil
}

func (s *store) mergeContacts(old, into string) error {
	for _, id := range []string{old, into} {
		if _, ok := s.contacts.get(id); !ok {
			return noContact(id)
		}
	}
	old, into = s.contacts.resolve(old), s.contacts.resolve(into)
	if old == into {
		return fmt.Errorf("contact %q cannot be merged with itself", old)
	}
	s.contacts.merge(old, into)
	return nil
}

func (s *store) addMessages(conversationID string, messages []Message) error {
	for _, said := range messages {
		if err := add(&s.messages, newMessage(said, conversationID)); err != nil {
			return err
		}
	}
	return nil
}

// missingError says what there is not.
type missingError string

func (e missingError) Error() string { return string(e) }

func noProperty(name string) error { return missingError(fmt.Sprintf("there is no property %q", name)) }

func noContact(id string) error { return missingError(fmt.Sprintf("there is no contact %q", id)) }
