package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// TestPanelHTTP_properties shows what becomes of labels and names.
func TestPanel_properties(t *testing.T) {
	s := start(t, tidiomock.Config{})
	plan := s.AddProperty(tidiomock.Property{Name: "plan", Label: "Plan", Type: "text"})
	s.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	if got, ok := s.Property("plan"); !ok || got != plan || plan.ID == "" {
		t.Fatalf("added %+v, found %+v", plan, got)
	}
	s.SetPropertyLabel("plan", "The plan")
	s.RenameProperty("plan", "tier")
	s.get(t, "/properties/"+plan.ID).wants(t, 200, `{"id":"`+plan.ID+`","name":"tier","label":"The plan","type":"text"}`)

	s.HideProperty("tier")
	s.get(t, "/properties/"+plan.ID).refused(t, 404)
	s.create(t, "tier").refused(t, 400)
	for _, list := range []string{s.get(t, "/properties").body, s.ask(t, "GET", "/contact-properties", "").body} {
		if strings.Contains(list, "tier") || !strings.Contains(list, "seats") {
			t.Errorf("%s", list)
		}
	}
	if _, ok := s.Property("tier"); !ok || len(s.Properties()) != 2 {
		t.Error("the account has lost it")
	}

	s.DeleteProperty("tier")
	s.create(t, "tier").wants(t, 201)
	if again, _ := s.Property("tier"); again.ID == plan.ID || len(s.Properties()) != 2 {
		t.Errorf("%+v", s.Properties())
	}
}

func TestPanel_contacts(t *testing.T) {
	s := start(t, tidiomock.Config{})
	jane := s.AddContact(tidiomock.Contact{Name: "Jane"})
	if got, ok := s.Contact(jane.ID); !ok || !reflect.DeepEqual(got, jane) || jane.ID == "" {
		t.Fatalf("added %+v, found %+v", jane, got)
	}
	s.AddContacts(2, func(i int) tidiomock.Contact {
		return tidiomock.Contact{ID: fmt.Sprint(i), Email: fmt.Sprintf("%d@example.com", i)}
	})
	s.SetContactValue("0", "plan", "team") // whether or not it is defined
	s.SetContactValue("0", "seats", json.Number("7"))
	s.SetContactValue("0", "plan", nil)
	s.SetContactValue("0", "never there", nil)
	s.ChangeContact("0", func(c *tidiomock.Contact) { c.ID, c.Name, c.Email, c.CreatedAt = "9", "Zero", "", "" })
	s.get(t, "/contacts/0").wants(t, 200,
		`{"id":"0","name":"Zero","email":null,"phone":null,"properties":{"seats":7},"created_at":null}`)

	s.DeleteContact("0")
	if _, ok := s.Contact("0"); ok {
		t.Error("deleted, and found")
	}
	all := s.Contacts()
	if len(all) != 2 || !reflect.DeepEqual(all[0], jane) || all[1].Email != "1@example.com" {
		t.Errorf("%+v", all)
	}
}

// TestPanelHTTP_refused has more that cannot be done.
func TestPanel_mistakes(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.AddProperty(tidiomock.Property{ID: "1", Name: "plan", Type: "text"})
	c := m.AddContact(tidiomock.Contact{ID: "1"})
	m.AddConversation(tidiomock.Conversation{ID: "1", ContactID: c.ID})
	m.AddMessages("1", tidiomock.Message{ID: "m"})
	for what, f := range map[string]func(){
		"property taken": func() { m.AddProperty(tidiomock.Property{ID: "1", Name: "x", Type: "url"}) },
		"no property":    func() { m.RenameProperty("plna", "plan") },
		"contact taken":  func() { m.AddContact(c) },
		"no contact":     func() { m.SetContactValue("3", "plan", nil) },
		"no talk":        func() { m.AddMessages("2", tidiomock.Message{}) },
		"message taken":  func() { m.AddMessages("1", tidiomock.Message{ID: "m"}) },
	} {
		mustPanic(t, what, f)
	}
	if _, ok := m.Property("plna"); ok {
		t.Error("found what is not there")
	}
}

// What the mock was given, and what it gave, belongs to the test.
func TestPanel_contactsAreCopies(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	spoil := func(c tidiomock.Contact) { c.Properties["text"] = "spoiled" }
	given := tidiomock.Contact{ID: "1", Properties: map[string]any{"text": "x"}}
	returned := m.AddContact(given)
	spoil(given)
	spoil(returned)
	found, _ := m.Contact("1")
	spoil(found)
	spoil(m.Contacts()[0])
	var leaked tidiomock.Contact
	m.ChangeContact("1", func(c *tidiomock.Contact) { leaked = *c })
	spoil(leaked)
	if got := m.Contacts()[0].Properties["text"]; got != "x" {
		t.Errorf("it is %v", got)
	}
}

