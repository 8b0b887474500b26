package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What data sources show over the published API, and what each costs in requests.
func TestDataSourcesPublished(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.SetProject(tidiomock.Project{ID: 4711, Status: "online"})
	jane := m.AddContact(tidiomock.Contact{
		DistinctID: "u-1", FirstName: "Jane", LastName: "Doe", Email: "jane@example.com", Phone: "+1 202 555 0100",
		Language: "de", Country: "DE", City: "Berlin", Properties: map[string]any{"tier": "gold"},
	})
	m.AddContact(tidiomock.Contact{FirstName: "Joe"})
	m.AddMessages(m.AddConversation(tidiomock.Conversation{ContactID: jane.ID}).ID,
		tidiomock.Message{ID: "m1", AuthorType: "contact", AuthorID: jane.ID, Content: "Hello"},
		tidiomock.Message{ID: "m2", AuthorType: "operator", AuthorID: "o1", Content: "Hi"})
	m.AddOperator(tidiomock.Operator{ID: "o1", Email: "ops@example.com", Picture: "https://www.example.com/o1.png"})
	billing := m.AddDepartment(tidiomock.Department{Name: "Billing"})
	ticket := m.AddTicket(tidiomock.Ticket{
		Subject: "Refund", ContactID: jane.ID, ContactEmail: "jane@example.com", OperatorID: "o1", DepartmentID: billing.ID,
		Priority: "urgent", Messages: []tidiomock.TicketMessage{
			{ID: "01A", AuthorType: "contact", Content: "Please", Attachments: []string{"https://www.example.com/a.pdf"}},
			{ID: "01B", AuthorType: "operator", AuthorID: "o1", Type: "internal", Content: "Hm"},
		},
	})
	m.AddTicket(tidiomock.Ticket{Subject: "Other", ContactEmail: "joe@example.com", Status: "solved"})
	number := fmt.Sprint(ticket.ID)
	full := attributes{
		"id": jane.ID, "distinct_id": "u-1", "name": "Jane Doe", "first_name": "Jane", "last_name": "Doe",
		"email": "jane@example.com", "phone": "+1 202 555 0100", "language": "de", "country": "DE", "city": "Berlin",
		"email_consent": "unsubscribed", "properties": map[string]any{"tier": "gold"}, "created_at": jane.CreatedAt,
	}
	inList := attributes{
		"id": number, "subject": "Refund", "contact_id": jane.ID, "contact_email": "jane@example.com", "priority": "urgent",
		"status": "open", "operator_id": "o1", "department_id": billing.ID, "custom_channel_id": nil,
	}
	for name, c := range map[string]struct {
		block    string // of the data source one
		address  string
		want     attributes
		rows     string // the attribute that lists objects, "" = none
		first    attributes
		count    int
		requests int
	}{
		"contact by id":          {`id = "` + jane.ID + `"`, "tidio_contact", full, "", nil, 0, 1},
		"contact by e-mail":      {`email = "JANE@example.com"`, "tidio_contact", attributes{"id": jane.ID}, "", nil, 0, 1},
		"contact by distinct_id": {`distinct_id = "u-1"`, "tidio_contact", full, "", nil, 0, 1},
		"contacts":               {``, "tidio_contacts", nil, "contacts", full, 2, 1},
		"contacts by e-mail":     {`email = "jane@example.com"`, "tidio_contacts", nil, "contacts", full, 1, 1},
		"contacts by name":       {`name = "Jane Doe"`, "tidio_contacts", nil, "contacts", full, 1, 1},
		"operator": {
			`email = "ops@example.com"`, "tidio_operator", attributes{"picture": "https://www.example.com/o1.png"}, "", nil, 0, 1,
		},
		"messages": {
			`contact_id = "` + jane.ID + `"`, "tidio_messages",
			attributes{"conversation_url": "https://panel.example.com/conversations/" + jane.ID},
			"messages",
			attributes{"id": "m1", "author_type": "contact", "author_id": jane.ID, "content": "Hello"},
			2, 1,
		},
		"ticket":  {`id = "` + number + `"`, "tidio_ticket", inList, "messages", attributes{"content": "Please"}, 2, 1},
		"tickets": {``, "tidio_tickets", attributes{"truncated": false}, "tickets", inList, 2, 1},
		"tickets of a contact": {
			"contact_email = \"JANE@example.com\"\n  max_results = 1", "tidio_tickets", nil, "tickets", inList, 1, 1,
		},
		"tickets of a kind": {
			"status = \"open\"\n  priority = \"urgent\"\n  operator_id = \"o1\"\n  department_id = \"" + billing.ID + "\"",
			"tidio_tickets", nil, "tickets", inList, 1, 1,
		},
		"truncated": {`max_results = 1`, "tidio_tickets", attributes{"truncated": true}, "tickets", inList, 1, 1},
		"department by name": {
			`name = "Billing"`, "tidio_department", attributes{"id": billing.ID, "name": "Billing"}, "", nil, 0, 1,
		},
		"department by id": {`id = "` + billing.ID + `"`, "tidio_department", attributes{"name": "Billing"}, "", nil, 0, 1},
		"departments":      {``, "tidio_departments", nil, "departments", attributes{"name": "General"}, 2, 1},
		"project":          {``, "tidio_project", attributes{"id": "4711", "status": "online"}, "", nil, 0, 1},
	} {
		t.Run(name, func(t *testing.T) { // not in parallel: they count requests to one mock
			core := acctest.NewCore(t)
			m.ResetRequests()
			core.Plan(m.PublishedConfig("data \"" + c.address + "\" \"one\" {\n  " + c.block + "\n}\n"))
			expectSent(t, m, c.requests)
			core.Apply(m.PublishedConfig("data \"" + c.address + "\" \"one\" {\n  " + c.block + "\n}\n"))
			address := "data." + c.address + ".one"
			core.ExpectState(address, c.want)
			if c.rows == "" {
				return
			}
			rows := core.State(address)[c.rows].([]any)
			if len(rows) != c.count {
				t.Fatalf("%d rows, want %d", len(rows), c.count)
			}
			first := rows[0].(map[string]any)
			for key, want := range c.first {
				if fmt.Sprint(first[key]) != fmt.Sprint(want) {
					t.Errorf("%s is %v, want %v", key, first[key], want)
				}
			}
		})
	}
}

