package tidiomock_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What each API sends of each noun: with all fields, and with none but those that are required.
func TestShapes_reads(t *testing.T) {
	const (
		v1Jane = `{"id":"1","name":"Jane <b>","email":"jane@example.com","phone":"5","created_at":"then",` +
			`"properties":{"a":true,"b":null,"c":1.5,"d":7,"e":{"f":[1,null]},"g":"😕"}}`
		v1Joe = `{"id":"a/b","name":"Joe Doe","email":null,"phone":null,"created_at":"then","properties":{}}`
		jane  = `{"id":"1","distinct_id":"u1","first_name":"Jane","last_name":null,"email":"jane@example.com",` +
			`"phone":"5","language":"en","country":"US","city":"Paris","created_at":"then","email_consent":"subscribed",` +
			`"messenger_id":null,"instagram_id":null,"properties":[{"name":"a","value":true},{"name":"b","value":null},` +
			`{"name":"c","value":"1.5"},{"name":"d","value":"7"},{"name":"e","value":{"f":[1,null]}},{"name":"g","value":"😕"}]}`
		joe = `{"id":"a/b","distinct_id":null,"first_name":"Joe","last_name":"Doe","email":null,"phone":null,` +
			`"language":null,"country":null,"city":null,"created_at":"then","email_consent":"unsubscribed",` +
			`"messenger_id":null,"instagram_id":null,"properties":[]}`

		v1Plan  = `{"id":"a/b ?%2F#ä","name":"plan","label":"Plan","type":"text"}`
		v1Seats = `{"id":"2","name":"seats","type":"number"}`
		plan    = `{"name":"plan","label":"Plan","type":"text"}`
		seats   = `{"name":"seats","label":null,"type":"number"}`

		v1Ines  = `{"id":"1","name":"Ines","email":"ines@example.com","role":"owner","active":true,"last_seen":"then"}`
		v1Night = `{"id":"2","name":null,"email":null,"role":null,"active":false,"last_seen":null}`
		ines    = `{"id":"1","name":"Ines","email":"ines@example.com","role":"owner","active":true,"last_seen":"then","picture":"x:y"}`
		night   = `{"id":"2","name":null,"email":null,"role":null,"active":false,"last_seen":null,"picture":null}`

		invoice = `{"id":"c1","status":"open","subject":"Invoice","contact_id":"1","operator_id":"o","created_at":"then","updated_at":"now"}`
		silent  = `{"id":"c2","status":null,"subject":null,"contact_id":null,"operator_id":null,"created_at":"then","updated_at":"then"}`

		v1Hello = `{"id":"m1","author_type":"contact","author_id":"1","content":"Hello\n","created_at":"then"}`
		v1Empty = `{"id":"m2","author_type":null,"author_id":null,"content":null,"created_at":"then"}`
		hello   = `{"id":"m1","author_type":"contact","author_id":"1","message":"Hello\n","created_at":"then"}`
		empty   = `{"id":"m2","author_type":null,"author_id":null,"message":null,"created_at":"then"}`

		refund = `{"id":7,"link":"https://panel.example.com/tickets/7","subject":"Refund","contact_id":"1",` +
			`"contact_email":"jane@example.com","priority":"low","status":"solved","assigned_operator_id":"o",` +
			`"assigned_department_id":"d","custom_channel_id":"ch"`
		said = `,"messages":[{"message_id":"s1","created_at":"then","author_type":"contact","author_id":"1",` +
			`"message_type":"public","message_content":"Please","attachments":["x:y"]}]`

		page   = `{"data":[%s],"meta":{"total":2,"page":1}}`
		cursor = `"meta":{"cursor":null,"limit":100}}`
		talk   = `{"conversation_url":"https://panel.example.com/conversations/1","messages":[%s],` + cursor
		both   = `{"id":"1"},{"id":"2"}`
	)
	fill := func(s *server) {
		s.AddProperty(tidiomock.Property{ID: "a/b ?%2F#ä", Name: "plan", Label: "Plan", Type: "text"})
		s.AddProperty(tidiomock.Property{ID: "2", Name: "seats", Type: "number"})
		s.AddContact(tidiomock.Contact{
			ID: "1", Name: "Jane <b>", Email: "jane@example.com", Phone: "5", CreatedAt: "then", DistinctID: "u1",
			FirstName: "Jane", Language: "en", Country: "US", City: "Paris", EmailConsent: "subscribed",
			Properties: map[string]any{
				"a": true, "b": nil, "c": 1.5, "d": 7, "e": map[string]any{"f": []any{1, nil}}, "g": "😕",
			},
		})
		s.AddContact(tidiomock.Contact{ID: "a/b", FirstName: "Joe", LastName: "Doe", CreatedAt: "then"})
		s.AddOperator(tidiomock.Operator{
			ID: "1", Name: "Ines", Email: "ines@example.com", Role: "owner", Active: true, LastSeen: "then", Picture: "x:y",
		})
		s.AddOperator(tidiomock.Operator{ID: "2"})
		s.AddConversation(tidiomock.Conversation{
			ID: "c1", Status: "open", Subject: "Invoice", ContactID: "1", OperatorID: "o", CreatedAt: "then", UpdatedAt: "now",
		})
		s.AddConversation(tidiomock.Conversation{ID: "c2", CreatedAt: "then"})
		s.AddMessages("c1",
			tidiomock.Message{ID: "m1", AuthorType: "contact", AuthorID: "1", Content: "Hello\n", CreatedAt: "then"},
			tidiomock.Message{ID: "m2", CreatedAt: "then"})
		s.AddDepartment(tidiomock.Department{ID: "d", Name: "Billing"})
		s.AddDepartment(tidiomock.Department{ID: "e"})
		s.AddTicket(tidiomock.Ticket{
			ID: 7, Subject: "Refund", ContactID: "1", ContactEmail: "jane@example.com", Status: "solved", Priority: "low",
			OperatorID: "o", DepartmentID: "d", ChannelID: "ch", Messages: []tidiomock.TicketMessage{{
				ID: "s1", CreatedAt: "then", AuthorType: "contact", AuthorID: "1", Content: "Please", Attachments: []string{"x:y"},
			}},
		})
	}
	for _, test := range []struct{ path, full, required string }{
		{"/v1/properties", fmt.Sprintf(page, v1Plan+","+v1Seats), fmt.Sprintf(page, strings.Replace(v1Plan, `"label":"Plan",`, "", 1)+","+v1Seats)},
		{"/v1/properties/2", v1Seats, v1Seats},
		{"/v1/properties/a%2Fb%20%3F%252F%23%C3%A4", v1Plan, strings.Replace(v1Plan, `"label":"Plan",`, "", 1)},
		{"/v1/contacts", fmt.Sprintf(page, v1Jane+","+v1Joe), fmt.Sprintf(page, `{"id":"1"},{"id":"a/b"}`)},
		{"/v1/contacts/1", v1Jane, `{"id":"1"}`},
		{"/v1/contacts/a%2Fb", v1Joe, `{"id":"a/b"}`},
		{"/v1/operators", fmt.Sprintf(page, v1Ines+","+v1Night), fmt.Sprintf(page, both)},
		{"/v1/operators/1", v1Ines, `{"id":"1"}`},
		{"/v1/conversations", fmt.Sprintf(page, invoice+","+silent), fmt.Sprintf(page, `{"id":"c1"},{"id":"c2"}`)},
		{"/v1/conversations/c2", silent, `{"id":"c2"}`},
		{"/v1/conversations/c1/messages", fmt.Sprintf(page, v1Hello+","+v1Empty), fmt.Sprintf(page, `{"id":"m1"},{"id":"m2"}`)},
		{"/v1/conversations/c2/messages", `{"data":[],"meta":{"total":0,"page":1}}`, `{"data":[],"meta":{"total":0,"page":1}}`},
		{"/contact-properties", `{"properties":[` + plan + "," + seats + "]," + cursor, `{"properties":[{"name":"plan","type":"text"},{"name":"seats","type":"number"}],` + cursor},
		{"/contacts", `{"contacts":[` + jane + "," + joe + "]," + cursor, `{"contacts":[{"id":"1"},{"id":"a/b"}],` + cursor},
		{"/contacts/1", jane, `{"id":"1"}`},
		{"/contacts/1/messages", fmt.Sprintf(talk, hello+","+empty), fmt.Sprintf(talk, `{"id":"m1"},{"id":"m2"}`)},
		{"/operators", `{"operators":[` + ines + "," + night + "]," + cursor, `{"operators":[` + both + "]," + cursor},
		{"/tickets", `{"tickets":[` + refund + "}]," + cursor, `{"tickets":[{"id":7}],` + cursor},
		{"/tickets/7", refund + said + "}", `{"id":7}`},
		{"/project", `{"project_id":7,"status":"offline"}`, `{"project_id":7}`},
		{"/departments", `{"departments":[{"id":"GENERAL","name":"General"},{"id":"d","name":"Billing"},{"id":"e","name":null}]}`, `{"departments":[{"id":"GENERAL"},{"id":"d"},{"id":"e"}]}`},
	} {
		for _, replies := range []tidiomock.Replies{
			{}, {OmitOptional: true}, {WrapSingle: true}, {OmitOptional: true, WrapSingle: true},
		} {
			s := start(t, tidiomock.Config{Replies: replies})
			s.SetProject(tidiomock.Project{ID: 7, Status: "offline"})
			fill(s)
			want := test.full
			if replies.OmitOptional {
				want = test.required
			}
			want = strings.ReplaceAll(want, "GENERAL", "8f1c6f0e-4d2b-4a57-9c1e-6b7d0a3e5f10")
			if replies.WrapSingle && strings.HasPrefix(test.path, "/v1") && !strings.Contains(want, `"meta"`) {
				want = `{"data":` + want + `}`
			}
			s.read(t, test.path).wants(t, 200, want)
		}
	}
}

