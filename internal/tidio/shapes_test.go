package tidio

import (
	"net/http"
	"net/url"
	"testing"
)

// shapeClients are clients of each format whose API answers each request alike.
func shapeClients(t *testing.T, status int, body map[Format]string) map[Format]*Client {
	t.Helper()
	v1, _ := newFake(t, always(status, body[V1]))
	published, _ := newPublished(t, always(status, body[OpenAPI]))
	return map[Format]*Client{V1: v1, OpenAPI: published}
}

// What servers make of an empty list, of an empty set of values, and of the beginning of a body.
func TestShapes_areRead(t *testing.T) {
	for name, test := range map[string]struct {
		status   int
		body     map[Format]string
		contacts int
	}{
		"204":  {http.StatusNoContent, map[Format]string{}, 0},
		"null": {http.StatusOK, map[Format]string{V1: `{"data":null}`, OpenAPI: `{"contacts":null}`}, 0},
		"a byte order mark": {http.StatusOK, map[Format]string{
			V1: "\ufeff" + `{"data":[{"id":"c1"}]}`, OpenAPI: "\ufeff" + `{"contacts":[{"id":"c1"}]}`,
		}, 1},
		"no values as a list": {http.StatusOK, map[Format]string{
			V1: `{"data":[{"id":"c1","properties":[]}]}`, OpenAPI: `{"contacts":[{"id":"c1","properties":[]}]}`,
		}, 1},
		"no values as a map": {http.StatusOK, map[Format]string{
			V1: `{"data":[{"id":"c1","properties":{}}]}`, OpenAPI: `{"contacts":[{"id":"c1","properties":{ }}]}`,
		}, 1},
		"no values as null": {http.StatusOK, map[Format]string{
			V1: `{"data":[{"id":"c1","properties":null}]}`, OpenAPI: `{"contacts":[{"id":"c1","properties":null}]}`,
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			for format, client := range shapeClients(t, test.status, test.body) {
				got := 0
				complete, err := client.EachContact(t.Context(), func(page []Contact, _ bool) bool { got += len(page); return true })
				succeeds(t, err)
				equal(t, string(format)+" complete", complete, true)
				equal(t, string(format)+" contacts", got, test.contacts)
			}
		})
	}
}

// An error is one whatever its status, and its message is shown.
func TestShapes_anErrorWithASuccessStatus(t *testing.T) {
	sent := ContactChange{Fields: map[ContactField]*string{ContactEmail: new("jane@example.com")}}
	for name, body := range map[string]map[Format]string{
		"errors": {
			V1:      `{"errors":[{"message":"No seats left."}]}`,
			OpenAPI: `{"errors":[{"code":"limit","message":"No seats left."}]}`,
		},
		"errors behind a byte order mark": {
			V1:      "\ufeff" + `{"error":"No seats left."}`,
			OpenAPI: "\ufeff" + `{"errors":[{"code":"limit","message":"No seats left."}]}`,
		},
		"errors beside an id": {
			V1:      `{"id":"c1","error":"No seats left."}`,
			OpenAPI: `{"id":"c1","errors":[{"code":"limit","message":"No seats left."}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for format, client := range shapeClients(t, http.StatusOK, body) {
				_, created := client.CreateContact(t.Context(), sent)
				_, updated := client.UpdateContact(t.Context(), "c1", sent)
				_, deleted := client.do(t.Context(), http.MethodDelete, object("contacts", "c1"), nil, nil)
				_, listed := client.EachContact(t.Context(), func([]Contact, bool) bool { return true })
				for what, err := range map[string]error{
					"create": created, "update": updated, "delete": deleted, "list": listed,
				} {
					failed := failure(t, err, BadResponse)
					equal(t, string(format)+" "+what+" message", failed.Message, "No seats left.")
					equal(t, string(format)+" "+what+" outcome unknown", failed.OutcomeUnknown, what != "list")
				}
			}
		})
	}
	for name, body := range map[string]string{
		"no errors": `{"id":"c1","errors":[]}`, "null": `{"id":"c1","errors":null,"error":null}`, "false": `{"id":"c1","error":false}`,
		"an empty text": `{"id":"c1","error":""}`, "a message": `{"id":"c1","message":"Created."}`,
	} {
		t.Run(name, func(t *testing.T) {
			for format, client := range shapeClients(t, http.StatusOK, map[Format]string{V1: body, OpenAPI: body}) {
				written, err := client.UpdateContact(t.Context(), "c1", sent)
				succeeds(t, err)
				equal(t, string(format), written.ID, "c1")
			}
		})
	}
}

// A page of something before the API says nothing about the account, whatever its status.
func TestShapes_aPageOfSomethingElse(t *testing.T) {
	const page = "<html>Blocked</html>"
	for status, kind := range map[int]Kind{
		http.StatusUnauthorized: Unauthorized, http.StatusForbidden: Forbidden, http.StatusNotAcceptable: NotAcceptable,
		http.StatusBadGateway: ServerError, http.StatusTeapot: BadRequest,
	} {
		for _, client := range shapeClients(t, status, map[Format]string{V1: page, OpenAPI: page}) {
			_, err := client.FindContact(t.Context(), "c1")
			equal(t, http.StatusText(status), failure(t, err, kind).Foreign, true)
		}
		for _, client := range shapeClients(t, status, map[Format]string{V1: `{"message":"No."}`, OpenAPI: `{"errors":[]}`}) {
			_, err := client.FindContact(t.Context(), "c1")
			equal(t, http.StatusText(status), failure(t, err, kind).Foreign, false)
		}
	}
}

func TestHasBrokenProxy(t *testing.T) {
	for name, test := range map[string]struct {
		variable, value, exempt, base string
		want                          bool
	}{
		"none":                    {"HTTPS_PROXY", "", "", "https://api.example.com/", false},
		"a proxy":                 {"HTTPS_PROXY", "http://user:pass@proxy.example.com:8080", "", "https://api.example.com/", false},
		"without a scheme":        {"HTTPS_PROXY", "proxy.example.com:8080", "", "https://api.example.com/", false},
		"a stray %":               {"HTTPS_PROXY", "http://user:pa%ss@proxy.example.com:8080", "", "https://api.example.com/", true},
		"in lower case":           {"https_proxy", "http://user:pa%ss@proxy.example.com", "", "https://api.example.com/", true},
		"refused by Go itself":    {"HTTPS_PROXY", "http://proxy.example.com:port", "", "https://api.example.com/", false},
		"of the other scheme":     {"HTTP_PROXY", "http://user:pa%ss@proxy.example.com", "", "https://api.example.com/", false},
		"an address that is free": {"HTTPS_PROXY", "http://%", "example.com", "https://api.example.com/", false},
		"this machine":            {"HTTP_PROXY", "http://%", "", "http://127.0.0.1:8080/", false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"} {
				t.Setenv(variable, "")
			}
			t.Setenv(test.variable, test.value)
			t.Setenv("NO_PROXY", test.exempt)
			base, err := url.Parse(test.base)
			succeeds(t, err)
			equal(t, test.value, HasBrokenProxy(base), test.want)
		})
	}
}
