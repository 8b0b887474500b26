package tidiomock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// PanelHelp says what Panel serves.
const PanelHelp = `GET    /panel/properties           all of them, hidden ones too
POST   /panel/properties           {"name": "tier", "type": "text", "label": "Tier"}
PATCH  /panel/properties/{name}    any of {"name": "level", "label": "Level", "hidden": true}
DELETE /panel/properties/{name}
GET    /panel/contacts             all of them
PATCH  /panel/contacts/{id}        {"phone": null, "properties": {"plan": "team", "seats": null}}: null clears
DELETE /panel/contacts/{id}
POST   /panel/contacts/{id}/merge  {"into": "id of another contact"}
`

// edit is a request to the panel.
type edit struct {
	id   string         // of what it is about, or its name
	sent map[string]any // the body
}

// Panel returns a handler for what people do in Tidio's panel, as methods of the mock do it: for curl. It
// asks for no credentials. Unlike the methods it refuses what does not fit, with a message that says why.
func (m *Mock) Panel() http.Handler {
	mux, s := http.NewServeMux(), &m.store
	for pattern, do := range map[string]func(edit) (shown any, err error){
		"GET /panel/properties": func(edit) (any, error) { return fields{"properties": s.properties.all()}, nil },
		"POST /panel/properties": func(e edit) (any, error) {
			made := new(property)
			err := e.set(map[string]any{"name": &made.Name, "type": &made.Type, "label": &made.Label})
			if types := []string{"text", "email", "number", "phone", "url"}; err == nil && !slices.Contains(types, made.Type) {
				err = errors.New(`the field "type" must be text, email, number, phone or url`)
			}
			if err == nil {
				err = s.makeProperty(made)
			}
			return made, err
		},
		"PATCH /panel/properties/{id}": func(e edit) (any, error) {
			var edited *property
			err := s.editProperty(e.id, func(p *property) error {
				edited = p
				return e.set(map[string]any{"name": &p.Name, "label": &p.Label, "hidden": &p.Hidden})
			})
			return edited, err
		},
		"DELETE /panel/properties/{id}": func(e edit) (any, error) { return nil, s.deleteProperty(e.id) },
		"GET /panel/contacts":           func(edit) (any, error) { return fields{"contacts": s.contacts.all()}, nil },
		"PATCH /panel/contacts/{id}": func(e edit) (any, error) {
			err := s.editContact(e.id, func(c *Contact) error { return e.write(m, c) })
			edited, _ := s.contacts.get(e.id)
			return edited, err
		},
		"DELETE /panel/contacts/{id}": func(e edit) (any, error) { return nil, s.deleteContact(e.id) },
		"POST /panel/contacts/{id}/merge": func(e edit) (any, error) {
			var into string
			if err := e.set(map[string]any{"into": &into}); err != nil {
				return nil, err
			}
			err := s.mergeContacts(e.id, into)
			merged, _ := s.contacts.get(into)
			return merged, err
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { m.inPanel(r, do).send(w, nil) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		message := fmt.Sprintf("The panel has no %s %s; tidio-mock -help says what it has.", r.Method, r.URL.Path)
		jsonReply(http.StatusNotFound, fields{"message": message}).send(w, nil)
	})
	return mux
}

// inPanel does what is asked of the panel, or says why not.
func (m *Mock) inPanel(r *http.Request, do func(edit) (any, error)) reply {
	e := edit{id: r.PathValue("id")}
	var shown any
	var err error
	if r.Method == http.MethodPost || r.Method == http.MethodPatch {
		body := json.NewDecoder(io.LimitReader(r.Body, maxBody))
		body.UseNumber()
		if body.Decode(&e.sent) != nil || e.sent == nil {
			err = errors.New("the body is not a JSON object")
		}
	}
	if err == nil {
		m.store.mu.Lock()
		shown, err = do(e)
		m.store.mu.Unlock()
	}
	var missing missingError
	switch {
	case errors.As(err, &missing):
		return jsonReply(http.StatusNotFound, fields{"message": sentence(err)})
	case err != nil:
		return jsonReply(http.StatusBadRequest, fields{"message": sentence(err)})
	case shown == nil:
		return reply{status: http.StatusNoContent}
	default:
		return jsonReply(http.StatusOK, shown)
	}
}

// set writes what is sent to where each field belongs.
func (e edit) set(to map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(e.sent)) {
		value := e.sent[name]
		switch field := to[name].(type) {
		case *string:
			text, isText := value.(string)
			if !isText && value != nil {
				return fmt.Errorf("the field %q must be a text, or null for none", name)
			}
			*field = text
		case *bool:
			is, isBool := value.(bool)
			if !isBool {
				return fmt.Errorf("the field %q must be true or false", name)
			}
			*field = is
		case *map[string]any:
			values, isObject := value.(map[string]any)
			if !isObject {
				return fmt.Errorf("the field %q must be an object", name)
			}
			*field = values
		default:
			can := strings.Join(slices.Sorted(maps.Keys(to)), ", ")
			return fmt.Errorf("there is no field %q; there are: %s", name, can)
		}
	}
	return nil
}

// write writes what is sent to a contact.
func (e edit) write(m *Mock, c *Contact) error {
	var values map[string]any
	err := e.set(map[string]any{
		"name": &c.Name, "first_name": &c.FirstName, "last_name": &c.LastName, "email": &c.Email, "phone": &c.Phone,
		"distinct_id": &c.DistinctID, "language": &c.Language, "country": &c.Country, "city": &c.City,
		"email_consent": &c.EmailConsent, "properties": &values,
	})
	if err != nil {
		return err
	}
	if flaw := m.writeValues(c, values); flaw != "" {
		return errors.New(flaw)
	}
	return nil
}
