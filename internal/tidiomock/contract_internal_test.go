package tidiomock

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestContractsAndRoutesAgree(t *testing.T) {
	for _, f := range []*format{v1, published} {
		var said, done []string
		for path, item := range f.contract().Paths.Map() {
			for method := range item.Operations() {
				said = append(said, method+" "+path)
			}
		}
		for _, rt := range New(Config{}).routes {
			if rt.format == f {
				done = append(done, rt.method+" "+rt.path)
			}
		}
		slices.Sort(said)
		slices.Sort(done)
		if !slices.Equal(said, done) {
			t.Errorf("%s has %q,\nthe mock serves %q", f.document, said, done)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a route that v1.yaml has not: no panic")
		}
	}()
	mustSpecify(v1, http.MethodDelete, "/properties/{id}")
}

// Every statement of the contracts says whose it is.
func TestContractsNameTheirSources(t *testing.T) {
	for name, sources := range map[string][]string{
		"v1.yaml":      {"given: ", "chosen: "},
		"openapi.yaml": {"published: ", "reported: ", "chosen: "},
	} {
		text, err := documents.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folded := false // the text begins in the next line
		for line := range strings.Lines(string(text)) {
			statement, found := strings.TrimSpace(line), folded
			if !folded {
				_, statement, found = strings.Cut(line, "description: ")
				if key, summary, _ := strings.Cut(strings.TrimSpace(line), ": "); key == "summary" {
					statement, found = summary, true
				}
			}
			folded = found && strings.HasPrefix(statement, ">-")
			named := func(source string) bool {
				return strings.HasPrefix(strings.Trim(statement, `"'`), source)
			}
			if found && !folded && !slices.ContainsFunc(sources, named) {
				t.Errorf("%s: no source is named: %s", name, line)
			}
		}
	}
}

// No reply of the published API may have a field that its contract lacks.
func TestPublishedRepliesAreClosed(t *testing.T) {
	var closed func(where string, schema *openapi3.SchemaRef)
	closed = func(where string, schema *openapi3.SchemaRef) {
		if schema == nil {
			return
		}
		is := schema.Value
		if has := is.AdditionalProperties.Has; is.Type.Is("object") && (has == nil || *has) {
			t.Errorf("%s may have any field", where)
		}
		closed(where+"[]", is.Items)
		for name, property := range is.Properties {
			closed(where+"."+name, property)
		}
	}
	for path, item := range published.contract().Paths.Map() {
		for method, operation := range item.Operations() {
			for status, response := range operation.Responses.Map() {
				if content := response.Value.Content["application/json"]; content != nil {
					closed(method+" "+path+" "+status, content.Schema)
				}
			}
		}
	}
}

