package tidiomock

import (
	"fmt"
	"net/http"
)

// Property is a custom contact property.
type Property struct {
	ID      string `json:"id"`
	Name    string `json:"name"`    // unique in the account, compared byte for byte
	Label   string `json:"label"`   // "" = the API sends none
	Type    string `json:"type"`    // text, email, number, phone or url; a reply with another type breaks the contract
	Hidden  bool   `json:"hidden"`  // no API shows it, but its name is taken
	Default bool   `json:"default"` // Tidio itself defines it: the published API lists it, v1 does not
}

func (p *Property) key() string { return p.ID }

func (m *Mock) v1Property(p *Property) fields {
	sent := shape(p, "hidden", "default")
	if p.Label == "" {
		delete(sent, "label")
	}
	return m.trim(sent, "id", "name", "type")
}

func (m *Mock) publishedProperty(p *Property) fields {
	return m.trim(shape(p, "id", "hidden", "default"), "name", "type")
}

func (m *Mock) propertyRoutes() []*route {
	all := listing[*Property]{
		table: &m.properties,
		invent: func(*call) *Property {
			id := newID("prop_")
			return &Property{ID: id, Name: "made_up_" + id, Label: "Made up", Type: "text"}
		},
	}
	ofV1, ofPublished := all, all
	ofV1.shape, ofPublished.shape = m.v1Property, m.publishedProperty
	ofV1.keep = func(*call) func(*Property) bool {
		return func(p *Property) bool { return !p.Hidden && !p.Default }
	}
	ofPublished.keep = func(*call) func(*Property) bool {
		return func(p *Property) bool { return !p.Hidden }
	}
	return []*route{
		list(m, v1, "/properties", "data", ofV1),
		{format: v1, method: http.MethodPost, path: "/properties", handle: m.createProperty},
		get(m, v1, "/properties/{id}", ofV1),
		list(m, published, "/contact-properties", "properties", ofPublished),
	}
}

func (m *Mock) createProperty(c *call) reply {
	created := bodyOf[Property](c)
	created.ID = newID("prop_")
	if m.config.Rewrite != nil {
		created.Name = m.config.Rewrite(created.Name)
	}
	if flaw := m.checkName(created.Name); flaw != "" {
		return m.invalid(c, flaw)
	}
	m.properties.append(&created)
	return m.written(c, http.StatusCreated, m.v1Property(&created))
}

// checkName returns why a new property cannot have a name, or "".
func (m *Mock) checkName(name string) (flaw string) {
	switch {
	case name == "":
		return "A property needs a name."
	case m.property(name) != nil:
		return fmt.Sprintf("A property with the name %q already exists.", name)
	}
	return ""
}

// property returns the property of a name, a hidden one too; nil if there is none.
func (m *Mock) property(name string) *Property {
	for _, r := range m.properties.rows {
		if r.object.Name == name {
			return r.object
		}
	}
	return nil
}
