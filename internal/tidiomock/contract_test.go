package tidiomock

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// contractMock is a mock of the seeded account that hands its violations over.
func contractMock(violations *[]string) *Mock {
	m := New(Config{PageSize: 1, OnViolation: func(err error) { *violations = append(*violations, err.Error()) }})
	m.Seed()
	return m
}

// ask sends a request to v1 if its path begins like that, else to the published API.
func ask(t *testing.T, m *Mock, method, path, contentType, body string) *httptest.ResponseRecorder {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer any")
	req.Header.Set("Accept", "application/json; version=1")
	req.Header.Set("X-Tidio-Openapi-Client-Id", "any")
	req.Header.Set("X-Tidio-Openapi-Client-Secret", "any")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, req)
	return w
}

// Every route of both APIs sends what its document allows. A reply with a field that the document lacks is a violation.
func TestContract_everyRoute(t *testing.T) {
	const newContact = `{"distinct_id":"1","phone":"5"}`
	served := map[*route]bool{}
	routes := New(Config{}).routes
	for request, body := range map[string]string{
		"GET /v1/properties":                             "",
		"POST /v1/properties":                            `{"name":"new","type":"text"}`,
		"GET /v1/properties/prop_4kd7x2mq9a":             "",
		"GET /v1/contacts":                               "",
		"POST /v1/contacts":                              `{"name":"Jane"}`,
		"GET /v1/contacts/cont_2vh8m5xqtk":               "",
		"PATCH /v1/contacts/cont_2vh8m5xqtk":             `{"name":"Jane"}`,
		"DELETE /v1/contacts/cont_2vh8m5xqtk":            "",
		"GET /v1/operators":                              "",
		"GET /v1/operators/oper_h4m7tz2kwc":              "",
		"GET /v1/conversations":                          "",
		"POST /v1/conversations":                         `{"contact_id":"cont_2vh8m5xqtk"}`,
		"GET /v1/conversations/conv_5ykw2r8dqh":          "",
		"PATCH /v1/conversations/conv_5ykw2r8dqh":        `{"status":"solved"}`,
		"GET /v1/conversations/conv_5ykw2r8dqh/messages": "",
		"GET /contact-properties":                        "",
		"GET /contacts":                                  "",
		"POST /contacts":                                 newContact,
		"POST /contacts/batch":                           `{"contacts":[` + newContact + `]}`,
		"GET /contacts/cont_2vh8m5xqtk":                  "",
		"PATCH /contacts/cont_2vh8m5xqtk":                `{"phone":"5"}`,
		"DELETE /contacts/cont_2vh8m5xqtk":               "",
		"GET /contacts/cont_2vh8m5xqtk/messages":         "",
		"GET /operators":                                 "",
		"GET /departments":                               "",
		"GET /project":                                   "",
		"GET /tickets":                                   "",
		"POST /tickets/as-contact":                       `{"contact_email":"a@example.com","subject":"S","message_content":"M"}`,
		"GET /tickets/101":                               "",
		"PATCH /tickets/101":                             `{}`,
		"DELETE /tickets/101":                            "",
		"POST /tickets/101/reply":                        `{"author_type":"contact","content":"x"}`,
	} {
		method, path, _ := strings.Cut(request, " ")
		for _, spoiled := range []bool{false, true} {
			var violations []string
			m := contractMock(&violations)
			want := 0
			for i, rt := range m.routes {
				handle := rt.handle
				rt.handle = func(c *call) reply {
					served[routes[i]] = true
					good := handle(c)
					var sent fields
					if !spoiled || decode(good.body, &sent) != nil {
						return good
					}
					want = 1
					sent["undocumented"] = nil
					return jsonReply(good.status, sent)
				}
			}
			contentType := map[bool]string{true: "application/json"}[body != ""]
			ask(t, m, method, path, contentType, body)
			if len(violations) != want || want == 1 && !strings.HasPrefix(violations[0], "reply to "+request) {
				t.Errorf("%s, with a field too many %t: violations %q", request, spoiled, violations)
			}
		}
	}
	for _, rt := range routes {
		if !served[rt] {
			t.Errorf("no request for %s %s%s", rt.method, rt.format.prefix, rt.path)
		}
	}
}