// A change that fails changes nothing, and holds up nobody.
func TestPanel_changeThatPanics(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	before := m.AddContact(tidiomock.Contact{Name: "Jane"})
	mustPanic(t, "change", func() {
		m.ChangeContact(before.ID, func(c *tidiomock.Contact) {
			c.Name = "Joan"
			panic("a test that failed")
		})
	})
	if got, _ := m.Contact(before.ID); !reflect.DeepEqual(got, before) {
		t.Errorf("got %+v", got)
	}
}

func TestPanel_isNoRequest(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{RequestsPerMinute: 1})
	m.Arm(tidiomock.Fault{Do: tidiomock.FailBefore})
	m.Seed()
	m.DeleteProperty("plan")
	direct(m.Panel(), newRequest(t, "DELETE", "/panel/properties/seats", "")).wants(t, 204)
	direct(m.Panel(), newRequest(t, "GET", "/panel/contacts", "")).wants(t, 200)
	if len(m.Requests()) != 0 || len(m.Unfired()) != 1 {
		t.Errorf("requests %v, unfired %v", m.Requests(), m.Unfired())
	}
}

func TestPanelHTTP_properties(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{ReadLag: 1e12}) // it shows at once
	m.AddContact(tidiomock.Contact{ID: "1", Properties: map[string]any{"a/b": "x"}})
	panel := m.Panel()
	for _, step := range []struct{ method, path, sent, want, list string }{
		{"POST", "", `{"name":"a/b","type":"text","label":"A"}`, `"name":"a/b","label":"A","type":"text","hidden":false,"default":false`, "[A]"},
		{"PATCH", "/a%2Fb", `{"label":"B"}`, `"name":"a/b","label":"B","type":"text","hidden":false,"default":false`, "[B]"},
		{"PATCH", "/a%2Fb", `{"name":"tier","label":null}`, `"name":"tier","label":"","type":"text","hidden":false,"default":false`, "[]"},
		{"PATCH", "/tier", `{"label":"C","hidden":true}`, `"name":"tier","label":"C","type":"text","hidden":true,"default":false`, ""},
		{"PATCH", "/tier", `{"hidden":false}`, `"name":"tier","label":"C","type":"text","hidden":false,"default":false`, "[C]"},
		{"DELETE", "/tier", ``, ``, ""},
	} {
		got := direct(panel, newRequest(t, step.method, "/panel/properties"+step.path, step.sent))
		shown := direct(panel, newRequest(t, "GET", "/panel/properties", ""))
		if step.want == "" {
			got.wants(t, 204, "")
			shown.wants(t, 200, `{"properties":[]}`)
		} else {
			p := m.Properties()[0]
			got.wants(t, 200, `{"id":"`+p.ID+`",`+step.want+`}`)
			shown.wants(t, 200, `{"properties":[`+got.body+`]}`)
		}
		list := ""
		for _, p := range items(t, direct(m, publishedRequest(t, "GET", "/contact-properties", "")), "properties") {
			list += strings.Replace(fmt.Sprintf("[%v]", p["label"]), "<nil>", "", 1)
		}
		if list != step.list {
			t.Errorf("%s %s: the API lists %s, want %s", step.method, step.sent, list, step.list)
		}
	}
	if got := direct(m, v1Request(t, "GET", "/v1/contacts/1", "")).body; !strings.Contains(got, `"properties":{"tier":"x"}`) {
		t.Errorf("after the change of the name: %s", got)
	}
}

func TestPanelHTTP_contacts(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	m.AddContact(tidiomock.Contact{ID: "a/b", Phone: "5", CreatedAt: "then", Properties: map[string]any{"plan": "team"}})
	m.AddContact(tidiomock.Contact{ID: "2", Email: "joe@example.com"})
	panel := m.Panel()
	ask := func(method, path, body string) answer {
		return direct(panel, newRequest(t, method, "/panel/contacts"+path, body))
	}
	all := `"name":"N","first_name":"F","last_name":"L","email":"e@example.com","phone":"6","distinct_id":"d",` +
		`"language":"en","country":"US","city":"C","email_consent":"subscribed"`
	ask("PATCH", "/a%2Fb", `{`+all+`,"properties":{"plan":null,"seats":1e3}}`).
		wants(t, 200, `{"id":"a/b","created_at":"then",`+all+`,"properties":{"seats":1e3}}`)
	ask("PATCH", "/a%2Fb", `{"phone":null,"email":null}`).wants(t, 200)
	if c, _ := m.Contact("a/b"); c.Phone != "" || c.Email != "" || c.Name != "N" || c.Properties["seats"] != json.Number("1e3") {
		t.Errorf("%+v", c)
	}
	if got := items(t, ask("GET", "", ""), "contacts"); len(got) != 2 || got[0]["id"] != "a/b" || got[0]["name"] != "N" {
		t.Errorf("%v", got)
	}
	if got := ask("POST", "/a%2Fb/merge", `{"into":"2"}`); got.status != 200 || got.field(t, "id") != "2" {
		t.Errorf("%+v", got)
	}
	if got := direct(m, v1Request(t, "GET", "/v1/contacts/a%2Fb", "")); got.field(t, "id") != "2" || len(m.Contacts()) != 1 {
		t.Errorf("after the merge: %s", got.body)
	}
	ask("DELETE", "/2", "").wants(t, 204, "")
	if len(m.Contacts()) != 0 {
		t.Errorf("left: %+v", m.Contacts())
	}
}

