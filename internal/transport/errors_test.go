package transport

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var errRefused error = &net.OpError{
	Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED),
}

func TestNetworkError_retries(t *testing.T) {
	all := 1 + patient.MaxRetries
	unknownHost := &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}
	for name, test := range map[string]struct {
		err        error
		maybeSent  bool
		gets, post int // requests sent
	}{
		"connection refused":     {errRefused, false, all, all},
		"proxy cannot be dialed": {&net.OpError{Op: "proxyconnect", Err: errors.New("refused")}, false, all, all},
		"name server is down":    {&net.OpError{Op: "dial", Err: &net.DNSError{IsTemporary: true}}, false, all, all},
		"unknown host":           {&net.OpError{Op: "dial", Err: unknownHost}, false, 1, 1},
		"bad certificate":        {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, false, 1, 1},
		"reset while reading":    {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, true, all, 1},
		"broken while writing":   {&net.OpError{Op: "write", Err: syscall.EPIPE}, true, all, 1},
		"connection was closed":  {io.EOF, true, all, 1},
		"something else":         {errors.New("http2: stream closed"), true, all, 1},
	} {
		test.err = fmt.Errorf("wrapped: %w", test.err)
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for method, want := range map[string]int{http.MethodGet: test.gets, http.MethodPost: test.post} {
					api := newFake(patient, fails(test.err))
					failed := api.do(t.Context(), method).failure(t)
					equal(t, "reason", failed.Reason, Network)
					equal(t, "outcome unknown", failed.OutcomeUnknown, test.maybeSent && method == http.MethodPost)
					equal(t, "the cause", errors.Is(failed, test.err), true)
					equal(t, "requests of a "+method, len(api.calls), want)
				}
			})
		})
	}
}

func TestNetworkError_postIsSentOnceTheConnectionIsMade(t *testing.T) {
	t.Run("after two refused connections", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(fails(errRefused), fails(errRefused), says(201)))
			equal(t, "status", api.do(t.Context(), http.MethodPost).status, 201)
			equal(t, "body", api.calls[2].body, payload)
		})
	})
}

// The tests above make errors up; these get them from net/http.

func overTheNetwork(t *testing.T, base http.RoundTripper, address string) *Error {
	t.Helper()
	tr := New(Options{Base: base, Settings: Settings{RequestTimeout: time.Minute, MaxRetryWait: time.Minute}})
	req := request(http.MethodPost)
	var err error
	if req.URL, err = url.Parse(address); err != nil {
		t.Fatal(err)
	}
	reply, err := tr.Do(t.Context(), req)
	return result{status: reply.Status, err: err}.failure(t)
}

func TestNetworkError_ofRealConnections(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			packed, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
			_, _ = io.CopyN(packed, endless{}, MaxBody+1)
			_ = packed.Close()
		}
	})
	plain, secure := httptest.NewServer(handler), httptest.NewUnstartedServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it is told of the refused handshake
	secure.StartTLS()
	gone := httptest.NewServer(handler)
	gone.Close()
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	base := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(base.CloseIdleConnections)

	for name, test := range map[string]struct {
		url  string
		want Error
	}{
		"refused":         {gone.URL, Error{Reason: Network}},
		"bad certificate": {secure.URL, Error{Reason: Network, Permanent: true}},
		"cut":             {plain.URL + "/cut", Error{Reason: Network, OutcomeUnknown: true}},
		"gzip bomb": {
			plain.URL + "/bomb",
			Error{Reason: TooLarge, OutcomeUnknown: true, Permanent: true, Status: 200, Bytes: MaxBody + 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := overTheNetwork(t, base, test.url)
			if got.Err == nil || got.Error() == "" {
				t.Error("the error has no cause")
			}
			got.Err, got.ContentType = nil, ""
			equal(t, "error", *got, test.want)
		})
	}
}

