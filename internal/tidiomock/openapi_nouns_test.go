package tidiomock_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestPublishedProperties(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddDefaultProperty(tidiomock.Property{Name: "email", Label: "E-mail", Type: "email"})
	s.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
	s.AddProperty(tidiomock.Property{Name: "hidden", Type: "text"})
	s.HideProperty("hidden")
	const list = `{"meta":{"cursor":null,"limit":100},"properties":[` +
		`{"name":"email","label":"E-mail","type":"email"},{"name":"%s","label":null,"type":"text"}]}`
	s.ask(t, "GET", "/contact-properties", "").wants(t, 200, fmt.Sprintf(list, "plan"))
	if ids, _ := s.ids(t, "/properties"); len(ids) != 1 {
		t.Errorf("v1 lists %d, want the custom one", len(ids))
	}
	email, _ := s.Property("email")
	s.get(t, "/properties/"+email.ID).wants(t, 404)
	s.create(t, "email").wants(t, 400) // the name is taken

	plan, _ := s.Property("plan")
	s.AddContact(tidiomock.Contact{ID: "1", Properties: map[string]any{"plan": "team"}})
	s.RenameProperty("plan", "tier")
	s.ask(t, "GET", "/contact-properties", "").wants(t, 200, fmt.Sprintf(list, "tier"))
	if got, ok := s.Property("tier"); !ok || got.ID != plan.ID {
		t.Errorf("renamed: %+v", s.Properties())
	}
	if c, _ := s.Contact("1"); !reflect.DeepEqual(c.Properties, map[string]any{"tier": "team"}) {
		t.Errorf("values %v", c.Properties)
	}
	mustPanic(t, "rename", func() { s.RenameProperty("plan", "new") })
	mustPanic(t, "taken", func() { s.RenameProperty("tier", "email") })
	s.DeleteProperty("tier")
	if got := s.ask(t, "GET", "/contact-properties", "").body; strings.Contains(got, "tier") {
		t.Errorf("deleted: %s", got)
	}
}

func TestPublishedProperties_noWrites(t *testing.T) {
	for status, code := range map[int]string{0: "method_not_allowed", 404: "not_found"} {
		for _, path := range []string{"/contact-properties", "/contact-properties/plan"} {
			for _, method := range []string{"POST", "PATCH", "PUT", "DELETE"} {
				s := start(t, tidiomock.Config{Published: tidiomock.Published{PropertyWriteStatus: status}})
				got := s.ask(t, method, path, `{"name":"plan","type":"text"}`)
				if path != "/contact-properties" {
					got.refused(t, 404, "not_found")
				} else {
					got.refused(t, map[int]int{0: 405, 404: 404}[status], code)
				}
				if v := s.takeViolations(); len(v) != 1 || len(s.Properties()) != 0 {
					t.Errorf("%s: violations %q, properties %v", method, v, s.Properties())
				}
			}
		}
	}
}

func TestPublishedOperatorsDepartmentsProject(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddOperator(tidiomock.Operator{
		ID: "1", Name: "Ines", Email: "ines@example.com", Role: "owner", Active: true,
		LastSeen: "2026-03-12T16:40:05Z", Picture: "https://example.com/ines.png",
	})
	s.AddOperator(tidiomock.Operator{ID: "2"})
	s.ask(t, "GET", "/operators", "").wants(t, 200, `{"meta":{"cursor":null,"limit":100},"operators":[`+
		`{"id":"1","name":"Ines","email":"ines@example.com","role":"owner","active":true,`+
		`"last_seen":"2026-03-12T16:40:05Z","picture":"https://example.com/ines.png"},`+
		`{"id":"2","name":null,"email":null,"role":null,"active":false,"last_seen":null,"picture":null}]}`)

	general := s.Departments()[0]
	billing := s.AddDepartment(tidiomock.Department{Name: "Billing"})
	s.ask(t, "GET", "/departments", "").wants(t, 200,
		`{"departments":[{"id":"`+general.ID+`","name":"General"},{"id":"`+billing.ID+`","name":"Billing"}]}`)

	s.ask(t, "GET", "/project", "").wants(t, 200, fmt.Sprintf(`{"project_id":%d,"status":"online"}`, s.Project().ID))
	s.SetProject(tidiomock.Project{ID: 7, Status: "offline"})
	s.ask(t, "GET", "/project", "").wants(t, 200, `{"project_id":7,"status":"offline"}`)
}

