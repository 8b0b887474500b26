package acctest

import (
	"testing"
)

func TestScrub(t *testing.T) {
	for name, c := range map[string]struct{ noun, body, want string }{
		"a contact": {
			"contacts",
			`{"id":"c1","name":"Jane","email":"jane@doe.example","phone":"+49 30 1234567",` +
				`"created_at":"2026-03-01T00:00:00Z","seen":"2026-03-01T00:00:00+01:00",` +
				`"subscribed":true,"visits":12,"nothing":null,"empty":""}`,
			`{"created_at":"2026-03-01T00:00:00Z","email":"person1@example.com","empty":"","id":"c1",` +
				`"name":"text 1","nothing":null,"phone":"+1 202 555 0101","seen":"2026-01-01T00:00:00Z",` +
				`"subscribed":false,"visits":1}`,
		},
		"values, whatever they are called": {
			"contacts",
			`{"properties":{"id":"12 34 56 78","type":"vip","total":9,"tags":["a","b"],"deep":{"id":"x"}}}`,
			`{"properties":{"deep":{"id":"text 1"},"id":"+1 202 555 0101","tags":["text 2","text 3"],` +
				`"total":1,"type":"text 4"}}`,
		},
		"an IP address": {"contacts", `{"ip":"203.0.113.9"}`, `{"ip":"+1 202 555 0101"}`},
		"ours": {
			"contacts",
			`{"name":"tf_acc_Jane","email":"tf_acc_jane@example.com","phone":"+12025550123",` +
				`"properties":{"tf_acc_seats":7,"tf_acc_tier":"gold","tf_acc_mail":"jane@doe.example"}}`,
			`{"email":"tf_acc_jane@example.com","name":"tf_acc_Jane","phone":"+12025550123",` +
				`"properties":{"tf_acc_mail":"person1@example.com","tf_acc_seats":7,"tf_acc_tier":"gold"}}`,
		},
		"not ours": {"contacts", `{"email":"tf_acc_jane@doe.example"}`, `{"email":"person1@example.com"}`},
		"a definition": {
			"properties",
			`{"data":[{"id":"p1","name":"seats","label":"Seats","type":"number","by":"Jane"}],"meta":{"total":1}}`,
			`{"data":[{"by":"text 1","id":"p1","label":"Seats","name":"seats","type":"number"}],` +
				`"meta":{"total":1}}`,
		},
		"messages": {
			"messages",
			`{"data":[{"content":"<b>Hi</b> & co","author_type":"bot"},{"content":"Hi"},` +
				`{"content":"<b>Hi</b> & co"}]}`,
			`{"data":[{"author_type":"bot","content":"text 1"},{"content":"text 2"},{"content":"text 1"}]}`,
		},
		"one address in two spellings": {
			"operators",
			`{"data":[{"email":"Jane@doe.example"},{"email":"jo@doe.example"},{"email":"jane@DOE.example"}]}`,
			`{"data":[{"email":"person1@example.com"},{"email":"person2@example.com"},` +
				`{"email":"person1@example.com"}]}`,
		},
		"a contact, published": {
			"contacts",
			`{"contacts":[{"id":"c1","distinct_id":"customer-7","first_name":"Jane","last_name":"Doe","language":"de",` +
				`"country":"DE","city":"Berlin","email_consent":"subscribed","properties":[{"name":"plan","value":"gold"},` +
				`{"name":"seats","value":7},{"name":"id","value":null}]}],"meta":{"cursor":"amFuZQ==","limit":25}}`,
			`{"contacts":[{"city":"text 1","country":"text 2","distinct_id":"text 3","email_consent":"text 4",` +
				`"first_name":"text 5","id":"c1","language":"text 6","last_name":"text 7","properties":[{"name":"plan",` +
				`"value":"text 8"},{"name":"seats","value":1},{"name":"id","value":null}]}],` +
				`"meta":{"cursor":"cursor+/1=","limit":25}}`,
		},
		"ours, published": {
			"contacts",
			`{"id":"c1","distinct_id":"tf_acc_1","properties":[{"name":"plan","value":"tf_acc_gold"}]}`,
			`{"distinct_id":"tf_acc_1","id":"c1","properties":[{"name":"plan","value":"tf_acc_gold"}]}`,
		},
		"definitions, published": {
			"contact-properties",
			`{"properties":[{"name":"seats","label":"Seats","type":"number","by":"Jane"}]}`,
			`{"properties":[{"by":"text 1","label":"Seats","name":"seats","type":"number"}]}`,
		},
		"an operator, published": {
			"operators",
			`{"operators":[{"id":"o1","active":true,"role":"owner","name":"Jane","last_seen":"2026-03-01T00:00:00+00:00",` +
				`"picture":"https://cdn.example/jane.png"}]}`,
			`{"operators":[{"active":true,"id":"o1","last_seen":"2026-01-01T00:00:00Z","name":"text 1","picture":"text 2",` +
				`"role":"owner"}]}`,
		},
		"a ticket": {
			"tickets",
			`{"id":7001234,"link":"https://tidio.example/7001234","subject":"Refund","contact_email":"jane@doe.example",` +
				`"contact_id":"c1","priority":"low","status":"open","assigned_operator_id":"o1","messages":[{` +
				`"message_id":"01A","author_type":"contact","author_id":"c1","message_type":"public",` +
				`"message_content":"Hi","attachments":["https://cdn.example/a.pdf"]}]}`,
			`{"assigned_operator_id":"o1","contact_email":"person1@example.com","contact_id":"c1","id":7001234,` +
				`"link":"text 1","messages":[{"attachments":["text 2"],"author_id":"c1","author_type":"contact",` +
				`"message_content":"text 3","message_id":"01A","message_type":"public"}],"priority":"low",` +
				`"status":"open","subject":"text 4"}`,
		},
		"messages, published": {
			"messages",
			`{"messages":[{"id":"m1","author_type":"bot","message":"Hi"}],"conversation_url":"https://tidio.example/c1"}`,
			`{"conversation_url":"text 1","messages":[{"author_type":"bot","id":"m1","message":"text 2"}]}`,
		},
		"departments": {"departments", `{"departments":[{"id":"d1","name":"Sales"}]}`, `{"departments":[{"id":"d1","name":"text 1"}]}`},
		"the project": {"project", `{"project_id":4711,"status":"online"}`, `{"project_id":1,"status":"online"}`},
		"digits are kept": {
			"contacts", `{"properties":{"tf_acc_n":1.50e30}}`, `{"properties":{"tf_acc_n":1.50e30}}`,
		},
		"nothing": {"contacts", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := newScrubber().body(c.noun, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			again, err := newScrubber().body(c.noun, got)
			if err != nil || again != got {
				t.Errorf("scrubbed again: %s, %v", again, err)
			}
		})
	}
}
