package transport

import (
	"bytes"
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
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var errRefused error = &net.OpError{
	Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED),
}

func TestWhichNetworkErrorsAreRetried(t *testing.T) {
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
					equal(t, "may have been sent", failed.MaybeSent, test.maybeSent)
					equal(t, "the cause", errors.Is(failed, test.err), true)
					equal(t, "requests of a "+method, len(api.calls), want)
				}
			})
		})
	}
}

func TestPostIsSentOnceTheConnectionCanBeMade(t *testing.T) {
	t.Run("after two refused connections", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(fails(errRefused), fails(errRefused), says(201)))
			equal(t, "status", api.do(t.Context(), http.MethodPost).status, 201)
			equal(t, "body", api.calls[2].body, payload)
		})
	})
}

// The tests above make errors up; these get them from net/http.

func overTheNetwork(t *testing.T, base http.RoundTripper, url string) *Error {
	t.Helper()
	tr := New(Options{Base: base, AttemptTimeout: time.Minute, MaxWait: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte(payload)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tr.RoundTrip(req)
	if err == nil {
		resp.Body.Close()
		t.Fatalf("got status %d, want an error", resp.StatusCode)
	}
	return result{err: err}.failure(t)
}

func TestErrorsOfRealConnections(t *testing.T) {
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
		"bad certificate": {secure.URL, Error{Reason: Network, Final: true}},
		"cut":             {plain.URL + "/cut", Error{Reason: Network, MaybeSent: true}},
		"gzip bomb": {
			plain.URL + "/bomb",
			Error{Reason: TooLarge, MaybeSent: true, Final: true, Status: 200, Bytes: MaxBody + 1},
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

func TestDefaultBaseIsItsOwnAndUsesTheEnvironment(t *testing.T) {
	base, ok := New(Options{}).base.(*http.Transport)
	if !ok || base == http.DefaultTransport {
		t.Fatalf("base is %T, want an *http.Transport of its own", base)
	}
	if base.Proxy == nil {
		t.Error("it does not ask the environment for a proxy")
	}
	equal(t, "idle connections to the host", base.MaxIdleConnsPerHost, base.MaxIdleConns)
}

func TestMediaType(t *testing.T) {
	for header, want := range map[string]string{
		"application/json": "application/json", "Text/HTML; charset=utf-8": "text/html", "": "", ";;;": "", "a b": "",
	} {
		equal(t, header, MediaType(http.Header{"Content-Type": {header}}), want)
	}
}

func TestAsErrorFindsNothingInOtherErrors(t *testing.T) {
	equal(t, "of nil", AsError(nil), nil)
	equal(t, "of another", AsError(io.EOF), nil)
	failed := &Error{Err: io.EOF}
	equal(t, "of a wrapped one", AsError(fmt.Errorf("wrapped: %w", failed)), failed)
}
