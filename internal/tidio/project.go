package tidio

import (
	"context"
	"net/http"
	"sync"
)

// Project is the account itself.
type Project struct {
	ID     string
	Status string // "online" or "offline"; the API may send other values; "" = none
}

func (p Project) id() string { return p.ID }

// GetProject reads the project that the credentials belong to, with one request. It returns an error if the project is
// not the expected one.
func (c *Client) GetProject(ctx context.Context) (Project, error) {
	if err := unsupported(c, c.wire.project, http.MethodGet, "project"); err != nil {
		return Project{}, err
	}
	project, err := c.readProject(ctx)
	if err != nil {
		return project, err
	}
	if wrong := c.project.compare(c, project); wrong != nil {
		return Project{}, wrong
	}
	return project, nil
}

func (c *Client) readProject(ctx context.Context) (Project, error) {
	project := c.wire.project
	r, err := c.do(ctx, http.MethodGet, collection(project.path), nil, nil)
	if err != nil {
		return Project{}, err
	}
	read, err := project.one(r.body)
	if err != nil || read.ID == "" {
		return Project{}, r.bad("the reply has no project id")
	}
	return read, nil
}

// projectCheck checks once whether the credentials belong to the expected project.
type projectCheck struct {
	expected string // "" = any

	mu      sync.Mutex
	checked bool
	wrong   *Error
}

// checkProject is called before each call. The first call makes the check, and the others wait for it. After that, it
// needs no request.
func (c *Client) checkProject(ctx context.Context, p path) error {
	check := c.project
	if check.expected == "" || p.collection == c.wire.project.path {
		return nil
	}
	check.mu.Lock()
	defer check.mu.Unlock()
	if !check.checked {
		project, err := c.readProject(ctx)
		if err != nil {
			return err
		}
		check.checked, check.wrong = true, check.compare(c, project)
	}
	if check.wrong != nil {
		return check.wrong
	}
	return nil
}

// compare returns an error if a project is not the expected one.
func (check *projectCheck) compare(c *Client, project Project) *Error {
	if check.expected == "" || project.ID == check.expected {
		return nil
	}
	wrong := c.call(http.MethodGet, collection(c.wire.project.path)).with(WrongProject,
		"the credentials belong to project %s, not to project %s", project.ID, check.expected)
	wrong.OtherID = project.ID
	return wrong
}
