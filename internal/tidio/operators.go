package tidio

import "context"

// Operator is a member of the account's team.
type Operator struct {
	ID       string
	Name     string // "" = none, as for the fields below
	Email    string
	Role     string
	Active   *bool  // nil = unknown
	Picture  string // URL
	LastSeen string // RFC 3339
}

func (o Operator) id() string { return o.ID }

// FindOperator returns one operator of the list. An error of the kind NotFound means that no operator has
// this id.
func (c *Client) FindOperator(ctx context.Context, id string) (Operator, error) {
	return find(ctx, c, c.wire.operators, c.operators, id)
}

// ListOperators returns all operators of the account. It reads them once per client. complete is false if
// the list changed during the read, so that an operator may have been missed. The caller must not change
// the list.
func (c *Client) ListOperators(ctx context.Context) (operators []Operator, complete bool, err error) {
	return list(ctx, c, c.wire.operators, c.operators)
}