// Every schema of an object names its fields and forbids all others, or is a map: the test above relies on it.
func TestContract_schemasAreClosed(t *testing.T) {
	for _, f := range []*format{v1, published} {
		text, err := f.contract().MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var document fields
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		delete(document, "x-shared") // what YAML anchors name
		seen := 0
		var walk func(path string, node any)
		walk = func(path string, node any) {
			switch node := node.(type) {
			case []any:
				for _, item := range node {
					walk(path, item)
				}
			case fields:
				if node["type"] == "object" {
					seen++
					if named := node["properties"] != nil; node["additionalProperties"] != !named {
						t.Errorf("%s: %s: additionalProperties is %v", f.document, path, node["additionalProperties"])
					}
				}
				for key, inner := range node {
					walk(path+"/"+key, inner)
				}
			}
		}
		walk("", document)
		if seen < 20 {
			t.Errorf("%s: only %d objects were found", f.document, seen)
		}
	}
}

func TestContract_brokenReplies(t *testing.T) {
	const meta = `"meta":{"cursor":null,"limit":100}`
	for _, test := range []struct {
		method, path string
		status       int
		body         string
		want         string // in the violation; "" = none
	}{
		{"GET", "/v1/properties/1", 200, `{"id":"1","name":"plan","type":"text","label":null}`, ""},
		{"GET", "/v1/properties/1", 200, `{"data":{"id":"1","name":"plan","type":"text"}}`, ""},
		{"GET", "/v1/properties/1", 200, `{"id":"1","name":"plan"}`, `property "type" is missing`},
		{"GET", "/v1/properties/1", 200, `{"id":"1","name":"plan","type":"date"}`, `Error at "/type"`},
		{"GET", "/v1/properties/1", 200, ``, `Content-Type`},
		{"GET", "/v1/properties/1", 204, ``, `status is not supported`},
		{"GET", "/v1/properties", 200, `{"data":[],"meta":null}`, ""},
		{"GET", "/v1/properties", 200, `{"data":null}`, `Error at "/data"`},
		{"GET", "/v1/properties", 404, `{"message":"There is no such list."}`, `status is not supported`},
		{"POST", "/v1/properties", 201, `{"data":{"id":"1"}}`, ""},
		{"POST", "/v1/properties", 201, ``, ""},
		{"POST", "/v1/properties", 201, `{}`, `property "id" is missing`},
		{"POST", "/v1/properties", 400, ``, `Content-Type`},
		{"GET", "/v1/contacts/1", 200, `{"id":"1","properties":{"a":null,"b":{"c":[]},"d":1e400}}`, ""},
		{"GET", "/v1/contacts/1", 200, `{"id":"1","properties":[]}`, `Error at "/properties"`},
		{"PATCH", "/v1/contacts/1", 200, ``, ""},
		{"DELETE", "/v1/contacts/1", 204, ``, ""},
		{"DELETE", "/v1/contacts/1", 200, ``, `status is not supported`},
		{"GET", "/contacts/1", 200, `{"id":"1","email":null}`, ""},
		{"GET", "/contacts/1", 200, `{"id":7}`, `Error at "/id"`},
		{"GET", "/contacts/1", 404, `{"message":"gone"}`, `property "message" is unsupported`},
		{"GET", "/contacts", 200, `{"contacts":[{"email":null}],` + meta + `}`, `property "id" is missing`},
		{"POST", "/contacts", 201, ``, `Content-Type`},
		{"PATCH", "/contacts/1", 204, ``, ""},
		{"PATCH", "/contacts/1", 200, `{"id":"1"}`, `status is not supported`},
		{"POST", "/tickets/7/reply", 422, `{"errors":[{"code":"validation_error"}]}`, `property "message" is missing`},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &call{request: request, header: http.Header{}}
		New(Config{}).find(c)
		r := reply{status: test.status, body: []byte(test.body)}
		if test.body != "" {
			r.header = http.Header{"Content-Type": {"application/json"}}
		}
		switch err := checkReply(c, r); {
		case err == nil && test.want != "":
			t.Errorf("%s: %d %s: not found", test.path, test.status, test.body)
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %d %s:\ngot  %v\nwant %s", test.path, test.status, test.body, err, test.want)
		}
	}
}

