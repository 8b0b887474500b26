package tidiomock_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// ask sends a request to the published API.
func (s *server) ask(t *testing.T, method, path, body string) answer {
	t.Helper()
	return s.send(publishedRequest(t, method, s.root()+path, body))
}

func (s *server) root() string { return strings.TrimSuffix(s.url, "/v1") }

func publishedRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	req := newRequest(t, method, url, body)
	req.Header.Del("Authorization")
	req.Header.Set("Accept", "application/json; version=1")
	req.Header.Set("X-Tidio-Openapi-Client-Id", "ci_any")
	req.Header.Set("X-Tidio-Openapi-Client-Secret", "cs_any")
	return req
}

// code fails the test unless the reply is an error of the published API, and returns its code.
func (a answer) code(t *testing.T) string {
	t.Helper()
	var e struct {
		Errors []struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || len(e.Errors) != 1 || e.Errors[0].Message == "" {
		t.Errorf("no error: %q", a.body)
		return ""
	}
	return e.Errors[0].Code
}

// refused fails the test unless the reply is an error of this status and code.
func (a answer) refused(t *testing.T, status int, code string) {
	t.Helper()
	a.wants(t, status)
	if got := a.code(t); got != code {
		t.Errorf("code %q, want %q", got, code)
	}
}

// field returns a field of the JSON object that came back.
func (a answer) field(t *testing.T, name string) any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		t.Fatalf("%v: %q", err, a.body)
	}
	return object[name]
}

// The request begins with every flaw. Each is reported in turn and fixed, which uncovers the next.
func TestPublished_orderOfChecks(t *testing.T) {
	account := func(config tidiomock.Config) *server {
		config.ClientSecret = "cs_mine"
		s := start(t, config)
		s.AddContact(tidiomock.Contact{ID: "there", Email: "jane@example.com"})
		return s
	}
	spent := account(tidiomock.Config{RequestsPerMinute: 1})
	req := publishedRequest(t, "GET", spent.root()+"/contacts/there", "")
	req.Header.Set("X-Tidio-Openapi-Client-Secret", "cs_mine")
	spent.send(req).wants(t, 200)

	s := account(tidiomock.Config{
		RequestsPerMinute: 1, Published: tidiomock.Published{NoAccess: true},
	})
	method, path, body, accept, secret := "PUT", "/contacts//", "{", "application/json", "cs_other"
	for _, step := range []struct {
		status int
		code   string
		fix    func()
	}{
		{404, "not_found", func() { path = "/contacts/absent" }},
		{405, "method_not_allowed", func() { method = "PATCH" }},
		{406, "missing_api_version", func() { accept += "; version=1" }},
		{401, "unauthorized", func() { secret = "cs_mine" }},
		{403, "api_access_disabled", func() { s = spent }},
		{429, "too_many_requests", func() { s = account(tidiomock.Config{}) }},
		{400, "bad_request", func() { body = `{"email":7}` }},
		{404, "not_found", func() { path = "/contacts/there" }},
		{422, "validation_error", func() { body = `{"email":"jane@example.org"}` }},
	} {
		send := func() answer {
			req := publishedRequest(t, method, s.root()+path, body)
			req.Header.Set("Accept", accept)
			req.Header.Set("X-Tidio-Openapi-Client-Secret", secret)
			got := s.send(req)
			s.takeViolations()
			return got
		}
		send().refused(t, step.status, step.code)
		step.fix()
		if step.status == 422 {
			send().wants(t, 204, "")
		}
	}
}

