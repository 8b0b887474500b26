package tidio

import "context"

// Operator is a member of the account's team.
type Operator struct {
	ID       string
	Name     string // "" = none, as for the fields that follow
	Email    string
	Role     string
	Active   *bool  // nil = the API does not say
	Picture  string // URL
	LastSeen string // RFC 3339
}

func (o Operator) id() string { return o.ID }

// FindOperator returns one operator of the list. An error of the kind NotFound says that there is none
// with that id.
func (c *Client) FindOperator(ctx context.Context, id string) (Operator, error) {
	return find(ctx, c, c.wire.operators, c.operators, id)
}

// ListOperators returns all operators of the account. They are read once per client. complete is
// false if the list changed meanwhile, so that one may have been missed. The caller must not change
// the list.
func (c *Client) ListOperators(ctx context.Context) (operators []Operator, complete bool, err error) {
	return list(ctx, c, c.wire.operators, c.operators)
}
