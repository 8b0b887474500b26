package tidiomock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// server is a mock behind a listener. A violation that the test did not take fails it.
type server struct {
	*tidiomock.Mock
	url    string
	client *http.Client

	mu         sync.Mutex
	violations []string
}

func start(t *testing.T, config tidiomock.Config) *server {
	t.Helper()
	s := &server{}
	config.OnViolation = func(err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violations = append(s.violations, err.Error())
	}
	s.Mock = tidiomock.New(config)
	listening := httptest.NewServer(s)
	s.url = listening.URL
	// A connection that is used once is not silently tried again when it is cut.
	s.client = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		listening.Close()
		for _, v := range s.takeViolations() {
			t.Error("unexpected violation:", v)
		}
	})
	return s
}

func (s *server) takeViolations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.violations
	s.violations = nil
	return taken
}

// wantsViolations fails the test unless there were n violations, each with a text in it.
func (s *server) wantsViolations(t *testing.T, n int, text string) {
	t.Helper()
	got := s.takeViolations()
	if len(got) != n || slices.ContainsFunc(got, func(v string) bool { return !strings.Contains(v, text) }) {
		t.Errorf("violations %q, want %d with %q", got, n, text)
	}
}

// answer is what came back: a reply, maybe cut short, or an error.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

// do sends a request to v1, and ask sends one to the published API.
func (s *server) do(t *testing.T, method, path, body string) answer {
	t.Helper()
	return s.send(v1Request(t, method, s.url+"/v1"+path, body))
}

func (s *server) ask(t *testing.T, method, path, body string) answer {
	t.Helper()
	return s.send(publishedRequest(t, method, s.url+path, body))
}

func (s *server) get(t *testing.T, path string) answer {
	t.Helper()
	return s.do(t, http.MethodGet, path, "")
}

// read sends a GET to v1 if the path begins like it, else to the published API.
func (s *server) read(t *testing.T, path string) answer {
	t.Helper()
	if path, isV1 := strings.CutPrefix(path, "/v1"); isV1 {
		return s.get(t, path)
	}
	return s.ask(t, http.MethodGet, path, "")
}

func newRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func v1Request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	req := newRequest(t, method, url, body)
	req.Header.Set("Authorization", "Bearer any-key")
	return req
}

func publishedRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	req := newRequest(t, method, url, body)
	req.Header.Set("Accept", "application/json; version=1")
	req.Header.Set("X-Tidio-Openapi-Client-Id", "ci_any")
	req.Header.Set("X-Tidio-Openapi-Client-Secret", "cs_any")
	return req
}

func (s *server) send(req *http.Request) answer {
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{status: resp.StatusCode, header: resp.Header, body: string(body), err: err}
}

// direct calls the mock without a network, for tests with a clock of their own.
func direct(handler http.Handler, req *http.Request) answer {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, req)
	return answer{status: w.Code, header: w.Header(), body: w.Body.String()}
}

// create creates a property over v1.
func (s *server) create(t *testing.T, name string) answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"name": name, "type": "text"})
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, http.MethodPost, "/properties", string(body))
}

// define adds a property of each type, named like it.
func (s *server) define() {
	for _, kind := range []string{"text", "email", "number", "phone", "url"} {
		s.AddProperty(tidiomock.Property{Name: kind, Type: kind})
	}
}

// wants fails the test unless the reply has this status and, when it is given, this body; of JSON
// the order of its fields does not matter.
func (a answer) wants(t *testing.T, status int, body ...string) {
	t.Helper()
	switch {
	case a.err != nil:
		t.Errorf("no reply: %v", a.err)
	case a.status != status:
		t.Errorf("got %d, want %d: %s", a.status, status, a.body)
	case len(body) > 0 && canonical(a.body) != canonical(body[0]):
		t.Errorf("got  %s\nwant %s", canonical(a.body), canonical(body[0]))
	}
}

// canonical is JSON with its fields in the order of the alphabet, and numbers digit for digit.
func canonical(text string) string {
	var v any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&v) != nil {
		return text
	}
	var sorted bytes.Buffer
	encoder := json.NewEncoder(&sorted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // what was decoded can be encoded
	return sorted.String()
}

// refused fails the test unless the reply is an error of the API that was asked, with this status
// and, over the published API, this code. It returns the message.
func (a answer) refused(t *testing.T, status int, code ...string) string {
	t.Helper()
	a.wants(t, status)
	var e struct {
		Message string
		Errors  []struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("no error: %v: %q", err, a.body)
	}
	if len(code) > 0 {
		if len(e.Errors) != 1 || e.Errors[0].Code != code[0] {
			t.Errorf("no error with the code %s: %s", code[0], a.body)
			return ""
		}
		e.Message = e.Errors[0].Message
	}
	if e.Message == "" {
		t.Errorf("no message: %s", a.body)
	}
	return e.Message
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

// cut tells whether the connection was closed on the client.
func (a answer) cut() bool {
	return errors.Is(a.err, io.EOF) || errors.Is(a.err, io.ErrUnexpectedEOF)
}

func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", what)
		}
	}()
	f()
}

