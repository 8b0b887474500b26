package tidiomock

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Seed fills an empty account with what a support team would have: properties of all five types,
// operators, contacts with values, and what they said to each other. The ids are always the same,
// so that a state file outlives the mock; they are v1's, over which the account was made. Nobody in
// it exists.
func (m *Mock) Seed() {
	for _, p := range seedDefaults {
		m.AddDefaultProperty(p)
	}
	for _, p := range seedProperties {
		m.AddProperty(p)
	}
	for _, o := range seedOperators {
		m.AddOperator(o)
	}
	for i, c := range seedContacts {
		if c.Name != "" && c.Email != "" { // those that the account's own system knows
			c.DistinctID = fmt.Sprintf("customer-%d", 1001+i)
			c.Language, c.Country = "en", "US"
		}
		c.FirstName, c.LastName, _ = strings.Cut(c.Name, " ")
		m.AddContact(c)
	}
	for _, c := range seedConversations {
		m.AddConversation(c.Conversation)
		for i, msg := range c.messages {
			msg.ID = fmt.Sprintf("mess_%s_%d", c.ID, i+1)
			m.AddMessages(c.ID, msg)
		}
	}
	for _, d := range seedDepartments {
		m.AddDepartment(d)
	}
	for _, t := range seedTickets {
		m.AddTicket(t)
	}
}

// seedDefaults are examples: which properties Tidio brings along is not documented.
var seedDefaults = []Property{
	{ID: "prop_default_email", Name: "email", Label: "Email", Type: "email"},
	{ID: "prop_default_phone", Name: "phone", Label: "Phone", Type: "phone"},
	{ID: "prop_default_city", Name: "city", Label: "City", Type: "text"},
}

var seedDepartments = []Department{
	{ID: "3d0a9c52-7e14-4f6b-8a2d-5c9be1f40d77", Name: "Billing"},
	{ID: "b6e2f1a8-90c3-4d5e-a7f4-1e8d62c0b935", Name: "Engineering"},
}

var seedTickets = []Ticket{
	{
		ID: 101, Subject: "Refund for a cancelled seat", Status: "solved", Priority: "low",
		ContactID: "cont_w6k3zr9bpe", ContactEmail: "osei@bluekite.example.com",
		OperatorID: "oper_h4m7tz2kwc", DepartmentID: seedDepartments[0].ID,
		Messages: []TicketMessage{
			{
				ID: "01JP0Q8ZK3V5X7B9D2F4H6J8MA", CreatedAt: "2026-03-04T10:11:12Z",
				AuthorType: "contact", AuthorID: "cont_w6k3zr9bpe",
				Content: "We paid for a seat that we cancelled in January.",
			},
			{
				ID: "01JP0QF1N6R8T0W2Y4A6C8E0GB", CreatedAt: "2026-03-04T11:02:40Z",
				AuthorType: "operator", AuthorID: "oper_h4m7tz2kwc",
				Content: "You will find it credited on the next invoice.",
			},
		},
	},
	{
		ID: 102, Subject: "Export stops at 10,000 rows", Status: "open", Priority: "urgent",
		ContactID: "cont_g7t9uk5yqs", ContactEmail: "anneke.ruiz@tidepool.example.com",
		DepartmentID: seedDepartments[1].ID,
		Messages: []TicketMessage{
			{
				ID: "01JP5C2M4P6R8T0V2X4Z6B8D0F", CreatedAt: "2026-03-12T08:30:00Z",
				AuthorType: "contact", AuthorID: "cont_g7t9uk5yqs",
				Content: "The nightly export has had exactly 10,000 rows for three days.",
			},
			{
				ID: "01JP5D7H9K1M3P5R7T9V1X3Z5C", CreatedAt: "2026-03-12T09:00:21Z",
				AuthorType: "operator", AuthorID: "oper_x8q3vd6nfa", Type: "internal",
				Content: "Looks like the page limit of the export job.",
			},
		},
	},
}

