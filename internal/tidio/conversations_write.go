package tidio

import (
	"context"
	"net/http"
)

// Statuses are what the status of a conversation or a ticket can be set to. The API may send others.
var Statuses = []string{"open", "pending", "solved"}

// ConversationChange is what a write of a conversation sends. What is nil is left alone.
type ConversationChange struct {
	ContactID  *string // of a new one only
	Subject    *string
	Status     *string
	OperatorID *string
}

// CreateConversation begins a conversation and returns its id. The API never looks for one that exists: a POST whose
// outcome is unknown is not sent again.
func (c *Client) CreateConversation(ctx context.Context, in ConversationChange) (id string, err error) {
	conversations := c.wire.conversations
	if err := unsupported(c, conversations, http.MethodPost, "conversations"); err != nil {
		return "", err
	}
	return c.post(ctx, collection(conversations.path), c.wire.encodeConversation(in))
}

// UpdateConversation changes a conversation.
func (c *Client) UpdateConversation(ctx context.Context, id string, in ConversationChange) error {
	conversations := c.wire.conversations
	if err := unsupported(c, conversations, http.MethodPatch, "conversations"); err != nil {
		return err
	}
	return c.patch(ctx, conversations.path, id, c.wire.encodeConversation(in))
}

// post creates something and returns its id. Without one in the reply the outcome is unknown.
func (c *Client) post(ctx context.Context, p path, in any) (id string, err error) {
	r, err := c.do(ctx, http.MethodPost, p, nil, in)
	if err != nil {
		return "", err
	}
	if id, err = c.wire.writtenID(r.body); err != nil || id == "" {
		return "", r.bad("the reply has no id")
	}
	return id, nil
}

// patch changes an object of a collection. A reply about another object is an error.
func (c *Client) patch(ctx context.Context, of, id string, in any) error {
	r, err := c.do(ctx, http.MethodPatch, object(of, id), nil, in)
	if err != nil {
		return err
	}
	if actual, err := c.wire.writtenID(r.body); err == nil && actual != "" && actual != id {
		failed := r.call.otherObject(actual)
		failed.OutcomeUnknown = true // the other one may have been changed
		return failed
	}
	return nil
}
