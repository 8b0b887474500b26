package tidiomock

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Ticket is a support ticket. Only the published API has them. AddTicket checks nothing: the contact,
// operator and department need not exist.
type Ticket struct {
	ID           int    `json:"id"`
	Subject      string `json:"subject"` // "" = none, of each text
	ContactID    string `json:"contact_id"`
	ContactEmail string `json:"contact_email"`
	Status       string `json:"status"`               // open, pending or solved
	Priority     string `json:"priority"`             // low, normal or urgent
	OperatorID   string `json:"assigned_operator_id"` // "" = nobody
	DepartmentID string `json:"assigned_department_id"`
	ChannelID    string `json:"custom_channel_id"`

	// TagIDs and CustomFields are write-only: no reply has them.
	TagIDs       []int        `json:"tag_ids"`
	CustomFields CustomFields `json:"custom_fields"`

	Messages []TicketMessage `json:"messages"`
}

// CustomFields has values by the id of their field.
type CustomFields map[string]any

// UnmarshalJSON merges the list that a request has; null removes a value.
func (f *CustomFields) UnmarshalJSON(text []byte) error {
	var sent []struct {
		ID    string `json:"id"`
		Value any    `json:"value"`
	}
	if err := decode(text, &sent); err != nil {
		return err
	}
	if *f == nil {
		*f = CustomFields{}
	}
	for _, field := range sent {
		(*f)[field.ID] = field.Value
	}
	maps.DeleteFunc(*f, func(_ string, value any) bool { return value == nil })
	return nil
}

// TicketMessage is something said in a ticket.
type TicketMessage struct {
	ID          string   `json:"message_id"`
	CreatedAt   string   `json:"created_at"`  // RFC 3339
	AuthorType  string   `json:"author_type"` // contact or operator
	AuthorID    string   `json:"author_id"`
	Type        string   `json:"message_type"` // public or internal
	Content     string   `json:"message_content"`
	Attachments []string `json:"attachments"` // URLs
}

func (t *Ticket) key() string { return strconv.Itoa(t.ID) }

// clone copies a ticket. The copies share the attachments of messages.
func (t *Ticket) clone() Ticket {
	copied := *t
	copied.TagIDs = slices.Clone(t.TagIDs)
	copied.CustomFields = maps.Clone(t.CustomFields)
	copied.Messages = slices.Clone(t.Messages)
	return copied
}

func (m *Mock) publishedTicket(t *Ticket) fields {
	sent := shape(t, "messages", "tag_ids", "custom_fields")
	sent["link"] = "https://panel.example.com/tickets/" + t.key()
	return m.trim(sent, "id")
}

// publishedTicketWithMessages is the ticket as the reply about one has it.
func (m *Mock) publishedTicketWithMessages(t *Ticket) fields {
	messages := []fields{}
	for _, msg := range t.Messages {
		shaped := shape(msg)
		shaped["attachments"] = append([]string{}, msg.Attachments...) // never null
		messages = append(messages, shaped)
	}
	sent := m.publishedTicket(t)
	sent["messages"] = messages
	return m.trim(sent, "id")
}

func (m *Mock) ticketRoutes() []*route {
	const path = "/tickets/{id}"
	all := listing[*Ticket]{
		table: &m.tickets, shape: m.publishedTicket,
		invent: func(*call) *Ticket {
			return m.newTicket(Ticket{ID: 1e9 + rand.IntN(1e9), Subject: "Made up"})
		},
	}
	one := all
	one.shape = m.publishedTicketWithMessages
	return []*route{
		list(m, published, "/tickets", "tickets", all),
		{format: published, method: http.MethodPost, path: "/tickets/as-contact", handle: m.createTicket},
		get(m, published, path, one),
		{format: published, method: http.MethodPatch, path: path, finds: all.finds, handle: m.updateTicket},
		remove(published, path, all.table),
		{format: published, method: http.MethodPost, path: path + "/reply", finds: all.finds, handle: m.replyToTicket},
	}
}

