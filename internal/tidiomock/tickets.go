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
	TagIDs       []int          `json:"-"`
	CustomFields map[string]any `json:"-"`

	Messages []TicketMessage `json:"messages"`
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

// clone copies a ticket, all but the attachments of its messages.
func (t *Ticket) clone() Ticket {
	copied := *t
	copied.TagIDs = slices.Clone(t.TagIDs)
	copied.CustomFields = maps.Clone(t.CustomFields)
	copied.Messages = slices.Clone(t.Messages)
	return copied
}

func (m *Mock) publishedTicket(t *Ticket) fields {
	sent := shape(t, "messages")
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

type customField struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

func (m *Mock) createTicket(c *call) reply {
	var sent struct {
		ContactEmail string        `json:"contact_email"`
		Subject      string        `json:"subject"`
		Content      string        `json:"message_content"`
		DepartmentID string        `json:"assigned_department_id"`
		ChannelID    string        `json:"custom_channel_id"`
		TagIDs       []int         `json:"tag_ids"`
		CustomFields []customField `json:"custom_fields"`
	}
	c.decode(&sent)
	_, known := m.departments.get(sent.DepartmentID)
	switch {
	case !isEmail(sent.ContactEmail):
		return m.invalid(c, "The e-mail address is malformed.")
	case sent.DepartmentID != "" && !known:
		return m.invalid(c, "There is no such department.")
	}
	from := m.contactOf(sent.ContactEmail)
	ticket := Ticket{
		Subject: sent.Subject, ContactID: from.ID, ContactEmail: sent.ContactEmail,
		DepartmentID: sent.DepartmentID, ChannelID: sent.ChannelID, TagIDs: sent.TagIDs,
		Messages: []TicketMessage{{AuthorType: "contact", AuthorID: from.ID, Content: sent.Content}},
	}
	ticket.setFields(sent.CustomFields)
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
	type assignee struct{ Type, ID string }
	sent := struct {
		Status       string        `json:"status"`
		Priority     string        `json:"priority"`
		Assigned     *assignee     `json:"assigned"`
		TagIDs       *[]int        `json:"tag_ids"`
		CustomFields []customField `json:"custom_fields"`
	}{Assigned: &assignee{}} // stays if it is absent, and is nil if it is null
	c.decode(&sent)
	old, _ := m.tickets.get(c.id())
	updated := old.clone()
	updated.Status = cmp.Or(sent.Status, old.Status)
	updated.Priority = cmp.Or(sent.Priority, old.Priority)
	if sent.TagIDs != nil {
		updated.TagIDs = *sent.TagIDs
	}
	updated.setFields(sent.CustomFields)
	switch to := sent.Assigned; {
	case to == nil:
		updated.OperatorID = ""
	case to.Type == "operator":
		if _, ok := m.operators.get(to.ID); !ok {
			return m.invalid(c, "There is no such operator.")
		}
		updated.OperatorID = to.ID
	case to.Type == "department":
		if _, ok := m.departments.get(to.ID); !ok {
			return m.invalid(c, "There is no such department.")
		}
		updated.OperatorID, updated.DepartmentID = "", to.ID
	}
	m.tickets.replace(&updated)
	return reply{status: http.StatusNoContent}
}

// setFields merges custom fields: null takes one away.
func (t *Ticket) setFields(sent []customField) {
	for _, field := range sent {
		if field.Value == nil {
			delete(t.CustomFields, field.ID)
			continue
		}
		if t.CustomFields == nil {
			t.CustomFields = map[string]any{}
		}
		t.CustomFields[field.ID] = field.Value
	}
}

func (m *Mock) replyToTicket(c *call) reply {
	var sent struct {
		AuthorType string `json:"author_type"`
		Content    string `json:"content"`
		OperatorID string `json:"operator_id"`
		Type       string `json:"message_type"`
	}
	c.decode(&sent)
	old, _ := m.tickets.get(c.id())
	author := old.ContactID
	if sent.AuthorType == "operator" {
		author = sent.OperatorID
		if _, ok := m.operators.get(author); !ok {
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
