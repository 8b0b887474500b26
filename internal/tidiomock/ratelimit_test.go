package tidiomock_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// pass sends a request on the test's own clock.
func pass(t *testing.T, m *tidiomock.Mock) *httptest.ResponseRecorder {
	t.Helper()
	return direct(m, newRequest(t, "GET", "/v1/properties", ""))
}

// sleep lets the test's own clock run for d.
func sleep(d time.Duration) { <-time.After(d) }

func TestWindows(t *testing.T) {
	// Three requests are allowed; two come at once and one ten seconds later. In seconds from then:
	for _, test := range []struct {
		name   string
		config tidiomock.Config
		want   map[int]int // how many of five requests pass
	}{
		{"fixed", tidiomock.Config{}, map[int]int{0: 0, 49: 0, 50: 3, 60: 0, 109: 0, 110: 3}},
		{
			"sliding",
			tidiomock.Config{Window: tidiomock.SlidingWindow},
			map[int]int{0: 0, 49: 0, 50: 2, 59: 0, 60: 1, 109: 0, 110: 2, 119: 0, 120: 1},
		},
		{
			"short",
			tidiomock.Config{WindowLength: 20 * time.Second},
			map[int]int{0: 0, 9: 0, 10: 3, 29: 0, 30: 3},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.config.RequestsPerMinute = 3
				m := tidiomock.New(test.config)
				pass(t, m)
				pass(t, m)
				sleep(10 * time.Second)
				pass(t, m)
				for second := range 130 {
					want, ask := test.want[second]
					if !ask {
						sleep(time.Second)
						continue
					}
					got := 0
					for range 5 {
						if pass(t, m).Code == http.StatusOK {
							got++
						}
					}
					if got != want {
						t.Errorf("second %d: %d passed, want %d", second, got, want)
					}
					sleep(time.Second)
				}
			})
		})
	}
}

func TestRateHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var broken error
		m := tidiomock.New(tidiomock.Config{
			RequestsPerMinute: 2,
			RetryAfter:        true,
			OnViolation:       func(err error) { broken = err },
		})
		for i, want := range []struct {
			status                int
			remaining, retryAfter string
		}{
			{200, "1", ""},
			{200, "0", ""},
			{429, "0", "60"},
			{429, "0", "59"},
			{429, "0", "1"},
			{200, "1", ""},
		} {
			w := pass(t, m)
			header := w.Header()
			if w.Code != want.status || header.Get("x-ratelimit-limit") != "2" ||
				header.Get("x-ratelimit-remaining") != want.remaining ||
				header.Get("Retry-After") != want.retryAfter {
				t.Errorf("request %d: %d %v", i, w.Code, header)
			}
			switch i {
			case 2:
				sleep(1500 * time.Millisecond) // 58.5 s are left: rounded up
			case 3:
				sleep(58*time.Second + 499*time.Millisecond)
			case 4:
				sleep(time.Millisecond)
			}
		}
		if broken != nil {
			t.Error(broken)
		}
	})
}

func TestHiddenRateHeaders(t *testing.T) {
	s := start(t, tidiomock.Config{RequestsPerMinute: 1, HideRateHeaders: true})
	s.get(t, "/properties").wants(t, 200)
	refused := s.get(t, "/properties")
	refused.wants(t, 429)
	refused.message(t)
	for _, name := range []string{"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "Retry-After"} {
		if got := refused.header.Values(name); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestLimitIsPerAccount(t *testing.T) {
	s := start(t, tidiomock.Config{APIKey: "any-key", RequestsPerMinute: 1})
	for range 3 {
		req := newRequest(t, "GET", s.url+"/properties", "")
		req.Header.Set("Authorization", "Bearer of someone else")
		s.send(req).wants(t, 401)
	}
	s.get(t, "/properties").wants(t, 200)
	s.create(t, "plan").wants(t, 429)
	if _, ok := s.Property("plan"); ok {
		t.Error("a refused request had an effect")
	}
}
