package tidiomock

// Over the published API the messages are a contact's, over v1 a conversation's: here a contact has
// those of all its conversations.

type publishedMessageJSON struct {
	ID         string  `json:"id"`
	AuthorType *string `json:"author_type"`
	AuthorID   *string `json:"author_id"`
	Message    *string `json:"message"`
	CreatedAt  *string `json:"created_at"`
}

func (m *Mock) publishedMessageRoutes() []*route {
	list := m.cursorRoute("/contacts/{id}/messages", "messages", func(c *call) collection {
		id := c.params["id"]
		all := publishedListing(m, nil, func() *Message {
			invented := inventMessage()
			invented.ID = newUUID()
			return invented
		})
		change := func(how func(collection)) func() {
			return func() {
				first := all
				m.store.mu.Lock()
				first.table = m.store.firstMessages(id)
				m.store.mu.Unlock()
				how(listOf(m, first))
			}
		}
		return collection{
			part: func(from position, n int) part {
				m.store.mu.Lock()
				defer m.store.mu.Unlock()
				all.table = m.store.messagesWith(id)
				return all.part(from, n)
			},
			invent: func() any { return all.shape(all.invent()) },
			insert: change(func(list collection) { list.insert() }),
			remove: change(func(list collection) { list.remove() }),
		}
	})
	list.needs = func(c *call) bool {
		m.store.mu.Lock()
		defer m.store.mu.Unlock()
		_, ok := m.store.contacts.read(c.params["id"])
		return ok
	}
	list.extra = func(c *call, body map[string]any) {
		body["conversation_url"] = "https://panel.example.com/conversations/" + c.params["id"]
	}
	return []*route{list}
}

// messagesWith returns the messages of a contact, conversation by conversation. The place of each
// stays the same whatever is added or removed, so that cursors stay valid. The caller holds the
// store's lock.
func (s *store) messagesWith(contactID string) *table[*Message] {
	all := new(table[*Message])
	for _, conversation := range s.conversations.rows {
		if !s.isWith(conversation.object, contactID) {
			continue
		}
		for _, r := range s.messageTable(conversation.object.ID).rows {
			all.rows = append(all.rows, &row[*Message]{
				object: r.object, place: conversation.place<<32 + r.place,
			})
		}
	}
	return all
}

// firstMessages returns the messages of a contact's first conversation, if possible of one that has
// some. It creates one if the contact has none. The caller holds the store's lock.
func (s *store) firstMessages(contactID string) *table[*Message] {
	var first *table[*Message]
	for _, r := range s.conversations.rows {
		if !s.isWith(r.object, contactID) {
			continue
		}
		messages := s.messageTable(r.object.ID)
		if len(messages.rows) > 0 {
			return messages
		}
		if first == nil {
			first = messages
		}
	}
	if first != nil {
		return first
	}
	begun := inventConversation()
	begun.Subject, begun.ContactID = "", contactID
	s.conversations.append(begun)
	return s.messageTable(begun.ID)
}

func (s *store) isWith(c *Conversation, contactID string) bool {
	return s.contacts.resolve(c.ContactID) == s.contacts.resolve(contactID)
}

func (msg *Message) published(m *Mock) any {
	return m.trim(publishedMessageJSON{
		ID:         msg.ID,
		AuthorType: orNull(&msg.AuthorType),
		AuthorID:   orNull(&msg.AuthorID),
		Message:    orNull(&msg.Content),
		CreatedAt:  orNull(&msg.CreatedAt),
	}, "id")
}
