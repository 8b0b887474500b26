package tidiomock

import (
	"fmt"
	"net/http"
	"slices"
)

// Property is a custom contact property.
type Property struct {
	ID    string
	Name  string // unique in the account, compared byte for byte
	Label string // "" = the API sends none
	Type  string // text, email, number, phone or url; anything else breaks the contract when sent
}

type property struct {
	Property
	hidden bool
}

type propertyJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Label string `json:"label,omitempty"`
	Type  string `json:"type"`
}

func (m *Mock) propertyRoutes() []*route {
	return []*route{
		m.listRoute("/properties", func(*call) collection {
			return collection{
				page:   m.store.listedProperties,
				invent: func() any { return propertyJSON(inventProperty()) },
				insert: func() { m.store.insertProperty(inventProperty(), true) },
				remove: m.store.removeFirstProperty,
			}
		}),
		{method: http.MethodPost, path: "/properties", handle: m.createProperty},
		{method: http.MethodGet, path: "/properties/{id}", handle: m.getProperty},
	}
}

func (m *Mock) createProperty(c *call) reply {
	var p propertyJSON
	c.decode(&p)
	p.ID = newID("prop_")
	if !m.store.insertProperty(Property(p), false) {
		return failure(http.StatusBadRequest,
			fmt.Sprintf("A property with the name %q already exists.", p.Name))
	}
	return m.written(http.StatusCreated, p.ID, m.singleProperty(p))
}

func (m *Mock) getProperty(c *call) reply {
	id := c.params["id"]
	p, ok := m.store.findProperty(func(p *property) bool { return p.ID == id && !p.hidden })
	if !ok {
		return failure(http.StatusNotFound, "There is no such property.")
	}
	return m.object(http.StatusOK, m.singleProperty(propertyJSON(p)))
}

// singleProperty is the property as a reply about one object has it.
func (m *Mock) singleProperty(p propertyJSON) propertyJSON {
	if m.config.Replies.OmitOptional {
		p.Label = ""
	}
	return p
}

// inventProperty returns a property that no account has.
func inventProperty() Property {
	id := newID("prop_")
	return Property{ID: id, Name: "made_up_" + id, Label: "Made up", Type: "text"}
}

// listedProperties returns a part of the list, in its order, and the length of all of it.
func (s *store) listedProperties(from, n int) ([]any, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var listed []any
	for _, p := range s.properties {
		if !p.hidden {
			listed = append(listed, propertyJSON(p.Property))
		}
	}
	return cut(listed, from, n), len(listed)
}

// removeFirstProperty removes the property that the list begins with, if it has any.
func (s *store) removeFirstProperty() {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.properties, func(p *property) bool { return !p.hidden })
	if i >= 0 {
		s.properties = slices.Delete(s.properties, i, i+1)
	}
}

// insertProperty adds p at an end of the list. It reports false when its name or id is taken.
func (s *store) insertProperty(p Property, front bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := func(have *property) bool { return have.Name == p.Name || have.ID == p.ID }
	if slices.ContainsFunc(s.properties, taken) {
		return false
	}
	at := len(s.properties)
	if front {
		at = 0
	}
	s.properties = slices.Insert(s.properties, at, &property{Property: p})
	return true
}

func (s *store) findProperty(is func(*property) bool) (Property, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.properties, is); i >= 0 {
		return s.properties[i].Property, true
	}
	return Property{}, false
}