func TestPublishedMessages(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddContact(tidiomock.Contact{ID: "c"})
	s.AddContactMessages("c",
		tidiomock.Message{ID: "1", AuthorType: "contact", AuthorID: "c", Content: "Hi", CreatedAt: "2026-03-12T16:40:05Z"},
		tidiomock.Message{ID: "2", AuthorType: "bot", Content: "Hello", CreatedAt: "2026-03-12T16:40:06Z"})
	s.ask(t, "GET", "/contacts/c/messages", "").wants(t, 200,
		`{"conversation_url":"https://panel.example.com/conversations/c","messages":[`+
			`{"id":"1","author_type":"contact","author_id":"c","message":"Hi","created_at":"2026-03-12T16:40:05Z"},`+
			`{"id":"2","author_type":"bot","author_id":null,"message":"Hello","created_at":"2026-03-12T16:40:06Z"}],`+
			`"meta":{"cursor":null,"limit":100}}`)
	ids, _ := s.ids(t, "/conversations")
	if messages, _ := s.ids(t, "/conversations/"+ids[0]+"/messages"); !slices.Equal(messages, []string{"1", "2"}) {
		t.Errorf("over v1: %q", messages)
	}
	s.ask(t, "GET", "/contacts/absent/messages", "").refused(t, 404, "not_found")
	mustPanic(t, "absent", func() { s.AddContactMessages("absent", tidiomock.Message{}) })
}

