package tidiomock_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestFaultyReplies(t *testing.T) {
	type fault = tidiomock.Fault
	status := func(want int, body ...string) func(*testing.T, answer) {
		return func(t *testing.T, got answer) {
			t.Helper()
			got.wants(t, want, body...)
		}
	}
	for _, test := range []struct {
		name   string
		fault  fault
		effect bool
		check  func(*testing.T, answer)
	}{
		{
			"fail before",
			fault{Do: tidiomock.FailBefore},
			false, status(500, `{"message":"Internal Server Error"}`),
		},
		{
			"fail before, worded",
			fault{Do: tidiomock.FailBefore, Status: 403, Message: "Plus only."},
			false, status(403, `{"message":"Plus only."}`),
		},
		{
			"fail after",
			fault{Do: tidiomock.FailAfter, Status: 503},
			true, status(503, `{"message":"Service Unavailable"}`),
		},
		{
			"too many requests",
			fault{
				Do:     tidiomock.TooManyRequests,
				Header: http.Header{"Retry-After": {"7"}},
			},
			false, func(t *testing.T, got answer) {
				t.Helper()
				got.wants(t, 429, `{"message":"Too Many Requests"}`)
				if after := got.header.Get("Retry-After"); after != "7" {
					t.Errorf("Retry-After %q", after)
				}
				if left := got.header.Get("x-ratelimit-remaining"); left != "0" {
					t.Errorf("x-ratelimit-remaining %q", left)
				}
			},
		},
		{
			"cut before",
			fault{Do: tidiomock.CutBefore},
			false, func(t *testing.T, got answer) {
				t.Helper()
				if !got.cut() || got.status != 0 {
					t.Errorf("%+v", got)
				}
			},
		},
		{
			"cut after",
			fault{Do: tidiomock.CutAfter},
			true, func(t *testing.T, got answer) {
				t.Helper()
				if !got.cut() || got.status != 0 {
					t.Errorf("%+v", got)
				}
			},
		},
		{
			"cut body",
			fault{Do: tidiomock.CutBody},
			true, func(t *testing.T, got answer) {
				t.Helper()
				if !got.cut() || got.status != 201 || !strings.HasPrefix(got.body, `{"id":"prop_`) {
					t.Errorf("%+v", got)
				}
			},
		},
		{
			"truncated JSON",
			fault{Do: tidiomock.TruncatedJSON},
			true, func(t *testing.T, got answer) {
				t.Helper()
				got.wants(t, 201)
				if !strings.HasPrefix(got.body, `{"id":"prop_`) || json.Valid([]byte(got.body)) {
					t.Errorf("body %s", got.body)
				}
			},
		},
		{
			"garbage",
			fault{Do: tidiomock.Garbage},
			true, func(t *testing.T, got answer) {
				t.Helper()
				got.wants(t, 200)
				if got.header.Get("Content-Type") != "application/json" ||
					json.Valid([]byte(got.body)) {
					t.Errorf("%+v", got)
				}
			},
		},
		{
			"chosen garbage",
			fault{
				Do: tidiomock.Garbage, Status: 202, Body: []byte("\x00"), ContentType: "image/png",
			},
			true, func(t *testing.T, got answer) {
				t.Helper()
				got.wants(t, 202, "\x00")
				if ct := got.header.Get("Content-Type"); ct != "image/png" {
					t.Errorf("Content-Type %q", ct)
				}
			},
		},
		{
			"HTML",
			fault{Do: tidiomock.HTML},
			false, func(t *testing.T, got answer) {
				t.Helper()
				got.wants(t, 200)
				if ct := got.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/html") {
					t.Errorf("Content-Type %q", ct)
				}
			},
		},
		{"HTML with a status", fault{Do: tidiomock.HTML, Status: 502}, false, status(502)},
		{
			"redirect",
			fault{Do: tidiomock.Redirect, Location: "https://elsewhere.example.com/v1/"},
			false, func(t *testing.T, got answer) {
				t.Helper()
				got.wants(t, 302, "")
				if to := got.header.Get("Location"); to != "https://elsewhere.example.com/v1/" {
					t.Errorf("Location %q", to)
				}
			},
		},
		{
			"huge",
			fault{Do: tidiomock.Huge},
			true, func(t *testing.T, got answer) {
				t.Helper()
				if got.status != 200 || len(got.body) < 50_000_000 ||
					!strings.HasPrefix(got.body, `{"data":[],"padding":"xx`) ||
					!strings.HasSuffix(got.body, `xx"}`) {
					t.Errorf("%d with %d bytes", got.status, len(got.body))
				}
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{RequestsPerMinute: 60})
			reached := make(chan struct{}, 1)
			test.fault.Reached = reached
			s.Arm(test.fault)
			test.check(t, s.create(t, "plan"))
			if _, ok := s.Property("plan"); ok != test.effect {
				t.Errorf("effect: %v, want %v", ok, test.effect)
			}
			if len(reached) != 1 {
				t.Error("nobody was told")
			}
			if left := s.Unfired(); left != nil {
				t.Errorf("unfired: %+v", left)
			}
			s.create(t, "afterwards").wants(t, 201)
		})
	}
}

// A cut is one although there is nothing to cut.
func TestCutEmptyBody(t *testing.T) {
	s := start(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.EmptyBody}})
	s.Arm(tidiomock.Fault{Do: tidiomock.CutBody})
	if got := s.create(t, "plan"); !got.cut() || got.status != 201 {
		t.Errorf("%+v", got)
	}
}

