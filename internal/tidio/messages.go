package tidio

import "context"

// Message is something said in a conversation.
type Message struct {
	ID         string
	AuthorType string // "" = none, as for the fields that follow
	AuthorID   string
	Content    string
	CreatedAt  string // RFC 3339
}

// messageJSON is a message on the wire.
type messageJSON struct {
	ID         str  `json:"id"`
	AuthorType *str `json:"author_type"`
	AuthorID   *str `json:"author_id"`
	Content    *str `json:"content"`
	CreatedAt  *str `json:"created_at"`
}

func (m messageJSON) identifier() string { return string(m.ID) }

func (m messageJSON) message() Message {
	return Message{
		ID: string(m.ID), AuthorType: m.AuthorType.text(), AuthorID: m.AuthorID.text(),
		Content: m.Content.text(), CreatedAt: m.CreatedAt.text(),
	}
}

// ListMessages reads all messages of a conversation, in the API's order. complete is false if the
// list changed meanwhile, so that one may have been missed. An error of the kind NotFound says that
// there is no such conversation.
func (c *Client) ListMessages(
	ctx context.Context, conversationID string,
) (messages []Message, complete bool, err error) {
	list := listWithin("conversations", conversationID, "messages")
	messages, complete, err = listOf(ctx, c, list, messageJSON.message, toTheEnd)
	if !IsNotFound(err) {
		return messages, complete, err
	}
	if _, getErr := c.GetConversation(ctx, conversationID); getErr != nil {
		return nil, false, getErr
	}
	return nil, false, AsError(err).because(NotTheAPI, nil) // the conversation is there, and has no such list
}
