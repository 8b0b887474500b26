package tidio

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// The nouns of the wire format v1.

type propertyV1 struct {
	ID    flexString  `json:"id"`
	Name  flexString  `json:"name"`
	Label *flexString `json:"label"`
	Type  flexString  `json:"type"`
}

func (p propertyV1) property() Property {
	made := Property{ID: string(p.ID), Name: string(p.Name), Label: p.Label.text(), Type: string(p.Type)}
	if made.Label == "" {
		made.Label = made.Name
	}
	return made
}

// check returns what a property lacks.
func (p propertyV1) check() error {
	if p.Name == "" || p.Type == "" {
		return errors.New("a property has no name or no type")
	}
	return nil
}

func encodePropertyV1(in NewProperty) any {
	return struct {
		Name  string `json:"name"`
		Label string `json:"label,omitempty"`
		Type  string `json:"type"`
	}{Name: in.Name, Label: in.Label, Type: in.Type}
}

type operatorV1 struct {
	ID       flexString  `json:"id"`
	Name     *flexString `json:"name"`
	Email    *flexString `json:"email"`
	Role     *flexString `json:"role"`
	Active   *bool       `json:"active"`
	LastSeen *flexString `json:"last_seen"`
}

func (o operatorV1) operator() Operator {
	return Operator{
		ID: string(o.ID), Name: o.Name.text(), Email: o.Email.text(), Role: o.Role.text(),
		Active: o.Active, LastSeen: o.LastSeen.text(),
	}
}

type conversationV1 struct {
	ID         flexString  `json:"id"`
	Status     *flexString `json:"status"`
	Subject    *flexString `json:"subject"`
	ContactID  *flexString `json:"contact_id"`
	OperatorID *flexString `json:"operator_id"`
	CreatedAt  *flexString `json:"created_at"`
	UpdatedAt  *flexString `json:"updated_at"`
}

func (c conversationV1) conversation() Conversation {
	return Conversation{
		ID: string(c.ID), Status: c.Status.text(), Subject: c.Subject.text(), ContactID: c.ContactID.text(),
		OperatorID: c.OperatorID.text(), CreatedAt: c.CreatedAt.text(), UpdatedAt: c.UpdatedAt.text(),
	}
}

// encodeConversationV1 leaves out what is to be left alone.
func encodeConversationV1(in ConversationChange) any {
	return struct {
		ContactID  *string `json:"contact_id,omitempty"`
		Subject    *string `json:"subject,omitempty"`
		Status     *string `json:"status,omitempty"`
		OperatorID *string `json:"operator_id,omitempty"`
	}{in.ContactID, in.Subject, in.Status, in.OperatorID}
}

type messageOfV1 struct {
	ID         flexString  `json:"id"`
	AuthorType *flexString `json:"author_type"`
	AuthorID   *flexString `json:"author_id"`
	Content    *flexString `json:"content"`
	CreatedAt  *flexString `json:"created_at"`
}

func (m messageOfV1) message() Message {
	return Message{
		ID: string(m.ID), AuthorType: m.AuthorType.text(), AuthorID: m.AuthorID.text(),
		Content: m.Content.text(), CreatedAt: m.CreatedAt.text(),
	}
}

type contactV1 struct {
	ID         flexString  `json:"id"`
	Name       *flexString `json:"name"`
	Email      *flexString `json:"email"`
	Phone      *flexString `json:"phone"`
	Properties valuesV1    `json:"properties"`
	CreatedAt  *flexString `json:"created_at"`
}

func (c contactV1) contact() Contact {
	made := Contact{
		ID: string(c.ID), Name: c.Name.text(), Email: c.Email.text(), Phone: c.Phone.text(),
		CreatedAt: c.CreatedAt.text(), Properties: make(map[string]string, len(c.Properties)),
	}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		if value := c.Properties[name]; value != "" {
			made.Properties[Normalize(name)] = string(value)
		}
	}
	return made
}

// valuesV1 are the values of a contact by property name. Some servers send an empty map as an empty array.
type valuesV1 map[string]flexValue

func (v *valuesV1) UnmarshalJSON(raw []byte) error {
	if isEmptyJSON(raw) {
		return nil
	}
	return json.Unmarshal(raw, (*map[string]flexValue)(v))
}

// encodeContactV1 writes the fields as they are, and the values by name. Numbers are sent as JSON numbers. The
// API does not change what is not sent; null clears.
func encodeContactV1(change ContactChange, isNumber func(property string) bool) any {
	body := make(map[string]any, len(change.Fields)+1)
	for field, value := range change.Fields {
		body[string(field)] = value
	}
	values := make(map[string]any, len(change.Properties))
	for name, value := range change.Properties {
		switch {
		case value != nil && IsNumber(*value) && isNumber(name):
			values[name] = json.Number(*value)
		default: // a value that is not a number is sent as text, so that the API refuses it
			values[name] = value
		}
	}
	if len(values) > 0 {
		body["properties"] = values
	}
	return body
}

// tellsV1 looks for every field that was sent, null or not. A map of values shows all values.
func tellsV1(body []byte, sent ContactChange) bool {
	var fields map[string]json.RawMessage
	if decodeObjectV1(body, &fields) != nil {
		return false
	}
	for field := range sent.Fields {
		if _, there := fields[string(field)]; !there {
			return false
		}
	}
	_, there := fields["properties"]
	return there || len(sent.Properties) == 0
}
