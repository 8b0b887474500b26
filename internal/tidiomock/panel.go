package tidiomock

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// This file has what teammates do and see in Tidio's panel, and what flows, bots and visitors do. These calls are not
// requests: they are not in the log, do not count against the limit, meet no fault, and take effect at once. They are
// not validated: a value needs no definition, for example. What cannot be done panics with a refusal, such as a change
// of a missing object, or an id or a property's name that is taken: a test's typo must not pass silently.
//
// Add... adds an object at the end of its list, and returns it. If the object has no id or no time, it gets a new id
// and the current time.

// refusal says why the panel cannot do something, as a reply.
type refusal struct {
	status  int
	message string
}

func (r refusal) String() string { return "tidiomock: " + r.message } // for the output of a panic

// refuse panics with a refusal unless flaw is "".
func refuse(flaw string) {
	if flaw != "" {
		panic(refusal{http.StatusBadRequest, flaw})
	}
}

func missing(noun, id string) refusal {
	return refusal{http.StatusNotFound, fmt.Sprintf("There is no %s %q.", noun, id)}
}

// SetReadLag changes the lag of reads, and makes all earlier writes visible. Only objects that an API can write have a
// lag.
func (m *Mock) SetReadLag(lag time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.properties.setLag(lag)
	m.contacts.setLag(lag)
	m.tickets.setLag(lag)
}

// SetProject replaces the account's project, which at first has the same id in every mock.
func (m *Mock) SetProject(p Project) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.project = p
}

// AddProperty adds a property.
func (m *Mock) AddProperty(p Property) Property {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.ID = cmp.Or(p.ID, newID("prop_"))
	refuse(m.checkName(p.Name))
	add(&m.properties, &p)
	return p
}

// changeProperty calls change to edit the named property, except for its id. The contacts' values follow the name.
func (m *Mock) changeProperty(name string, change func(*Property)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := *m.mustFindProperty(name)
	change(&changed)
	if changed.Name != name {
		refuse(m.checkName(changed.Name))
		for _, c := range m.contacts.all() {
			if value, ok := c.Properties[name]; ok {
				moved := c.clone()
				delete(moved.Properties, name)
				moved.Properties[changed.Name] = value
				m.contacts.replace(&moved)
				m.contacts.show(moved.ID)
			}
		}
	}
	m.properties.replace(&changed)
	m.properties.show(changed.ID)
}

// SetPropertyLabel changes the label of a property; "" removes it.
func (m *Mock) SetPropertyLabel(name, label string) {
	m.changeProperty(name, func(p *Property) { p.Label = label })
}

// HideProperty hides a property: it is not in the list and has no id to read it by, but its name stays taken.
func (m *Mock) HideProperty(name string) {
	m.changeProperty(name, func(p *Property) { p.Hidden = true })
}

// RenameProperty changes the name of a property; the contacts' values follow. Its v1 id stays; in the published API,
// the name is the id.
func (m *Mock) RenameProperty(name, to string) {
	m.changeProperty(name, func(p *Property) { p.Name = to })
}

// DeleteProperty removes a property, which frees its name; the contacts' values stay.
func (m *Mock) DeleteProperty(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.mustFindProperty(name).ID
	m.properties.remove(id)
	m.properties.show(id)
}

// Properties returns what the account has, in the API's order; hidden and default ones too.
func (m *Mock) Properties() []Property {
	return copies(m, &m.properties, func(p *Property) Property { return *p })
}

// Property returns the property of a name; a hidden one too.
func (m *Mock) Property(name string) (Property, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.property(name); p != nil {
		return *p, true
	}
	return Property{}, false
}

func (m *Mock) mustFindProperty(name string) *Property {
	p := m.property(name)
	if p == nil {
		panic(missing("property", name))
	}
	return p
}

// AddContact adds a contact.
func (m *Mock) AddContact(c Contact) Contact {
	m.mu.Lock()
	defer m.mu.Unlock()
	added := newContact(c)
	add(&m.contacts, added)
	return added.clone()
}

// AddContacts adds n contacts, as AddContact does: with(0), with(1) ...
func (m *Mock) AddContacts(n int, with func(i int) Contact) {
	for i := range n {
		m.AddContact(with(i))
	}
}

// SetContactValue writes a value of a contact; nil removes it.
func (m *Mock) SetContactValue(id, property string, value any) {
	m.ChangeContact(id, func(c *Contact) {
		if value == nil {
			delete(c.Properties, property)
			return
		}
		c.setValue(property, value)
	})
}

