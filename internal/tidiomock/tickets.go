package tidiomock

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Ticket is a support ticket. Only the published API has them. AddTicket checks nothing: the contact,
// operator and department need not exist.
type Ticket struct {
	ID           int
	Subject      string // "" = none, of each text
	ContactID    string
	ContactEmail string
	Status       string // open, pending or solved
	Priority     string // low, normal or urgent
	OperatorID   string // "" = nobody
	DepartmentID string
	ChannelID    string

	// TagIDs and CustomFields are write-only: no reply has them.
	TagIDs       []int
	CustomFields map[string]any

	Messages []TicketMessage
}

// TicketMessage is something said in a ticket.
type TicketMessage struct {
	ID          string
	CreatedAt   string // RFC 3339
	AuthorType  string // contact or operator
	AuthorID    string
	Type        string // public or internal
	Content     string
	Attachments []string // URLs
}

func (t *Ticket) key() string { return strconv.Itoa(t.ID) }

// AddTicket adds a ticket at the end of the list and returns it. Unless it brings them, it gets a
// new id, status, priority and department (open, normal, General), and its messages get ids and the
// present time. It panics when the id is taken.
func (m *Mock) AddTicket(t Ticket) Ticket {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	added := m.store.addTicket(t)
	m.store.tickets.settle(added.key())
	return added.clone()
}

func (s *store) addTicket(t Ticket) *Ticket {
	t = t.clone()
	t.ID = cmp.Or(t.ID, s.lastTicket+1)
	s.lastTicket = max(s.lastTicket, t.ID)
	t.Status = cmp.Or(t.Status, "open")
	t.Priority = cmp.Or(t.Priority, "normal")
	t.DepartmentID = cmp.Or(t.DepartmentID, generalID)
	for i, msg := range t.Messages {
		t.Messages[i] = newTicketMessage(msg)
	}
	if !s.tickets.append(&t) {
		panic(fmt.Sprintf("tidiomock: ticket %d is there already", t.ID))
	}
	return &t
}

func newTicketMessage(msg TicketMessage) TicketMessage {
	msg.ID = cmp.Or(msg.ID, newULID())
	msg.CreatedAt = cmp.Or(msg.CreatedAt, now())
	msg.Type = cmp.Or(msg.Type, "public")
	return msg
}

// Ticket returns the ticket of an id.
func (m *Mock) Ticket(id int) (Ticket, bool) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	t, ok := m.store.tickets.get(strconv.Itoa(id))
	if !ok {
		return Ticket{}, false
	}
	return t.clone(), true
}

// Tickets returns what the account has, in the API's order.
func (m *Mock) Tickets() []Ticket {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	var all []Ticket
	for _, r := range m.store.tickets.rows {
		if !r.gone {
			all = append(all, r.object.clone())
		}
	}
	return all
}

// clone copies a ticket, but for the attachments of its messages.
func (t *Ticket) clone() Ticket {
	copied := *t
	copied.TagIDs = slices.Clone(t.TagIDs)
	copied.CustomFields = maps.Clone(t.CustomFields)
	copied.Messages = slices.Clone(t.Messages)
	return copied
}
