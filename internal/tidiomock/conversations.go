package tidiomock

import "cmp"

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
}

type message struct {
	Message
	conversationID string
}

func (c *Conversation) key() string { return c.ID }
func (msg *message) key() string    { return msg.ID }

func (m *Mock) v1Conversation(c *Conversation) fields {
	return m.trim(fields{
		"id": c.ID, "status": orNull(c.Status), "subject": orNull(c.Subject), "contact_id": orNull(c.ContactID),
		"operator_id": orNull(c.OperatorID), "created_at": orNull(c.CreatedAt), "updated_at": orNull(c.UpdatedAt),
	}, "id")
}

func (m *Mock) v1Message(msg *message) fields {
	return m.trim(fields{
		"id": msg.ID, "author_type": orNull(msg.AuthorType), "author_id": orNull(msg.AuthorID),
		"content": orNull(msg.Content), "created_at": orNull(msg.CreatedAt),
	}, "id")
}

func (m *Mock) publishedMessage(msg *message) fields {
	return m.trim(fields{
		"id": msg.ID, "author_type": orNull(msg.AuthorType), "author_id": orNull(msg.AuthorID),
		"message": orNull(msg.Content), "created_at": orNull(msg.CreatedAt),
	}, "id")
}

func (m *Mock) conversationRoutes() []*route {
	conversations := listing[*Conversation]{
		table: &m.store.conversations, shape: m.v1Conversation,
		invent: func(*call) *Conversation { return newConversation(Conversation{Status: "open", Subject: "Made up"}) },
	}
	invent := func(conversationID string) *message {
		return newMessage(Message{AuthorType: "bot", Content: "Made up"}, conversationID)
	}
	ofConversation := list(m, v1, "/conversations/{id}/messages", "data", listing[*message]{
		table: &m.store.messages, shape: m.v1Message,
		invent: func(c *call) *message { return invent(c.id()) },
		keep: func(c *call) func(*message) bool {
			return func(msg *message) bool { return msg.conversationID == c.id() }
		},
	})
	ofConversation.finds = m.store.conversations.finds
	ofContact := list(m, published, "/contacts/{id}/messages", "messages", listing[*message]{
		table: &m.store.messages, shape: m.publishedMessage,
		invent: func(c *call) *message { return invent(m.store.conversationWith(c.id()).ID) },
		keep:   func(c *call) func(*message) bool { return m.store.saidWith(c.id()) },
	})
	ofContact.finds = func(c *call) bool { _, ok := m.store.contacts.read(c.id()); return ok }
	return []*route{
		list(m, v1, "/conversations", "data", conversations),
		get(m, v1, "/conversations/{id}", conversations),
		ofConversation,
		ofContact,
	}
}

// saidWith returns whether a message is one of a conversation with a contact.
func (s *store) saidWith(contactID string) func(*message) bool {
	with := map[string]bool{}
	for _, c := range s.conversations.all() {
		with[c.ID] = s.isWith(c, contactID)
	}
	return func(msg *message) bool { return with[msg.conversationID] }
}

// conversationWith returns the first conversation with a contact, which begins if there is none.
func (s *store) conversationWith(contactID string) *Conversation {
	for _, c := range s.conversations.all() {
		if s.isWith(c, contactID) {
			return c
		}
	}
	begun := newConversation(Conversation{Status: "open", ContactID: contactID})
	s.conversations.append(begun)
	return begun
}

func (s *store) isWith(c *Conversation, contactID string) bool {
	return s.contacts.resolve(c.ContactID) == s.contacts.resolve(contactID)
}

// newConversation returns a copy of c with what every conversation has.
func newConversation(c Conversation) *Conversation {
	c.ID = cmp.Or(c.ID, newID("conv_"))
	c.CreatedAt = cmp.Or(c.CreatedAt, now())
	c.UpdatedAt = cmp.Or(c.UpdatedAt, c.CreatedAt)
	return &c
}

// newMessage returns a copy of a message with what every message has.
func newMessage(said Message, conversationID string) *message {
	said.ID = cmp.Or(said.ID, newID("mess_"))
	said.CreatedAt = cmp.Or(said.CreatedAt, now())
	return &message{Message: said, conversationID: conversationID}
}