// ChangeContact calls change to edit a contact, except for its id. It holds the lock meanwhile, so change must not
// call the mock.
func (m *Mock) ChangeContact(id string, change func(*Contact)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := m.mustFindContact(id).clone()
	id = changed.ID
	change(&changed)
	changed.ID = id
	stored := changed.clone() // the caller may keep what change put in
	m.contacts.replace(&stored)
	m.contacts.show(id)
}

// DeleteContact removes a contact.
func (m *Mock) DeleteContact(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id = m.mustFindContact(id).ID
	m.contacts.remove(id)
	m.contacts.show(id)
}

// MergeContacts merges a contact into another: the old one leaves the lists, its messages become the other's, and its
// fields and values are dropped. GET, PATCH and DELETE of its id act on the other contact, over both APIs.
func (m *Mock) MergeContacts(old, into string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, into = m.mustFindContact(old).ID, m.mustFindContact(into).ID
	if old == into {
		refuse(fmt.Sprintf("Contact %q cannot be merged with itself.", old))
	}
	m.contacts.merge(old, into)
}

// Contact returns the contact with an id, or the one it was merged into.
func (m *Mock) Contact(id string) (Contact, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.contacts.get(id); ok {
		return c.clone(), true
	}
	return Contact{}, false
}

// Contacts returns what the account has, in the API's order.
func (m *Mock) Contacts() []Contact { return copies(m, &m.contacts, (*Contact).clone) }

func (m *Mock) mustFindContact(id string) *Contact {
	c, ok := m.contacts.get(id)
	if !ok {
		panic(missing("contact", id))
	}
	return c
}

// AddConversation adds a conversation.
func (m *Mock) AddConversation(c Conversation) Conversation {
	m.mu.Lock()
	defer m.mu.Unlock()
	added := newConversation(c)
	add(&m.conversations, added)
	return *added
}

// Conversations returns what the account has, in the API's order.
func (m *Mock) Conversations() []Conversation {
	return copies(m, &m.conversations, func(c *Conversation) Conversation { return *c })
}

// AddMessages adds messages at the end of a conversation, without changing its updated_at.
func (m *Mock) AddMessages(conversationID string, messages ...Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.conversations.has(conversationID) {
		panic(missing("conversation", conversationID))
	}
	for _, said := range messages {
		add(&m.messages, newMessage(said, conversationID))
	}
}

// AddTicket adds a ticket, which is open, normal and in General unless it says otherwise.
func (m *Mock) AddTicket(t Ticket) Ticket {
	m.mu.Lock()
	defer m.mu.Unlock()
	added := m.newTicket(t)
	add(&m.tickets, added)
	return added.clone()
}

// Tickets returns what the account has, in the API's order.
func (m *Mock) Tickets() []Ticket { return copies(m, &m.tickets, (*Ticket).clone) }

// AddOperator adds an operator.
func (m *Mock) AddOperator(o Operator) Operator {
	m.mu.Lock()
	defer m.mu.Unlock()
	o.ID = cmp.Or(o.ID, newID("oper_"))
	add(&m.operators, &o)
	return o
}

// AddDepartment adds a department. Every account already has one, General.
func (m *Mock) AddDepartment(d Department) Department {
	m.mu.Lock()
	defer m.mu.Unlock()
	d.ID = cmp.Or(d.ID, newUUID())
	add(&m.departments, &d)
	return d
}

// copies returns copies of what a table has, in its order.
func copies[T object, C any](m *Mock, t *table[T], copied func(T) C) []C {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []C{}
	for _, o := range t.all() {
		all = append(all, copied(o))
	}
	return all
}

// add adds an object that reads see at once.
func add[T object](t *table[T], o T) {
	if !t.append(o) {
		refuse(fmt.Sprintf("The id %q is there already.", o.key()))
	}
	t.show(o.key())
}

// newID returns an opaque id that no other account has: "prop_k5n2x7q4m3".
func newID(prefix string) string {
	return prefix + strings.ToLower(rand.Text()[:10])
}

// newUUID returns an id of the published API: the form of its ids for most nouns.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newULID returns an id of the published API for a part of a ticket. It has the length of a ULID, but encodes no time.
func newULID() string { return "01" + rand.Text()[:24] }

// now is the time as the API writes it.
func now() string { return time.Now().UTC().Format(time.RFC3339) }
