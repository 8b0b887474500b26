package transport

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// spentThen says that the rate is spent, then answers the one that goes first, then all others.
func spentThen(first answer) answer {
	return inTurn(says(200, "x-ratelimit-remaining", "0"), first, says(200))
}

func TestCallsGoOnWhenTheOneThatGoesFirstFails(t *testing.T) {
	for name, test := range map[string]struct {
		first answer
		at    time.Duration // when the next one goes
	}{
		"network error":    {fails(errors.New("broken")), 60 * time.Second},
		"hangs":            {hangs, 90 * time.Second},
		"body hangs":       {hangingBody, 90 * time.Second},
		"body is cut":      {cutBody(200), 60 * time.Second},
		"server error":     {says(500), 60 * time.Second},
		"not found":        {says(404), 60 * time.Second},
		"refused":          {says(429, "Retry-After", "5"), 65 * time.Second},
		"refused, no hint": {says(429), 62 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetries = 0
				api := newFake(options, spentThen(test.first))
				allOK(t, api.do(t.Context(), http.MethodGet))
				results := api.get(t.Context(), 5)
				failed := 0
				for _, r := range results {
					if r.status != 200 {
						failed++
					}
				}
				if failed > 1 {
					t.Errorf("%d of 5 calls failed", failed)
				}
				equal(t, "the next one went at", api.times()[2], test.at)
				equal(t, "the last one went at", api.times()[len(api.calls)-1], test.at)
			})
		})
	}
}

func TestCancellingTheOneThatGoesFirstLetsAnotherGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, spentThen(hangs))
		allOK(t, api.do(t.Context(), http.MethodGet))
		ctx, cancel := context.WithCancel(t.Context())
		first := api.begin(ctx, http.MethodGet)
		pass(61 * time.Second)
		others := make(chan []result)
		go func() { others <- api.get(t.Context(), 5) }()
		pass(3 * time.Second)
		equal(t, "requests while one goes first", len(api.times()), 2)
		cancel()
		equal(t, "cancelled", errors.Is((<-first).err, context.Canceled), true)
		allOK(t, <-others...)
		equal(t, "the others went at", api.times()[6], 64*time.Second)
	})
}

func TestCancellingThoseThatWaitLeavesTheRestAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, spentThen(says(200)))
		allOK(t, api.do(t.Context(), http.MethodGet))
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan []result)
		go func() { gone <- api.get(ctx, 5) }()
		stays := make(chan []result)
		go func() { stays <- api.get(t.Context(), 5) }()
		pass(30 * time.Second)
		cancel()
		for _, r := range <-gone {
			equal(t, "error", r.err, context.Canceled)
		}
		allOK(t, <-stays...)
		equal(t, "requests", len(api.calls), 6)
		equal(t, "the next went at", api.times()[1], time.Minute)
	})
}

func TestPostThatGoesFirstIsFinishedAlthoughItIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, spentThen(late(5*time.Second, says(201))))
		allOK(t, api.do(t.Context(), http.MethodGet))
		ctx, cancel := context.WithCancel(t.Context())
		post := api.begin(ctx, http.MethodPost)
		pass(61 * time.Second)
		cancel()
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "status", (<-post).status, 201)
		equal(t, "the other went at", api.times()[2], 65*time.Second)
	})
}

// A refusal of a request that was sent before the pause says nothing new: it must not count as
// another one in a row.
func TestLateRefusalsDoNotProlongThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.AttemptTimeout = 2 * time.Minute
		api := newFake(options, func(c call) (*http.Response, error) {
			switch c.at {
			case 0: // the last of ten refusals comes while one goes first
				return late(time.Duration(c.number)*6300*time.Millisecond, says(429))(c)
			case time.Minute:
				return late(5*time.Second, says(200))(c)
			}
			return reply(200, "", nil), nil
		})
		allOK(t, api.get(t.Context(), 10)...)
		want := []time.Duration{60 * time.Second, 65 * time.Second}
		if diff := cmp.Diff(want, api.times()[10:12]); diff != "" {
			t.Error("the first and the next went at (-want +got):\n" + diff)
		}
		equal(t, "waits reported", len(api.waits), 1)
	})
}