// A write over v1 is answered in each of the shapes that the contract leaves open, and acts all the same.
func TestShapes_v1Writes(t *testing.T) {
	const (
		property = `{"id":"ID","name":"new","label":"New","type":"url"}`
		contact  = `{"id":"ID","name":"New","email":null,"phone":null,"properties":{},"created_at":"TIME"}`
	)
	data := func(object string) string { return `{"data":` + object + `}` }
	for name, test := range map[string]struct {
		replies           tidiomock.Replies
		property, contact string
	}{
		"full":       {tidiomock.Replies{}, property, contact},
		"wrapped":    {tidiomock.Replies{WrapSingle: true}, data(property), data(contact)},
		"required":   {tidiomock.Replies{OmitOptional: true}, `{"id":"ID","name":"new","type":"url"}`, `{"id":"ID"}`},
		"id only":    {tidiomock.Replies{Write: tidiomock.IDOnly}, `{"id":"ID"}`, `{"id":"ID"}`},
		"wrapped id": {tidiomock.Replies{Write: tidiomock.IDOnly, WrapSingle: true}, data(`{"id":"ID"}`), data(`{"id":"ID"}`)},
		"empty":      {tidiomock.Replies{Write: tidiomock.EmptyBody}, ``, ``},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, tidiomock.Config{Replies: test.replies})
			created := s.do(t, "POST", "/properties", `{"name":"new","type":"url","label":"New"}`)
			p, _ := s.Property("new")
			created.wants(t, 201, strings.Replace(test.property, "ID", p.ID, 1))
			if p != (tidiomock.Property{ID: p.ID, Name: "new", Label: "New", Type: "url"}) {
				t.Errorf("stored %+v", p)
			}
			created = s.do(t, "POST", "/contacts", `{"name":"New"}`)
			c := s.Contacts()[0]
			created.wants(t, 201, strings.NewReplacer("ID", c.ID, "TIME", c.CreatedAt).Replace(test.contact))
			changed := strings.NewReplacer("ID", c.ID, "TIME", c.CreatedAt, `"New"`, `"Joan"`).Replace(test.contact)
			s.do(t, "PATCH", "/contacts/"+c.ID, `{"name":"Joan"}`).wants(t, 200, changed)
			if now, _ := s.Contact(c.ID); now.Name != "Joan" {
				t.Errorf("stored %+v", now)
			}
			deleted := s.do(t, "DELETE", "/contacts/"+c.ID, "")
			deleted.wants(t, 204, "")
			for _, name := range []string{"Content-Type", "Content-Length"} {
				if got := deleted.header.Values(name); got != nil {
					t.Errorf("%s: %q", name, got)
				}
			}
		})
	}
}

// What is made without a time has the present one, whoever makes it.
func TestShapes_times(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{})
		want := time.Now().UTC().Format(time.RFC3339)
		m.AddContact(tidiomock.Contact{})
		direct(m, v1Request(t, "POST", "/v1/contacts", `{"name":"Jane"}`)).wants(t, 201)
		m.AddContacts(1, func(int) tidiomock.Contact { return tidiomock.Contact{} })
		if c := m.AddConversation(tidiomock.Conversation{}); c.CreatedAt != want || c.UpdatedAt != want || c.ID == "" {
			t.Errorf("conversation %+v", c)
		}
		if said := m.AddTicket(tidiomock.Ticket{Messages: []tidiomock.TicketMessage{{}}}).Messages[0]; said.CreatedAt != want {
			t.Errorf("message of a ticket: %+v", said)
		}
		sleep(time.Hour)
		m.AddContact(tidiomock.Contact{CreatedAt: want})
		for _, c := range m.Contacts() {
			if c.CreatedAt != want || !strings.HasSuffix(want, "Z") {
				t.Errorf("created at %q, want %q", c.CreatedAt, want)
			}
		}
	})
}
