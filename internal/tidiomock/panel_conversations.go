package tidiomock

import (
	"cmp"
	"fmt"
)

// AddConversation adds a conversation at the end of the list, with a new id and the present times
// unless it brings them, and returns it. It panics when the id is taken.
func (m *Mock) AddConversation(c Conversation) Conversation {
	if c.ID == "" {
		c.ID = newID("conv_")
	}
	c.CreatedAt = cmp.Or(c.CreatedAt, now())
	c.UpdatedAt = cmp.Or(c.UpdatedAt, c.CreatedAt)
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.conversations.append(&c) {
		panic(fmt.Sprintf("tidiomock: conversation %q is there already", c.ID))
	}
	return c
}

// AddMessages adds messages at the end of a conversation, with new ids and the present time unless
// they bring them. What the conversation says of its last update stays. It panics when there is no
// such conversation, or an id is taken in it.
func (m *Mock) AddMessages(conversationID string, messages ...Message) {
	of, ok := m.store.messagesOf(conversationID)
	if !ok {
		panic(fmt.Sprintf("tidiomock: there is no conversation %q", conversationID))
	}
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	addMessages(of, messages)
}

// AddContactMessages adds messages as AddMessages does, to the first conversation of a contact,
// which begins if there is none. It panics when there is no such contact.
func (m *Mock) AddContactMessages(contactID string, messages ...Message) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if _, ok := m.store.contacts.get(contactID); !ok {
		panicNoContact(contactID)
	}
	addMessages(m.store.firstMessages(contactID), messages)
}

func addMessages(to *table[*Message], messages []Message) {
	for _, msg := range messages {
		if msg.ID == "" {
			msg.ID = newID("mess_")
		}
		msg.CreatedAt = cmp.Or(msg.CreatedAt, now())
		if !to.append(&msg) {
			panic(fmt.Sprintf("tidiomock: message %q is there already", msg.ID))
		}
	}
}