func TestPublished_credentials(t *testing.T) {
	for _, test := range []struct {
		id, secret string // accepted
		sent       [2]string
		want       int
	}{
		{"", "", [2]string{"ci_1", "cs_1"}, 200},
		{"", "", [2]string{"", "cs_1"}, 401},
		{"", "", [2]string{"ci_1", ""}, 401},
		{"ci_1", "cs_1", [2]string{"ci_1", "cs_1"}, 200},
		{"ci_1", "cs_1", [2]string{"ci_2", "cs_1"}, 401},
		{"ci_1", "cs_1", [2]string{"ci_1", "cs_2"}, 401},
	} {
		s := start(t, tidiomock.Config{ClientID: test.id, ClientSecret: test.secret, RequestsPerMinute: 9})
		req := publishedRequest(t, "GET", s.root()+"/project", "")
		req.Header.Set("X-Tidio-Openapi-Client-Id", test.sent[0])
		req.Header.Set("X-Tidio-Openapi-Client-Secret", test.sent[1])
		got := s.send(req)
		got.wants(t, test.want)
		if counted := got.header.Get("X-Ratelimit-Remaining") != ""; counted != (test.want == 200) {
			t.Errorf("%q: counted %t", test.sent, counted)
		}
	}
	s := start(t, tidiomock.Config{})
	req := newRequest(t, "GET", s.root()+"/project", "") // v1's key
	req.Header.Set("Accept", "application/json; version=1")
	s.send(req).refused(t, 401, "unauthorized")
}

func TestPublished_version(t *testing.T) {
	for accept, want := range map[string]int{
		"application/json; version=1":            200,
		"application/json;version=1":             200,
		`text/html, application/json; version=1`: 200,
		"application/json; version=10":           406,
		"application/json":                       406,
		"*/*":                                    406,
	} {
		s := start(t, tidiomock.Config{})
		req := publishedRequest(t, "GET", s.root()+"/project", "")
		req.Header.Set("Accept", accept)
		if got := s.send(req); got.status != want {
			t.Errorf("%q: %d, want %d", accept, got.status, want)
		}
	}
}

func TestPublished_unknownRoutes(t *testing.T) {
	for _, test := range []struct {
		method, path string
		status       int
		violates     bool
	}{
		{"GET", "/conversations", 404, true},
		{"GET", "/operators/1", 404, true},
		{"GET", "/properties", 404, true},
		{"GET", "/contacts/1/viewed-pages", 404, true},
		{"DELETE", "/contacts/", 404, true}, // an empty id is not the collection
		{"PATCH", "/tickets/", 404, true},
		{"GET", "/contacts/batch", 405, true},
		{"GET", "/tickets/as-contact", 405, true},
		{"POST", "/departments", 405, true},
		{"GET", "/webhooks", 404, false}, // begins like no path: a wrong base URL
		{"GET", "/v2/contacts", 404, false},
	} {
		s := start(t, tidiomock.Config{})
		got := s.send(newRequest(t, test.method, s.root()+test.path, "")) // not signed
		got.refused(t, test.status, map[int]string{404: "not_found", 405: "method_not_allowed"}[test.status])
		if allow := got.header.Get("Allow"); (allow != "") != (test.status == 405) {
			t.Errorf("%s: Allow %q", test.path, allow)
		}
		if v := s.takeViolations(); (len(v) == 1) != test.violates {
			t.Errorf("%s: violations %q", test.path, v)
		}
	}
}

// Both APIs count in one window.
func TestPublished_sharedLimit(t *testing.T) {
	s := start(t, tidiomock.Config{RequestsPerMinute: 3, RetryAfter: true})
	s.get(t, "/contacts").wants(t, 200)
	got := s.ask(t, "GET", "/contacts", "")
	got.wants(t, 200)
	if left := got.header.Get("X-Ratelimit-Remaining"); left != "1" {
		t.Errorf("remaining %q", left)
	}
	s.get(t, "/contacts").wants(t, 200)
	s.get(t, "/contacts").wants(t, 429, `{"message":"Too many requests: slow down and retry."}`)
	refused := s.ask(t, "GET", "/contacts", "")
	refused.refused(t, 429, "too_many_requests")
	if refused.header.Get("Retry-After") == "" || refused.header.Get("Date") == "" {
		t.Errorf("headers %v", refused.header)
	}
	if got := s.Count("GET", "/contacts"); got != 5 {
		t.Errorf("%d requests, want those of both APIs: 5", got)
	}
}

