package tidio

import (
	"context"
	"net/http"
)

// Department is a group of operators that tickets are assigned to.
type Department struct {
	ID   string
	Name string // "" = none
}

func (d Department) id() string { return d.ID }

// ListDepartments returns all departments of the account, with one request. complete is false if the list
// changed during the read. v1 has no departments: the error is of the kind Unsupported.
func (c *Client) ListDepartments(ctx context.Context) (departments []Department, complete bool, err error) {
	if err := unsupported(c, c.wire.departments, http.MethodGet, "departments"); err != nil {
		return nil, false, err
	}
	return readAll(ctx, c, c.wire.departments, collection(c.wire.departments.path))
}
