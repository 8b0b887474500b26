package tidiomock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestRequestViolations(t *testing.T) {
	for _, test := range []struct {
		name, method, path, contentType, body string
		want                                  string
	}{
		{
			"a field too many", "POST", "/properties", "application/json",
			`{"name":"x","type":"text","color":"red"}`,
			`request POST /v1/properties: request body has an error: doesn't match schema: ` +
				`property "color" is unsupported`,
		},
		{
			"a value too long", "POST", "/properties", "application/json",
			`{"name":"` + strings.Repeat("x", 129) + `","type":"text"}`,
			`request POST /v1/properties: request body has an error: doesn't match schema: ` +
				`Error at "/name": maximum string length is 128`,
		},
		{
			"another content type", "POST", "/properties", "text/plain",
			`{"name":"x","type":"text"}`,
			`request POST /v1/properties: request body has an error: ` +
				`header Content-Type has unexpected value "text/plain"`,
		},
		{
			"no content type", "POST", "/properties", "",
			`{"name":"x","type":"text"}`,
			`request POST /v1/properties: request body has an error: ` +
				`header Content-Type has unexpected value ""`,
		},
		{
			"a body where none belongs", "GET", "/properties", "application/json", `{}`,
			`request GET /v1/properties: request body not allowed for this request`,
		},
		{
			"an unknown parameter", "GET", "/properties/1?expand=all", "", "",
			`request GET /v1/properties/1?expand=all: there is no query parameter "expand"`,
		},
		{
			"an unknown method", "DELETE", "/properties/1", "", "",
			`request DELETE /v1/properties/1: the path has no such method, only [GET]`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{})
			req := newRequest(t, test.method, s.url+test.path, test.body)
			req.Header.Set("Content-Type", test.contentType)
			refused := s.send(req)
			if refused.status != 400 && refused.status != 405 {
				t.Errorf("%d %s", refused.status, refused.body)
			}
			refused.message(t)
			if got := s.takeViolations(); len(got) != 1 || got[0] != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// The contract is looked at first: a wrong key does not hide a wrong request.
func TestViolationBehindRefusal(t *testing.T) {
	s := start(t, tidiomock.Config{APIKey: "another"})
	s.do(t, "POST", "/properties", `{"name":"x"}`).wants(t, 401)
	if got := s.takeViolations(); len(got) != 1 {
		t.Errorf("violations: %q", got)
	}
}

func TestReplyViolations(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddProperty(tidiomock.Property{ID: "1", Name: "born", Type: "date"})
	for path, wants := range map[string][]string{
		"/properties":   {"reply to GET /v1/properties: ", "/data/0/type"},
		"/properties/1": {"reply to GET /v1/properties/1: ", "/type"},
	} {
		s.get(t, path).wants(t, 200) // sent all the same: the client meets what there is
		got := strings.Join(s.takeViolations(), "\n")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q does not say %q", path, got, want)
			}
		}
	}
}

func TestNobodyIsToldOfViolations(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	if w := direct(m, newRequest(t, "GET", "/v1/nothing", "")); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}
