package tidiomock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Two requests come at once and a third ten seconds later, which fills the minute.
func TestRateLimit_minute(t *testing.T) {
	want := map[int]int{0: 0, 49: 0, 50: 3, 60: 0, 109: 0, 110: 3} // how many of five requests pass, by second after the third
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{RequestsPerMinute: 3})
		pass := func() bool { return direct(m, v1Request(t, "GET", "/v1/properties", "")).status == 200 }
		pass()
		pass()
		sleep(10 * time.Second)
		pass()
		for second := range 120 {
			if want, ask := want[second]; ask {
				got := 0
				for range 5 {
					if pass() {
						got++
					}
				}
				if got != want {
					t.Errorf("second %d: %d passed, want %d", second, got, want)
				}
			}
			sleep(time.Second)
		}
	})
}

// Both APIs count in one window, and only what has valid credentials and an operation.
func TestRateLimit_isPerAccount(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		s := start(t, tidiomock.Config{APIKey: "any-key", RequestsPerMinute: 2, HideRateHeaders: hidden})
		for range 3 {
			req := v1Request(t, "GET", s.url+"/v1/properties", "")
			req.Header.Set("Authorization", "Bearer of someone else")
			s.send(req).refused(t, 401)
			s.do(t, "PUT", "/properties", "").refused(t, 405)
		}
		s.wantsViolations(t, 3, "PUT")
		for i, got := range []answer{
			s.get(t, "/contacts"), s.ask(t, "GET", "/contacts", ""), s.create(t, "plan"), s.ask(t, "GET", "/contacts", ""),
		} {
			limit, left := "2", []string{"1", "0", "0", "0"}[i]
			if hidden {
				limit, left = "", ""
			}
			if got.header.Get("X-Ratelimit-Limit") != limit || got.header.Get("X-Ratelimit-Remaining") != left ||
				got.header.Get("Retry-After") != "" {
				t.Errorf("%v", got.header)
			}
			switch i {
			case 2:
				got.refused(t, 429)
			case 3:
				got.refused(t, 429, "too_many_requests")
			default:
				got.wants(t, 200)
			}
		}
		if _, ok := s.Property("plan"); ok {
			t.Error("a refused request had an effect")
		}
		if got := s.Count("GET", "/contacts"); got != 3 {
			t.Errorf("%d requests, want those of both APIs: 3", got)
		}
	}
}

func TestRequests(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.create(t, "plan")
	s.get(t, "/properties?page=2")
	s.get(t, "/properties/a%2Fb")
	s.Arm(tidiomock.Fault{Do: tidiomock.CutAfter})
	s.create(t, "seats")
	for i, want := range []struct {
		method, path, query, body string
		status                    int
	}{
		{"POST", "/v1/properties", "", `{"name":"plan","type":"text"}`, 201},
		{"GET", "/v1/properties", "page=2", "", 200},
		{"GET", "/v1/properties/a%2Fb", "", "", 404},
		{"POST", "/v1/properties", "", `{"name":"seats","type":"text"}`, 0},
	} {
		got := s.Requests()[i]
		if got.Method != want.method || got.Path != want.path || got.Query != want.query ||
			string(got.Body) != want.body || got.Status != want.status {
			t.Errorf("request %d: %+v", i, got)
		}
	}
	s.ResetRequests()
	if got := s.Requests(); len(got) != 0 {
		t.Errorf("after the reset: %v", got)
	}
}

func TestRequests_count(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.create(t, "plan")
	s.create(t, "plan")
	s.get(t, "/properties")
	s.get(t, "/properties/1")
	s.do(t, "DELETE", "/properties/1", "")
	s.get(t, "/nothing")
	s.takeViolations()
	for _, test := range []struct {
		method, route string
		want          int
	}{
		{"POST", "/properties", 2},
		{"GET", "/properties", 1},
		{"GET", "/properties/{id}", 1},
		{"DELETE", "/properties/{id}", 1},
		{"PATCH", "/properties/{id}", 0},
		{"GET", "", 3},
		{"", "/properties", 3},
		{"", "", 6},
	} {
		if got := s.Count(test.method, test.route); got != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.route, got, test.want)
		}
	}
	mustPanic(t, "no such route", func() { s.Count("GET", "/property") })
}
