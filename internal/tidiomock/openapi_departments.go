package tidiomock

import "net/http"

type departmentJSON struct {
	ID   string  `json:"id"`
	Name *string `json:"name"`
}

func (m *Mock) publishedDepartmentRoutes() []*route {
	return []*route{{method: http.MethodGet, path: "/departments", handle: func(*call) reply {
		m.store.mu.Lock()
		defer m.store.mu.Unlock()
		departments := publishedListing(m, &m.store.departments, nil)
		all := departments.part(position{}, len(departments.rows))
		return jsonReply(http.StatusOK, map[string]any{"departments": all.items})
	}}}
}

func (d *Department) published(m *Mock) any {
	return m.trim(departmentJSON{d.ID, orNull(&d.Name)}, "id")
}
