package tidiomock

import (
	"cmp"
	"net/http"
)

// Conversation is an exchange between a contact and the team. Whom it names need not exist. Only v1 has it;
// over the published API its messages are those of its contact.
type Conversation struct {
	ID         string `json:"id"`
	Status     string `json:"status"` // "" = none, of each field but the id
	Subject    string `json:"subject"`
	ContactID  string `json:"contact_id"`
	OperatorID string `json:"operator_id"`
	CreatedAt  string `json:"created_at"` // RFC 3339
	UpdatedAt  string `json:"updated_at"` // RFC 3339
}

// Message is something said in a conversation.
type Message struct {
	ID         string `json:"id"`
	AuthorType string `json:"author_type"` // contact, operator, bot ...; "" = none, of each field but the id
	AuthorID   string `json:"author_id"`
	Content    string `json:"content"`
	CreatedAt  string `json:"created_at"` // RFC 3339

	ConversationID string `json:"-"` // set by AddMessages
}

func (c *Conversation) key() string { return c.ID }
func (msg *Message) key() string    { return msg.ID }

func (m *Mock) v1Conversation(c *Conversation) fields { return m.trim(shape(c), "id") }
func (m *Mock) v1Message(msg *Message) fields         { return m.trim(shape(msg), "id") }

func (m *Mock) publishedMessage(msg *Message) fields {
	sent := shape(msg)
	sent["message"] = sent["content"]
	delete(sent, "content")
	return m.trim(sent, "id")
}

func (m *Mock) conversationRoutes() []*route {
	conversations := listing[*Conversation]{
		table: &m.conversations, shape: m.v1Conversation,
		invent: func(*call) *Conversation { return newConversation(Conversation{Status: "open", Subject: "Made up"}) },
	}
	invented := Message{AuthorType: "bot", Content: "Made up"}
	ofConversation := list(m, v1, "/conversations/{id}/messages", "data", listing[*Message]{
		table: &m.messages, shape: m.v1Message,
		invent: func(c *call) *Message { return newMessage(invented, c.id()) },
		keep: func(c *call) func(*Message) bool {
			return func(msg *Message) bool { return msg.ConversationID == c.id() }
		},
	})
	ofConversation.finds = m.conversations.finds
	ofContact := list(m, published, "/contacts/{id}/messages", "messages", listing[*Message]{
		table: &m.messages, shape: m.publishedMessage,
		invent: func(c *call) *Message {
			begun := newConversation(Conversation{Status: "open", ContactID: c.id()})
			m.conversations.append(begun)
			return newMessage(invented, begun.ID)
		},
		keep: func(c *call) func(*Message) bool {
			return func(msg *Message) bool {
				of, ok := m.conversations.get(msg.ConversationID)
				return ok && m.contacts.resolve(of.ContactID) == m.contacts.resolve(c.id())
			}
		},
	})
	ofContact.finds = func(c *call) bool { _, ok := m.contacts.read(c.id()); return ok }
	return []*route{
		list(m, v1, "/conversations", "data", conversations),
		get(m, v1, "/conversations/{id}", conversations),
		ofConversation,
		ofContact,
		{format: v1, method: http.MethodPost, path: "/conversations", handle: func(c *call) reply {
			return m.writeConversation(c, http.StatusCreated, newConversation(Conversation{Status: "open"}))
		}},
		{
			format: v1, method: http.MethodPatch, path: "/conversations/{id}", finds: conversations.finds,
			handle: func(c *call) reply {
				old, _ := m.conversations.get(c.id())
				updated := *old
				updated.UpdatedAt = now()
				return m.writeConversation(c, http.StatusOK, &updated)
			},
		},
	}
}

// writeConversation applies the changes in a request to a conversation, new or existing.
func (m *Mock) writeConversation(c *call, status int, as *Conversation) reply {
	sent := bodyOf[fields](c)
	if flaw := m.writeFields(as, sent); flaw != "" {
		return m.invalid(c, flaw)
	}
	if sent["contact_id"] != nil && !m.contacts.has(as.ContactID) {
		return m.invalid(c, "There is no such contact.")
	}
	if sent["operator_id"] != nil && !m.operators.has(as.OperatorID) {
		return m.invalid(c, "There is no such operator.")
	}
	if !m.conversations.append(as) {
		m.conversations.replace(as)
	}
	return m.written(c, status, m.v1Conversation(as))
}

// newConversation returns a copy of c with what every conversation has.
func newConversation(c Conversation) *Conversation {
	c.ID = cmp.Or(c.ID, newID("conv_"))
	c.CreatedAt = cmp.Or(c.CreatedAt, now())
	c.UpdatedAt = cmp.Or(c.UpdatedAt, c.CreatedAt)
	return &c
}

// newMessage returns a copy of a message with what every message has.
func newMessage(said Message, conversationID string) *Message {
	said.ID = cmp.Or(said.ID, newID("mess_"))
	said.CreatedAt = cmp.Or(said.CreatedAt, now())
	said.ConversationID = conversationID
	return &said
}
