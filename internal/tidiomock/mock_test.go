package tidiomock_test

import (
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
	url    string // ends in /v1
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
	s.url = listening.URL + "/v1"
	// A connection that is used once is not silently tried again when it is cut.
	s.client = &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
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

// answer is what came back: a reply, maybe cut short, or an error.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func (s *server) do(t *testing.T, method, path, body string) answer {
	t.Helper()
	return s.send(newRequest(t, method, s.url+path, body))
}

func newRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer any-key")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func (s *server) send(req *http.Request) answer {
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(body), err}
}

func (s *server) get(t *testing.T, path string) answer {
	t.Helper()
	return s.do(t, http.MethodGet, path, "")
}

func (s *server) create(t *testing.T, name string) answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"name": name, "type": "text"})
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, http.MethodPost, "/properties", string(body))
}

// wants fails the test unless the reply has this status and, when it is given, this body.
func (a answer) wants(t *testing.T, status int, body ...string) {
	t.Helper()
	switch {
	case a.err != nil:
		t.Errorf("no reply: %v", a.err)
	case a.status != status:
		t.Errorf("got %d, want %d: %s", a.status, status, a.body)
	case len(body) > 0 && strings.TrimSpace(a.body) != body[0]:
		t.Errorf("got  %s\nwant %s", strings.TrimSpace(a.body), body[0])
	}
}

// message fails the test unless the reply is an error of the API, and returns what it says.
func (a answer) message(t *testing.T) string {
	t.Helper()
	var e struct{ Message string }
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || e.Message == "" {
		t.Errorf("no message: %q", a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	return e.Message
}

// direct calls the mock without a network, for tests with a clock of their own.
func direct(m *tidiomock.Mock, req *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	m.ServeHTTP(w, req)
	return w
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

func TestKey(t *testing.T) {
	for _, test := range []struct {
		accepted, sent string
		want           int
	}{
		{"k1", "Bearer k1", 200},
		{"k1", "Bearer k2", 401},
		{"k1", "Bearer k1 ", 200}, // net/http trims a header's value
		{"k1", "k1", 401},
		{"k1", "Basic k1", 401},
		{"k1", "", 401},
		{"", "Bearer whatever", 200},
		{"", "Bearer ", 401},
		{"", "", 401},
	} {
		s := start(t, tidiomock.Config{APIKey: test.accepted})
		req := newRequest(t, "GET", s.url+"/properties", "")
		req.Header.Del("Authorization")
		if test.sent != "" {
			req.Header.Set("Authorization", test.sent)
		}
		got := s.send(req)
		if got.status != test.want {
			t.Errorf("%q when %q is accepted: %d, want %d",
				test.sent, test.accepted, got.status, test.want)
		}
		if got.status == 401 {
			got.message(t)
		}
	}
}

func TestNoSuchRoute(t *testing.T) {
	for _, test := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"GET", "/nothing", 404, ""},
		{"GET", "/", 404, ""},
		{"GET", "/properties/", 404, ""}, // an empty id is not the collection
		{"GET", "/properties/a/b", 404, ""},
		{"PUT", "/properties", 405, "GET, POST"},
		{"DELETE", "/properties/prop_1", 405, "GET"},
		{"PATCH", "/properties/prop_1", 405, "GET"},
		{"GET", "/contacts/", 404, ""},
		{"PATCH", "/contacts/", 404, ""},
		{"PATCH", "/contacts", 405, "GET, POST"},
		{"PUT", "/contacts/1", 405, "GET, PATCH, DELETE"},
		{"POST", "/operators", 405, "GET"},
		{"PATCH", "/operators/1", 405, "GET"},
		{"POST", "/conversations", 405, "GET"}, // the API has it, and nobody has needed it
		{"PATCH", "/conversations/1", 405, "GET"},
		{"GET", "/conversations//messages", 404, ""},
		{"POST", "/conversations/1/messages", 405, "GET"},
		{"GET", "/conversations/1/messages/1", 404, ""},
	} {
		s := start(t, tidiomock.Config{})
		got := s.do(t, test.method, test.path, "")
		got.wants(t, test.want)
		got.message(t)
		if allow := got.header.Get("Allow"); allow != test.allow {
			t.Errorf("%s %s: Allow %q, want %q", test.method, test.path, allow, test.allow)
		}
		v := s.takeViolations()
		if len(v) != 1 || !strings.Contains(v[0], test.method+" /v1"+test.path) {
			t.Errorf("%s %s: violations %q", test.method, test.path, v)
		}
	}
}

// A wrong base URL is no violation: the client does not know the API there.
func TestOutsideTheAPI(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.url = strings.TrimSuffix(s.url, "/v1")
	for _, path := range []string{
		"", "/", "/v1", "/v11/properties", "/api/v1/properties", "/v2/properties",
	} {
		got := s.get(t, path)
		got.wants(t, 404)
		got.message(t)
	}
}

func TestBodyTooLarge(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.create(t, strings.Repeat("x", 2<<20)).wants(t, 400)
	if len(s.takeViolations()) > 1 {
		t.Error("one request, several violations")
	}
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{Latency: 3 * time.Second})
		before := time.Now()
		var replied sync.WaitGroup
		replied.Go(func() {
			req := newRequest(t, "POST", "/v1/properties", `{"name":"plan","type":"text"}`)
			if w := direct(m, req); w.Code != http.StatusCreated {
				t.Errorf("%d %s", w.Code, w.Body)
			}
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

func TestConcurrentUse(t *testing.T) {
	s := start(t, tidiomock.Config{
		PageSize:          3,
		RequestsPerMinute: 1000,
		Window:            tidiomock.SlidingWindow,
	})
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
			s.AddProperty(tidiomock.Property{Name: own + " by hand", Type: "text"})
			s.Arm(tidiomock.Fault{Do: tidiomock.FailBefore, Skip: 1000})
			s.HideProperty(own)
			s.DeleteProperty(own + " by hand")
			s.Requests()
			s.Unfired()
			s.Properties()
		})
	}
	clients.Wait()
	slices.Sort(statuses)
	want := append([]int{201}, slices.Repeat([]int{400}, n-1)...)
	if !slices.Equal(statuses, want) {
		t.Errorf("creates of one name: %v", statuses)
	}
	if got := s.Count("POST", "/properties"); got != 2*n {
		t.Errorf("%d creates in the log, want %d", got, 2*n)
	}
	ids := map[string]bool{}
	for _, p := range s.Properties() {
		ids[p.ID] = true
	}
	if len(ids) != n+1 {
		t.Errorf("%d different ids, want %d", len(ids), n+1)
	}
}

