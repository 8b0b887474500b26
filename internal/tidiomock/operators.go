package tidiomock

// Operator is a member of the account's team.
type Operator struct {
	ID     string
	Name   string // "" = none, of each field but the id
	Email  string
	Role   string
	Active bool

	LastSeen string // RFC 3339
	Picture  string // URL; v1 does not have it
}

type operatorJSON struct {
	ID       string  `json:"id"`
	Name     *string `json:"name"`
	Email    *string `json:"email"`
	Role     *string `json:"role"`
	Active   bool    `json:"active"`
	LastSeen *string `json:"last_seen"`
}

func (m *Mock) operatorRoutes() []*route {
	operators := &m.store.operators
	return []*route{
		m.listRoute("/operators", func(*call) collection {
			return v1ListOf(m, operators, inventOperator)
		}),
		getRoute(m, "/operators/{id}", operators, "operator"),
	}
}

// inventOperator returns an operator that no account has.
func inventOperator() *Operator {
	id := newID("oper_")
	return &Operator{ID: id, Name: "Made up", Email: id + "@example.com", Role: "agent"}
}

func (o *Operator) key() string { return o.ID }

func (o *Operator) json() any {
	return operatorJSON{
		ID:       o.ID,
		Name:     orNull(&o.Name),
		Email:    orNull(&o.Email),
		Role:     orNull(&o.Role),
		Active:   o.Active,
		LastSeen: orNull(&o.LastSeen),
	}
}
