package tidiomock

// Message is something said in a conversation.
type Message struct {
	ID         string
	AuthorType string // contact, operator, bot ...; "" = none, of each field but the id
	AuthorID   string
	Content    string
	CreatedAt  string // RFC 3339
}

type messageJSON struct {
	ID         string  `json:"id"`
	AuthorType *string `json:"author_type"`
	AuthorID   *string `json:"author_id"`
	Content    *string `json:"content"`
	CreatedAt  *string `json:"created_at"`
}

func (m *Mock) messageRoutes() []*route {
	list := m.listRoute("/conversations/{id}/messages", func(c *call) collection {
		messages, ok := m.store.messagesOf(c.params["id"])
		if !ok {
			messages = new(table[*Message]) // of nothing: only a fault gets to see it
		}
		return v1ListOf(m, messages, inventMessage)
	})
	serve := list.handle
	list.handle = func(c *call) reply {
		if _, ok := m.store.messagesOf(c.params["id"]); !ok {
			return absent("conversation")
		}
		return serve(c)
	}
	return []*route{list}
}

// messagesOf returns the messages of a conversation. It reports false when there is no such
// conversation.
func (s *store) messagesOf(conversationID string) (*table[*Message], bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.conversations.get(conversationID); !ok {
		return nil, false
	}
	return s.messageTable(conversationID), true
}

// messageTable is messagesOf for who holds the lock and knows that the conversation is there.
func (s *store) messageTable(conversationID string) *table[*Message] {
	messages := s.messages[conversationID]
	if messages == nil {
		messages = new(table[*Message])
		if s.messages == nil {
			s.messages = map[string]*table[*Message]{}
		}
		s.messages[conversationID] = messages
	}
	return messages
}

// inventMessage returns a message that no conversation has.
func inventMessage() *Message {
	return &Message{ID: newID("mess_"), AuthorType: "bot", Content: "Made up", CreatedAt: now()}
}

func (msg *Message) key() string { return msg.ID }

func (msg *Message) json() any {
	return messageJSON{
		ID:         msg.ID,
		AuthorType: orNull(&msg.AuthorType),
		AuthorID:   orNull(&msg.AuthorID),
		Content:    orNull(&msg.Content),
		CreatedAt:  orNull(&msg.CreatedAt),
	}
}