func TestDataSourcesPublished_badInput(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	first := m.AddDepartment(tidiomock.Department{Name: "Twice"})
	m.AddDepartment(tidiomock.Department{Name: "Twice"})
	one := m.AddContact(tidiomock.Contact{DistinctID: "twice", Email: "jane@example.com"})
	m.AddContact(tidiomock.Contact{DistinctID: "twice", Email: "Jane@example.com"})
	m.AddContact(tidiomock.Contact{ID: "odd", FirstName: "Joe", Properties: map[string]any{"note": map[string]any{"a": 1}}})
	published, v1 := m.PublishedConfig, m.Config
	for name, c := range map[string]struct {
		config func(...string) string
		block  string
		fails  string
	}{
		"conversation":         {published, `"tidio_conversation" "x" { id = "1" }`, `has no conversations.*tidio_tickets`},
		"conversations":        {published, `"tidio_conversations" "x" {}`, `has no conversations.*tidio_messages with contact_id`},
		"conversation_id":      {published, `"tidio_messages" "x" { conversation_id = "1" }`, `, conversation_id Set contact_id instead`},
		"contact_id":           {v1, `"tidio_messages" "x" { contact_id = "1" }`, `, contact_id Set conversation_id instead`},
		"neither":              {v1, `"tidio_messages" "x" {}`, `(?i)exactly one`},
		"no such contact":      {published, `"tidio_messages" "x" { contact_id = "1" }`, `There is no contact with the id "1"`},
		"e-mail as contact_id": {published, `"tidio_messages" "x" { contact_id = "a@example.com" }`, `is not an id`},
		"ticket over v1":       {v1, `"tidio_ticket" "x" { id = "1" }`, `v1 \(api_key\) has no tickets .*Set client_id`},
		"tickets over v1":      {v1, `"tidio_tickets" "x" {}`, `v1 \(api_key\) has no tickets`},
		"department over v1":   {v1, `"tidio_department" "x" { name = "Billing" }`, `v1 \(api_key\) has no departments`},
		"departments over v1":  {v1, `"tidio_departments" "x" {}`, `v1 \(api_key\) has no departments`},
		"project over v1":      {v1, `"tidio_project" "x" {}`, `v1 \(api_key\) does not report its project`},
		"distinct_id over v1":  {v1, `"tidio_contact" "x" { distinct_id = "1" }`, `does not support distinct_id .*, distinct_id`},
		"a word for a ticket":  {published, `"tidio_ticket" "x" { id = "refund" }`, `The id of a ticket is a number .*, id`},
		"an address for one":   {published, `"tidio_ticket" "x" { id = "a@example.com" }`, `tidio_tickets with contact_email`},
		"no such ticket":       {published, `"tidio_ticket" "x" { id = "77" }`, `There is no ticket with the id "77"`},
		"no such department": {
			published, `"tidio_department" "x" { name = "Sales" }`,
			`There is no department with the name "Sales" .*, name .*Use one of the account's departments: .*"General"`,
		},
		"several departments":  {published, `"tidio_department" "x" { name = "Twice" }`, `Several departments .*` + first.ID},
		"two of a distinct_id": {published, `"tidio_contact" "x" { distinct_id = "twice" }`, `Several contacts .*` + one.ID},
		"two of an address":    {published, `"tidio_contact" "x" { email = "jane@example.com" }`, `Several contacts .*` + one.ID},
		"nobody of an address": {published, `"tidio_contact" "x" { email = "no@example.com" }`, `No contact has this e-mail address`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.NewCore(t).Plan(c.config("data "+c.block+"\n"), acctest.Fails(c.fails))
		})
	}
}
