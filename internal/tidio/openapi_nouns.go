package tidio

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// The nouns of the wire format of the published API.

// propertyOpenAPI has no id: its name serves as id, in the Unicode form that a state can hold.
type propertyOpenAPI struct {
	Name  flexString  `json:"name"`
	Label *flexString `json:"label"`
	Type  flexString  `json:"type"`
}

func (p propertyOpenAPI) property() Property {
	name := string(p.Name)
	return Property{ID: Normalize(name), Name: name, Label: cmp.Or(p.Label.text(), name), Type: string(p.Type)}
}

// check returns what a property lacks.
func (p propertyOpenAPI) check() error {
	if p.Name == "" || p.Type == "" {
		return errors.New("a property has no name or no type")
	}
	return nil
}

type operatorOpenAPI struct {
	ID       flexString  `json:"id"`
	Name     *flexString `json:"name"`
	Email    *flexString `json:"email"`
	Role     *flexString `json:"role"`
	Active   *bool       `json:"active"`
	Picture  *flexString `json:"picture"`
	LastSeen *flexString `json:"last_seen"`
}

func (o operatorOpenAPI) operator() Operator {
	return Operator{
		ID: string(o.ID), Name: o.Name.text(), Email: o.Email.text(), Role: o.Role.text(),
		Active: o.Active, Picture: o.Picture.text(), LastSeen: o.LastSeen.text(),
	}
}

type departmentOpenAPI struct {
	ID   flexString  `json:"id"`
	Name *flexString `json:"name"`
}

func (d departmentOpenAPI) department() Department {
	return Department{ID: string(d.ID), Name: d.Name.text()}
}

type projectOpenAPI struct {
	ID     flexString  `json:"project_id"`
	Status *flexString `json:"status"`
}

func (p projectOpenAPI) project() Project { return Project{ID: string(p.ID), Status: p.Status.text()} }

type ticketOpenAPI struct {
	ID                   flexString             `json:"id"`
	Link                 *flexString            `json:"link"`
	Subject              *flexString            `json:"subject"`
	ContactID            *flexString            `json:"contact_id"`
	ContactEmail         *flexString            `json:"contact_email"`
	Priority             *flexString            `json:"priority"`
	Status               *flexString            `json:"status"`
	AssignedOperatorID   *flexString            `json:"assigned_operator_id"`
	AssignedDepartmentID *flexString            `json:"assigned_department_id"`
	CustomChannelID      *flexString            `json:"custom_channel_id"`
	Messages             []ticketMessageOpenAPI `json:"messages"`
}

func (t ticketOpenAPI) ticket() Ticket {
	made := Ticket{
		ID: string(t.ID), Link: t.Link.text(), Subject: t.Subject.text(), ContactID: t.ContactID.text(),
		ContactEmail: t.ContactEmail.text(), Priority: t.Priority.text(), Status: t.Status.text(),
		OperatorID: t.AssignedOperatorID.text(), DepartmentID: t.AssignedDepartmentID.text(),
		ChannelID: t.CustomChannelID.text(),
	}
	for _, m := range t.Messages {
		made.Messages = append(made.Messages, m.message())
	}
	return made
}

type ticketMessageOpenAPI struct {
	ID          flexString   `json:"message_id"`
	CreatedAt   *flexString  `json:"created_at"`
	AuthorType  *flexString  `json:"author_type"`
	AuthorID    *flexString  `json:"author_id"`
	Type        *flexString  `json:"message_type"`
	Content     *flexString  `json:"message_content"`
	Attachments []flexString `json:"attachments"`
}

func (m ticketMessageOpenAPI) message() TicketMessage {
	made := TicketMessage{
		ID: string(m.ID), CreatedAt: m.CreatedAt.text(), AuthorType: m.AuthorType.text(), AuthorID: m.AuthorID.text(),
		Type: m.Type.text(), Content: m.Content.text(),
	}
	for _, url := range m.Attachments {
		made.Attachments = append(made.Attachments, string(url))
	}
	return made
}

// messageOfOpenAPI is a message of a contact.
type messageOfOpenAPI struct {
	ID         flexString  `json:"id"`
	AuthorType *flexString `json:"author_type"`
	AuthorID   *flexString `json:"author_id"`
	Message    *flexString `json:"message"`
	CreatedAt  *flexString `json:"created_at"`
}

