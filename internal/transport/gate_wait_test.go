package transport

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMaxRetryWait_failsAtOnceWhenTheWaitCannotFit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(429, "Retry-After", "121"))
		r := api.do(t.Context(), http.MethodPost)
		failed := r.failure(t)
		equal(t, "reason", failed.Reason, RateLimited)
		equal(t, "what it would need", failed.Wait, 121*time.Second)
		equal(t, "may have been sent", failed.OutcomeUnknown, false)
		equal(t, "ended at", r.at, 0)

		pass(21 * time.Second)
		r = api.do(t.Context(), http.MethodGet)
		equal(t, "what a later call would need", r.failure(t).Wait, 121*time.Second)
		equal(t, "requests", len(api.calls), 1)
		equal(t, "waits reported", len(api.waits), 0)
	})
}

func TestMaxRetryWait_isInclusive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(429, "Retry-After", "120"), says(200)))
		allOK(t, api.do(t.Context(), http.MethodGet))
	})
}

func TestMaxRetryWait_zeroMeansNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.MaxRetryWait = 0
		api := newFake(options, says(429))
		equal(t, "reason", api.do(t.Context(), http.MethodGet).failure(t).Reason, RateLimited)
		equal(t, "requests", len(api.calls), 1)
	})
}

func TestMaxRetryWait_waitsWithoutProgressAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(429, "Retry-After", "50"))
		r := api.do(t.Context(), http.MethodGet)
		equal(t, "reason", r.failure(t).Reason, RateLimited)
		equal(t, "gave up at", r.at, 100*time.Second)
		equal(t, "requests", len(api.calls), 3)
	})
}

// How long to wait after a 429 that says nothing is a guess: it must not end the user's patience early.
func TestMaxRetryWait_isUsedUpByAGuess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.MaxRetryWait = 100 * time.Second
		// Asked after 2, 6, 14, 29, 44, 59, 60, 75 and 90 seconds; the next guess would be 105.
		api := newFake(options, func(c call) (*http.Response, error) {
			if c.at < 91*time.Second {
				return reply(429, "", nil), nil
			}
			return reply(200, "", nil), nil
		})
		r := api.do(t.Context(), http.MethodGet)
		allOK(t, r)
		equal(t, "asked last at", r.at, 100*time.Second)
	})
}

func TestMaxRetryWait_progressOfOthersAllowsMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Two calls are refused. At 101 s one comes through, and the other is refused until 201 s.
		api := newFake(patient, func(c call) (*http.Response, error) {
			switch c.number {
			case 1, 2, 4:
				return late(time.Second, says(429, "Retry-After", "100"))(c)
			}
			return late(time.Second, says(200))(c)
		})
		allOK(t, api.get(t.Context(), 2)...)
		want := []time.Duration{0, 0, 101 * time.Second, 102 * time.Second, 203 * time.Second}
		if diff := cmp.Diff(want, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

func TestMaxRetryWait_startsAnewWithProgressInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Refused until 50 s, then until 150 s: too long, until a slow call comes through at 60 s.
		options := patient
		options.RequestTimeout = 2 * time.Minute
		api := newFake(options, inTurn(
			late(time.Minute, says(200)), says(429, "Retry-After", "50"), says(429, "Retry-After", "100"), says(200),
		))
		slow := api.begin(t.Context(), http.MethodPost)
		synctest.Wait()
		equal(t, "reason", api.do(t.Context(), http.MethodGet).failure(t).Reason, RateLimited)
		allOK(t, <-slow, api.do(t.Context(), http.MethodGet))
		equal(t, "the last went at", api.times()[3], 150*time.Second)
		want := []Wait{{Reason: WaitRefused, Length: 50 * time.Second}, {Reason: WaitRefused, Length: 90 * time.Second}}
		if diff := cmp.Diff(want, api.waits); diff != "" {
			t.Error("waits (-want +got):\n" + diff)
		}
	})
}

func TestMaxRetryWait_progressDoesNotMakeALongPauseFit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Of two calls at once one is refused for an hour; then the other comes through.
		api := newFake(patient, inTurn(
			says(429, "Retry-After", "3600"),
			late(time.Second, says(200)),
		))
		refused := api.do(t.Context(), http.MethodGet)
		equal(t, "reason", refused.failure(t).Reason, RateLimited)

		api = newFake(patient, inTurn(late(time.Second, says(200)), says(429, "Retry-After", "3600"), says(200)))
		first := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		second := api.begin(t.Context(), http.MethodGet)
		allOK(t, <-first)
		equal(t, "reason", (<-second).failure(t).Reason, RateLimited)
		third := api.do(t.Context(), http.MethodGet)
		equal(t, "reason for a later call", third.failure(t).Reason, RateLimited)
		equal(t, "a later call ended at", third.at, time.Second)
	})
}

