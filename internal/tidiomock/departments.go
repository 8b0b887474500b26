package tidiomock

import "fmt"

// generalID is the id of the department that every account has.
const generalID = "8f1c6f0e-4d2b-4a57-9c1e-6b7d0a3e5f10"

// Department is a part of the account's team. Only the published API has it.
type Department struct {
	ID   string
	Name string
}

func (d *Department) key() string { return d.ID }

// AddDepartment adds a department at the end of the list, with a new id unless it brings one, and
// returns it. Every account already has one, General. It panics when the id is taken.
func (m *Mock) AddDepartment(d Department) Department {
	if d.ID == "" {
		d.ID = newUUID()
	}
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.departments.append(&d) {
		panic(fmt.Sprintf("tidiomock: department %q is there already", d.ID))
	}
	return d
}

// Departments returns what the account has, in the API's order; General is the first.
func (m *Mock) Departments() []Department {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	var all []Department
	for _, r := range m.store.departments.rows {
		all = append(all, *r.object)
	}
	return all
}
