package tidiomock

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestContractsAndRoutesAgree(t *testing.T) {
	for _, f := range []*format{v1} {
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
		"v1.yaml": {"given: ", "chosen: "},
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
