package tidiomock_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// A fault is met by the create of a property over v1.
func TestFaults_replies(t *testing.T) {
	type fault = tidiomock.Fault
	const (
		cut      = -1 // there is no reply
		html     = "text/html; charset=utf-8"
		jsonType = "application/json"
	)
	for name, test := range map[string]struct {
		fault  fault
		effect bool
		status int
		header string // the value of one
		body   string // a part of it
	}{
		"fail before":       {fault{Do: tidiomock.FailBefore}, false, 500, jsonType, `{"message":"Internal Server Error"}`},
		"fail in words":     {fault{Do: tidiomock.FailBefore, Status: 403, Message: "Plus only."}, false, 403, jsonType, `{"message":"Plus only."}`},
		"fail after":        {fault{Do: tidiomock.FailAfter, Status: 503}, true, 503, jsonType, `{"message":"Service Unavailable"}`},
		"too many requests": {fault{Do: tidiomock.TooManyRequests}, false, 429, jsonType, `{"message":"Too Many Requests"}`},
		"come back later":   {fault{Do: tidiomock.TooManyRequests, Header: http.Header{"Retry-After": {"7"}}}, false, 429, "7", ""},
		"cut before":        {fault{Do: tidiomock.CutBefore}, false, cut, "", ""},
		"cut after":         {fault{Do: tidiomock.CutAfter}, true, cut, "", ""},
		"truncated JSON":    {fault{Do: tidiomock.TruncatedJSON}, true, 201, jsonType, `{"`},
		"garbage":           {fault{Do: tidiomock.Garbage}, true, 200, jsonType, "upstream"},
		"chosen garbage":    {fault{Do: tidiomock.Garbage, Status: 202, Body: []byte("\x00")}, true, 202, jsonType, "\x00"},
		"HTML":              {fault{Do: tidiomock.HTML}, false, 200, html, "Log in"},
		"HTML, a status":    {fault{Do: tidiomock.HTML, Status: 502}, false, 502, html, "Log in"},
		"a proxy's 404":     {fault{Do: tidiomock.NotFoundHTML}, false, 404, html, "Log in"},
		"huge":              {fault{Do: tidiomock.Huge}, true, 200, jsonType, `{"data":[],"padding":"xx`},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, tidiomock.Config{RequestsPerMinute: 60})
			reached := make(chan struct{}, 1)
			test.fault.Reached = reached
			s.Arm(test.fault)
			got := s.create(t, "plan")
			if test.status == cut {
				if !got.cut() || got.status != 0 {
					t.Errorf("%+v", got)
				}
			} else {
				got.wants(t, test.status)
				hasHeader := slices.ContainsFunc(slices.Collect(maps.Values(got.header)), func(values []string) bool {
					return values[0] == test.header
				})
				if !hasHeader || !strings.Contains(got.body, test.body) {
					t.Errorf("%v: %.200s", got.header, got.body)
				}
				broken := test.fault.Do == tidiomock.TruncatedJSON || test.fault.Do == tidiomock.Garbage
				if test.header == jsonType && json.Valid([]byte(got.body)) == broken {
					t.Errorf("valid JSON: %t: %.200s", !broken, got.body)
				}
				if left := got.header.Get("x-ratelimit-remaining"); (left == "0") != (test.status == 429) {
					t.Errorf("x-ratelimit-remaining %q", left)
				}
				if after := got.header.Get("Retry-After"); (after != "") != (test.header == "7") {
					t.Errorf("Retry-After %q", after)
				}
			}
			if test.fault.Do == tidiomock.Huge && (len(got.body) < 50_000_000 || got.header.Get("Content-Length") != "") {
				t.Errorf("%d bytes, header %v", len(got.body), got.header)
			}
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

// A body is cut in the middle, also where there is nothing to cut.
func TestFaults_cutBody(t *testing.T) {
	for write, begins := range map[tidiomock.WriteReply]string{tidiomock.FullObject: `{"`, tidiomock.EmptyBody: ""} {
		s := start(t, tidiomock.Config{Replies: tidiomock.Replies{Write: write}})
		s.Arm(tidiomock.Fault{Do: tidiomock.CutBody})
		got := s.create(t, "plan")
		if !got.cut() || got.status != 201 || !strings.HasPrefix(got.body, begins) || json.Valid([]byte(got.body)) {
			t.Errorf("%+v", got)
		}
	}
}

// Errors of the published API have the code of their status.
func TestFaults_published(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for status, code := range map[int]string{
		500: "internal_server_error", 403: "api_access_disabled", 406: "missing_api_version", 503: "service_unavailable",
	} {
		s.Arm(tidiomock.Fault{Route: "/contacts", Do: tidiomock.FailBefore, Status: status})
		s.ask(t, "GET", "/project", "").wants(t, 200)
		s.ask(t, "GET", "/contacts", "").refused(t, status, code)
	}
	s.Arm(tidiomock.Fault{Do: tidiomock.TooManyRequests})
	s.ask(t, "GET", "/contacts", "").refused(t, 429, "too_many_requests")
	s.Arm(tidiomock.Fault{Do: tidiomock.Huge})
	if got := s.ask(t, "GET", "/contacts", ""); len(got.body) < 1e7 || !strings.HasPrefix(got.body, `{"contacts":[],`) {
		t.Errorf("%d bytes", len(got.body))
	}
}

func TestFaults_holds(t *testing.T) {
	for kind, effect := range map[tidiomock.FaultKind]bool{tidiomock.HoldBefore: false, tidiomock.HoldAfter: true} {
		s := start(t, tidiomock.Config{})
		reached, release := make(chan struct{}, 1), make(chan struct{})
		s.Arm(tidiomock.Fault{Do: kind, Reached: reached, Release: release})
		var held sync.WaitGroup
		held.Go(func() { s.create(t, "plan").wants(t, 201) })
		<-reached
		if _, ok := s.Property("plan"); ok != effect {
			t.Errorf("%s: while it holds the effect is %v", kind, ok)
		}
		if got := s.Requests()[0].Status; got != 0 {
			t.Errorf("%s: logged as replied with %d", kind, got)
		}
		s.get(t, "/properties").wants(t, 200) // others are served
		close(release)
		held.Wait()
		if _, ok := s.Property("plan"); !ok {
			t.Errorf("%s: no effect after the release", kind)
		}
	}
}

func TestFaults_holdEndsWhenTheClientLeaves(t *testing.T) {
	for _, kind := range []tidiomock.FaultKind{tidiomock.HoldBefore, tidiomock.HoldAfter} {
		synctest.Test(t, func(t *testing.T) {
			m := tidiomock.New(tidiomock.Config{})
			m.Arm(tidiomock.Fault{Do: kind}) // no release
			ctx, leave := context.WithCancel(t.Context())
			req := v1Request(t, "POST", "/v1/properties", `{"name":"plan","type":"text"}`).WithContext(ctx)
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

func TestFaults_order(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for status, f := range []tidiomock.Fault{
		{Route: "/properties", Times: 2},
		{Route: "/properties", Skip: 1},
		{Method: "POST"},
		{Route: "/properties/{id}", Times: -1},
	} {
		f.Do, f.Status = tidiomock.FailBefore, 501+status
		s.Arm(f)
	}
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
	s.wantsViolations(t, 1, "POST") // without a body
	s.Arm(tidiomock.Fault{Do: tidiomock.CutAfter})
	s.Disarm()
	s.get(t, "/properties/1").wants(t, 404)
}

func TestFaults_headerWins(t *testing.T) {
	s := start(t, tidiomock.Config{RequestsPerMinute: 9})
	s.Arm(tidiomock.Fault{Do: tidiomock.Garbage, Header: http.Header{
		"Content-Type": {"application/vnd.api+json"}, "X-Ratelimit-Remaining": {"many"},
	}})
	got := s.get(t, "/properties")
	if got.header.Get("Content-Type") != "application/vnd.api+json" ||
		got.header.Get("X-Ratelimit-Remaining") != "many" || got.header.Get("X-Ratelimit-Limit") != "9" {
		t.Errorf("%v", got.header)
	}
}

// Neither a refused request meets a fault, nor one for an operation that there is not.
func TestFaults_notMet(t *testing.T) {
	s := start(t, tidiomock.Config{APIKey: "other"})
	s.Arm(tidiomock.Fault{Do: tidiomock.CutBefore})
	s.get(t, "/properties").refused(t, 401)
	s.get(t, "/nothing").refused(t, 404)
	s.wantsViolations(t, 1, "/nothing")
	if len(s.Unfired()) != 1 {
		t.Error("it was met")
	}
}

func TestFaults_unfired(t *testing.T) {
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

func TestFaults_mistakes(t *testing.T) {
	m := tidiomock.New(tidiomock.Config{})
	mustPanic(t, "no kind", func() { m.Arm(tidiomock.Fault{Route: "/properties"}) })
	mustPanic(t, "no such route", func() {
		m.Arm(tidiomock.Fault{Route: "/v1/properties", Do: tidiomock.FailBefore})
	})
}
