package tidio

import (
	"context"
	"net/http"
)

// Ticket is a contact's request to the team.
type Ticket struct {
	ID           string // a number
	Link         string // "" = none, as for the fields below
	Subject      string
	ContactID    string
	ContactEmail string
	Priority     string
	Status       string
	OperatorID   string
	DepartmentID string
	ChannelID    string

	// Messages are set only in a ticket that was read by its id.
	Messages []TicketMessage
}

// TicketMessage is one message of a ticket.
type TicketMessage struct {
	ID          string
	CreatedAt   string // RFC 3339; "" = none, as for the fields below
	AuthorType  string
	AuthorID    string
	Type        string // public or internal
	Content     string
	Attachments []string // URLs
}

func (t Ticket) id() string { return t.ID }

// GetTicket reads one ticket with its messages.
func (c *Client) GetTicket(ctx context.Context, id string) (Ticket, error) {
	if err := unsupported(c, c.wire.tickets, http.MethodGet, "tickets"); err != nil {
		return Ticket{}, err
	}
	return getOne(ctx, c, c.wire.tickets, id)
}

// EachTicket passes the account's tickets, without their messages, to keepReading, page by page, until it
// returns false. last means that no page follows. complete is false if the list changed during the read, so
// that a ticket may have been missed.
func (c *Client) EachTicket(
	ctx context.Context, keepReading func(page []Ticket, last bool) bool,
) (complete bool, err error) {
	if err := unsupported(c, c.wire.tickets, http.MethodGet, "tickets"); err != nil {
		return false, err
	}
	return eachPage(ctx, c, c.wire.tickets, collection(c.wire.tickets.path), keepReading)
}
