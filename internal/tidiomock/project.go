package tidiomock

// Project is the account itself, as the published API tells it.
type Project struct {
	ID     int
	Status string // online or offline
}

// Project returns the account's project. Its id is the same in every mock until SetProject.
func (m *Mock) Project() Project {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	return m.store.project
}

// SetProject replaces the account's project.
func (m *Mock) SetProject(p Project) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	m.store.project = p
}