// sleep lets the test's own clock run for d.
func sleep(d time.Duration) { <-time.After(d) }

func TestCredentials(t *testing.T) {
	const accept = "application/json; version=1"
	type headers = map[string]string
	pair := func(id, secret string) headers {
		return headers{"Accept": accept, "X-Tidio-Openapi-Client-Id": id, "X-Tidio-Openapi-Client-Secret": secret}
	}
	version := func(accept string) headers {
		sent := pair("ci_1", "cs_1")
		sent["Accept"] = accept
		return sent
	}
	one := tidiomock.Config{APIKey: "k1", ClientID: "ci_1", ClientSecret: "cs_1"}
	for _, test := range []struct {
		path   string
		config tidiomock.Config
		sent   headers
		want   int
	}{
		{"/v1/properties", one, headers{"Authorization": "Bearer k1"}, 200},
		{"/v1/properties", one, headers{"Authorization": "Bearer k2"}, 401},
		{"/v1/properties", one, headers{"Authorization": "k1"}, 401},
		{"/v1/properties", one, headers{"Authorization": "Basic k1"}, 401},
		{"/v1/properties", one, nil, 401},
		{"/v1/properties", tidiomock.Config{}, headers{"Authorization": "Bearer whatever"}, 200},
		{"/v1/properties", tidiomock.Config{}, headers{"Authorization": "Bearer "}, 401},
		{"/project", tidiomock.Config{}, pair("any", "any"), 200},
		{"/project", tidiomock.Config{}, pair("", "any"), 401},
		{"/project", tidiomock.Config{}, pair("any", ""), 401},
		{"/project", tidiomock.Config{}, headers{"Accept": accept, "Authorization": "Bearer k1"}, 401},
		{"/project", one, pair("ci_1", "cs_1"), 200},
		{"/project", one, pair("ci_2", "cs_1"), 401},
		{"/project", one, pair("ci_1", "cs_2"), 401},
		{"/project", one, version("application/json;version=1"), 200},
		{"/project", one, version("text/html, application/json; version=1"), 200},
		{"/project", one, version("application/json; version=10"), 406},
		{"/project", one, version("application/json"), 406},
		{"/project", one, version("*/*"), 406},
	} {
		test.config.RequestsPerMinute = 9
		s := start(t, test.config)
		req := newRequest(t, "GET", s.url+test.path, "")
		for name, value := range test.sent {
			req.Header.Set(name, value)
		}
		got := s.send(req)
		got.wants(t, test.want)
		if counted := got.header.Get("X-Ratelimit-Remaining") != ""; counted != (test.want == 200) {
			t.Errorf("%s %v: counted %t", test.path, test.sent, counted)
		}
	}
}

// The request begins with every flaw. Each is reported in turn and fixed, which uncovers the next.
func TestChecks_order(t *testing.T) {
	account := func(config tidiomock.Config) *server {
		config.APIKey, config.ClientSecret = "mine", "cs_mine"
		s := start(t, config)
		s.AddContact(tidiomock.Contact{ID: "there", Email: "jane@example.com"})
		return s
	}
	for _, isV1 := range []bool{true, false} {
		s := account(tidiomock.Config{RequestsPerMinute: 1})
		method, path, body, accept, key := "PUT", "/contacts//", "{", "application/json", "other"
		send := func(method, path, body string) answer {
			req := publishedRequest(t, method, s.url+path, body)
			if isV1 {
				req = newRequest(t, method, s.url+"/v1"+path, body)
				req.Header.Set("Authorization", "Bearer "+key)
			}
			req.Header.Set("Accept", accept)
			req.Header.Set("X-Tidio-Openapi-Client-Secret", "cs_"+key)
			got := s.send(req)
			s.takeViolations()
			return got
		}
		for _, step := range []struct {
			status  int
			code    string
			fix     func()
			version bool // of the published API only
		}{
			{404, "not_found", func() { path = "/contacts/absent" }, false},
			{405, "method_not_allowed", func() { method = "PATCH" }, false},
			{406, "missing_api_version", func() { accept += "; version=1" }, true},
			{401, "unauthorized", func() { key = "mine"; send("GET", "/contacts", "") }, false},
			{429, "too_many_requests", func() { s = account(tidiomock.Config{}) }, false},
			{400, "bad_request", func() { body = `{"email":7}` }, false},
			{404, "not_found", func() { path = "/contacts/there" }, false},
			{422, "validation_error", func() { body = `{"email":"nobody"}` }, false},
			{422, "validation_error", func() {}, false},
		} {
			switch {
			case !isV1:
				send(method, path, body).refused(t, step.status, step.code)
			case step.version:
			case step.status == 422:
				send(method, path, body).refused(t, 400)
			default:
				send(method, path, body).refused(t, step.status)
			}
			step.fix()
		}
	}
}