func TestShorterHintDoesNotEndAPauseEarlier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(
			late(time.Second, says(429, "Retry-After", "30")), late(2*time.Second, says(429, "Retry-After", "5")), says(200),
		))
		allOK(t, api.get(t.Context(), 2)...)
		equal(t, "the next went at", api.times()[2], 31*time.Second)
	})
}

// Refusals that come at once are one refusal.
func TestRefusalsAtOnceDoNotLengthenTheNextPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, func(c call) (*http.Response, error) {
			switch {
			case c.number <= 10:
				return late(time.Duration(c.number)*time.Millisecond, says(429, "Retry-After", "5"))(c)
			case c.number == 11:
				return reply(429, "", nil), nil
			}
			return reply(200, "", nil), nil
		})
		allOK(t, api.get(t.Context(), 10)...)
		times := api.times()[10:]
		if len(times) < 2 {
			t.Fatalf("requests after the pause: %v", times)
		}
		equal(t, "pause after the second refusal", times[1]-times[0], 4*time.Second)
	})
}

// Whatever happens, every call ends, and the next one comes through. (A wedge shows as a deadlock
// of the bubble.)
func TestNothingWedges(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // a test that can be repeated
				options := patient
				options.MaxRetries = random.IntN(3)
				options.MaxWait = time.Duration(random.IntN(300)) * time.Second
				options.RequestsPerMinute = []int{0, 0, 3, 20}[random.IntN(4)]
				fates := []answer{
					says(200), says(200), says(200, "x-ratelimit-remaining", "0"), says(200, "x-ratelimit-remaining", "2"),
					says(429), says(429, "Retry-After", "3"), says(429, "Retry-After", "40"), cutBody(429), says(503),
					says(503, "Retry-After", "4"), fails(errors.New("broken")), hangs, cutBody(200), hangingBody, says(404),
				}
				order := make([]answer, 2000)
				for i := range order {
					order[i] = late(time.Duration(random.IntN(5000))*time.Millisecond, fates[random.IntN(len(fates))])
				}
				healthy := false
				api := newFake(options, func(c call) (*http.Response, error) {
					if healthy {
						return reply(200, "", nil), nil
					}
					return order[c.number](c)
				})
				methods := []string{http.MethodGet, http.MethodGet, http.MethodPost, http.MethodDelete}
				var all sync.WaitGroup
				for range 60 {
					method := methods[random.IntN(len(methods))]
					starts, patience := random.IntN(300), 1+random.IntN(200)
					all.Go(func() {
						pass(time.Duration(starts) * time.Second)
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(patience)*time.Second)
						defer cancel()
						api.do(ctx, method)
					})
				}
				all.Wait()
				if limit := options.RequestsPerMinute; limit > 0 {
					withinCap(t, api.times(), limit)
				}
				pass(time.Hour)
				healthy = true
				allOK(t, api.do(t.Context(), http.MethodGet))
				equal(t, "requests in flight by the budget's count", api.budget.inFlight, 0)
			})
		})
	}
}

// An API that hangs after the window is over does not make the calls queue up behind each other's
// timeouts.
func TestAProbeWithoutReplyHoldsNobodyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.MaxRetries = 0
		api := newFake(options, inTurn(says(200, "x-ratelimit-remaining", "0"), hangs))
		allOK(t, api.do(t.Context(), http.MethodGet))
		for _, r := range api.get(t.Context(), 10) {
			equal(t, "reason", r.failure(t).Reason, Timeout)
			if latest := window + 2*options.AttemptTimeout; r.at > latest {
				t.Errorf("a call ended at %v, want %v at the latest", r.at, latest)
			}
		}
	})
}