var seedProperties = []Property{
	{ID: "prop_4kd7x2mq9a", Name: "plan", Label: "Plan", Type: "text"},
	{ID: "prop_wq6e3ytb5n", Name: "company", Label: "Company", Type: "text"},
	{ID: "prop_c2zr8h7fjd", Name: "seats", Label: "Seats", Type: "number"},
	{ID: "prop_m9p4vxk2su", Name: "monthly_revenue", Label: "Monthly revenue", Type: "number"},
	{ID: "prop_7gtn5qe3wb", Name: "billing_email", Label: "Billing e-mail", Type: "email"},
	{ID: "prop_ya8c6jd4rx", Name: "account_manager", Label: "Account manager", Type: "email"},
	{ID: "prop_e5hk2uz9pm", Name: "on_call_phone", Label: "On-call phone", Type: "phone"},
	{ID: "prop_b3xw7fn6vt", Name: "crm_record", Label: "CRM record", Type: "url"},
	{ID: "prop_tj4s9gq2ck", Name: "status_page", Label: "Status page", Type: "url"},
	{ID: "prop_n6yd8ra5eh", Name: "referrer", Type: "text"}, // nobody gave it a label
}

var seedOperators = []Operator{
	{
		ID: "oper_h4m7tz2kwc", Name: "Ines Calder", Email: "ines.calder@example.com",
		Role: "owner", Active: true, LastSeen: "2026-03-12T16:40:05Z",
	},
	{
		ID: "oper_x8q3vd6nfa", Name: "Tobias Renk", Email: "tobias.renk@example.com",
		Role: "admin", Active: true, LastSeen: "2026-03-12T17:02:51Z",
	},
	{
		ID: "oper_p5r9ye2jgb", Name: "Maud Okafor", Email: "maud.okafor@example.com",
		Role: "agent", Active: true, LastSeen: "2026-03-12T17:05:13Z",
	},
	{
		ID: "oper_c7w4ks3uhm", Name: "Pell Adair", Email: "pell.adair@example.com",
		Role: "agent", Active: true, LastSeen: "2026-03-11T09:21:44Z",
	},
	{
		ID: "oper_d2n6xa8tqv", Name: "Night shift", // shared, so it has no e-mail address
		Role: "agent", Active: true, LastSeen: "2026-03-12T05:58:30Z",
	},
	{
		ID: "oper_j9f3bg5zre", Name: "Corin Wexley", Email: "corin.wexley@example.com",
		Role: "agent", LastSeen: "2025-09-30T15:00:00Z", // has left
	},
}

