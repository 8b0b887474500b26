package tidiomock

import (
	"fmt"
	"slices"
)

// What a teammate does or sees in the panel: no request, so neither logged, limited nor faulty.

// AddProperty adds a property at the end of the list, with a new id unless it brings one, and
// returns it. It panics when the name or the id is taken.
func (m *Mock) AddProperty(p Property) Property {
	if p.ID == "" {
		p.ID = newID("prop_")
	}
	if !m.store.insertProperty(p, false) {
		panic(fmt.Sprintf("tidiomock: property %q, or its id, is there already", p.Name))
	}
	return p
}

// SetPropertyLabel changes the label of a property; "" takes it away. It panics when there is no
// such property: a test's typo must not pass silently.
func (m *Mock) SetPropertyLabel(name, label string) {
	m.store.changeProperty(name, func(i int) { m.store.properties[i].Label = label })
}

// HideProperty takes a property out of the list and makes its id unknown; the name stays taken. It
// panics when there is no such property.
func (m *Mock) HideProperty(name string) {
	m.store.changeProperty(name, func(i int) { m.store.properties[i].hidden = true })
}

// DeleteProperty removes a property, which frees its name. It panics when there is no such
// property.
func (m *Mock) DeleteProperty(name string) {
	m.store.changeProperty(name, func(i int) {
		m.store.properties = slices.Delete(m.store.properties, i, i+1)
	})
}

// Properties returns what the account has, in the API's order; hidden ones too.
func (m *Mock) Properties() []Property {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	var all []Property
	for _, p := range m.store.properties {
		all = append(all, p.Property)
	}
	return all
}

// Property returns the property of a name; a hidden one too.
func (m *Mock) Property(name string) (Property, bool) {
	return m.store.findProperty(func(p *property) bool { return p.Name == name })
}

// changeProperty calls change with the place of a property, and holds the lock meanwhile.
func (s *store) changeProperty(name string, change func(i int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.properties, func(p *property) bool { return p.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("tidiomock: there is no property %q", name))
	}
	change(i)
}
