package tidiomock_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestCreateProperty(t *testing.T) {
	for _, test := range []struct {
		name, sent string
		want       tidiomock.Property // without the id
		reply      string             // with %s for the id
	}{
		{
			"with a label",
			`{"name":"plan","type":"text","label":"Plan <b>"}`,
			tidiomock.Property{Name: "plan", Label: "Plan <b>", Type: "text"},
			`{"id":"%s","name":"plan","label":"Plan <b>","type":"text"}`,
		},
		{
			"without",
			`{"name":"seats","type":"number"}`,
			tidiomock.Property{Name: "seats", Type: "number"},
			`{"id":"%s","name":"seats","type":"number"}`,
		},
		{
			"with an empty one",
			`{"name":"seats","type":"number","label":""}`,
			tidiomock.Property{Name: "seats", Type: "number"},
			`{"id":"%s","name":"seats","type":"number"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{})
			created := s.do(t, "POST", "/properties", test.sent)
			got, ok := s.Property(test.want.Name)
			if !ok || got.ID == "" {
				t.Fatalf("not there: %v", s.Properties())
			}
			object := fmt.Sprintf(test.reply, got.ID)
			created.wants(t, 201, object)
			s.get(t, "/properties/"+got.ID).wants(t, 200, object)
			s.get(t, "/properties").
				wants(t, 200, `{"data":[`+object+`],"meta":{"total":1,"page":1}}`)
			got.ID = ""
			if got != test.want {
				t.Errorf("stored %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestCreatePropertyRefused(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for _, name := range []string{"ä", strings.Repeat("ä", 128), "a/b.c:d \"${e}\" "} {
		s.create(t, name).wants(t, 201)
		again := s.create(t, name)
		again.wants(t, 400)
		want := fmt.Sprintf("A property with the name %q already exists.", name)
		if got := again.message(t); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	s.create(t, "Ä").wants(t, 201) // another name
	for _, p := range []string{"text", "email", "number", "phone", "url"} {
		s.do(t, "POST", "/properties", fmt.Sprintf(`{"name":%q,"type":%q}`, p, p)).wants(t, 201)
	}
	if v := s.takeViolations(); v != nil {
		t.Errorf("violations: %q", v)
	}
	have := len(s.Properties())
	for _, sent := range []string{
		``,
		`{`,
		`[]`,
		`{"type":"text"}`,
		`{"name":"x"}`,
		`{"name":"","type":"text"}`,
		`{"name":null,"type":"text"}`,
		`{"name":1,"type":"text"}`,
		`{"name":"x","type":"date"}`,
		`{"name":"x","type":"Text"}`,
		`{"name":"x","type":"text","label":null}`,
		`{"name":"x","type":"text","id":"mine"}`,
		`{"name":"x","type":"text","extra":1}`,
		`{"name":"x","type":"text"} more`,
		`{"name":"` + strings.Repeat("ä", 129) + `","type":"text"}`,
	} {
		refused := s.do(t, "POST", "/properties", sent)
		refused.wants(t, 400)
		refused.message(t)
		if v := s.takeViolations(); len(v) != 1 || !strings.Contains(v[0], "POST /v1/properties") {
			t.Errorf("%.40s: violations %q", sent, v)
		}
	}
	if got := len(s.Properties()); got != have {
		t.Errorf("%d properties were created by refused requests", got-have)
	}
}

func TestGetProperty(t *testing.T) {
	s := start(t, tidiomock.Config{})
	missing := s.get(t, "/properties/prop_none")
	missing.wants(t, 404)
	missing.message(t)

	odd := "a/b ?%2F#ä"
	s.AddProperty(tidiomock.Property{ID: odd, Name: "plan", Type: "text"})
	s.get(t, "/properties/"+url.PathEscape(odd)).
		wants(t, 200, `{"id":"a/b ?%2F#ä","name":"plan","type":"text"}`)
}

func TestPropertyReplyShapes(t *testing.T) {
	const (
		object  = `{"id":"1","name":"plan","label":"Plan","type":"text"}`
		bare    = `{"id":"1","name":"plan","type":"text"}`
		created = `{"id":"%s","name":"new","label":"New","type":"url"}`
	)
	for _, test := range []struct {
		name       string
		replies    tidiomock.Replies
		get, write string // %s = the id
	}{
		{"full", tidiomock.Replies{}, object, created},
		{
			"wrapped",
			tidiomock.Replies{WrapSingle: true},
			`{"data":` + object + `}`, `{"data":` + created + `}`,
		},
		{
			"required fields",
			tidiomock.Replies{OmitOptional: true},
			bare, `{"id":"%s","name":"new","type":"url"}`,
		},
		{"id only", tidiomock.Replies{Write: tidiomock.IDOnly}, object, `{"id":"%s"}`},
		{
			"wrapped id",
			tidiomock.Replies{Write: tidiomock.IDOnly, WrapSingle: true},
			`{"data":` + object + `}`, `{"data":{"id":"%s"}}`,
		},
		{"empty", tidiomock.Replies{Write: tidiomock.EmptyBody}, object, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{Replies: test.replies})
			s.AddProperty(tidiomock.Property{ID: "1", Name: "plan", Label: "Plan", Type: "text"})
			s.get(t, "/properties/1").wants(t, 200, test.get)
			s.get(t, "/properties").
				wants(t, 200, `{"data":[`+object+`],"meta":{"total":1,"page":1}}`)
			reply := s.do(t, "POST", "/properties", `{"name":"new","type":"url","label":"New"}`)
			p, _ := s.Property("new")
			reply.wants(t, 201, strings.Replace(test.write, "%s", p.ID, 1))
			if p.Label != "New" {
				t.Errorf("stored label %q", p.Label)
			}
			s.get(t, "/properties/none").wants(t, 404, `{"message":"There is no such property."}`)
		})
	}
}
