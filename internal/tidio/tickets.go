package tidio

import (
	"context"
	"net/http"
)

// Ticket is a request of a contact to the team.
type Ticket struct {
	ID           string // a number
	Link         string // "" = none, as for the fields that follow
	Subject      string
	ContactID    string
	ContactEmail string
	Priority     string
	Status       string
	OperatorID   string
	DepartmentID string
	ChannelID    string

	// Messages are only in a ticket that was read by itself.
	Messages []TicketMessage
}

// TicketMessage is something said in a ticket.
type TicketMessage struct {
	ID          string
	CreatedAt   string // RFC 3339; "" = none, as for the fields that follow
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

// EachTicket reads the account's tickets, without their messages, page by page until keepReading returns
// false; last says that no page follows. complete is false if the list changed meanwhile, so that one may
// have been missed.
func (c *Client) EachTicket(
	ctx context.Context, keepReading func(page []Ticket, last bool) bool,
) (complete bool, err error) {
	if err := unsupported(c, c.wire.tickets, http.MethodGet, "tickets"); err != nil {
		return false, err
	}
	return eachPage(ctx, c, c.wire.tickets, collection(c.wire.tickets.path), keepReading)
}
