package tidiomock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestProperties_create(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for _, name := range []string{"ä", long(128), "a/b.c:d \"${e}\" "} {
		s.create(t, name).wants(t, 201)
		want := fmt.Sprintf("A property with the name %q already exists.", name)
		if got := s.create(t, name).refused(t, 400); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	s.create(t, "Ä").wants(t, 201) // another name
	for _, kind := range []string{"text", "email", "number", "phone", "url"} {
		s.do(t, "POST", "/properties", fmt.Sprintf(`{"name":%q,"type":%q,"label":""}`, kind, kind)).wants(t, 201)
		if got, ok := s.Property(kind); !ok || got.Type != kind || got.Label != "" || got.ID == "" {
			t.Errorf("stored %+v", got)
		}
	}
	have := len(s.Properties())
	for _, sent := range []string{
		``,
		`{"type":"text"}`,
		`{"name":"x"}`,
		`{"name":"","type":"text"}`,
		`{"name":"x","type":"date"}`,
		`{"name":"x","type":"text","label":null}`,
		`{"name":"x","type":"text","id":"mine"}`,
		`{"name":"x","type":"text"} more`,
		`{"name":"` + long(129) + `","type":"text"}`,
	} {
		s.do(t, "POST", "/properties", sent).refused(t, 400)
		s.wantsViolations(t, 1, "POST /v1/properties")
	}
	if got := len(s.Properties()); got != have {
		t.Errorf("%d properties were created by refused requests", got-have)
	}
}

// The name that counts is the one that the API made of what was sent.
func TestProperties_rewrite(t *testing.T) {
	s := start(t, tidiomock.Config{Rewrite: strings.ToLower})
	if got := s.do(t, "POST", "/properties", `{"name":"Plan","type":"text"}`).field(t, "name"); got != "plan" {
		t.Errorf("told %q", got)
	}
	if _, ok := s.Property("plan"); !ok {
		t.Errorf("properties %v", s.Properties())
	}
	s.create(t, "PLAN").refused(t, 400)
}

func TestProperties_defaultsAreNotInV1(t *testing.T) {
	s := start(t, tidiomock.Config{})
	email := s.AddProperty(tidiomock.Property{Name: "email", Label: "E-mail", Type: "email", Default: true})
	s.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
	if ids, _ := s.ids(t, "/properties"); len(ids) != 1 {
		t.Errorf("v1 lists %d, want the custom one", len(ids))
	}
	s.get(t, "/properties/"+email.ID).refused(t, 404)
	s.create(t, "email").refused(t, 400) // the name is taken
	if got := s.ask(t, "GET", "/contact-properties", "").field(t, "properties").([]any); len(got) != 2 {
		t.Errorf("the published API lists %v", got)
	}
}