var seedContacts = []Contact{
	{
		ID: "cont_2vh8m5xqtk", CreatedAt: "2025-02-03T08:14:22Z",
		Name: "Lena Varga", Email: "lena.varga@northwind.example.com", Phone: "+1 202 555 0143",
		Properties: map[string]any{
			"plan": "enterprise", "company": "Northwind Bakery", "seats": 120,
			"monthly_revenue": json.Number("4980.00"), "billing_email": "ap@northwind.example.com",
			"account_manager": "tobias.renk@example.com", "on_call_phone": "+1 202 555 0199",
			"crm_record":  "https://crm.example.com/accounts/1001",
			"status_page": "https://status.northwind.example.com", "referrer": "conference",
		},
	},
	{
		ID: "cont_w6k3zr9bpe", CreatedAt: "2025-02-19T13:45:10Z",
		Name: "Osei Brandt", Email: "osei@bluekite.example.com",
		Properties: map[string]any{
			"plan": "team", "company": "Blue Kite", "seats": 8,
			"monthly_revenue": json.Number("232.50"),
			"crm_record":      "https://crm.example.com/accounts/1002",
		},
	},
	{
		ID: "cont_y4d7nf2guc", CreatedAt: "2025-03-07T10:02:38Z",
		Name: "Marisol Tan", Email: "marisol.tan@example.com", Phone: "+1 202 555 0117",
		Properties: map[string]any{"plan": "free", "referrer": "search"},
	},
	{
		ID: "cont_k8s5qt3hxa", CreatedAt: "2025-04-28T18:30:00Z",
		Email: "newsletter.reader@example.com", // all they left was an address
	},
	{
		ID: "cont_b9e6wj4vmd", CreatedAt: "2025-05-11T07:55:47Z",
		Name: "Dov Hallam", Email: "dov@hallam-and-daughters.example.com",
		Properties: map[string]any{
			"plan": "team", "company": "Hallam & Daughters", "seats": 15,
			"billing_email":   "office@hallam-and-daughters.example.com",
			"account_manager": "ines.calder@example.com",
		},
	},
	{
		ID: "cont_r3p2ca7zfn", CreatedAt: "2025-06-02T21:17:05Z",
		Name: "Visitor 4711", // they gave no address
	},
	{
		ID: "cont_g7t9uk5yqs", CreatedAt: "2025-07-15T11:11:11Z",
		Name: "Anneke Ruiz", Email: "anneke.ruiz@tidepool.example.com", Phone: "+1 202 555 0168",
		Properties: map[string]any{
			"plan": "enterprise", "company": "Tidepool Labs", "seats": 64,
			"monthly_revenue": json.Number("2616.75"),
			"account_manager": "tobias.renk@example.com", "on_call_phone": "+1 202 555 0121",
			"crm_record":  "https://crm.example.com/accounts/1007",
			"status_page": "https://status.tidepool.example.com",
		},
	},
	{
		ID: "cont_n5x8he6dwv", CreatedAt: "2025-09-09T09:09:42Z",
		Name: "Jun Castellane", Email: "jun.castellane@example.com",
		Properties: map[string]any{"plan": "free", "referrer": "a friend"},
	},
	{
		ID: "cont_z2m4yb9rtj", CreatedAt: "2025-10-21T14:26:33Z",
		Phone: "+1 202 555 0185", // called, and asked to be called back
	},
	{
		ID: "cont_f6q7vc3kga", CreatedAt: "2025-11-30T16:48:29Z",
		Name: "Petra Lindqvist", Email: "petra@papertrail.example.com",
		Properties: map[string]any{
			"plan": "team", "company": "Papertrail Archive", "seats": 5,
			"billing_email": "invoices@papertrail.example.com", "referrer": "search",
		},
	},
	{
		ID: "cont_t8j5sd2xne", CreatedAt: "2026-01-08T12:00:54Z",
		Name: "Ravi Stonebridge", Email: "ravi.stonebridge@example.com", Phone: "+1 202 555 0102",
		Properties: map[string]any{"plan": "trial", "seats": 3},
	},
	{
		ID: "cont_h3a9pz6mwu", CreatedAt: "2026-03-12T16:20:18Z",
		Name: "Ilse Marchetti", Email: "ilse@marchetti-travel.example.com",
		Properties: map[string]any{
			"plan": "trial", "company": "Marchetti Travel", "referrer": "partner",
		},
	},
}