func TestPublished_faults(t *testing.T) {
	for _, test := range []struct {
		fault  tidiomock.Fault
		status int
		code   string
	}{
		{tidiomock.Fault{Do: tidiomock.FailBefore}, 500, "internal_server_error"},
		{tidiomock.Fault{Do: tidiomock.FailBefore, Status: 403}, 403, "api_access_disabled"},
		{tidiomock.Fault{Do: tidiomock.FailBefore, Status: 403, Code: "forbidden"}, 403, "forbidden"},
		{tidiomock.Fault{Do: tidiomock.FailAfter, Status: 503}, 503, "service_unavailable"},
		{tidiomock.Fault{Do: tidiomock.TooManyRequests}, 429, "too_many_requests"},
	} {
		s := start(t, tidiomock.Config{})
		test.fault.Route = "/contacts"
		s.Arm(test.fault)
		s.ask(t, "GET", "/project", "").wants(t, 200)
		s.ask(t, "POST", "/contacts", `{"distinct_id":"1","phone":"5"}`).refused(t, test.status, test.code)
		if got, want := len(s.Contacts()), map[bool]int{true: 1}[test.fault.Do == tidiomock.FailAfter]; got != want {
			t.Errorf("%s: %d contacts, want %d", test.fault.Do, got, want)
		}
	}
	s := start(t, tidiomock.Config{})
	s.AddContact(tidiomock.Contact{ID: "1"})
	for _, isV1 := range []bool{true, false} {
		get := func(path string) answer {
			if isV1 {
				return s.get(t, path)
			}
			return s.ask(t, "GET", path, "")
		}
		s.Arm(tidiomock.Fault{Do: tidiomock.NotFoundHTML})
		got := get("/contacts/1")
		got.wants(t, 404)
		if kind := got.header.Get("Content-Type"); kind != "text/html; charset=utf-8" || !strings.Contains(got.body, "<h1>") {
			t.Errorf("%s: %s", kind, got.body)
		}
	}
	s.Arm(tidiomock.Fault{Do: tidiomock.Huge})
	if got := s.ask(t, "GET", "/contacts", ""); len(got.body) < 1e7 || !strings.HasPrefix(got.body, `{"contacts":[],`) {
		t.Errorf("%d bytes", len(got.body))
	}
}

func TestPublished_requestViolations(t *testing.T) {
	for _, test := range []struct {
		name, method, path, contentType, body string
		status                                int
	}{
		{"an unknown field", "POST", "/contacts", "application/json", `{"distinct_id":"1","phone":"5","name":"x"}`, 422},
		{"no body", "POST", "/contacts", "application/json", "", 400},
		{"not JSON", "POST", "/contacts", "application/json", "{", 400},
		{"another content type", "POST", "/contacts", "text/plain", "{}", 400},
		{"an unknown parameter", "GET", "/contacts?page=2", "", "", 400},
		{"an empty address", "GET", "/contacts?email=", "", "", 400},
		{"a ticket that is no number", "GET", "/tickets/abc", "", "", 400},
	} {
		s := start(t, tidiomock.Config{})
		req := publishedRequest(t, test.method, s.root()+test.path, test.body)
		req.Header.Set("Content-Type", test.contentType)
		got := s.send(req)
		got.refused(t, test.status, map[int]string{400: "bad_request", 422: "validation_error"}[test.status])
		if v := s.takeViolations(); len(v) != 1 {
			t.Errorf("%s: violations %q", test.name, v)
		}
	}
	s := start(t, tidiomock.Config{})
	req := publishedRequest(t, "POST", s.root()+"/contacts", `{"distinct_id":"1","phone":"5"}`)
	req.Header.Set("Content-Type", "application/json; version=1") // as one client sends it
	s.send(req).wants(t, 201)
}