func TestPublishedTickets(t *testing.T) {
	s := start(t, tidiomock.Config{})
	operator := s.AddOperator(tidiomock.Operator{Name: "Ines"})
	billing := s.AddDepartment(tidiomock.Department{Name: "Billing"})
	general := s.Departments()[0]
	jane := s.AddContact(tidiomock.Contact{Email: "Jane@example.com"})
	s.AddContact(tidiomock.Contact{Email: "jane@example.com"})

	const sent = `{"contact_email":"jane@example.com","subject":"Refund","message_content":"Please"}`
	s.ask(t, "POST", "/tickets/as-contact", sent).wants(t, 201, `{"id":1}`)
	ticket, _ := s.Ticket(1)
	said := ticket.Messages[0]
	const short = `{"id":1,"link":"https://panel.example.com/tickets/1","subject":"Refund","contact_id":"%s",` +
		`"contact_email":"jane@example.com","priority":"normal","status":"open","assigned_operator_id":null,` +
		`"assigned_department_id":"%s","custom_channel_id":null`
	object := fmt.Sprintf(short, jane.ID, general.ID)
	s.ask(t, "GET", "/tickets", "").wants(t, 200, `{"meta":{"cursor":null,"limit":100},"tickets":[`+object+`}]}`)
	s.ask(t, "GET", "/tickets/1", "").wants(t, 200, object+`,"messages":[{"message_id":"`+said.ID+
		`","created_at":"`+said.CreatedAt+`","author_type":"contact","author_id":"`+jane.ID+
		`","message_type":"public","message_content":"Please","attachments":[]}]}`)

	// A new address makes a contact.
	s.ask(t, "POST", "/tickets/as-contact", `{"contact_email":"joe@example.com","subject":"S","message_content":"M",`+
		`"assigned_department_id":"`+billing.ID+`","custom_channel_id":"7","tag_ids":[1],`+
		`"custom_fields":[{"id":"F1","value":"x"}]}`).wants(t, 201, `{"id":2}`)
	joe := s.Contacts()[2]
	second, _ := s.Ticket(2)
	if joe.Email != "joe@example.com" || second.ContactID != joe.ID || second.DepartmentID != billing.ID ||
		second.ChannelID != "7" || !slices.Equal(second.TagIDs, []int{1}) || second.CustomFields["F1"] != "x" {
		t.Errorf("%+v of %+v", second, joe)
	}

	want := ticket
	for _, step := range []struct {
		sent   string
		change func()
	}{
		{`{}`, func() {}},
		{`{"status":"solved","priority":"urgent"}`, func() { want.Status, want.Priority = "solved", "urgent" }},
		{`{"assigned":{"type":"operator","id":"` + operator.ID + `"}}`, func() { want.OperatorID = operator.ID }},
		{`{"tag_ids":[2,3]}`, func() { want.TagIDs = []int{2, 3} }},
		{`{"assigned":null}`, func() { want.OperatorID = "" }},
		{`{"custom_fields":[{"id":"a","value":"1"},{"id":"b","value":"2"}]}`, func() {
			want.CustomFields = map[string]any{"a": "1", "b": "2"}
		}},
		{`{"custom_fields":[{"id":"a","value":null}]}`, func() { delete(want.CustomFields, "a") }},
		{`{"assigned":{"type":"department","id":"` + billing.ID + `"}}`, func() { want.DepartmentID = billing.ID }},
	} {
		s.ask(t, "PATCH", "/tickets/1", step.sent).wants(t, 204, "")
		step.change()
		if got, _ := s.Ticket(1); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", step.sent, got, want)
		}
	}

	for author, authorID := range map[string]string{
		`"author_type":"contact"`: jane.ID,
		`"author_type":"operator","operator_id":"` + operator.ID + `","message_type":"internal"`: operator.ID,
	} {
		reply := s.ask(t, "POST", "/tickets/1/reply", `{"content":"<p>Done",`+author+`}`)
		reply.wants(t, 201)
		got, _ := s.Ticket(1)
		last := got.Messages[len(got.Messages)-1]
		if id := reply.field(t, "id"); id != last.ID || len(last.ID) != 26 || last.AuthorID != authorID ||
			last.Content != "<p>Done" || (last.Type == "internal") != (authorID == operator.ID) {
			t.Errorf("%s: %+v", reply.body, last)
		}
	}

	for _, refused := range []struct {
		method, path, sent string
		violates           bool
	}{
		{"POST", "/tickets/as-contact", `{"contact_email":"joe@example.com","subject":"S"}`, true},
		{"POST", "/tickets/as-contact", `{"contact_email":"joe","subject":"S","message_content":"M"}`, false},
		{"POST", "/tickets/as-contact", strings.Replace(sent, "{", `{"assigned_department_id":"x",`, 1), false},
		{"PATCH", "/tickets/1", `{"subject":"Other"}`, true},
		{"PATCH", "/tickets/1", `{"status":"closed"}`, true},
		{"PATCH", "/tickets/1", `{"assigned":{"type":"operator","id":"x"}}`, false},
		{"PATCH", "/tickets/1", `{"assigned":{"type":"department","id":"x"}}`, false},
		{"POST", "/tickets/1/reply", `{"author_type":"bot","content":"x"}`, true},
		{"POST", "/tickets/1/reply", `{"author_type":"operator","content":"x"}`, false},
	} {
		before := s.Tickets()
		s.ask(t, refused.method, refused.path, refused.sent).refused(t, 422, "validation_error")
		if v := s.takeViolations(); (len(v) == 1) != refused.violates {
			t.Errorf("%s: violations %q", refused.sent, v)
		}
		if !reflect.DeepEqual(before, s.Tickets()) {
			t.Errorf("%s: refused, and done", refused.sent)
		}
	}
	s.ask(t, "PATCH", "/tickets/99", `{}`).refused(t, 404, "not_found")
	s.ask(t, "POST", "/tickets/99/reply", `{"author_type":"contact","content":"x"}`).refused(t, 404, "not_found")
	s.ask(t, "DELETE", "/tickets/1", "").wants(t, 204, "")
	s.ask(t, "GET", "/tickets/1", "").refused(t, 404, "not_found")
	s.ask(t, "POST", "/tickets/as-contact", sent).wants(t, 201, `{"id":3}`) // no id comes twice
	mustPanic(t, "id taken", func() { s.AddTicket(tidiomock.Ticket{ID: 3}) })
}