func TestRoutes_unknown(t *testing.T) {
	for _, test := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"GET", "/v1/nothing", 404, ""},
		{"GET", "/v1/", 404, ""},
		{"GET", "/v1/properties/", 404, ""}, // an empty id is not the collection
		{"PUT", "/v1/properties", 405, "GET, POST"},
		{"PUT", "/v1/contacts/1", 405, "GET, PATCH, DELETE"},
		{"GET", "/v1/conversations//messages", 404, ""},
		{"GET", "/conversations", 404, ""},
		{"GET", "/contacts/1/viewed-pages", 404, ""},
		{"POST", "/contact-properties", 405, "GET"},
		{"GET", "/tickets/as-contact", 405, "POST"},
	} {
		s := start(t, tidiomock.Config{})
		got := s.send(newRequest(t, test.method, s.url+test.path, "")) // without credentials
		if strings.HasPrefix(test.path, "/v1/") {
			got.refused(t, test.want)
		} else {
			got.refused(t, test.want, map[int]string{404: "not_found", 405: "method_not_allowed"}[test.want])
		}
		if allow := got.header.Get("Allow"); allow != test.allow {
			t.Errorf("%s %s: Allow %q, want %q", test.method, test.path, allow, test.allow)
		}
		s.wantsViolations(t, 1, test.method+" "+test.path)
	}
}

// A wrong base URL is no violation: the client does not know the API there. Each can read the error.
func TestRoutes_outside(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for _, path := range []string{
		"", "/", "/v1", "/v11/properties", "/api/v1/properties", "/v2/contacts", "/webhooks", "/panel/properties",
	} {
		got := s.send(newRequest(t, "GET", s.url+path, ""))
		if got.refused(t, 404) != got.refused(t, 404, "not_found") {
			t.Errorf("two messages: %s", got.body)
		}
	}
}

func TestBodyTooLarge(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.create(t, strings.Repeat("x", 9<<20)).refused(t, 400)
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{Latency: 3 * time.Second})
		before := time.Now()
		var replied sync.WaitGroup
		replied.Go(func() {
			direct(m, v1Request(t, "POST", "/v1/properties", `{"name":"plan","type":"text"}`)).wants(t, 201)
		})
		synctest.Wait()
		if _, ok := m.Property("plan"); !ok {
			t.Error("the effect came after the wait")
		}
		replied.Wait()
		if d := time.Since(before); d != 3*time.Second {
			t.Errorf("replied after %v", d)
		}
	})
}

// A test hears of nothing unless it asks to.
func TestViolations_nobodyIsTold(t *testing.T) {
	direct(tidiomock.New(tidiomock.Config{}), v1Request(t, "GET", "/v1/nothing", "")).wants(t, 404)
}

func TestConcurrentUse(t *testing.T) {
	s := start(t, tidiomock.Config{PageSize: 3, RequestsPerMinute: 1000})
	s.define()
	shared := s.AddContact(tidiomock.Contact{Properties: map[string]any{"number": 0}})
	s.AddConversation(tidiomock.Conversation{ID: "1", ContactID: shared.ID})
	const n = 8
	statuses := make([]int, n)
	var clients sync.WaitGroup
	for i := range n {
		clients.Go(func() {
			own := string(rune('a' + i))
			statuses[i] = s.create(t, "contended").status
			s.create(t, own).wants(t, 201)
			s.get(t, "/properties?page=2").wants(t, 200)
			s.SetPropertyLabel(own, "Label")
			s.Arm(tidiomock.Fault{Do: tidiomock.FailBefore, Skip: 1000})
			s.DeleteProperty(own)
			s.Requests()
			s.Unfired()
			s.Properties()

			created := s.ask(t, "POST", "/contacts", `{"distinct_id":"1","phone":"5"}`).field(t, "id").(string)
			s.do(t, "PATCH", "/contacts/"+shared.ID, `{"properties":{"text":"x"}}`).wants(t, 200)
			s.ask(t, "GET", "/contacts", "").wants(t, 200)
			s.ChangeContact(shared.ID, func(c *tidiomock.Contact) {
				c.Properties["number"] = c.Properties["number"].(int) + 1
			})
			s.AddMessages("1", tidiomock.Message{Content: "Hello"})
			s.ask(t, "GET", "/contacts/"+shared.ID+"/messages", "").wants(t, 200)
			s.Contacts()
			s.do(t, "DELETE", "/contacts/"+created, "").wants(t, 204)
		})
	}
	clients.Wait()
	slices.Sort(statuses)
	if want := append([]int{201}, slices.Repeat([]int{400}, n-1)...); !slices.Equal(statuses, want) {
		t.Errorf("creates of one name: %v", statuses)
	}
	if got := s.Count("POST", "/properties"); got != 2*n {
		t.Errorf("%d creates in the log, want %d", got, 2*n)
	}
	if all := s.Contacts(); len(all) != 1 || all[0].Properties["number"] != n {
		t.Errorf("left: %+v", all)
	}
	if ids, _ := s.ids(t, "/conversations/1/messages?page=3"); len(ids) != n-6 {
		t.Errorf("%d messages on the last page, want %d", len(ids), n-6)
	}
}
