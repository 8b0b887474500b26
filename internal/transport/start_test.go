package transport

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// The first request of all goes alone, and the rest follow: what is wrong with all is found out by
// one.
func TestTheFirstOfAllGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, late(time.Second, says(200)))
		allOK(t, api.get(t.Context(), 10)...)
		equal(t, "the first was sent at", api.times()[0], 0)
		equal(t, "the second was sent at", api.times()[1], time.Second)
		equal(t, "the last was sent at", api.times()[9], time.Second)
		equal(t, "waits reported", len(api.waits), 0)
	})
}

func TestAWrongKeyCostsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, late(time.Second, says(401, "X-Trace", "7")))
		results := append(api.get(t.Context(), 1000), api.do(t.Context(), http.MethodPost))
		for _, r := range results {
			equal(t, "status", r.status, http.StatusUnauthorized)
			equal(t, "body", r.body, "{}")
		}
		equal(t, "requests", len(api.calls), 1)
		equal(t, "requests that were reported", len(api.attempts), 1)
	})
}

// Nobody waits for his turn to send what is not sent.
func TestAWrongKeyEndsAllWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestsPerMinute = 5
		api := newColdFake(options, late(time.Second, says(401)))
		for _, r := range api.get(t.Context(), 30) {
			equal(t, "status", r.status, http.StatusUnauthorized)
			equal(t, "at", r.at, time.Second)
		}
		equal(t, "requests", len(api.calls), 1)
		equal(t, "waits reported", len(api.waits), 0)
	})
}

func TestOnceIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(503))
		equal(t, "status", api.do(Once(t.Context()), http.MethodGet).status, http.StatusServiceUnavailable)
		equal(t, "requests", len(api.calls), 1)
	})
}

// A key may be regenerated at any time.
func TestNothingIsSentAfterTheKeyWasRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(200), says(401), says(200)))
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "requests", len(api.calls), 2)
	})
}

// When there is no reply to the first of all, the rest do not queue up behind each other's timeouts.
func TestAFirstWithoutReplyHoldsNobodyTwice(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		at     time.Duration
	}{
		"hangs":         {hangs, 30 * time.Second},
		"network error": {fails(errors.New("broken")), 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetries = 0
				api := newColdFake(options, test.answer)
				for _, r := range api.get(t.Context(), 10) {
					if r.err == nil {
						t.Error("a call succeeded")
					}
				}
				equal(t, "requests", len(api.calls), 10)
				equal(t, "the second was sent at", api.times()[1], test.at)
				equal(t, "the last was sent at", api.times()[9], test.at)
			})
		})
	}
}

// A first request that is refused waits for the window, as any other does.
func TestAFirstThatIsRefusedWaitsForTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, inTurn(says(429), says(200)))
		allOK(t, api.get(t.Context(), 10)...)
		equal(t, "the second was sent at", api.times()[1], time.Minute)
		equal(t, "requests", len(api.calls), 11)
	})
}

// An API that cannot be reached is found out by those that are on their way; the rest need not try,
// for a minute.
func TestAnAPIThatCannotBeReachedCostsOneRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := fails(&net.OpError{Op: "dial", Err: errors.New("connection refused")})
		options := patient
		options.MaxRetries = 2
		api := newFake(options, func(c call) (*http.Response, error) { return answer(c) })
		for _, r := range api.work(t.Context(), 1000) {
			failed := r.failure(t)
			equal(t, "may have been sent", failed.MaybeSent, false)
			equal(t, "error", failed.Error(), "dial: connection refused")
		}
		equal(t, "requests", len(api.calls), parallelism*3)

		answer = says(200)
		equal(t, "reason within the minute", api.do(t.Context(), http.MethodPost).failure(t).Reason, Network)
		pass(time.Minute)
		allOK(t, api.do(t.Context(), http.MethodPost))
		allOK(t, api.do(t.Context(), http.MethodPost))
	})
}