// pipe is an http.Transport whose connections are made by dial, on the fake clock.
func pipe(t *testing.T, dial func(context.Context) (net.Conn, error)) *http.Transport {
	t.Helper()
	base := &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
		DisableKeepAlives: true,
	}
	t.Cleanup(base.CloseIdleConnections)
	return base
}

// Whether a request was sent is known from its connection, whatever the error says.
func TestOutcomeUnknown_onlyWithAConnection(t *testing.T) {
	hanging := func(ctx context.Context) (net.Conn, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
	silent := func(context.Context) (net.Conn, error) {
		client, server := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, server) }()
		return client, nil
	}
	odd := func(context.Context) (net.Conn, error) { return nil, errors.New("the tunnel is closed") }
	// As a connection that was reset while it was made would be.
	reset := func(context.Context) (net.Conn, error) { return nil, &net.OpError{Op: "read", Err: syscall.ECONNRESET} }
	for name, test := range map[string]struct {
		dial     func(context.Context) (net.Conn, error)
		reason   Reason
		unknown  bool
		attempts int
	}{
		"no connection until the deadline": {hanging, Timeout, false, 3},
		"no reply until the deadline":      {silent, Timeout, true, 1},
		"an error of its own":              {odd, Network, false, 3},
		"reset before it was made":         {reset, Network, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				tr := New(Options{
					Base:     pipe(t, test.dial),
					Settings: Settings{MaxRetries: 2, RequestTimeout: 5 * time.Second},
					Hooks:    Hooks{Attempt: func(context.Context, Attempt) { attempts++ }},
				})
				req := request(http.MethodPost)
				req.URL.Scheme = "http"
				_, err := tr.Do(t.Context(), req)
				failed := result{err: err}.failure(t)
				equal(t, "reason", failed.Reason, test.reason)
				equal(t, "outcome unknown", failed.OutcomeUnknown, test.unknown)
				equal(t, "attempts", attempts, test.attempts)
				synctest.Wait()
			})
		})
	}
}

func TestNew_defaultBaseIsItsOwnAndUsesTheEnvironment(t *testing.T) {
	base, ok := New(Options{}).base.(*http.Transport)
	if !ok || base == http.DefaultTransport {
		t.Fatalf("base is %T, want an *http.Transport of its own", base)
	}
	if base.Proxy == nil {
		t.Error("it does not ask the environment for a proxy")
	}
	equal(t, "idle connections to the host", base.MaxIdleConnsPerHost, base.MaxIdleConns)
}

func TestMediaType_isBareOrEmpty(t *testing.T) {
	for header, want := range map[string]string{
		"application/json": "application/json", "Text/HTML; charset=utf-8": "text/html", "": "", ";;;": "", "a b": "",
	} {
		equal(t, header, MediaType(http.Header{"Content-Type": {header}}), want)
	}
}

func TestAsError_findsNothingInOtherErrors(t *testing.T) {
	equal(t, "of nil", AsError(nil), nil)
	equal(t, "of another", AsError(io.EOF), nil)
	failed := &Error{Err: io.EOF}
	equal(t, "of a wrapped one", AsError(fmt.Errorf("wrapped: %w", failed)), failed)
}

// What net/http says of a reply that is no HTTP quotes it.
func TestPrintable_hidesWhatAServerSent(t *testing.T) {
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("{\"email\":\"jane@example.com\"}\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	address, err := url.Parse("http://" + listener.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(Options{Settings: Settings{RequestTimeout: time.Minute}}).Do(t.Context(),
		Request{Method: http.MethodGet, URL: address, Header: http.Header{}})
	if err == nil || strings.Contains(err.Error(), "jane") || !strings.Contains(err.Error(), "is not HTTP") {
		t.Errorf("got %v", err)
	}
	for _, shown := range []error{io.ErrUnexpectedEOF, context.DeadlineExceeded, &net.DNSError{Err: "no such host", Name: "x"}} {
		if got := printable(shown); got.Error() != shown.Error() {
			t.Errorf("%v is hidden", shown)
		}
	}
}
