package tidiomock

import "net/http"

// Project is the account itself. Only the published API has it.
type Project struct {
	ID     int    `json:"project_id"`
	Status string `json:"status"` // online or offline
}

// Operator is a member of the account's team.
type Operator struct {
	ID     string `json:"id"`
	Name   string `json:"name"` // "" = none, of each field but the id
	Email  string `json:"email"`
	Role   string `json:"role"`
	Active bool   `json:"active"`

	LastSeen string `json:"last_seen"` // RFC 3339
	Picture  string `json:"picture"`   // URL; v1 does not have it
}

// Department is a part of the account's team. Only the published API has it.
type Department struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// generalID is the id of the department that every account has.
const generalID = "8f1c6f0e-4d2b-4a57-9c1e-6b7d0a3e5f10"

func (o *Operator) key() string   { return o.ID }
func (d *Department) key() string { return d.ID }

func (m *Mock) v1Operator(o *Operator) fields        { return m.trim(shape(o, "picture"), "id") }
func (m *Mock) publishedOperator(o *Operator) fields { return m.trim(shape(o), "id") }

func (m *Mock) teamRoutes() []*route {
	ofV1 := listing[*Operator]{
		table: &m.operators,
		shape: m.v1Operator,
		invent: func(*call) *Operator {
			id := newID("oper_")
			return &Operator{ID: id, Name: "Made up", Email: id + "@example.com", Role: "agent"}
		},
	}
	ofPublished := ofV1
	ofPublished.shape = m.publishedOperator
	return []*route{
		list(m, v1, "/operators", "data", ofV1),
		get(m, v1, "/operators/{id}", ofV1),
		list(m, published, "/operators", "operators", ofPublished),
		{format: published, method: http.MethodGet, path: "/departments", handle: func(*call) reply {
			all := []fields{}
			for _, d := range m.departments.all() {
				all = append(all, m.trim(shape(d), "id"))
			}
			return jsonReply(http.StatusOK, fields{"departments": all})
		}},
		{format: published, method: http.MethodGet, path: "/project", handle: func(*call) reply {
			return jsonReply(http.StatusOK, m.trim(shape(m.project), "project_id"))
		}},
	}
}