// cut tells whether the connection was closed on the client.
func (a answer) cut() bool {
	return errors.Is(a.err, io.EOF) || errors.Is(a.err, io.ErrUnexpectedEOF)
}

func TestConcurrentContacts(t *testing.T) {
	s := start(t, tidiomock.Config{PageSize: 3})
	s.define()
	shared := s.AddContact(tidiomock.Contact{Properties: map[string]any{"number": 0}})
	s.AddConversation(tidiomock.Conversation{ID: "1"})
	const n = 8
	var clients sync.WaitGroup
	for range n {
		clients.Go(func() {
			own := s.createContact(t, `{"name":"Own","properties":{"text":"mine"}}`)
			s.do(t, "PATCH", "/contacts/"+shared.ID, `{"properties":{"text":"x"}}`).wants(t, 200)
			s.get(t, "/contacts").wants(t, 200)
			s.get(t, "/contacts/"+shared.ID).wants(t, 200)
			s.ChangeContact(shared.ID, func(c *tidiomock.Contact) {
				c.Properties["number"] = c.Properties["number"].(int) + 1
			})
			s.SetContactValue(own.ID, "text", "theirs")
			s.AddMessages("1", tidiomock.Message{Content: "Hello"})
			s.get(t, "/conversations/1/messages").wants(t, 200)
			s.Contacts()
			s.do(t, "DELETE", "/contacts/"+own.ID, "").wants(t, 204)
		})
	}
	clients.Wait()
	if all := s.Contacts(); len(all) != 1 || all[0].Properties["number"] != n {
		t.Errorf("left: %+v", all)
	}
	if _, meta := s.ids(t, "/conversations/1/messages"); *meta.Total != n {
		t.Errorf("%d messages, want %d", *meta.Total, n)
	}
}
