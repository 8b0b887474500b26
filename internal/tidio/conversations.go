package tidio

import (
	"context"
	"net/http"
)

// Conversation is an exchange between a contact and the team.
type Conversation struct {
	ID         string
	Status     string // "" = none, as for the fields below
	Subject    string
	ContactID  string
	OperatorID string
	CreatedAt  string // RFC 3339
	UpdatedAt  string // RFC 3339
}

func (c Conversation) id() string { return c.ID }

// GetConversation reads one conversation.
func (c *Client) GetConversation(ctx context.Context, id string) (Conversation, error) {
	if err := unsupported(c, c.wire.conversations, http.MethodGet, "conversations"); err != nil {
		return Conversation{}, err
	}
	return getOne(ctx, c, c.wire.conversations, id)
}

// EachConversation passes the account's conversations to keepReading, page by page, until it returns false.
// last means that no page follows. complete is false if the list changed during the read, so that a
// conversation may have been missed.
func (c *Client) EachConversation(
	ctx context.Context, keepReading func(page []Conversation, last bool) bool,
) (complete bool, err error) {
	conversations := c.wire.conversations
	if err := unsupported(c, conversations, http.MethodGet, "conversations"); err != nil {
		return false, err
	}
	return eachPage(ctx, c, conversations, collection(conversations.path), keepReading)
}
