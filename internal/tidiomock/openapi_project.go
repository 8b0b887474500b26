package tidiomock

import "net/http"

type projectJSON struct {
	ID     int     `json:"project_id"`
	Status *string `json:"status"`
}

func (m *Mock) publishedProjectRoutes() []*route {
	return []*route{{method: http.MethodGet, path: "/project", handle: func(*call) reply {
		p := m.Project()
		return jsonReply(http.StatusOK, m.trim(projectJSON{p.ID, orNull(&p.Status)}, "project_id"))
	}}}
}
