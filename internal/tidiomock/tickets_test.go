package tidiomock_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestTickets(t *testing.T) {
	s := start(t, tidiomock.Config{})
	operator := s.AddOperator(tidiomock.Operator{Name: "Ines"})
	billing := s.AddDepartment(tidiomock.Department{Name: "Billing"})
	jane := s.AddContact(tidiomock.Contact{Email: "Jane@example.com"})
	s.AddContact(tidiomock.Contact{Email: "jane@example.com"})
	ticket := func(id int) tidiomock.Ticket {
		t.Helper()
		i := slices.IndexFunc(s.Tickets(), func(t tidiomock.Ticket) bool { return t.ID == id })
		if i < 0 {
			t.Fatalf("no ticket %d", id)
		}
		return s.Tickets()[i]
	}

	const sent = `{"contact_email":"jane@example.com","subject":"Refund","message_content":"Please"}`
	s.ask(t, "POST", "/tickets/as-contact", sent).wants(t, 201, `{"id":1}`)
	want := ticket(1)
	if said := want.Messages[0]; want.ContactID != jane.ID || want.ContactEmail != "jane@example.com" ||
		want.Subject != "Refund" || want.Status != "open" || want.Priority != "normal" || want.OperatorID != "" ||
		said.AuthorType != "contact" || said.AuthorID != jane.ID || said.Type != "public" || said.Content != "Please" {
		t.Errorf("%+v", want)
	}
	if got := s.ask(t, "GET", "/tickets/1", "").body; !strings.Contains(got, `"attachments":[]`) {
		t.Errorf("no empty list in %s", got)
	}
	departments := s.ask(t, "GET", "/departments", "").field(t, "departments").([]any)
	if general := departments[0].(map[string]any); general["name"] != "General" || general["id"] != want.DepartmentID {
		t.Errorf("it went to %s, not to %v", want.DepartmentID, general)
	}

	// A new address makes a contact.
	s.ask(t, "POST", "/tickets/as-contact", `{"contact_email":"joe@example.com","subject":"S","message_content":"M",`+
		`"assigned_department_id":"`+billing.ID+`","custom_channel_id":"7","tag_ids":[1],`+
		`"custom_fields":[{"id":"F1","value":"x"}]}`).wants(t, 201, `{"id":2}`)
	joe, second := s.Contacts()[2], ticket(2)
	if joe.Email != "joe@example.com" || second.ContactID != joe.ID || second.DepartmentID != billing.ID ||
		second.ChannelID != "7" || !slices.Equal(second.TagIDs, []int{1}) || second.CustomFields["F1"] != "x" {
		t.Errorf("%+v of %+v", second, joe)
	}

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
			want.CustomFields = tidiomock.CustomFields{"a": "1", "b": "2"}
		}},
		{`{"custom_fields":[{"id":"a","value":null}]}`, func() { delete(want.CustomFields, "a") }},
		{`{"assigned":{"type":"operator","id":"` + operator.ID + `"}}`, func() { want.OperatorID = operator.ID }},
		{`{"assigned":{"type":"department","id":"` + billing.ID + `"}}`, func() {
			want.OperatorID, want.DepartmentID = "", billing.ID
		}},
	} {
		s.ask(t, "PATCH", "/tickets/1", step.sent).wants(t, 204, "")
		step.change()
		if got := ticket(1); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", step.sent, got, want)
		}
	}

	for author, authorID := range map[string]string{
		`"author_type":"contact"`: jane.ID,
		`"author_type":"operator","operator_id":"` + operator.ID + `","message_type":"internal"`: operator.ID,
	} {
		reply := s.ask(t, "POST", "/tickets/1/reply", `{"content":"<p>Done",`+author+`}`)
		reply.wants(t, 201)
		messages := ticket(1).Messages
		last := messages[len(messages)-1]
		if id := reply.field(t, "id"); id != last.ID || len(last.ID) != 26 || last.AuthorID != authorID ||
			last.Content != "<p>Done" || (last.Type == "internal") != (authorID == operator.ID) {
			t.Errorf("%s: %+v", reply.body, last)
		}
	}

	for _, refused := range []struct {
		method, path, sent string
		violations         int
	}{
		{"POST", "/tickets/as-contact", `{"contact_email":"joe@example.com","subject":"S"}`, 1},
		{"POST", "/tickets/as-contact", `{"contact_email":"joe","subject":"S","message_content":"M"}`, 0},
		{"POST", "/tickets/as-contact", strings.Replace(sent, "{", `{"assigned_department_id":"x",`, 1), 0},
		{"PATCH", "/tickets/1", `{"subject":"Other"}`, 1},
		{"PATCH", "/tickets/1", `{"status":"closed"}`, 1},
		{"PATCH", "/tickets/1", `{"assigned":{"type":"operator","id":"x"}}`, 0},
		{"PATCH", "/tickets/1", `{"assigned":{"type":"department","id":"x"}}`, 0},
		{"POST", "/tickets/1/reply", `{"author_type":"bot","content":"x"}`, 1},
		{"POST", "/tickets/1/reply", `{"author_type":"operator","content":"x"}`, 0},
	} {
		before := s.Tickets()
		s.ask(t, refused.method, refused.path, refused.sent).refused(t, 422, "validation_error")
		s.wantsViolations(t, refused.violations, refused.path)
		if !reflect.DeepEqual(before, s.Tickets()) {
			t.Errorf("%s: refused, and done", refused.sent)
		}
	}
	s.ask(t, "PATCH", "/tickets/99", `{}`).refused(t, 404, "not_found")
	s.ask(t, "POST", "/tickets/99/reply", `{"author_type":"contact","content":"x"}`).refused(t, 404, "not_found")
	s.ask(t, "DELETE", "/tickets/2", "").wants(t, 204, "")
	s.ask(t, "GET", "/tickets/2", "").refused(t, 404, "not_found")
	s.ask(t, "POST", "/tickets/as-contact", sent).wants(t, 201, `{"id":3}`) // no id comes twice
	mustPanic(t, "id taken", func() { s.AddTicket(tidiomock.Ticket{ID: 3}) })
}