// The contract is looked at whatever else is wrong, and what breaks it is refused.
func TestContract_brokenRequests(t *testing.T) {
	for _, test := range []struct {
		name, method, path, contentType, body string
		status                                int
		want                                  string
	}{
		{"a field too many", "POST", "/v1/properties", "application/json", `{"name":"x","type":"text","color":"red"}`, 400, `property "color" is unsupported`},
		{"a value too long", "POST", "/v1/properties", "application/json", `{"name":"` + strings.Repeat("x", 129) + `","type":"text"}`, 400, `Error at "/name": maximum string length is 128`},
		{"another content type", "POST", "/v1/properties", "text/plain", `{"name":"x","type":"text"}`, 400, `header Content-Type has unexpected value "text/plain"`},
		{"no content type", "POST", "/v1/properties", "", `{"name":"x","type":"text"}`, 400, `header Content-Type has unexpected value ""`},
		{"a body where none belongs", "GET", "/v1/properties", "application/json", `{}`, 400, `request body not allowed for this request`},
		{"an unknown parameter", "GET", "/v1/properties/1?expand=all", "", "", 400, `there is no query parameter "expand"`},
		{"an unknown method", "DELETE", "/v1/properties/1", "", "", 405, `the path has no such method, only [GET]`},
		{"an unknown field", "POST", "/contacts", "application/json", `{"distinct_id":"1","phone":"5","name":"x"}`, 422, `property "name" is unsupported`},
		{"no body", "POST", "/contacts", "application/json", "", 400, "value is required"},
		{"not JSON", "POST", "/contacts", "application/json", "{", 400, "the body is not JSON"},
		{"another content type there", "POST", "/contacts", "text/plain", "{}", 400, "Content-Type"},
		{"an unknown parameter there", "GET", "/contacts?page=2", "", "", 400, `"page"`},
		{"an empty address", "GET", "/contacts?email=", "", "", 400, "email"},
		{"a ticket that is no number", "GET", "/tickets/abc", "", "", 400, "abc"},
	} {
		var violations []string
		m := contractMock(&violations)
		got := ask(t, m, test.method, test.path, test.contentType, test.body)
		prefix := "request " + test.method + " " + test.path + ": "
		if got.Code != test.status || len(violations) != 1 || !strings.HasPrefix(violations[0], prefix) ||
			!strings.Contains(violations[0], test.want) {
			t.Errorf("%s: %d %s\nviolations %q\nwant %q", test.name, got.Code, got.Body, violations, test.want)
		}
		violations = nil
		m.config.APIKey, m.config.ClientID = "another", "another"
		if ask(t, m, test.method, test.path, test.contentType, test.body); len(violations) != 1 {
			t.Errorf("%s, with a wrong key: violations %q", test.name, violations)
		}
	}
	var violations []string
	m := contractMock(&violations) // as one client sends it
	got := ask(t, m, "POST", "/contacts", "application/json; version=1", `{"distinct_id":"1","phone":"5"}`)
	if got.Code != 201 || violations != nil {
		t.Errorf("%d %s, violations %q", got.Code, got.Body, violations)
	}
}

// A reply that breaks the contract is sent all the same: the client meets what there is.
func TestContract_brokenReplyIsSent(t *testing.T) {
	var violations []string
	m := New(Config{OnViolation: func(err error) { violations = append(violations, err.Error()) }})
	m.AddProperty(Property{ID: "1", Name: "born", Type: "date"})
	for _, path := range []string{"/v1/properties", "/v1/properties/1", "/contact-properties"} {
		violations = nil
		got := ask(t, m, "GET", path, "", "")
		if got.Code != 200 || len(violations) != 1 || !strings.HasPrefix(violations[0], "reply to GET "+path+": ") {
			t.Errorf("%s: %d, violations %q", path, got.Code, violations)
		}
	}
}

// Each description says where it comes from, and none that it was verified: no account was used.
func TestContract_descriptionsNameTheirSource(t *testing.T) {
	description := regexp.MustCompile(`(?:description|summary): *(?:>-\n\s*)?["']?(\w*)`)
	for _, f := range []*format{v1, published} {
		text, err := documents.ReadFile(f.document)
		if err != nil {
			t.Fatal(err)
		}
		found := description.FindAllStringSubmatch(string(text), -1)
		if len(found) < 20 {
			t.Errorf("%s has %d descriptions", f.document, len(found))
		}
		for _, d := range found {
			if !slices.Contains([]string{"given", "chosen", "published", "reported"}, d[1]) {
				t.Errorf("%s: %q names no source", f.document, d[0])
			}
		}
	}
}
