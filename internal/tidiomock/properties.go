package tidiomock

import (
	"errors"
	"fmt"
	"net/http"
)

// Property is a custom contact property.
type Property struct {
	ID    string `json:"id"`
	Name  string `json:"name"`  // unique in the account, compared byte for byte
	Label string `json:"label"` // "" = the API sends none
	Type  string `json:"type"`  // text, email, number, phone or url; else sending it breaks the contract
}

type property struct {
	Property
	Hidden  bool `json:"hidden"`
	builtIn bool // every account has it, and v1 does not list it
}

func (p *property) key() string { return p.ID }

func (m *Mock) v1Property(p *property) fields {
	sent := fields{"id": p.ID, "name": p.Name, "type": p.Type}
	if p.Label != "" {
		sent["label"] = p.Label
	}
	return m.trim(sent, "id", "name", "type")
}

func (m *Mock) publishedProperty(p *property) fields {
	return m.trim(fields{"name": p.Name, "label": orNull(p.Label), "type": p.Type}, "name", "type")
}

func (m *Mock) propertyRoutes() []*route {
	all := listing[*property]{
		table: &m.store.properties,
		invent: func(*call) *property {
			id := newID("prop_")
			return &property{Property: Property{ID: id, Name: "made_up_" + id, Label: "Made up", Type: "text"}}
		},
	}
	ofV1, ofPublished := all, all
	ofV1.shape, ofPublished.shape = m.v1Property, m.publishedProperty
	ofV1.keep = func(*call) func(*property) bool {
		return func(p *property) bool { return !p.Hidden && !p.builtIn }
	}
	ofPublished.keep = func(*call) func(*property) bool {
		return func(p *property) bool { return !p.Hidden }
	}
	return []*route{
		list(m, v1, "/properties", "data", ofV1),
		{format: v1, method: http.MethodPost, path: "/properties", handle: m.createProperty},
		get(m, v1, "/properties/{id}", ofV1),
		list(m, published, "/contact-properties", "properties", ofPublished),
	}
}

func (m *Mock) createProperty(c *call) reply {
	var created property
	c.decode(&created)
	created.ID = newID("prop_")
	if m.config.Rewrite != nil {
		created.Name = m.config.Rewrite(created.Name)
	}
	if err := m.store.checkName(created.Name); err != nil {
		return m.invalid(c, sentence(err))
	}
	m.store.properties.append(&created)
	return m.written(c, http.StatusCreated, m.v1Property(&created))
}

// checkName returns why a new property cannot have a name.
func (s *store) checkName(name string) error {
	switch {
	case name == "":
		return errors.New("a property needs a name")
	case s.property(name) != nil:
		return fmt.Errorf("a property with the name %q already exists", name)
	}
	return nil
}

// property returns the property of a name, a hidden one too; nil if there is none.
func (s *store) property(name string) *property {
	for _, r := range s.properties.rows {
		if r.object.Name == name && !r.gone {
			return r.object
		}
	}
	return nil
}
