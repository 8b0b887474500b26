package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestContactsInThePanel(t *testing.T) {
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
	s.ChangeContact("0", func(c *tidiomock.Contact) {
		c.ID, c.Name, c.Email, c.CreatedAt = "9", "Zero", "", ""
	})
	s.get(t, "/contacts/0").wants(t, 200, `{"id":"0","name":"Zero","email":null,"phone":null,`+
		`"properties":{"seats":7},"created_at":null}`)

	s.DeleteContact("0")
	s.get(t, "/contacts/0").wants(t, 404)
	if _, ok := s.Contact("0"); ok {
		t.Error("deleted, and found")
	}
	all := s.Contacts()
	if len(all) != 2 || !reflect.DeepEqual(all[0], jane) || all[1].Email != "1@example.com" {
		t.Errorf("%+v", all)
	}
}

func TestContactMistakes(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.AddContact(tidiomock.Contact{ID: "1"})
	mustPanic(t, "id taken", func() { m.AddContact(tidiomock.Contact{ID: "1"}) })
	mustPanic(t, "ids taken", func() {
		m.AddContacts(2, func(int) tidiomock.Contact { return tidiomock.Contact{ID: "2"} })
	})
	mustPanic(t, "value", func() { m.SetContactValue("3", "plan", "team") })
	mustPanic(t, "no value", func() { m.SetContactValue("3", "plan", nil) })
	mustPanic(t, "change", func() { m.ChangeContact("3", func(*tidiomock.Contact) {}) })
	mustPanic(t, "delete", func() { m.DeleteContact("3") })
}

// What the mock was given, and what it gave, belongs to the test.
func TestContactsAreCopies(t *testing.T) {
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
	bulk := tidiomock.Contact{ID: "2", Properties: values()}
	m.AddContacts(1, func(int) tidiomock.Contact { return bulk })
	spoil(bulk)
	for _, c := range m.Contacts() {
		if !reflect.DeepEqual(c.Properties, values()) {
			t.Errorf("%s: %v", c.ID, c.Properties)
		}
	}
}

// A change that fails changes nothing, and holds up nobody.
func TestChangeThatPanics(t *testing.T) {
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
