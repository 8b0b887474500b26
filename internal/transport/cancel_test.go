package transport

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestGetIsCancelledWithItsContext(t *testing.T) {
	for name, answer := range map[string]answer{"no reply yet": hangs, "body on its way": hangingBody} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, answer)
				ctx, cancel := context.WithCancel(t.Context())
				r := api.begin(ctx, http.MethodGet)
				pass(3 * time.Second)
				cancel()
				ended := <-r
				equal(t, "ended at", ended.at, 3*time.Second)
				equal(t, "cancelled", errors.Is(ended.err, context.Canceled), true)
				equal(t, "requests", len(api.calls), 1)
			})
		})
	}
}

func TestWriteInFlightIsFinishedAlthoughItsContextEnds(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, late(10*time.Second, says(200)))
				ctx, cancel := context.WithCancel(t.Context())
				r := api.begin(ctx, method)
				pass(3 * time.Second)
				cancel()
				ended := <-r
				allOK(t, ended)
				equal(t, "ended at", ended.at, 10*time.Second)
			})
		})
		t.Run(method+" is not retried then", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, late(10*time.Second, says(500)))
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				equal(t, "status", api.do(ctx, method).status, 500)
				equal(t, "requests", len(api.calls), 1)
				equal(t, "waits reported", len(api.waits), 0)
			})
		})
		t.Run(method+" that was refused is cancelled", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, late(10*time.Second, says(429, "Retry-After", "1")))
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				equal(t, "error", api.do(ctx, method).err, context.DeadlineExceeded)
				equal(t, "requests", len(api.calls), 1)
			})
		})
	}
}

func TestLastFailureIsReturned(t *testing.T) {
	broken := errors.New("broken")
	cancelled := func(t *testing.T, answer answer) result {
		t.Helper()
		api := newFake(patient, answer)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		r := api.do(ctx, http.MethodPatch)
		equal(t, "requests", len(api.calls), 1)
		equal(t, "ended at", r.at, 100*time.Millisecond)
		return r
	}
	t.Run("cancelled after a status", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			equal(t, "status", cancelled(t, says(503)).status, 503)
		})
	})
	t.Run("cancelled after a network error", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			equal(t, "the error", errors.Is(cancelled(t, fails(broken)).err, broken), true)
		})
	})
	t.Run("refused for too long after a failure", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(says(503), says(429, "Retry-After", "3600")))
			equal(t, "status", api.do(t.Context(), http.MethodPatch).status, 503)
			equal(t, "requests", len(api.calls), 2)
		})
	})
}