func (m *Mock) createTicket(c *call) reply {
	sent := bodyOf[fields](c)
	email := sent["contact_email"].(string)
	if !isEmail(email) {
		return m.invalid(c, "The e-mail address is malformed.")
	}
	if id, isSent := sent["assigned_department_id"].(string); isSent && !m.departments.has(id) {
		return m.invalid(c, "There is no such department.")
	}
	said := TicketMessage{AuthorType: "contact", Content: sent["message_content"].(string)}
	delete(sent, "message_content")
	var ticket Ticket
	if flaw := m.writeFields(&ticket, sent); flaw != "" {
		return m.invalid(c, flaw)
	}
	said.AuthorID = m.contactOf(email).ID
	ticket.ContactID, ticket.Messages = said.AuthorID, []TicketMessage{said}
	created := m.newTicket(ticket)
	m.tickets.append(created)
	return jsonReply(http.StatusCreated, fields{"id": created.ID})
}

// contactOf returns the first contact with an address, or a new one.
func (m *Mock) contactOf(email string) *Contact {
	for _, c := range m.contacts.all() {
		if strings.EqualFold(c.Email, email) {
			return c
		}
	}
	created := newContact(Contact{ID: newUUID(), Email: email})
	m.contacts.append(created)
	return created
}

func (m *Mock) updateTicket(c *call) reply {
	sent := bodyOf[fields](c)
	assigned, isSent := sent["assigned"]
	delete(sent, "assigned")
	old, _ := m.tickets.get(c.id())
	updated := old.clone()
	if flaw := m.writeFields(&updated, sent); flaw != "" {
		return m.invalid(c, flaw)
	}
	if isSent {
		updated.OperatorID = "" // also if null is sent
	}
	to, _ := assigned.(map[string]any)
	id, _ := to["id"].(string)
	switch to["type"] {
	case "operator":
		if !m.operators.has(id) {
			return m.invalid(c, "There is no such operator.")
		}
		updated.OperatorID = id
	case "department":
		if !m.departments.has(id) {
			return m.invalid(c, "There is no such department.")
		}
		updated.DepartmentID = id
	}
	m.tickets.replace(&updated)
	return reply{status: http.StatusNoContent}
}

func (m *Mock) replyToTicket(c *call) reply {
	sent := bodyOf[struct {
		AuthorType string `json:"author_type"`
		Content    string `json:"content"`
		OperatorID string `json:"operator_id"`
		Type       string `json:"message_type"`
	}](c)
	old, _ := m.tickets.get(c.id())
	author := old.ContactID
	if sent.AuthorType == "operator" {
		author = sent.OperatorID
		if !m.operators.has(author) {
			return m.invalid(c, "There is no such operator.")
		}
	}
	said := newTicketMessage(TicketMessage{
		AuthorType: sent.AuthorType, AuthorID: author, Type: sent.Type, Content: sent.Content,
	})
	updated := old.clone()
	updated.Messages = append(updated.Messages, said)
	m.tickets.replace(&updated)
	return jsonReply(http.StatusCreated, fields{"id": said.ID})
}

// newTicket returns a copy of t with what every ticket has.
func (m *Mock) newTicket(t Ticket) *Ticket {
	t = t.clone()
	t.ID = cmp.Or(t.ID, m.lastTicket+1)
	m.lastTicket = max(m.lastTicket, t.ID)
	t.Status = cmp.Or(t.Status, "open")
	t.Priority = cmp.Or(t.Priority, "normal")
	t.DepartmentID = cmp.Or(t.DepartmentID, generalID)
	for i, msg := range t.Messages {
		t.Messages[i] = newTicketMessage(msg)
	}
	return &t
}

func newTicketMessage(msg TicketMessage) TicketMessage {
	msg.ID = cmp.Or(msg.ID, newULID())
	msg.CreatedAt = cmp.Or(msg.CreatedAt, now())
	msg.Type = cmp.Or(msg.Type, "public")
	return msg
}