func TestPublished_omitOptional(t *testing.T) {
	s := start(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true}})
	s.AddContact(tidiomock.Contact{ID: "1", Email: "jane@example.com"})
	s.AddProperty(tidiomock.Property{Name: "plan", Label: "Plan", Type: "text"})
	s.AddOperator(tidiomock.Operator{ID: "2", Name: "Ines"})
	s.AddTicket(tidiomock.Ticket{ID: 3, Messages: []tidiomock.TicketMessage{{Content: "Hello"}}})
	s.AddContactMessages("1", tidiomock.Message{ID: "4", Content: "Hello"})
	for path, want := range map[string]string{
		"/contacts/1":          `{"id":"1"}`,
		"/contact-properties":  `{"meta":{"cursor":null,"limit":100},"properties":[{"name":"plan","type":"text"}]}`,
		"/operators":           `{"meta":{"cursor":null,"limit":100},"operators":[{"id":"2"}]}`,
		"/tickets/3":           `{"id":3}`,
		"/project":             `{"project_id":1001}`,
		"/contacts/1/messages": `{"conversation_url":"https://panel.example.com/conversations/1","messages":[{"id":"4"}],"meta":{"cursor":null,"limit":100}}`,
	} {
		s.ask(t, "GET", path, "").wants(t, 200, want)
	}
}

// The account is one: what one API writes the other reads.
func TestTwoFormatsOneAccount(t *testing.T) {
	s := start(t, tidiomock.Config{Rewrite: strings.ToLower})
	s.create(t, "Plan").wants(t, 201)
	if _, ok := s.Property("plan"); !ok {
		t.Errorf("properties %v", s.Properties())
	}
	s.create(t, "PLAN").wants(t, 400)
	s.do(t, "POST", "/properties", `{"name":"seats","type":"number"}`).wants(t, 201)
	old := s.createContact(t, `{"name":"Jane Doe","properties":{"plan":"team","seats":1e3}}`)
	got := s.ask(t, "GET", "/contacts/"+old.ID, "")
	got.wants(t, 200, `{"id":"`+old.ID+`","distinct_id":null,"first_name":null,"last_name":null,`+
		`"email":null,"phone":null,"language":null,"country":null,"city":null,"created_at":"`+old.CreatedAt+`",`+
		`"email_consent":"unsubscribed","properties":[{"name":"plan","value":"team"},{"name":"seats","value":"1e3"}],`+
		`"messenger_id":null,"instagram_id":null}`)

	s.ask(t, "PATCH", "/contacts/"+old.ID, `{"first_name":"Janet","last_name":"Dough"}`).wants(t, 204, "")
	name := func(want string) {
		t.Helper()
		if got := s.get(t, "/contacts/"+old.ID).field(t, "name"); got != want {
			t.Errorf("name %q over v1, want %q", got, want)
		}
	}
	name("Jane Doe")
	s.do(t, "PATCH", "/contacts/"+old.ID, `{"name":null}`).wants(t, 200)
	name("Janet Dough")
	s.ask(t, "PATCH", "/contacts/"+old.ID, `{"first_name":null}`).wants(t, 204)
	name("Dough")
	s.ask(t, "DELETE", "/contacts/"+old.ID, "").wants(t, 204, "")
	s.get(t, "/contacts/"+old.ID).wants(t, 404)
}

func TestReadLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lag = 5 * time.Second
		m := tidiomock.New(tidiomock.Config{ReadLag: lag})
		m.AddContact(tidiomock.Contact{ID: "old", Phone: "1"})
		m.AddContact(tidiomock.Contact{ID: "doomed"})
		m.AddTicket(tidiomock.Ticket{ID: 1, Status: "open"})
		ask := func(method, path, body string) answer {
			w := direct(m, publishedRequest(t, method, path, body))
			return answer{status: w.Code, body: w.Body.String()}
		}
		askV1 := func(method, path, body string) answer {
			w := direct(m, newRequest(t, method, "/v1"+path, body))
			return answer{status: w.Code, body: w.Body.String()}
		}
		created := ask("POST", "/contacts", `{"distinct_id":"1","phone":"5"}`).field(t, "id").(string)
		ask("PATCH", "/contacts/old", `{"phone":"2"}`).wants(t, 204)
		ask("DELETE", "/contacts/doomed", "").wants(t, 204)
		ask("PATCH", "/tickets/1", `{"status":"solved"}`).wants(t, 204)
		askV1("POST", "/properties", `{"name":"plan","type":"text"}`).wants(t, 201)

		look := func(phone, status string, properties int, contacts ...string) {
			t.Helper()
			for _, ask := range []func(string, string, string) answer{ask, askV1} {
				if got := ask("GET", "/contacts/old", "").field(t, "phone"); got != phone {
					t.Errorf("phone %v, want %s", got, phone)
				}
				list := ask("GET", "/contacts", "").body
				for _, id := range []string{"old", "doomed", created} {
					want := slices.Contains(contacts, id)
					if got := ask("GET", "/contacts/"+id, ""); (got.status == 200) != want {
						t.Errorf("%s: %d", id, got.status)
					}
					if got := strings.Contains(list, `"id":"`+id+`"`); got != want {
						t.Errorf("%s is in the list: %t, want %t", id, got, want)
					}
				}
			}
			if got := ask("GET", "/tickets/1", "").field(t, "status"); got != status {
				t.Errorf("ticket: %v, want %s", got, status)
			}
			for _, list := range []string{askV1("GET", "/properties", "").body, ask("GET", "/contact-properties", "").body} {
				if got := strings.Count(list, `"name"`); got != properties {
					t.Errorf("%d properties, want %d", got, properties)
				}
			}
		}
		look("1", "open", 0, "old", "doomed")
		sleep(3 * time.Second)
		ask("PATCH", "/contacts/old", `{"phone":"3"}`).wants(t, 204) // the lag is each write's own
		ask("DELETE", "/contacts/doomed", "").wants(t, 404)          // writes have none
		ask("PATCH", "/contacts/"+created, `{"phone":"6"}`).wants(t, 204)
		sleep(lag - 3*time.Second - time.Nanosecond)
		look("1", "open", 0, "old", "doomed")
		sleep(time.Nanosecond)
		look("2", "solved", 1, "old", created)
		sleep(3 * time.Second)
		look("3", "solved", 1, "old", created)

		m.ChangeContact("old", func(c *tidiomock.Contact) { c.Phone = "4" }) // the panel has no lag
		m.AddContact(tidiomock.Contact{ID: "doomed"})
		m.DeleteContact(created)
		look("4", "solved", 1, "old", "doomed")
	})
}

func TestMergeContacts(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for _, id := range []string{"a", "b", "c"} {
		s.AddContact(tidiomock.Contact{ID: id, Phone: id})
		s.AddContactMessages(id, tidiomock.Message{ID: "said by " + id})
	}
	s.MergeContacts("a", "b")
	s.MergeContacts("b", "c")
	for _, get := range []func() answer{
		func() answer { return s.get(t, "/contacts/a") },
		func() answer { return s.ask(t, "GET", "/contacts/a", "") },
	} {
		if got := get(); got.field(t, "id") != "c" || got.field(t, "phone") != "c" {
			t.Errorf("%s", got.body)
		}
	}
	s.ask(t, "PATCH", "/contacts/a", `{"phone":"1"}`).wants(t, 204)
	s.do(t, "PATCH", "/contacts/b", `{"email":"jane@example.com"}`).wants(t, 200)
	s.ask(t, "PATCH", "/contacts/batch", `{"contacts":[{"id":"a","first_name":"Jane"},{"id":"b","last_name":"Doe"}]}`).wants(t, 204)
	all := s.Contacts()
	if len(all) != 1 || all[0].ID != "c" || all[0].Phone != "1" || all[0].Email != "jane@example.com" ||
		all[0].FirstName != "Jane" || all[0].LastName != "Doe" {
		t.Errorf("%+v", all)
	}
	if got := s.ask(t, "GET", "/contacts/b/messages", "").body; strings.Count(got, "said by") != 3 {
		t.Errorf("messages of all: %s", got)
	}
	mustPanic(t, "with itself", func() { s.MergeContacts("a", "c") })
	mustPanic(t, "nobody", func() { s.MergeContacts("c", "nobody") })
	s.ask(t, "DELETE", "/contacts/a", "").wants(t, 204)
	s.ask(t, "GET", "/contacts/c", "").refused(t, 404, "not_found")
	s.AddContact(tidiomock.Contact{ID: "a", Phone: "new"})
	if got := s.ask(t, "GET", "/contacts/a", "").field(t, "phone"); got != "new" {
		t.Errorf("phone %v", got)
	}
}
