package tidiomock_test

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestPanel(t *testing.T) {
	s := start(t, tidiomock.Config{})
	plan := s.AddProperty(tidiomock.Property{Name: "plan", Label: "Plan", Type: "text"})
	if got, ok := s.Property("plan"); !ok || got != plan || plan.ID == "" {
		t.Fatalf("added %+v, found %+v", plan, got)
	}

	s.SetPropertyLabel("plan", "The plan")
	s.get(t, "/properties/"+plan.ID).
		wants(t, 200, `{"id":"`+plan.ID+`","name":"plan","label":"The plan","type":"text"}`)
	s.SetPropertyLabel("plan", "")
	s.get(t, "/properties/"+plan.ID).
		wants(t, 200, `{"id":"`+plan.ID+`","name":"plan","type":"text"}`)

	s.DeleteProperty("plan")
	s.get(t, "/properties/"+plan.ID).wants(t, 404)
	s.get(t, "/properties").wants(t, 200, `{"data":[],"meta":{"total":0,"page":1}}`)
	s.create(t, "plan").wants(t, 201)
	if again, _ := s.Property("plan"); again.ID == plan.ID {
		t.Error("an id was used twice")
	}
}

func TestHiddenProperty(t *testing.T) {
	s := start(t, tidiomock.Config{})
	plan := s.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
	s.HideProperty("plan")
	s.get(t, "/properties").wants(t, 200, `{"data":[],"meta":{"total":0,"page":1}}`)
	s.get(t, "/properties/"+plan.ID).wants(t, 404)
	s.create(t, "plan").wants(t, 400)
	if _, ok := s.Property("plan"); !ok || len(s.Properties()) != 1 {
		t.Error("the account has lost it")
	}
}

func TestPanelMistakes(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.AddProperty(tidiomock.Property{ID: "1", Name: "plan", Type: "text"})
	mustPanic(t, "name taken", func() {
		m.AddProperty(tidiomock.Property{Name: "plan", Type: "url"})
	})
	mustPanic(t, "id taken", func() {
		m.AddProperty(tidiomock.Property{ID: "1", Name: "x", Type: "url"})
	})
	mustPanic(t, "label", func() { m.SetPropertyLabel("plna", "Plan") })
	mustPanic(t, "hide", func() { m.HideProperty("plna") })
	mustPanic(t, "delete", func() { m.DeleteProperty("plna") })
	if _, ok := m.Property("plna"); ok {
		t.Error("found what is not there")
	}
}

func TestPanelIsNoRequest(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	m.Arm(tidiomock.Fault{Do: tidiomock.FailBefore})
	m.Seed()
	m.DeleteProperty("plan")
	m.DeleteContact(m.Contacts()[0].ID)
	if len(m.Requests()) != 0 || len(m.Unfired()) != 1 {
		t.Errorf("requests %v, unfired %v", m.Requests(), m.Unfired())
	}
}