var seedConversations = []struct {
	Conversation
	messages []Message
}{
	{
		Conversation{
			ID: "conv_5ykw2r8dqh", Status: "solved", Subject: "Invoice for February",
			ContactID: "cont_2vh8m5xqtk", OperatorID: "oper_h4m7tz2kwc",
			CreatedAt: "2026-03-02T09:30:12Z", UpdatedAt: "2026-03-02T09:41:37Z",
		},
		[]Message{
			{
				AuthorType: "contact", AuthorID: "cont_2vh8m5xqtk",
				CreatedAt: "2026-03-02T09:30:12Z",
				Content:   "Hello, the invoice for February still has our old address.",
			},
			{
				AuthorType: "operator", AuthorID: "oper_h4m7tz2kwc",
				CreatedAt: "2026-03-02T09:38:50Z",
				Content:   "Sorry about that! A corrected one is on its way to your accounts team.",
			},
			{
				AuthorType: "contact", AuthorID: "cont_2vh8m5xqtk",
				CreatedAt: "2026-03-02T09:41:37Z",
				Content:   "It is here. Thank you!",
			},
		},
	},
	{
		Conversation{
			ID: "conv_b7tn4x3muc", Status: "solved", Subject: "How do I add a seat?",
			ContactID: "cont_w6k3zr9bpe", OperatorID: "oper_p5r9ye2jgb",
			CreatedAt: "2026-03-05T14:03:20Z", UpdatedAt: "2026-03-05T14:06:02Z",
		},
		[]Message{
			{
				AuthorType: "contact", AuthorID: "cont_w6k3zr9bpe",
				CreatedAt: "2026-03-05T14:03:20Z",
				Content:   "Where can I add a seat for a new colleague?",
			},
			{
				AuthorType: "bot",
				CreatedAt:  "2026-03-05T14:03:22Z",
				Content:    "Seats are under Billing > Plan. Shall I fetch someone?",
			},
			{
				AuthorType: "contact", AuthorID: "cont_w6k3zr9bpe",
				CreatedAt: "2026-03-05T14:04:41Z",
				Content:   "Yes please, I cannot see \"Billing\".",
			},
			{
				AuthorType: "operator", AuthorID: "oper_p5r9ye2jgb",
				CreatedAt: "2026-03-05T14:06:02Z",
				Content:   "Only owners can. I have sent yours a link that leads right there.",
			},
		},
	},
	{
		Conversation{
			ID: "conv_q9ez6h5wvj", Status: "pending", Subject: "Webhooks arrive twice",
			ContactID: "cont_g7t9uk5yqs", OperatorID: "oper_x8q3vd6nfa",
			CreatedAt: "2026-03-10T08:12:09Z", UpdatedAt: "2026-03-11T10:15:00Z",
		},
		[]Message{
			{
				AuthorType: "contact", AuthorID: "cont_g7t9uk5yqs",
				CreatedAt: "2026-03-10T08:12:09Z",
				Content:   "Since today every webhook arrives twice 😕\nSame id, a second apart.",
			},
			{
				AuthorType: "operator", AuthorID: "oper_d2n6xa8tqv",
				CreatedAt: "2026-03-10T08:19:33Z",
				Content:   "I can reproduce it and have told our engineers.",
			},
			{
				AuthorType: "operator", AuthorID: "oper_x8q3vd6nfa",
				CreatedAt: "2026-03-11T10:15:00Z",
				Content:   "A fix is out. Does it look right on your side?",
			},
		},
	},
	{
		Conversation{
			ID: "conv_m3ud8p7kza", Status: "open", Subject: "Moving from another tool",
			ContactID: "cont_b9e6wj4vmd", OperatorID: "oper_c7w4ks3uhm",
			CreatedAt: "2026-03-11T09:18:00Z", UpdatedAt: "2026-03-11T09:21:44Z",
		},
		[]Message{
			{
				AuthorType: "contact", AuthorID: "cont_b9e6wj4vmd",
				CreatedAt: "2026-03-11T09:18:00Z",
				Content:   "Can we bring our old conversations along?",
			},
			{
				AuthorType: "operator", AuthorID: "oper_c7w4ks3uhm",
				CreatedAt: "2026-03-11T09:21:44Z",
				Content:   "The contacts yes, with all their values. How many do you have?",
			},
		},
	},
	{
		Conversation{
			ID: "conv_x6gc9f2sbt", Status: "open",
			ContactID: "cont_r3p2ca7zfn", // nobody has taken it yet
			CreatedAt: "2026-03-12T03:44:58Z", UpdatedAt: "2026-03-12T03:45:00Z",
		},
		[]Message{
			{
				AuthorType: "contact", AuthorID: "cont_r3p2ca7zfn",
				CreatedAt: "2026-03-12T03:44:58Z",
				Content:   "Is anybody there?",
			},
			{
				AuthorType: "bot",
				CreatedAt:  "2026-03-12T03:45:00Z",
				Content:    "The team is back at 06:00 UTC. Leave an address, and they will write.",
			},
		},
	},
	{
		Conversation{
			ID: "conv_r4vj7q5nye", Status: "open", Subject: "Longer trial",
			ContactID: "cont_h3a9pz6mwu", OperatorID: "oper_p5r9ye2jgb",
			CreatedAt: "2026-03-12T16:20:31Z", UpdatedAt: "2026-03-12T17:05:13Z",
		},
		[]Message{
			{
				AuthorType: "contact", AuthorID: "cont_h3a9pz6mwu",
				CreatedAt: "2026-03-12T16:20:31Z",
				Content:   "We need two more weeks to try this with all of our branches.",
			},
			{
				AuthorType: "operator", AuthorID: "oper_p5r9ye2jgb",
				CreatedAt: "2026-03-12T17:05:13Z",
				Content:   "Done: your trial now ends on 9 April.",
			},
		},
	},
}
