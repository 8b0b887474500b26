package tidiomock

import "net/http"

func (m *Mock) conversationWriteRoutes() []*route {
	const path = "/conversations/{id}"
	finds := m.store.conversations.finds
	return []*route{
		{format: v1, method: http.MethodPost, path: "/conversations", handle: func(c *call) reply {
			return m.writeConversation(c, http.StatusCreated, newConversation(Conversation{Status: "open"}))
		}},
		{format: v1, method: http.MethodPatch, path: path, finds: finds, handle: func(c *call) reply {
			old, _ := m.store.conversations.get(c.id())
			updated := *old
			updated.UpdatedAt = now()
			return m.writeConversation(c, http.StatusOK, &updated)
		}},
	}
}

// writeConversation makes the changes that a request asks for to a conversation as it was, new or not.
func (m *Mock) writeConversation(c *call, status int, as *Conversation) reply {
	var sent map[string]any
	c.decode(&sent)
	if flaw := m.writeFields(map[string]*string{
		"contact_id": &as.ContactID, "subject": &as.Subject, "status": &as.Status, "operator_id": &as.OperatorID,
	}, sent); flaw != "" {
		return m.invalid(c, flaw)
	}
	if _, ok := m.store.contacts.get(as.ContactID); !ok && sent["contact_id"] != nil {
		return m.invalid(c, "There is no such contact.")
	}
	if _, ok := m.store.operators.get(as.OperatorID); !ok && sent["operator_id"] != nil {
		return m.invalid(c, "There is no such operator.")
	}
	if status == http.StatusCreated {
		m.store.conversations.append(as)
	} else {
		m.store.conversations.replace(as)
	}
	return m.written(c, status, m.v1Conversation(as))
}
