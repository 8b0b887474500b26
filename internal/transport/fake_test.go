package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// call is a request as the fake API got it.
type call struct {
	number     int           // from 1
	at         time.Duration // since the fake was made
	concurrent int           // requests in flight, this one included
	body       string
	request    *http.Request
}

// answer is what the fake API does with a call.
type answer func(call) (*http.Response, error)

// fakeAPI answers requests on the fake clock. It logs them, and what the hooks are told.
type fakeAPI struct {
	*Transport
	answer answer
	began  time.Time

	mu       sync.Mutex
	inFlight int
	calls    []call
	attempts []Attempt
	waits    []Wait
}

// patient are options that stand in nobody's way.
var patient = Options{Settings: Settings{
	MaxRetries: 4, MaxRetryWait: 2 * time.Minute, RequestTimeout: 30 * time.Second,
}}

// newFake returns an API, and a transport whose first request of all seems to have gone already.
func newFake(options Options, answer answer) *fakeAPI {
	f := newColdFake(options, answer)
	f.gate.starting = false
	return f
}

// newColdFake returns an API, and a transport to it that has sent nothing yet.
func newColdFake(options Options, answer answer) *fakeAPI {
	f := &fakeAPI{answer: answer, began: time.Now()}
	options.Base = f
	options.Hooks = Hooks{
		Attempt: func(_ context.Context, a Attempt) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.attempts = append(f.attempts, a)
		},
		Wait: func(_ context.Context, w Wait) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.waits = append(f.waits, w)
		},
	}
	f.Transport = New(options)
	f.gate.outageFailures = 5 // keeps the tests short
	return f
}

// RoundTrip is the API's side; the client's is that of Transport.
func (f *fakeAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	c := call{request: req}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		c.body = string(body)
	}
	f.mu.Lock()
	f.inFlight++
	c.number, c.at, c.concurrent = len(f.calls)+1, time.Since(f.began), f.inFlight
	f.calls = append(f.calls, c)
	f.mu.Unlock()

	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.inFlight--
	}()
	return f.answer(c)
}

// times returns when the requests came.
func (f *fakeAPI) times() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	var times []time.Duration
	for _, c := range f.calls {
		times = append(times, c.at)
	}
	return times
}

// result is how a call ended for the client.
type result struct {
	status int // 0 = without a reply
	body   string
	reply  Reply
	err    error
	at     time.Duration // since the fake was made
}

const payload = `{"name":"plan"}`

// request returns a request like those that the tests make.
func request(method string) Request {
	req := Request{
		Method: method,
		URL:    &url.URL{Scheme: "https", Host: "api.example.com", Path: "/v1/things", RawQuery: "page=2"},
		Header: http.Header{"Authorization": {"Bearer secret"}},
	}
	if method != http.MethodGet {
		req.Body = []byte(payload)
	}
	return req
}

func (f *fakeAPI) do(ctx context.Context, method string) result {
	return f.send(ctx, request(method))
}

func (f *fakeAPI) send(ctx context.Context, req Request) result {
	reply, err := f.Do(ctx, req)
	return result{status: reply.Status, body: string(reply.Body), reply: reply, err: err, at: time.Since(f.began)}
}

// get makes n GETs at once and returns how they ended.
func (f *fakeAPI) get(ctx context.Context, n int) []result {
	results := make([]result, n)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = f.do(ctx, http.MethodGet) })
	}
	all.Wait()
	return results
}

// begin starts a call; the channel tells its end.
func (f *fakeAPI) begin(ctx context.Context, method string) <-chan result {
	done := make(chan result, 1)
	go func() { done <- f.do(ctx, method) }()
	return done
}

// header is the headers of a reply, as pairs.
type header []string

func reply(status int, body string, h header) *http.Response {
	resp := &http.Response{
		StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
	}
	for i := 0; i < len(h); i += 2 {
		resp.Header.Set(h[i], h[i+1])
	}
	return resp
}

func says(status int, h ...string) answer {
	return func(call) (*http.Response, error) { return reply(status, "{}", h), nil }
}

func fails(err error) answer {
	return func(call) (*http.Response, error) { return nil, err }
}

// inTurn gives the first call the first answer, and so on; the last is given from then on.
func inTurn(answers ...answer) answer {
	return func(c call) (*http.Response, error) { return answers[min(c.number, len(answers))-1](c) }
}

// hangs never answers.
func hangs(c call) (*http.Response, error) {
	<-c.request.Context().Done()
	return nil, context.Cause(c.request.Context())
}

// late answers after the request has been on its way for a time.
func late(d time.Duration, then answer) answer {
	return func(c call) (*http.Response, error) {
		if err := sleep(c.request.Context(), d, nil); err != nil {
			return nil, err
		}
		return then(c)
	}
}

// pass lets time pass on the fake clock.
func pass(d time.Duration) { <-time.After(d) }

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// failure returns the transport's error of a call that must have one.
func (r result) failure(t *testing.T) *Error {
	t.Helper()
	failed := AsError(r.err)
	if failed == nil {
		t.Fatalf("got status %d and error %v, want a *transport.Error", r.status, r.err)
	}
	return failed
}

// allOK fails the test unless every call got a 200.
func allOK(t *testing.T, results ...result) {
	t.Helper()
	for i, r := range results {
		if r.status != http.StatusOK || r.err != nil {
			t.Fatalf("call %d of %d: status %d, error %v", i+1, len(results), r.status, r.err)
		}
	}
}

// brokenBody is the body of a reply that ends early, or hangs until its request does.
type brokenBody struct {
	start io.Reader
	end   func() error
}

func (b brokenBody) Read(p []byte) (int, error) {
	n, err := b.start.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.end()
	}
	return n, err
}

func breaks(status int, end func(call) error, h ...string) answer {
	return func(c call) (*http.Response, error) {
		body := brokenBody{strings.NewReader(`{"da`), func() error { return end(c) }}
		resp := reply(status, "", h)
		resp.Body = io.NopCloser(body)
		return resp, nil
	}
}

func cutBody(status int, h ...string) answer {
	return breaks(status, func(call) error { return io.ErrUnexpectedEOF }, h...)
}

func hangingBody(c call) (*http.Response, error) {
	return breaks(http.StatusOK, func(c call) error {
		_, err := hangs(c)
		return err
	})(c)
}

func seconds(values ...float64) []time.Duration {
	var durations []time.Duration
	for _, value := range values {
		durations = append(durations, time.Duration(value*float64(time.Second)))
	}
	return durations
}
