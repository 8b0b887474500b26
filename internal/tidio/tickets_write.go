package tidio

import (
	"context"
	"net/http"
)

// Priorities are what the priority of a ticket can be set to. The API may send others.
var Priorities = []string{"low", "normal", "urgent"}

// MessageTypes are the types that a reply to a ticket can have: an internal one is a note that the contact does not
// see.
var MessageTypes = []string{"public", "internal"}

// NewTicket is what a ticket is created from.
type NewTicket struct {
	ContactEmail string
	Subject      string
	Message      string
	DepartmentID string  // "" = not sent
	TagIDs       []int64 // nil = not sent
}

// TicketChange is what a change of a ticket sends. What is nil is left alone.
type TicketChange struct {
	Status       *string
	Priority     *string
	OperatorID   *string // not together with DepartmentID
	DepartmentID *string
	TagIDs       []int64 // replaces all; nil = left alone
}

// TicketReply is what an operator says in a ticket.
type TicketReply struct {
	OperatorID string
	Type       string
	Content    string
}

// ticketWrites are the writes of tickets: where they go, and their bodies.
type ticketWrites struct {
	create  string // a path
	replies string // within a ticket

	encodeNew    func(NewTicket) any
	encodeChange func(TicketChange) any
	encodeReply  func(TicketReply) any
}

// CreateTicket creates a ticket in the name of a contact and returns its id. A POST whose outcome is unknown is not
// sent again.
func (c *Client) CreateTicket(ctx context.Context, in NewTicket) (id string, err error) {
	if err := unsupported(c, c.wire.tickets, http.MethodPost, "tickets"); err != nil {
		return "", err
	}
	defer c.contacts.Invalidate() // the API makes a contact where it knows none with this address
	return c.post(ctx, collection(c.wire.ticketWrites.create), c.wire.ticketWrites.encodeNew(in))
}

// UpdateTicket changes a ticket.
func (c *Client) UpdateTicket(ctx context.Context, id string, in TicketChange) error {
	if err := unsupported(c, c.wire.tickets, http.MethodPatch, "tickets"); err != nil {
		return err
	}
	return c.patch(ctx, c.wire.tickets.path, id, c.wire.ticketWrites.encodeChange(in))
}

// ReplyToTicket adds a message of an operator to a ticket and returns its id. A POST whose outcome is unknown is not
// sent again.
func (c *Client) ReplyToTicket(ctx context.Context, ticketID string, in TicketReply) (id string, err error) {
	if err := unsupported(c, c.wire.tickets, http.MethodPost, "tickets"); err != nil {
		return "", err
	}
	p := listWithin(c.wire.tickets.path, ticketID, c.wire.ticketWrites.replies)
	return c.post(ctx, p, c.wire.ticketWrites.encodeReply(in))
}