func TestMaxRetryWait_idleTimeDoesNotCount(t *testing.T) {
	t.Run("before the first 429", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(says(200), says(429, "Retry-After", "110"), says(200)))
			allOK(t, api.do(t.Context(), http.MethodGet))
			pass(time.Hour)
			allOK(t, api.do(t.Context(), http.MethodGet))
		})
	})
	t.Run("after a pause that nobody waited for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(says(429, "Retry-After", "110"), says(429, "Retry-After", "110"), says(200)))
			ctx, cancel := context.WithCancel(t.Context())
			given := api.begin(ctx, http.MethodGet)
			synctest.Wait()
			cancel()
			equal(t, "cancelled", errors.Is((<-given).err, context.Canceled), true)
			pass(time.Hour)
			allOK(t, api.do(t.Context(), http.MethodGet))
		})
	})
	t.Run("after our own cap", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			options := patient
			options.RequestsPerMinute, options.MaxRetries = 1, 0
			broken := fails(errors.New("broken"))
			api := newFake(options, inTurn(says(200), broken, broken, says(200)))
			allOK(t, api.do(t.Context(), http.MethodGet))
			for range 2 {
				equal(t, "reason", api.do(t.Context(), http.MethodGet).failure(t).Reason, Network)
				pass(10 * time.Second)
			}
			allOK(t, api.do(t.Context(), http.MethodGet))
		})
	})
}

func TestWait_isReportedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		want   []Wait
	}{
		"refused at once": {
			func(c call) (*http.Response, error) {
				if c.at == 0 {
					return reply(429, "", header{"Retry-After", "7"}), nil
				}
				return reply(200, "", nil), nil
			},
			[]Wait{{Reason: WaitRefused, Length: 7 * time.Second}},
		},
		"refused one after the other": { // each asks for a pause that ends a little later
			func(c call) (*http.Response, error) {
				if c.at > 0 {
					return reply(200, "", nil), nil
				}
				return late(time.Duration(c.number)*time.Millisecond, says(429, "Retry-After", "7"))(c)
			},
			[]Wait{{Reason: WaitRefused, Length: 7 * time.Second}},
		},
		"refused again": {
			func(c call) (*http.Response, error) {
				if c.at < 20*time.Second {
					return reply(429, "", header{"Retry-After", "10"}), nil
				}
				return reply(200, "", nil), nil
			},
			[]Wait{{Reason: WaitRefused, Length: 10 * time.Second}, {Reason: WaitRefused, Length: 10 * time.Second}},
		},
		"prolonged by another reply": {
			func(c call) (*http.Response, error) {
				switch {
				case c.at > 0:
					return reply(200, "", nil), nil
				case c.number == 1:
					return late(4*time.Second, says(429, "Retry-After", "30"))(c)
				}
				return reply(429, "", header{"Retry-After", "10"}), nil
			},
			[]Wait{{Reason: WaitRefused, Length: 10 * time.Second}, {Reason: WaitRefused, Length: 30 * time.Second}},
		},
		"spent": {
			(&limiter{limit: 12, header: bothHeaders}).answer,
			[]Wait{{Reason: WaitSpent, Length: time.Minute}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, test.answer)
				allOK(t, api.get(t.Context(), 8)...)
				allOK(t, api.get(t.Context(), 8)...)
				if diff := cmp.Diff(test.want, api.waits); diff != "" {
					t.Error("waits (-want +got):\n" + diff)
				}
			})
		})
	}
}

func TestWait_isCancellable(t *testing.T) {
	for name, test := range map[string]struct {
		perMinute int
		answer    answer
		before    int // calls made before
	}{
		"refused":                    {0, says(429), 0},
		"spent":                      {0, says(200, "x-ratelimit-remaining", "0"), 1},
		"capped":                     {1, says(200), 1},
		"behind the one that probes": {0, inTurn(says(200, "x-ratelimit-remaining", "0"), hangs), -1},
		"behind those in flight":     {0, inTurn(says(200, "x-ratelimit-remaining", "1"), hangs), -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.RequestsPerMinute = test.perMinute
				api := newFake(options, test.answer)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				var ahead <-chan result
				switch test.before {
				case 1:
					allOK(t, api.do(t.Context(), http.MethodGet))
				case -1:
					allOK(t, api.do(t.Context(), http.MethodGet))
					ahead = api.begin(ctx, http.MethodGet)
					if name == "behind the one that probes" {
						pass(time.Minute)
					}
					synctest.Wait()
				}
				waiting := api.begin(ctx, http.MethodPost)
				pass(time.Second)
				sent := len(api.times())
				enough := errors.New("enough")
				cancel(enough)
				r := <-waiting
				equal(t, "the cause", errors.Is(r.err, enough), true)
				equal(t, "an error of the transport", AsError(r.err) != nil, false)
				equal(t, "requests sent since", len(api.times())-sent, 0)
				if ahead != nil {
					<-ahead
				}
			})
		})
	}
}

func TestCancel_beforeItBeginsNothingIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(200))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := api.do(ctx, http.MethodPost)
		equal(t, "error", r.err, context.Canceled)
		equal(t, "requests", len(api.calls), 0)
	})
}
