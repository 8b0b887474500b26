package tidiomock

import (
	"io"
	"net/http"
	"slices"
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

// Panel returns a handler for what people do in Tidio's panel, as methods of the mock do it: for curl. It
// asks for no credentials. Unlike the methods it refuses what does not fit, with a message that says why.
func (m *Mock) Panel() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]func(id string, sent fields) (shown any){
		"GET /panel/properties": func(string, fields) any { return fields{"properties": m.Properties()} },
		"POST /panel/properties": func(_ string, sent fields) any {
			var made Property
			m.edit(&made, sent)
			checkType(made)
			return m.AddProperty(made)
		},
		"PATCH /panel/properties/{id}": func(name string, sent fields) (changed any) {
			m.changeProperty(name, func(p *Property) {
				m.edit(p, sent)
				checkType(*p)
				changed = p
			})
			return changed
		},
		"DELETE /panel/properties/{id}": func(name string, _ fields) any { m.DeleteProperty(name); return nil },
		"GET /panel/contacts":           func(string, fields) any { return fields{"contacts": m.Contacts()} },
		"PATCH /panel/contacts/{id}": func(id string, sent fields) (changed any) {
			m.ChangeContact(id, func(c *Contact) {
				m.edit(c, sent)
				values, isObject := sent["properties"].(map[string]any)
				if sent["properties"] != nil && !isObject {
					refuse(`The field "properties" must be an object.`)
				}
				refuse(m.writeValues(c, values))
				changed = c
			})
			return changed
		},
		"DELETE /panel/contacts/{id}": func(id string, _ fields) any { m.DeleteContact(id); return nil },
		"POST /panel/contacts/{id}/merge": func(id string, sent fields) any {
			into, _ := sent["into"].(string)
			m.MergeContacts(id, into)
			merged, _ := m.Contact(into)
			return merged
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { inPanel(r, do).send(w, nil) })
	}
	return mux
}

// inPanel does what is asked of the panel, or says why not.
func inPanel(r *http.Request, do func(id string, sent fields) any) (answer reply) {
	defer func() {
		switch failed := recover().(type) {
		case nil:
		case refusal:
			answer = jsonReply(failed.status, fields{"message": failed.message})
		default:
			panic(failed)
		}
	}()
	var sent fields
	if r.Method == http.MethodPost || r.Method == http.MethodPatch {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
		if err != nil || decode(body, &sent) != nil || sent == nil {
			refuse("The body is not a JSON object.")
		}
	}
	shown := do(r.PathValue("id"), sent)
	if shown == nil {
		return reply{status: http.StatusNoContent}
	}
	return jsonReply(http.StatusOK, shown)
}

// edit writes the fields of a request to an object.
func (m *Mock) edit(to any, sent fields) {
	if _, ok := sent["id"]; ok {
		refuse(`The field "id" cannot be set.`)
	}
	refuse(m.writeFields(to, sent))
}

// checkType refuses a property of a type that the API does not have.
func checkType(p Property) {
	if !slices.Contains([]string{"text", "email", "number", "phone", "url"}, p.Type) {
		refuse(`The field "type" must be text, email, number, phone or url.`)
	}
}
