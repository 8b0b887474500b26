package transport

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestCancel_endsAGet(t *testing.T) {
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

func TestCancel_writeInFlightIsFinished(t *testing.T) {
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
		t.Run(method+" for ten seconds at most", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, hangs)
				enough := errors.New("enough")
				ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Second, enough)
				defer cancel()
				r := api.do(ctx, method)
				failed := r.failure(t)
				equal(t, "ended at", r.at, 13*time.Second)
				equal(t, "reason", failed.Reason, Network)
				equal(t, "outcome unknown", failed.OutcomeUnknown, true)
				equal(t, "the cause", errors.Is(failed, enough), true)
				equal(t, "requests", len(api.calls), 1)
			})
		})
		t.Run(method+" not beyond the deadline of the attempt", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.RequestTimeout = 5 * time.Second
				api := newFake(options, hangs)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				r := api.do(ctx, method)
				equal(t, "ended at", r.at, 5*time.Second)
				equal(t, "reason", r.failure(t).Reason, Timeout)
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

func TestCancel_lastFailureIsReturned(t *testing.T) {
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
	t.Run("cancelled while it waits at the gate", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(says(503), says(429, "Retry-After", "60")))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			read := api.begin(ctx, http.MethodGet)
			synctest.Wait()
			equal(t, "the cause", errors.Is(api.do(ctx, http.MethodGet).err, context.DeadlineExceeded), true)
			r := <-read
			equal(t, "status", r.status, 503)
			equal(t, "ended at", r.at, 10*time.Second)
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

func TestWithCancelGrace_endsTenSecondsLater(t *testing.T) {
	type key struct{}
	enough := errors.New("enough")
	for name, test := range map[string]struct {
		ends, cancelled, want time.Duration // 0 = does not happen
		cause                 error
	}{
		"after its parent":       {ends: 5 * time.Second, want: 15 * time.Second, cause: enough},
		"when it is cancelled":   {ends: 0, cancelled: 2 * time.Second, want: 2 * time.Second, cause: context.Canceled},
		"within the ten seconds": {ends: time.Second, cancelled: 4 * time.Second, want: 4 * time.Second, cause: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				parent, end := context.WithCancelCause(context.WithValue(t.Context(), key{}, "value"))
				defer end(nil)
				graced, cancel := WithCancelGrace(parent)
				defer cancel()
				if test.ends > 0 {
					time.AfterFunc(test.ends, func() { end(enough) })
				}
				if test.cancelled > 0 {
					time.AfterFunc(test.cancelled, cancel)
				}
				equal(t, "value", graced.Value(key{}), "value")
				<-graced.Done()
				equal(t, "ended after", time.Since(began), test.want)
				equal(t, "cause", context.Cause(graced), test.cause)
			})
		})
	}
}
