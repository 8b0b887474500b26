package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestPanel_properties(t *testing.T) {
	s := start(t, tidiomock.Config{})
	plan := s.AddProperty(tidiomock.Property{Name: "plan", Label: "Plan", Type: "text"})
	s.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	s.AddContact(tidiomock.Contact{ID: "1", Properties: map[string]any{"plan": "team"}})
	if got, ok := s.Property("plan"); !ok || got != plan || plan.ID == "" {
		t.Fatalf("added %+v, found %+v", plan, got)
	}
	s.SetPropertyLabel("plan", "The plan")
	s.get(t, "/properties/"+plan.ID).wants(t, 200, `{"id":"`+plan.ID+`","name":"plan","label":"The plan","type":"text"}`)
	s.SetPropertyLabel("plan", "")
	s.get(t, "/properties/"+plan.ID).wants(t, 200, `{"id":"`+plan.ID+`","name":"plan","type":"text"}`)

	s.RenameProperty("plan", "tier")
	s.get(t, "/properties/"+plan.ID).wants(t, 200, `{"id":"`+plan.ID+`","name":"tier","type":"text"}`)
	if c, _ := s.Contact("1"); !reflect.DeepEqual(c.Properties, map[string]any{"tier": "team"}) {
		t.Errorf("values %v", c.Properties)
	}
	mustPanic(t, "rename to a name that is taken", func() { s.RenameProperty("tier", "seats") })

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
	s.get(t, "/properties/"+plan.ID).refused(t, 404)
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
	s.get(t, "/contacts/0").refused(t, 404)
	if _, ok := s.Contact("0"); ok {
		t.Error("deleted, and found")
	}
	all := s.Contacts()
	if len(all) != 2 || !reflect.DeepEqual(all[0], jane) || all[1].Email != "1@example.com" {
		t.Errorf("%+v", all)
	}
}

// The first conversation of a contact begins when there is none.
func TestPanel_messages(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddContact(tidiomock.Contact{ID: "c"})
	for range 2 {
		s.AddContactMessages("c", tidiomock.Message{}, tidiomock.Message{}) // they get ids of their own
	}
	talks, _ := s.ids(t, "/conversations")
	if len(talks) != 1 {
		t.Fatalf("conversations %q", talks)
	}
	if ids, _ := s.ids(t, "/conversations/"+talks[0]+"/messages"); len(ids) != 4 {
		t.Errorf("messages %q", ids)
	}
}

func TestPanel_mistakes(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.AddProperty(tidiomock.Property{ID: "1", Name: "plan", Type: "text"})
	c := m.AddContact(tidiomock.Contact{ID: "1"})
	talk := m.AddConversation(tidiomock.Conversation{ID: "1", ContactID: c.ID})
	m.AddMessages("1", tidiomock.Message{ID: "m"})
	for what, f := range map[string]func(){
		"name taken":       func() { m.AddProperty(tidiomock.Property{Name: "plan", Type: "url"}) },
		"property taken":   func() { m.AddProperty(tidiomock.Property{ID: "1", Name: "x", Type: "url"}) },
		"label":            func() { m.SetPropertyLabel("plna", "Plan") },
		"rename":           func() { m.RenameProperty("plna", "plan") },
		"hide":             func() { m.HideProperty("plna") },
		"delete property":  func() { m.DeleteProperty("plna") },
		"contact taken":    func() { m.AddContact(c) },
		"contacts taken":   func() { m.AddContacts(2, func(int) tidiomock.Contact { return tidiomock.Contact{ID: "2"} }) },
		"value":            func() { m.SetContactValue("3", "plan", "team") },
		"no value":         func() { m.SetContactValue("3", "plan", nil) },
		"change":           func() { m.ChangeContact("3", func(*tidiomock.Contact) {}) },
		"delete contact":   func() { m.DeleteContact("3") },
		"talk taken":       func() { m.AddConversation(talk) },
		"no talk":          func() { m.AddMessages("2", tidiomock.Message{}) },
		"nobody to talk":   func() { m.AddContactMessages("3", tidiomock.Message{}) },
		"message taken":    func() { m.AddMessages("1", tidiomock.Message{ID: "m"}) },
		"operator taken":   func() { m.AddOperator(m.AddOperator(tidiomock.Operator{})) },
		"department taken": func() { m.AddDepartment(m.AddDepartment(tidiomock.Department{})) },
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
	values := func() map[string]any {
		return map[string]any{"list": []any{"a", map[string]any{"key": "value"}}}
	}
	spoil := func(c tidiomock.Contact) {
		inner := c.Properties["list"].([]any)
		inner[1].(map[string]any)["key"] = "spoiled"
		inner[0] = "spoiled"
		c.Properties["more"] = "spoiled"
	}
	given := tidiomock.Contact{ID: "1", Properties: values()}
	returned := m.AddContact(given)
	spoil(given)
	spoil(returned)
	found, _ := m.Contact("1")
	spoil(found)
	spoil(m.Contacts()[0])
	var leaked tidiomock.Contact
	m.ChangeContact("1", func(c *tidiomock.Contact) { leaked = *c })
	spoil(leaked)
	list := values()["list"]
	m.SetContactValue("1", "list", list)
	list.([]any)[0] = "spoiled"
	for _, c := range m.Contacts() {
		if !reflect.DeepEqual(c.Properties, values()) {
			t.Errorf("%s: %v", c.ID, c.Properties)
		}
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
	m := tidiomock.New(tidiomock.Config{})
	m.Arm(tidiomock.Fault{Do: tidiomock.FailBefore})
	m.Seed()
	m.DeleteProperty("plan")
	if len(m.Requests()) != 0 || len(m.Unfired()) != 1 {
		t.Errorf("requests %v, unfired %v", m.Requests(), m.Unfired())
	}
}
