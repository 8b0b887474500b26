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
)

// spentThen says that the rate is spent, then answers the one that goes first, then all others.
func spentThen(first answer) answer {
	return inTurn(says(200, "x-ratelimit-remaining", "0"), first, says(200))
}

func TestProbe_othersFollowWhenItFails(t *testing.T) {
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

func TestProbe_isHandedOnWhenCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(200, "x-ratelimit-remaining", "0"), hangs, late(time.Second, says(200))))
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
		equal(t, "the next went first at", api.times()[2], 64*time.Second)
		equal(t, "the others went from", api.times()[3], 65*time.Second)
		equal(t, "the others went until", api.times()[6], 65*time.Second)
	})
}

func TestPause_cancellingSomeLeavesTheRestAlone(t *testing.T) {
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

func TestProbe_cancelledPostIsFinished(t *testing.T) {
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

// Whatever happens, every call ends, and the next one comes through. (A wedge shows as a deadlock
// of the bubble.)
func TestGate_nothingWedges(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // a test that can be repeated
				options := patient
				options.MaxRetries = random.IntN(3)
				options.MaxRetryWait = time.Duration(random.IntN(300)) * time.Second
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
				equal(t, "requests in flight by the budget's count", api.gate.rate.inFlight, 0)
			})
		})
	}
}

// An API that hangs after the window is over does not make the calls queue up behind each other's
// timeouts.
func TestProbe_withoutReplyHoldsNobodyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.MaxRetries = 0
		api := newFake(options, inTurn(says(200, "x-ratelimit-remaining", "0"), hangs))
		allOK(t, api.do(t.Context(), http.MethodGet))
		for _, r := range api.get(t.Context(), 10) {
			equal(t, "reason", r.failure(t).Reason, Timeout)
			if latest := windowLength + 2*options.RequestTimeout; r.at > latest {
				t.Errorf("a call ended at %v, want %v at the latest", r.at, latest)
			}
		}
	})
}
