package tidiomock

import (
	"fmt"
	"maps"
	"time"
)

// What a teammate does or sees in the panel: no request, so neither logged, limited nor faulty.

// Settle makes all writes visible to reads at once, as if the lag had passed.
func (m *Mock) Settle() {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	m.store.settle()
}

// SetReadLag changes the lag of reads, and makes all writes so far visible.
func (m *Mock) SetReadLag(lag time.Duration) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	m.store.settle()
	m.store.setLag(lag)
}

// AddProperty adds a property at the end of the list, with a new id unless it brings one, and
// returns it. It panics when the name or the id is taken.
func (m *Mock) AddProperty(p Property) Property { return m.addProperty(p, false) }

// AddDefaultProperty is AddProperty for a property that Tidio itself defines: the published API
// lists it with the custom ones, v1 does not.
func (m *Mock) AddDefaultProperty(p Property) Property { return m.addProperty(p, true) }

func (m *Mock) addProperty(p Property, builtIn bool) Property {
	if p.ID == "" {
		p.ID = newID("prop_")
	}
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.addProperty(&property{Property: p, builtIn: builtIn}) {
		panic(fmt.Sprintf("tidiomock: property %q, or its id, is there already", p.Name))
	}
	m.store.properties.settle(p.ID)
	return p
}

// SetPropertyLabel changes the label of a property; "" takes it away. It panics when there is no
// such property: a test's typo must not pass silently.
func (m *Mock) SetPropertyLabel(name, label string) {
	m.changeProperty(name, func(p *property) { p.Label = label })
}

// HideProperty takes a property out of the list and makes its id unknown; the name stays taken. It
// panics when there is no such property.
func (m *Mock) HideProperty(name string) {
	m.changeProperty(name, func(p *property) { p.hidden = true })
}

// RenameProperty changes the name of a property; the contacts' values follow. Its id over v1 stays,
// over the published API the name is the id. It panics when there is no such property, or the new
// name is taken.
func (m *Mock) RenameProperty(name, to string) {
	m.changeProperty(name, func(p *property) {
		if m.store.property(to) != nil {
			panic(fmt.Sprintf("tidiomock: property %q is there already", to))
		}
		p.Name = to
		for _, r := range m.store.contacts.rows {
			if value, ok := r.object.Properties[name]; ok && !r.gone {
				moved := *r.object
				moved.Properties = maps.Clone(moved.Properties)
				delete(moved.Properties, name)
				moved.Properties[to] = value
				r.object = &moved
			}
		}
	})
}

// DeleteProperty removes a property, which frees its name. It panics when there is no such
// property.
func (m *Mock) DeleteProperty(name string) {
	m.changeProperty(name, func(p *property) { m.store.properties.remove(p.ID) })
}

// Properties returns what the account has, in the API's order; hidden and default ones too.
func (m *Mock) Properties() []Property {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	var all []Property
	for _, r := range m.store.properties.rows {
		if !r.gone {
			all = append(all, r.object.Property)
		}
	}
	return all
}

// Property returns the property of a name; a hidden one too.
func (m *Mock) Property(name string) (Property, bool) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if p := m.store.property(name); p != nil {
		return p.Property, true
	}
	return Property{}, false
}

// changeProperty replaces a property by what change makes of it, unless change has removed it.
func (m *Mock) changeProperty(name string, change func(*property)) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	p := m.store.property(name)
	if p == nil {
		panic(fmt.Sprintf("tidiomock: there is no property %q", name))
	}
	changed := *p
	change(&changed)
	if _, there := m.store.properties.get(p.ID); there {
		m.store.properties.replace(&changed)
	}
	m.store.properties.settle(p.ID)
}
