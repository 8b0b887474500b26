package tidio

import "context"

// Operator is a member of the account's team.
type Operator struct {
	ID       string
	Name     string // "" = none, as for the fields that follow
	Email    string
	Role     string
	Active   *bool  // nil = the API does not say
	LastSeen string // RFC 3339
}

func (o Operator) identifier() string { return o.ID }

// operatorJSON is an operator on the wire.
type operatorJSON struct {
	ID       str   `json:"id"`
	Name     *str  `json:"name"`
	Email    *str  `json:"email"`
	Role     *str  `json:"role"`
	Active   *bool `json:"active"`
	LastSeen *str  `json:"last_seen"`
}

func (o operatorJSON) identifier() string { return string(o.ID) }

func (o operatorJSON) operator() Operator {
	return Operator{
		ID: string(o.ID), Name: o.Name.text(), Email: o.Email.text(), Role: o.Role.text(),
		Active: o.Active, LastSeen: o.LastSeen.text(),
	}
}

// GetOperator reads one operator by itself.
func (c *Client) GetOperator(ctx context.Context, id string) (Operator, error) {
	item, err := getObject[operatorJSON](ctx, c, "operators", id)
	if err != nil {
		return Operator{}, err
	}
	return item.operator(), nil
}

// FindOperator returns one operator of the list. An error of the kind NotFound says that there is none
// with that id.
func (c *Client) FindOperator(ctx context.Context, id string) (Operator, error) {
	return c.operators.find(ctx, id)
}

// ListOperators returns all operators of the account. They are read once per client. complete is
// false if the list changed meanwhile, so that one may have been missed. The caller must not change
// the list.
func (c *Client) ListOperators(ctx context.Context) (operators []Operator, complete bool, err error) {
	return c.operators.all(ctx)
}

func (c *Client) readOperators(ctx context.Context, goOn func() bool) ([]Operator, bool, error) {
	return listOf(ctx, c, collection("operators"), operatorJSON.operator, goOn)
}
