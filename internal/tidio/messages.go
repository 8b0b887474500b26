package tidio

import (
	"context"
	"net/http"
)

// Message is something said in a conversation.
type Message struct {
	ID         string
	AuthorType string // "" = none, as for the fields that follow
	AuthorID   string
	Content    string
	CreatedAt  string // RFC 3339

	ConversationURL string // where the panel shows it among the others of its contact; "" = none
}

func (m Message) id() string { return m.ID }

// ListMessages reads all messages of a conversation, in the API's order. complete is false if the
// list changed meanwhile, so that one may have been missed. An error of the kind NotFound says that
// there is no such conversation.
func (c *Client) ListMessages(
	ctx context.Context, conversationID string,
) (messages []Message, complete bool, err error) {
	return messagesOf(ctx, c, c.wire.conversationMessages, c.wire.conversations, conversationID)
}

// ListContactMessages reads all messages of a contact, as ListMessages does.
func (c *Client) ListContactMessages(
	ctx context.Context, contactID string,
) (messages []Message, complete bool, err error) {
	return messagesOf(ctx, c, c.wire.contactMessages, c.wire.contacts, contactID)
}

// messagesOf reads the messages that an object of a collection has.
func messagesOf[T any](
	ctx context.Context, c *Client, messages noun[Message], of noun[T], id string,
) ([]Message, bool, error) {
	if err := unsupported(c, messages, http.MethodGet, "messages"); err != nil {
		return nil, false, err
	}
	said, complete, err := readAll(ctx, c, messages, listWithin(of.path, id, messages.path))
	if !IsNotFound(err) {
		return said, complete, err
	}
	if _, getErr := getOne(ctx, c, of, id); getErr != nil {
		return nil, false, getErr
	}
	return nil, false, AsError(err).because(WrongEndpoint, nil) // the object is there, and has no such list
}
