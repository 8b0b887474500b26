package tidiomock

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"strings"
)

type ticketJSON struct {
	ID           int     `json:"id"`
	Link         string  `json:"link"`
	Subject      *string `json:"subject"`
	ContactID    *string `json:"contact_id"`
	ContactEmail *string `json:"contact_email"`
	Priority     *string `json:"priority"`
	Status       *string `json:"status"`
	OperatorID   *string `json:"assigned_operator_id"`
	DepartmentID *string `json:"assigned_department_id"`
	ChannelID    *string `json:"custom_channel_id"`
}

type ticketMessageJSON struct {
	ID          string   `json:"message_id"`
	CreatedAt   *string  `json:"created_at"`
	AuthorType  *string  `json:"author_type"`
	AuthorID    *string  `json:"author_id"`
	Type        *string  `json:"message_type"`
	Content     *string  `json:"message_content"`
	Attachments []string `json:"attachments"`
}

type customField struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

func (m *Mock) publishedTicketRoutes() []*route {
	const path = "/tickets/{id}"
	tickets := &m.store.tickets
	list := publishedListing(m, tickets, inventTicket)
	return []*route{
		m.cursorRoute("/tickets", "tickets", func(*call) collection { return listOf(m, list) }),
		{method: http.MethodPost, path: "/tickets/as-contact", handle: m.createTicket},
		publishedGet(m, path, tickets, func(t *Ticket) any { return t.withMessages(m) }),
		{method: http.MethodPatch, path: path, needs: hasID(m, tickets), handle: m.updateTicket},
		publishedDelete(m, path, tickets),
		{
			method: http.MethodPost, path: path + "/reply",
			needs: hasID(m, tickets), handle: m.replyToTicket,
		},
	}
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
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	_, known := m.store.departments.get(sent.DepartmentID)
	switch {
	case !isEmail(sent.ContactEmail):
		return m.invalid("The e-mail address is malformed.")
	case sent.DepartmentID != "" && !known:
		return m.invalid("There is no such department.")
	}
	from := m.store.contactOf(sent.ContactEmail)
	ticket := Ticket{
		Subject: sent.Subject, ContactID: from.ID, ContactEmail: sent.ContactEmail,
		DepartmentID: sent.DepartmentID, ChannelID: sent.ChannelID, TagIDs: sent.TagIDs,
		Messages: []TicketMessage{
			{AuthorType: "contact", AuthorID: from.ID, Content: sent.Content},
		},
	}
	ticket.setFields(sent.CustomFields)
	return jsonReply(http.StatusCreated, map[string]int{"id": m.store.addTicket(ticket).ID})
}

// contactOf returns the first contact with an address, or a new one.
func (s *store) contactOf(email string) *Contact {
	for _, r := range s.contacts.rows {
		if !r.gone && strings.EqualFold(r.object.Email, email) {
			return r.object
		}
	}
	created := newContact(Contact{ID: newUUID(), Email: email})
	s.contacts.append(created)
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
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	old, ok := m.store.tickets.get(c.params["id"])
	if !ok {
		return c.fail(http.StatusNotFound, noSuchObject)
	}
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
		if _, ok := m.store.operators.get(to.ID); !ok {
			return m.invalid("There is no such operator.")
		}
		updated.OperatorID = to.ID
	case to.Type == "department":
		if _, ok := m.store.departments.get(to.ID); !ok {
			return m.invalid("There is no such department.")
		}
		updated.OperatorID, updated.DepartmentID = "", to.ID
	}
	m.store.tickets.replace(&updated)
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
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	old, ok := m.store.tickets.get(c.params["id"])
	if !ok {
		return c.fail(http.StatusNotFound, noSuchObject)
	}
	author := old.ContactID
	if sent.AuthorType == "operator" {
		author = sent.OperatorID
		if _, ok := m.store.operators.get(author); !ok {
			return m.invalid("There is no such operator.")
		}
	}
	said := newTicketMessage(TicketMessage{
		AuthorType: sent.AuthorType, AuthorID: author, Type: sent.Type, Content: sent.Content,
	})
	updated := old.clone()
	updated.Messages = append(updated.Messages, said)
	m.store.tickets.replace(&updated)
	return jsonReply(http.StatusCreated, idJSON{said.ID})
}

// inventTicket returns a ticket that no account has.
func inventTicket() *Ticket {
	return &Ticket{
		ID: 1e9 + rand.IntN(1e9), Subject: "Made up", Status: "open", Priority: "normal",
		DepartmentID: generalID,
	}
}

func (t *Ticket) json() ticketJSON {
	return ticketJSON{
		ID:           t.ID,
		Link:         "https://panel.example.com/tickets/" + t.key(),
		Subject:      orNull(&t.Subject),
		ContactID:    orNull(&t.ContactID),
		ContactEmail: orNull(&t.ContactEmail),
		Priority:     orNull(&t.Priority),
		Status:       orNull(&t.Status),
		OperatorID:   orNull(&t.OperatorID),
		DepartmentID: orNull(&t.DepartmentID),
		ChannelID:    orNull(&t.ChannelID),
	}
}

func (t *Ticket) published(m *Mock) any { return m.trim(t.json(), "id") }

// withMessages is the ticket as the reply about one has it.
func (t *Ticket) withMessages(m *Mock) any {
	all := []ticketMessageJSON{}
	for _, msg := range t.Messages {
		all = append(all, ticketMessageJSON{
			ID:          msg.ID,
			CreatedAt:   orNull(&msg.CreatedAt),
			AuthorType:  orNull(&msg.AuthorType),
			AuthorID:    orNull(&msg.AuthorID),
			Type:        orNull(&msg.Type),
			Content:     orNull(&msg.Content),
			Attachments: append([]string{}, msg.Attachments...),
		})
	}
	return m.trim(struct {
		ticketJSON
		Messages []ticketMessageJSON `json:"messages"`
	}{t.json(), all}, "id")
}