func (m messageOfOpenAPI) message() Message {
	return Message{
		ID: string(m.ID), AuthorType: m.AuthorType.text(), AuthorID: m.AuthorID.text(),
		Content: m.Message.text(), CreatedAt: m.CreatedAt.text(),
	}
}

// contactMessagesOpenAPI is the list of a contact's messages. Each page has their address in the panel.
func contactMessagesOpenAPI() noun[Message] {
	n := nounOpenAPI("messages", "messages", Message.id, messageOfOpenAPI.message, nil)
	messages := n.page
	n.page = func(body []byte, number int) (page[Message], error) {
		read, err := messages(body, number)
		var sent struct {
			ConversationURL *flexString `json:"conversation_url"`
		}
		if err == nil {
			err = decode(body, &sent)
		}
		for i := range read.items {
			read.items[i].ConversationURL = sent.ConversationURL.text()
		}
		return read, err
	}
	return n
}

type contactOpenAPI struct {
	ID           flexString    `json:"id"`
	DistinctID   *flexString   `json:"distinct_id"`
	FirstName    *flexString   `json:"first_name"`
	LastName     *flexString   `json:"last_name"`
	Email        *flexString   `json:"email"`
	Phone        *flexString   `json:"phone"`
	Language     *flexString   `json:"language"`
	Country      *flexString   `json:"country"`
	City         *flexString   `json:"city"`
	EmailConsent *flexString   `json:"email_consent"`
	Properties   valuesOpenAPI `json:"properties"`
	CreatedAt    *flexString   `json:"created_at"`
}

// valueOpenAPI is the value of a property. If several have the same name, the last one counts.
type valueOpenAPI struct {
	Name  flexString `json:"name"`
	Value flexValue  `json:"value"`
}

// valuesOpenAPI are the values of a contact. Some servers send an empty list as an empty map.
type valuesOpenAPI []valueOpenAPI

func (v *valuesOpenAPI) UnmarshalJSON(raw []byte) error {
	if isEmptyJSON(raw) {
		return nil
	}
	return json.Unmarshal(raw, (*[]valueOpenAPI)(v))
}

func (c contactOpenAPI) contact() Contact {
	first, last := c.FirstName.text(), c.LastName.text()
	made := Contact{
		ID: string(c.ID), DistinctID: c.DistinctID.text(), FirstName: first, LastName: last,
		Name: strings.TrimSpace(first + " " + last), Email: c.Email.text(), Phone: c.Phone.text(),
		Language: c.Language.text(), Country: c.Country.text(), City: c.City.text(),
		EmailConsent: c.EmailConsent.text(), CreatedAt: c.CreatedAt.text(),
		Properties: make(map[string]string, len(c.Properties)),
	}
	for _, value := range c.Properties {
		name := Normalize(string(value.Name))
		delete(made.Properties, name)
		if value.Value != "" {
			made.Properties[name] = string(value.Value)
		}
	}
	return made
}

// encodeContactOpenAPI writes the fields as they are, and the values as a list sorted by name. Each value is a
// string, even a number. The API does not change what is not sent; null clears.
func encodeContactOpenAPI(change ContactChange, _ func(string) bool) any {
	type value struct {
		Name  string  `json:"name"`
		Value *string `json:"value"`
	}
	body := make(map[string]any, len(change.Fields)+1)
	for field, value := range change.Fields {
		body[string(field)] = value
	}
	var values []value
	for _, name := range slices.Sorted(maps.Keys(change.Properties)) {
		values = append(values, value{name, change.Properties[name]})
	}
	if len(values) > 0 {
		body["properties"] = values
	}
	return body
}

// tellsOpenAPI looks for every field that was sent. A list of values shows all values.
func tellsOpenAPI(body []byte, sent ContactChange) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
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

func encodeBatchOpenAPI(contacts []any) any { return map[string]any{"contacts": contacts} }

func splitBatchOpenAPI(body []byte) ([]json.RawMessage, error) {
	var sent struct {
		Contacts []json.RawMessage `json:"contacts"`
	}
	err := decode(body, &sent)
	if err == nil && sent.Contacts == nil {
		err = errors.New("it has no contacts")
	}
	return sent.Contacts, err
}
