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

func (m Message) id() string { return m.ID }

// ListMessages reads all messages of a conversation, in the API's order. complete is false if the
// list changed meanwhile, so that one may have been missed. An error of the kind NotFound says that
// there is no such conversation.
func (c *Client) ListMessages(
	ctx context.Context, conversationID string,
) (messages []Message, complete bool, err error) {
	of := c.wire.conversations.path
	messages, complete, err = readAll(ctx, c, c.wire.messages, listWithin(of, conversationID, c.wire.messages.path))
	if !IsNotFound(err) {
		return messages, complete, err
	}
	if _, getErr := c.GetConversation(ctx, conversationID); getErr != nil {
		return nil, false, getErr
	}
	return nil, false, AsError(err).because(WrongEndpoint, nil) // the conversation is there, and has no such list
}
