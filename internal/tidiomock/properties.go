package tidiomock

import (
	"fmt"
	"net/http"
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
	hidden  bool
	builtIn bool // every account has it, and v1 does not list it
}

func (p *property) key() string { return p.ID }

// inV1 tells whether v1 has the property.
func (p *property) inV1() bool { return !p.hidden && !p.builtIn }

type propertyJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Label string `json:"label,omitempty"`
	Type  string `json:"type"`
}

func (m *Mock) propertyRoutes() []*route {
	return []*route{
		m.listRoute("/properties", func(*call) collection {
			return listOf(m, listing[*property]{
				table:  &m.store.properties,
				keep:   (*property).inV1,
				shape:  func(p *property) any { return propertyJSON(p.Property) },
				invent: inventProperty,
			})
		}),
		{method: http.MethodPost, path: "/properties", handle: m.createProperty},
		{method: http.MethodGet, path: "/properties/{id}", handle: m.getProperty},
	}
}

func (m *Mock) createProperty(c *call) reply {
	var p propertyJSON
	c.decode(&p)
	p.ID = newID("prop_")
	if m.config.Rewrite != nil {
		p.Name = m.config.Rewrite(p.Name)
	}
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.addProperty(&property{Property: Property(p)}) {
		return failure(http.StatusBadRequest,
			fmt.Sprintf("A property with the name %q already exists.", p.Name))
	}
	return m.written(http.StatusCreated, p.ID, m.singleProperty(p))
}

func (m *Mock) getProperty(c *call) reply {
	m.store.mu.Lock()
	p, ok := m.store.properties.read(c.params["id"])
	m.store.mu.Unlock()
	if !ok || !p.inV1() {
		return absent("property")
	}
	return m.object(http.StatusOK, m.singleProperty(propertyJSON(p.Property)))
}

// singleProperty is the property as a reply of v1 about one object has it.
func (m *Mock) singleProperty(p propertyJSON) propertyJSON {
	if m.config.Replies.OmitOptional {
		p.Label = ""
	}
	return p
}

// inventProperty returns a property that no account has.
func inventProperty() *property {
	id := newID("prop_")
	return &property{
		Property: Property{ID: id, Name: "made_up_" + id, Label: "Made up", Type: "text"},
	}
}

// addProperty reports false when the name or the id is taken.
func (s *store) addProperty(p *property) bool {
	return s.property(p.Name) == nil && s.properties.append(p)
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
