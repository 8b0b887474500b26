package tidio

import (
	"context"
	"net/http"
)

// Message is one message of a conversation.
type Message struct {
	ID         string
	AuthorType string // "" = none, as for the fields below
	AuthorID   string
	Content    string
	CreatedAt  string // RFC 3339

	ConversationURL string // address of the contact's messages in the panel; "" = none
}

func (m Message) id() string { return m.ID }

// ListMessages reads all messages of a conversation, in the API's order. complete is false if the list
// changed during the read, so that a message may have been missed. An error of the kind NotFound means
// that the conversation does not exist.
func (c *Client) ListMessages(
	ctx context.Context, conversationID string,
) (messages []Message, complete bool, err error) {
	return messagesOf(ctx, c, c.wire.conversationMessages, c.wire.conversations, conversationID)
}

// ListContactMessages is ListMessages for a contact.
func (c *Client) ListContactMessages(
	ctx context.Context, contactID string,
) (messages []Message, complete bool, err error) {
	return messagesOf(ctx, c, c.wire.contactMessages, c.wire.contacts, contactID)
}

// messagesOf reads the messages of an object in a collection.
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
	return nil, false, AsError(err).because(WrongEndpoint, nil) // the object exists, but has no such list
}
