package tidiomock

// Conversation is an exchange between a contact and the team. Whom it names need not exist.
type Conversation struct {
	ID         string
	Status     string // "" = none, of each field but the id
	Subject    string
	ContactID  string
	OperatorID string
	CreatedAt  string // RFC 3339
	UpdatedAt  string // RFC 3339
}

type conversationJSON struct {
	ID         string  `json:"id"`
	Status     *string `json:"status"`
	Subject    *string `json:"subject"`
	ContactID  *string `json:"contact_id"`
	OperatorID *string `json:"operator_id"`
	CreatedAt  *string `json:"created_at"`
	UpdatedAt  *string `json:"updated_at"`
}

func (m *Mock) conversationRoutes() []*route {
	conversations := &m.store.conversations
	return []*route{
		m.listRoute("/conversations", func(*call) collection {
			return v1ListOf(m, conversations, inventConversation)
		}),
		getRoute(m, "/conversations/{id}", conversations, "conversation"),
	}
}

// inventConversation returns a conversation that no account has.
func inventConversation() *Conversation {
	at := now()
	return &Conversation{
		ID: newID("conv_"), Status: "open", Subject: "Made up", CreatedAt: at, UpdatedAt: at,
	}
}

func (c *Conversation) key() string { return c.ID }

func (c *Conversation) json() any {
	return conversationJSON{
		ID:         c.ID,
		Status:     orNull(&c.Status),
		Subject:    orNull(&c.Subject),
		ContactID:  orNull(&c.ContactID),
		OperatorID: orNull(&c.OperatorID),
		CreatedAt:  orNull(&c.CreatedAt),
		UpdatedAt:  orNull(&c.UpdatedAt),
	}
}
