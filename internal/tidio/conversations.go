package tidio

import "context"

// Conversation is an exchange between a contact and the team.
type Conversation struct {
	ID         string
	Status     string // "" = none, as for the fields that follow
	Subject    string
	ContactID  string
	OperatorID string
	CreatedAt  string // RFC 3339
	UpdatedAt  string // RFC 3339
}

// conversationJSON is a conversation on the wire.
type conversationJSON struct {
	ID         str  `json:"id"`
	Status     *str `json:"status"`
	Subject    *str `json:"subject"`
	ContactID  *str `json:"contact_id"`
	OperatorID *str `json:"operator_id"`
	CreatedAt  *str `json:"created_at"`
	UpdatedAt  *str `json:"updated_at"`
}

func (c conversationJSON) identifier() string { return string(c.ID) }

func (c conversationJSON) conversation() Conversation {
	return Conversation{
		ID: string(c.ID), Status: c.Status.text(), Subject: c.Subject.text(), ContactID: c.ContactID.text(),
		OperatorID: c.OperatorID.text(), CreatedAt: c.CreatedAt.text(), UpdatedAt: c.UpdatedAt.text(),
	}
}

// GetConversation reads one conversation.
func (c *Client) GetConversation(ctx context.Context, id string) (Conversation, error) {
	item, err := getObject[conversationJSON](ctx, c, "conversations", id)
	if err != nil {
		return Conversation{}, err
	}
	return item.conversation(), nil
}

// EachConversation reads the account's conversations page by page until yield returns false; last
// says that no page follows. complete is false if the list changed meanwhile, so that one may have
// been missed.
func (c *Client) EachConversation(
	ctx context.Context, yield func(page []Conversation, last bool) bool,
) (complete bool, err error) {
	return eachPage(ctx, c, collection("conversations"), func(page page[conversationJSON]) bool {
		return yield(meanings(page.items, conversationJSON.conversation), page.last)
	})
}