func TestHolds(t *testing.T) {
	for _, test := range []struct {
		kind   tidiomock.FaultKind
		effect bool // while it holds
	}{
		{tidiomock.HoldBefore, false},
		{tidiomock.HoldAfter, true},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			s := start(t, tidiomock.Config{})
			reached, release := make(chan struct{}, 1), make(chan struct{})
			s.Arm(tidiomock.Fault{Do: test.kind, Reached: reached, Release: release})
			var held sync.WaitGroup
			held.Go(func() { s.create(t, "plan").wants(t, 201) })
			<-reached
			if _, ok := s.Property("plan"); ok != test.effect {
				t.Errorf("while it holds the effect is %v", ok)
			}
			if got := s.Requests()[0].Status; got != 0 {
				t.Errorf("logged as replied with %d", got)
			}
			s.get(t, "/properties").wants(t, 200) // others are served
			close(release)
			held.Wait()
			if _, ok := s.Property("plan"); !ok {
				t.Error("no effect after the release")
			}
		})
	}
}

func TestHoldEndsWhenTheClientLeaves(t *testing.T) {
	for _, kind := range []tidiomock.FaultKind{tidiomock.HoldBefore, tidiomock.HoldAfter} {
		synctest.Test(t, func(t *testing.T) {
			m := tidiomock.New(tidiomock.Config{})
			m.Arm(tidiomock.Fault{Do: kind}) // no release
			ctx, leave := context.WithCancel(t.Context())
			req := newRequest(t, "POST", "/v1/properties", `{"name":"plan","type":"text"}`).
				WithContext(ctx)
			var held sync.WaitGroup
			held.Go(func() { direct(m, req) })
			synctest.Wait()
			if got := m.Requests()[0].Status; got != 0 {
				t.Errorf("%s: not held, %d", kind, got)
			}
			leave()
			held.Wait()
			if _, ok := m.Property("plan"); !ok {
				t.Errorf("%s: the client left, and the effect with it", kind)
			}
		})
	}
}

func TestFaultsInOrder(t *testing.T) {
	s := start(t, tidiomock.Config{})
	fail := func(f tidiomock.Fault, status int) {
		f.Do, f.Status = tidiomock.FailBefore, status
		s.Arm(f)
	}
	fail(tidiomock.Fault{Route: "/properties", Times: 2}, 501)
	fail(tidiomock.Fault{Route: "/properties", Skip: 1}, 502)
	fail(tidiomock.Fault{Method: "POST"}, 503)
	fail(tidiomock.Fault{Route: "/properties/{id}", Times: -1}, 504)
	for i, step := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/properties/1", 504},
		{"GET", "/properties", 501},
		{"GET", "/properties/1", 504}, // always
		{"GET", "/properties?page=2", 501},
		{"GET", "/properties", 200}, // skipped by the second
		{"GET", "/properties", 502},
		{"GET", "/properties", 200}, // the third is for POST
		{"POST", "/properties", 503},
		{"GET", "/properties", 200},
	} {
		if got := s.do(t, step.method, step.path, ""); got.status != step.want {
			t.Errorf("step %d: %d, want %d", i, got.status, step.want)
		}
	}
	s.takeViolations() // of the POST without a body
}

func TestFaultHeaderWins(t *testing.T) {
	s := start(t, tidiomock.Config{RequestsPerMinute: 9})
	s.Arm(tidiomock.Fault{Do: tidiomock.Garbage, Header: http.Header{
		"Content-Type":          {"application/vnd.api+json"},
		"X-Ratelimit-Remaining": {"many"},
	}})
	got := s.get(t, "/properties")
	if got.header.Get("Content-Type") != "application/vnd.api+json" ||
		got.header.Get("X-Ratelimit-Remaining") != "many" ||
		got.header.Get("X-Ratelimit-Limit") != "9" {
		t.Errorf("%v", got.header)
	}
}

func TestRefusedRequestsMeetNoFault(t *testing.T) {
	s := start(t, tidiomock.Config{APIKey: "other", RequestsPerMinute: 1})
	s.Arm(tidiomock.Fault{Do: tidiomock.CutBefore})
	s.get(t, "/properties").wants(t, 401)
	if len(s.Unfired()) != 1 {
		t.Error("met by a request without a key")
	}
}

// A gateway in front of the API does not know its paths.
func TestFaultOnAnyPath(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Arm(tidiomock.Fault{Do: tidiomock.HTML, Status: 503})
	s.get(t, "/nothing").wants(t, 503)
	s.takeViolations()
}

func TestUnfired(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Arm(tidiomock.Fault{Method: "GET", Do: tidiomock.FailBefore, Skip: 1, Times: 2})
	s.Arm(tidiomock.Fault{Method: "POST", Do: tidiomock.CutAfter})
	s.Arm(tidiomock.Fault{Method: "POST", Do: tidiomock.CutAfter, Times: -1}) // is not waited for
	for i, want := range []struct{ faults, skip, times int }{
		{2, 1, 2}, {2, 0, 2}, {2, 0, 1}, {1, 0, 1},
	} {
		left := s.Unfired()
		if len(left) != want.faults || left[0].Skip != want.skip || left[0].Times != want.times {
			t.Errorf("after %d requests: %+v", i, left)
		}
		s.get(t, "/properties")
	}
}

func TestArmMistakes(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	mustPanic(t, "no kind", func() { m.Arm(tidiomock.Fault{Route: "/properties"}) })
	mustPanic(t, "no such route", func() {
		m.Arm(tidiomock.Fault{Route: "/v1/properties", Do: tidiomock.FailBefore})
	})
}
