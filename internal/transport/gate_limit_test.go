package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// parallelism is how many calls an engine makes at once.
const parallelism = 10

// work makes n calls of a method, never more than parallelism at once.
func (f *fakeAPI) work(ctx context.Context, method string, n int) []result {
	results := make([]result, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range parallelism {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				results[i] = f.do(ctx, method)
			}
		})
	}
	all.Wait()
	return results
}

// What an account with 60 requests a minute has to offer is used up to the last, and asking for more
// costs next to nothing.
//
// Before the calls the window has been used: as a plan uses that of the apply which follows.
func TestLimit_eachWindowIsUsedToTheFull(t *testing.T) {
	const calls, used, limit, latency = 302, 5, 60, 100 * time.Millisecond
	for name, test := range map[string]struct {
		header       header
		first, later int // most refusals in the first window, and in each later one
	}{
		"both headers":       {bothHeaders, 0, 0},
		"what remains":       {header{"x-ratelimit-remaining"}, 0, 0},
		"the limit":          {header{"x-ratelimit-limit"}, parallelism + 6, 1},
		"without any header": {nil, parallelism + 6, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limited := &limiter{limit: limit, header: test.header}
				api := newColdFake(patient, late(latency, limited.answer))
				limited.began, limited.used, limited.refused = time.Now(), used, []int{0}
				allOK(t, api.work(t.Context(), http.MethodPost, calls-used)...)
				for i, refused := range limited.refused {
					if most := max(test.later, test.first*(1-min(i, 1))); refused > most {
						t.Errorf("%d refusals in window %d, want at most %d", refused, i+1, most)
					}
				}
				// Five windows are over when the last two calls can be made.
				last, least := api.times()[len(api.calls)-1], 5*time.Minute
				if last < least || last > least*105/100 {
					t.Errorf("the last call was made at %v, the least is %v", last, least)
				}
			})
		})
	}
}

// The API's window need not begin with our first request: a plan that came before, say, began it. Where it ends
// is found out by the first probe that comes through.
func TestLimit_windowThatBeganBefore(t *testing.T) {
	for _, before := range []time.Duration{0, 5 * time.Second, 20 * time.Second, 45 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			limited := &limiter{limit: 60}
			api := newColdFake(patient, late(100*time.Millisecond, limited.answer))
			limited.began, limited.used, limited.refused = time.Now(), 1, []int{0}
			pass(before)
			allOK(t, api.work(t.Context(), http.MethodPost, 300)...)
			for i, refused := range limited.refused {
				if most := max(1, (parallelism+8)*(1-min(i, 1))); refused > most {
					t.Errorf("begun %v before: %d refusals in window %d, want at most %d", before, refused, i+1, most)
				}
			}
		})
	}
}

// The limit may be another in each window, because other integrations spend it, too.
func TestLimit_isLearnedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := &limiter{limit: 20}
		api := newColdFake(patient, late(100*time.Millisecond, limited.answer))
		allOK(t, api.work(t.Context(), http.MethodPost, 30)...)
		limited.limit = 100
		pass(time.Minute)
		began := time.Since(api.began)
		allOK(t, api.work(t.Context(), http.MethodPost, 99)...)
		if took := time.Since(api.began) - began; took > 10*time.Second {
			t.Errorf("a window that allows more was used up in %v only", took)
		}
		pass(time.Minute)
		began = time.Since(api.began)
		allOK(t, api.work(t.Context(), http.MethodPost, 99)...)
		if took := time.Since(api.began) - began; took > 2*time.Second {
			t.Errorf("a window that is known to allow as many was used up in %v only", took)
		}
		limited.limit = 10
		pass(time.Minute)
		windows := len(limited.refused)
		allOK(t, api.work(t.Context(), http.MethodPost, 15)...)
		equal(t, "windows", len(limited.refused)-windows, 2)
	})
}

// As many as the limit go freely, and what is beyond it one at a time.
func TestLimit_beyondItOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, late(time.Second, says(200, "x-ratelimit-limit", "5")))
		allOK(t, api.do(t.Context(), http.MethodGet))
		allOK(t, api.get(t.Context(), 7)...)
		if diff := cmp.Diff(seconds(0, 1, 1, 1, 1, 2, 3, 4), api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

// A limit that the API says need not be found out by being refused.
func TestLimit_fromHeaderIsExceededByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := &limiter{limit: 60, header: header{"x-ratelimit-limit"}}
		api := newColdFake(patient, late(100*time.Millisecond, limited.answer))
		allOK(t, api.work(t.Context(), http.MethodPost, 100)...)
		equal(t, "refused in the first window", limited.refused[0], 1)
	})
}

// What came through before a refusal that asks for a second's pause is not what a minute allows.
func TestLimit_isNotLearnedFromAShortPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answered := func(c call) (*http.Response, error) {
			if c.number == 5 {
				return says(429, "Retry-After", "1")(c)
			}
			return says(200)(c)
		}
		api := newFake(patient, late(time.Second, answered))
		allOK(t, api.work(t.Context(), http.MethodPost, 1000)...)
		if took := time.Since(api.began); took > 105*time.Second {
			t.Errorf("1000 calls of a second, ten at a time, took %v", took)
		}
	})
}

// Attempts that never reached the API are not counted there: what remains is more than it seems, and
// that is no new window.
func TestRemaining_moreThanCountedIsNoNewWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := &limiter{limit: 20, header: bothHeaders}
		api := newFake(patient, func(c call) (*http.Response, error) {
			if c.number == 11 || c.number == 12 {
				return nil, errors.New("broken")
			}
			return limited.answer(c)
		})
		for range 10 {
			allOK(t, api.do(t.Context(), http.MethodGet))
		}
		pass(50 * time.Second)
		for range 11 {
			allOK(t, api.do(t.Context(), http.MethodGet))
		}
		equal(t, "the first of the next window was sent at", api.times()[len(api.calls)-1], time.Minute)
	})
}