func TestBrokenRepliesAreFound(t *testing.T) {
	const (
		get, list, create = "GET /properties/{id}", "GET /properties", "POST /properties"

		contact, update = "GET /contacts/{id}", "PATCH /contacts/{id}"
		remove          = "DELETE /contacts/{id}"

		operator, messages = "GET /operators/{id}", "GET /conversations/{id}/messages"
	)
	for _, test := range []struct {
		operation string
		status    int
		body      string
		want      string // in the violation; "" = none
	}{
		{get, 200, `{"id":"1","name":"plan","type":"text"}`, ""},
		{get, 200, `{"id":"1","name":"plan","type":"text","label":null,"more":[1]}`, ""},
		{get, 200, `{"data":{"id":"1","name":"plan","type":"text"}}`, ""},
		{get, 200, `{"id":"1","name":"plan"}`, `property "type" is missing`},
		{get, 200, `{"id":"","name":"plan","type":"text"}`, `Error at "/id"`},
		{get, 200, `{"data":{"id":"1"}}`, `Error at "/data/name": property "name" is missing`},
		{get, 200, `{"id":"1","name":"plan","type":"text","label":7}`, `Error at "/label"`},
		{get, 200, ``, `Content-Type`},
		{get, 204, ``, `status is not supported`},
		{get, 404, `{"error":"gone"}`, `property "message" is missing`},
		{get, 500, `{"message":"Internal error"}`, ""},
		{list, 200, `{"data":[]}`, ""},
		{list, 200, `{"data":[],"meta":null}`, ""},
		{list, 200, `{"data":null,"meta":{"total":0,"page":1}}`, `Error at "/data"`},
		{list, 200, `[]`, `must be an object`},
		{list, 200, `{"data":[],"meta":{"total":-1}}`, `Error at "/meta/total"`},
		{list, 404, `{"message":"There is no such list."}`, `status is not supported`},
		{create, 201, `{"id":"1"}`, ""},
		{create, 201, `{"data":{"id":"1"}}`, ""},
		{create, 201, ``, ""},
		{create, 201, `{}`, `property "id" is missing`},
		{create, 400, ``, `Content-Type`},
		{contact, 200, `{"id":"1"}`, ""},
		{contact, 200, `{"data":{"id":"1","properties":null,"tags":[1]}}`, ""},
		{contact, 200, `{"id":"1","properties":{"a":null,"b":{"c":[]},"d":1e400}}`, ""},
		{contact, 200, `{"name":"Jane"}`, `property "id" is missing`},
		{contact, 200, `{"id":7}`, `Error at "/id"`},
		{contact, 200, `{"id":"1","email":7}`, `Error at "/email"`},
		{contact, 200, `{"id":"1","properties":[]}`, `Error at "/properties"`},
		{contact, 200, `{"id":"1","created_at":1700000000}`, `Error at "/created_at"`},
		{update, 200, `{"id":"1"}`, ""},
		{update, 200, ``, ""},
		{update, 201, `{"id":"1"}`, `status is not supported`},
		{remove, 204, ``, ""},
		{remove, 200, ``, `status is not supported`},
		{remove, 404, `{"message":"There is no such contact."}`, ""},
		{operator, 200, `{"id":"1","active":null}`, ""},
		{operator, 200, `{"id":"1","active":"yes"}`, `Error at "/active"`},
		{messages, 200, `{"data":[{"id":"1","content":null}]}`, ""},
		{messages, 200, `{"data":[{"content":"Hello"}]}`, `property "id" is missing`},
		{messages, 404, `{"message":"There is no such conversation."}`, ""},
	} {
		m := New(Config{})
		method, path, _ := strings.Cut(test.operation, " ")
		request, err := http.NewRequestWithContext(t.Context(), method, "/v1"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &call{request: request, header: http.Header{}}
		m.find(c)
		r := reply{status: test.status, body: []byte(test.body)}
		if test.body != "" {
			r.header = http.Header{"Content-Type": {"application/json"}}
		}
		switch err := checkReply(c, r); {
		case err == nil && test.want != "":
			t.Errorf("%s: %d %s: not found", test.operation, test.status, test.body)
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %d %s:\ngot  %v\nwant %s",
				test.operation, test.status, test.body, err, test.want)
		}
	}
}

func TestBrokenPublishedRepliesAreFound(t *testing.T) {
	const meta = `"meta":{"cursor":null,"limit":100}`
	for _, test := range []struct {
		method, path string
		status       int
		body         string
		want         string // in the violation; "" = none
	}{
		{"GET", "/contacts/1", 200, `{"id":"1","email":null}`, ""},
		{"GET", "/contacts/1", 200, `{"id":"1","name":"Jane"}`, `property "name" is unsupported`},
		{"GET", "/contacts/1", 200, `{"id":"1","properties":[{"name":"a","value":7,"type":"x"}]}`, `property "type" is unsupported`},
		{"GET", "/contacts/1", 404, `{"message":"gone"}`, `property "message" is unsupported`},
		{"GET", "/contacts", 200, `{"contacts":[],"meta":{"cursor":"x","limit":100}}`, ""},
		{"GET", "/contacts", 200, `{"contacts":[{"id":"1","tags":[]}],` + meta + `}`, `property "tags" is unsupported`},
		{"GET", "/contacts", 200, `{"contacts":[],"meta":{"cursor":null,"total":1}}`, `property "total" is unsupported`},
		{"POST", "/contacts", 201, ``, `Content-Type`},
		{"PATCH", "/contacts/1", 204, ``, ""},
		{"PATCH", "/contacts/1", 200, `{"id":"1"}`, `status is not supported`},
		{"GET", "/tickets/7", 200, `{"id":"7"}`, `Error at "/id"`},
		{"GET", "/tickets", 200, `{"tickets":[{"id":7,"messages":[]}],` + meta + `}`, `property "messages" is unsupported`},
		{"GET", "/departments", 200, `{"departments":[],` + meta + `}`, `property "meta" is unsupported`},
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
