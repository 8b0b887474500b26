package tidio

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

const testKey = "tk-live-0123456789abcdefghijklmnopqrstuv"

// testOptions are those of a client that sends through base.
func testOptions(t *testing.T, base http.RoundTripper) Options {
	t.Helper()
	address, err := ParseBaseURL("https://api.example.com/v1/")
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Settings: transport.Settings{MaxRetries: 2, MaxRetryWait: 2 * time.Minute, RequestTimeout: 30 * time.Second},
		BaseURL:  address, Credentials: parsedKey(t, testKey), UserAgent: "test/1.0", Base: base,
	}
}

func parsedKey(t *testing.T, s string) Key {
	t.Helper()
	key, err := ParseKey(s)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// fakeAPI answers with a function and keeps the requests.
type fakeAPI struct {
	answer func(*http.Request) *http.Response

	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func (f *fakeAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests, f.bodies = append(f.requests, req), append(f.bodies, string(body))
	return f.answer(req), nil
}

// sent returns the requests as lines.
func (f *fakeAPI) sent() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lines []string
	for _, r := range f.requests {
		lines = append(lines, r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/v1/"))
	}
	return lines
}

// newFake returns a client, and the API that answers it. Nothing is retried.
func newFake(t *testing.T, answer func(*http.Request) *http.Response) (*Client, *fakeAPI) {
	t.Helper()
	api := &fakeAPI{answer: answer}
	options := testOptions(t, api)
	options.MaxRetries = 0
	return New(options), api
}

func response(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
	}
}

// GetProperty reads one property by itself.
func (c *Client) GetProperty(ctx context.Context, id string) (Property, error) {
	return getOne(ctx, c, c.wire.properties, id)
}

// GetContact reads one contact by itself.
func (c *Client) GetContact(ctx context.Context, id string) (Contact, error) {
	contact, err := c.contacts.Get(ctx, id)
	return contact, proveAbsent(ctx, c, c.wire.contacts, c.contacts, id, err)
}

// always gives every request the same answer.
func always(status int, body string) func(*http.Request) *http.Response {
	return func(*http.Request) *http.Response { return response(status, body) }
}

// byRequest answers by method and path, as fakeAPI.sent writes them: with a body and 200, or 404
// where there is none.
func byRequest(bodies map[string]string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		body, found := bodies[req.Method+" "+strings.TrimPrefix(req.URL.RequestURI(), "/v1/")]
		if !found {
			return response(http.StatusNotFound, `{"message":"not here"}`)
		}
		return response(http.StatusOK, body)
	}
}

// memory is a network without a network: its connections are pipes in memory, and so stand still on
// the fake clock.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	close(m.closed)
	return nil
}

func (*memory) Addr() net.Addr { return &net.TCPAddr{} }

// account is the mock behind a real HTTP server and a real HTTP client. It is for use within a
// bubble of synctest.
type account struct {
	*Client
	mock    *tidiomock.Mock
	network http.RoundTripper
}

// newAccount starts the mock; change may be nil.
func newAccount(t *testing.T, config tidiomock.Config, change func(*Options)) account {
	t.Helper()
	config.APIKey = testKey
	config.OnViolation = func(err error) { t.Error(err) }
	mock := tidiomock.New(config)

	network := &memory{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: mock, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Hour}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(network) })
	base := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, served := net.Pipe()
		select {
		case network.conns <- served:
			return client, nil
		case <-network.closed: // a connection that nobody needed any more
			return nil, net.ErrClosed
		}
	}}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		_ = server.Close()
		serving.Wait()
	})

	options := testOptions(t, base)
	address, err := ParseBaseURL("http://localhost/v1/")
	if err != nil {
		t.Fatal(err)
	}
	options.BaseURL = address
	if change != nil {
		change(&options)
	}
	return account{Client: New(options), mock: mock, network: base}
}

// arm arms faults, and fails the test if one of them was not met.
func (a account) arm(t *testing.T, faults ...tidiomock.Fault) {
	t.Helper()
	for _, f := range faults {
		a.mock.Arm(f)
	}
	t.Cleanup(func() {
		for _, f := range a.mock.Unfired() {
			t.Errorf("nobody met the fault %q", f.Do)
		}
	})
}

// sent returns the requests the mock got, as lines.
func (a account) sent() []string {
	var lines []string
	for _, r := range a.mock.Requests() {
		line := r.Method + " " + strings.TrimPrefix(r.Path, "/v1/")
		if r.Query != "" {
			line += "?" + r.Query
		}
		lines = append(lines, line)
	}
	return lines
}

// pass lets time pass on the fake clock.
func pass(d time.Duration) { <-time.After(d) }

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func contains(t *testing.T, what, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%s: %q does not hold %q", what, text, part)
	}
}

// hides fails the test if a value shows a secret in whatever way it is printed.
func hides(t *testing.T, what string, value any, secrets ...string) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed := fmt.Sprintf(verb, value)
		for _, secret := range secrets {
			if strings.Contains(printed, secret) || strings.Contains(printed, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s printed with %s shows %q: %s", what, verb, secret, printed)
			}
		}
	}
}

// failure returns the error of a call that must have failed in a way.
func failure(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	failed := AsError(err)
	if failed == nil {
		t.Fatalf("got the error %v, want a *tidio.Error", err)
	}
	if failed.Kind != kind {
		t.Errorf("got an error of kind %d, want %d: %v", failed.Kind, kind, failed)
	}
	return failed
}

func fails(t *testing.T, err error, kind Kind) {
	t.Helper()
	_ = failure(t, err, kind)
}

func succeeds(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// location is a Location header.
func location(status int, to string) *http.Response {
	resp := response(status, "")
	resp.Header.Set("Location", to)
	return resp
}

// endlessPage is a page of a list without end: so many items, all new.
func endlessPage(req *http.Request, size int) *http.Response {
	query, _ := url.ParseQuery(req.URL.RawQuery)
	var items []string
	for i := range size {
		items = append(items, fmt.Sprintf(`{"id":"%s-%d","name":"n","type":"text"}`, query.Get("page"), i))
	}
	return response(http.StatusOK, `{"data":[`+strings.Join(items, ",")+`],"meta":{}}`)
}

// addContacts puts n contacts into the account, with the ids c0, c1 ...
func (a account) addContacts(n int) {
	a.mock.AddContacts(n, func(i int) tidiomock.Contact {
		return tidiomock.Contact{ID: contactID(i), Name: fmt.Sprintf("Contact %d", i), Email: fmt.Sprintf("c%d@example.com", i)}
	})
}

func contactID(i int) string { return fmt.Sprintf("c%d", i) }

// addProperties puts n properties into the account, with the ids p0, p1 ...
func (a account) addProperties(n int) {
	for i := range n {
		a.mock.AddProperty(tidiomock.Property{ID: fmt.Sprintf("p%d", i), Name: fmt.Sprintf("name %d", i), Type: "text"})
	}
}

// atOnce calls n times at once, and returns the errors.
func atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = call(i) })
	}
	all.Wait()
	return errs
}