// What cannot be done changes nothing, and the message says why.
func TestPanelHTTP_refused(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.Seed()
	m.DeleteContact("cont_2vh8m5xqtk")
	m.AddContact(tidiomock.Contact{ID: "1", Phone: "5"})
	account := func() string {
		return direct(m.Panel(), newRequest(t, "GET", "/panel/contacts", "")).body +
			direct(m.Panel(), newRequest(t, "GET", "/panel/properties", "")).body
	}
	before := account()
	const noBool = "The fields do not fit: json: cannot unmarshal string into Go struct field Property.hidden of type bool."
	for _, test := range []struct {
		method, path, sent string
		status             int
		want               string
	}{
		{"PATCH", "/properties/plna", `{"label":"x"}`, 404, `There is no property "plna".`},
		{"DELETE", "/properties/plna", ``, 404, `There is no property "plna".`},
		{"PATCH", "/properties/plan", `{"colour":"red"}`, 400, `The fields do not fit: json: unknown field "colour".`},
		{"PATCH", "/properties/plan", `{"label":"x","type":"date"}`, 400, `The field "type" must be text, email, number, phone or url.`},
		{"PATCH", "/properties/plan", `{"hidden":null}`, 400, noBool},
		{"PATCH", "/properties/plan", `{"name":""}`, 400, `A property needs a name.`},
		{"PATCH", "/properties/plan", `{"name":"seats"}`, 400, `A property with the name "seats" already exists.`},
		{"PATCH", "/properties/plan", ``, 400, `The body is not a JSON object.`},
		{"PATCH", "/properties/plan", `label=x`, 400, `The body is not a JSON object.`},
		{"PATCH", "/properties/plan", `null`, 400, `The body is not a JSON object.`},
		{"POST", "/properties", `{"name":"plan","type":"text"}`, 400, `A property with the name "plan" already exists.`},
		{"POST", "/properties", `{"type":"text"}`, 400, `A property needs a name.`},
		{"POST", "/properties", `{"name":"new"}`, 400, `The field "type" must be text, email, number, phone or url.`},
		{"POST", "/properties", `{"name":"new","type":"text","id":"x"}`, 400, `The field "id" cannot be set.`},
		{"PATCH", "/contacts/2", `{"phone":"6"}`, 404, `There is no contact "2".`},
		{"DELETE", "/contacts/2", ``, 404, `There is no contact "2".`},
		{"PATCH", "/contacts/1", `{"phone":"6","id":"x"}`, 400, `The field "id" cannot be set.`},
		{"PATCH", "/contacts/1", `{"phone":"6","email":"joe"}`, 400, `The e-mail address is malformed.`},
		{"PATCH", "/contacts/1", `{"phone":"6","properties":[]}`, 400, `The field "properties" must be an object.`},
		{"PATCH", "/contacts/1", `{"phone":"6","properties":{"plna":"x"}}`, 400, `There is no property with the name "plna".`},
		{"PATCH", "/contacts/1", `{"phone":"6","properties":{"seats":"5"}}`, 400, `The value of "seats" must be a number.`},
		{"POST", "/contacts/1/merge", `{"into":"2"}`, 404, `There is no contact "2".`},
		{"POST", "/contacts/1/merge", `{"into":"1"}`, 400, `Contact "1" cannot be merged with itself.`},
		{"POST", "/contacts/1/merge", `{}`, 404, `There is no contact "".`},
	} {
		got := direct(m.Panel(), newRequest(t, test.method, "/panel"+test.path, test.sent))
		if message := got.refused(t, test.status); message != test.want {
			t.Errorf("%s %s: %s\ngot  %q\nwant %q", test.method, test.path, test.sent, message, test.want)
		}
	}
	if after := account(); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
}
