package transport

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// withinCap fails the test if any 60 seconds hold more requests than the cap.
func withinCap(t *testing.T, times []time.Duration, limit int) {
	t.Helper()
	for i := limit; i < len(times); i++ {
		if span := times[i] - times[i-limit]; span < time.Minute {
			t.Fatalf("requests %d to %d of %d were sent within %v: more than %d a minute",
				i-limit+1, i+1, len(times), span, limit)
		}
	}
}

func TestCap_holdsInAnyMinute(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test that can be repeated
				options := patient
				options.RequestsPerMinute = 1 + random.IntN(20)
				options.MaxRetryWait = time.Hour
				fates := make([]int, 1000)
				for i := range fates {
					fates[i] = random.IntN(12)
				}
				api := newFake(options, func(c call) (*http.Response, error) {
					fate := fates[c.number]
					pass(time.Duration(fate) * 70 * time.Millisecond)
					switch fate {
					case 0:
						return reply(429, "", nil), nil
					case 1:
						return reply(503, "", nil), nil
					case 2:
						return nil, errors.New("broken")
					}
					return reply(200, "", nil), nil
				})
				for range 8 { // bursts, with pauses between them
					api.get(t.Context(), 1+random.IntN(2*options.RequestsPerMinute))
					pass(time.Duration(random.IntN(90_000)) * time.Millisecond)
				}
				withinCap(t, api.times(), options.RequestsPerMinute)
			})
		})
	}
}

func TestCap_isUsedToTheFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestsPerMinute = 5
		api := newFake(options, late(time.Second, says(200)))
		allOK(t, api.get(t.Context(), 12)...)
		want := map[time.Duration]int{0: 5, time.Minute: 5, 2 * time.Minute: 2}
		got := map[time.Duration]int{}
		for _, at := range api.times() {
			got[at]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("requests by time (-want +got):\n" + diff)
		}
		wait := Wait{Reason: WaitCap, Length: time.Minute}
		if diff := cmp.Diff([]Wait{wait, wait}, api.waits); diff != "" {
			t.Error("waits (-want +got):\n" + diff)
		}
	})
}

func TestCap_failsAtOnceWhenTheWaitCannotFit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestsPerMinute, options.MaxRetryWait = 1, 30*time.Second
		api := newFake(options, says(200))
		allOK(t, api.do(t.Context(), http.MethodGet))
		pass(29 * time.Second)
		failed := api.do(t.Context(), http.MethodGet).failure(t)
		equal(t, "reason", failed.Reason, RateLimited)
		equal(t, "wait", failed.Wait, 31*time.Second)
		pass(31 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet))
	})
}

// A cap that is reached while the API refuses must not make all go at once when both are over.
func TestCap_oneGoesFirstAfterA429(t *testing.T) {
	for name, calls := range map[string]int{
		"refused, then capped": 4, // ten seconds after the refusals the cap holds on
		"capped, then refused": 8, // four of them find the cap reached before the refusals come
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.RequestsPerMinute = 4
				api := newFake(options, func(c call) (*http.Response, error) {
					if c.number <= 4 {
						return late(time.Second, says(429, "Retry-After", "10"))(c)
					}
					return late(time.Second, says(200))(c)
				})
				allOK(t, api.get(t.Context(), calls)...)
				want := []time.Duration{0, 0, 0, 0, 60 * time.Second, 61 * time.Second, 61 * time.Second, 61 * time.Second}
				if diff := cmp.Diff(want, api.times()[:8]); diff != "" {
					t.Error("requests were sent at (-want +got):\n" + diff)
				}
			})
		})
	}
}

// The request that goes first may be the last that the cap allows: the others wait for its end all
// the same.
func TestCap_nobodyOvertakesTheProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestsPerMinute = 3
		api := newFake(options, func(c call) (*http.Response, error) {
			switch c.number {
			case 1, 2: // both refused: at 50 s one goes first, which is the third
				return late(time.Second, says(429, "Retry-After", "49"))(c)
			case 3:
				return late(25*time.Second, says(200))(c)
			}
			return reply(200, "", nil), nil
		})
		allOK(t, api.get(t.Context(), 2)...)
		want := []time.Duration{0, 0, 50 * time.Second, 75 * time.Second}
		if diff := cmp.Diff(want, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
		equal(t, "waits reported", len(api.waits), 1)
	})
}

// When the cap allows the next request, the API's limit may be spent still.
func TestCap_spentWindowHoldsAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestsPerMinute = 3
		api := newFake(options, func(c call) (*http.Response, error) {
			if c.at == 61*time.Second { // the first of a new window finds it spent by others
				return reply(200, "", header{"x-ratelimit-remaining", "0"}), nil
			}
			return reply(200, "", nil), nil
		})
		allOK(t, api.do(t.Context(), http.MethodGet)) // at 0
		pass(2 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet)) // at 2
		pass(59 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet)) // at 61: the window of the API ends at 121
		allOK(t, api.do(t.Context(), http.MethodGet))
		if at := api.times()[3]; at < 121*time.Second {
			t.Errorf("the API said at 61 s that the rate is spent, and got the next request at %v", at)
		}
	})
}
