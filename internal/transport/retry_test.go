package transport

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// inRange fails the test unless a backoff is what it should be plus up to a quarter.
func inRange(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if got < want || got >= want+want/4 {
		t.Errorf("%s: got %v, want it from %v up to %v", what, got, want, want+want/4)
	}
}

func TestBackoff_isExponentialWithJitter(t *testing.T) {
	want := []time.Duration{
		500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second,
	}
	distinct := map[time.Duration]bool{}
	for retries := range 100 {
		for range 100 {
			got := backoff(retries)
			inRange(t, fmt.Sprintf("retry %d", retries), got, append(want, maxBackoff)[min(retries, len(want))])
			distinct[got] = true
		}
	}
	if len(distinct) < 1000 {
		t.Errorf("only %d different waits in 10,000: is there jitter?", len(distinct))
	}
}

func TestRetry_isSpacedByTheBackoff(t *testing.T) {
	t.Run("without a hint", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, says(500))
			api.do(t.Context(), http.MethodDelete)
			times := api.times()
			for i := range times[1:] {
				gap := times[i+1] - times[i]
				inRange(t, fmt.Sprintf("gap %d", i+1), gap, firstBackoff<<i)
				equal(t, "the wait that was reported", api.waits[i].Length, gap)
			}
		})
	})
	date := time.Date(2000, 1, 1, 0, 1, 30, 0, time.UTC).Format(http.TimeFormat)
	for name, test := range map[string]struct {
		header string
		want   time.Duration
	}{
		"Retry-After in seconds": {"20", 20 * time.Second},
		"Retry-After as a date":  {date, 90 * time.Second},
		"as long as allowed":     {"120", 120 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, inTurn(says(503, "Retry-After", test.header), says(200)))
				allOK(t, api.do(t.Context(), http.MethodGet))
				equal(t, "gap", api.times()[1], test.want)
			})
		})
	}
	t.Run("Retry-After shorter than the backoff", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(says(503), says(503), says(503), says(503, "Retry-After", "1"), says(200)))
			allOK(t, api.do(t.Context(), http.MethodGet))
			inRange(t, "gap", api.times()[4]-api.times()[3], 4*time.Second)
		})
	})
	t.Run("Retry-After no longer than any backoff", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			options := patient
			options.MaxRetryWait = time.Second // which is for the rate limit
			api := newFake(options, inTurn(says(503, "Retry-After", "30"), says(200)))
			allOK(t, api.do(t.Context(), http.MethodGet))
			equal(t, "gap", api.times()[1], 30*time.Second)
		})
	})
	t.Run("Retry-After longer than the patience", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, says(503, "Retry-After", "121"))
			r := api.do(t.Context(), http.MethodGet)
			equal(t, "status", r.status, 503)
			equal(t, "ended at", r.at, 0)
			equal(t, "waits reported", len(api.waits), 0)
		})
	})
}

// Others do not wait for a call that is retried: it failed, and the limit is not spent.
func TestRetry_holdsNobodyElse(t *testing.T) {
	t.Run("one call", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(says(503, "Retry-After", "60"), says(200)))
			failing := api.begin(t.Context(), http.MethodGet)
			pass(time.Second)
			other := api.do(t.Context(), http.MethodGet)
			allOK(t, other, <-failing)
			equal(t, "the other ended at", other.at, time.Second)
		})
	})
}

func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 7, 29, 12, 0, 0, 0, time.UTC)
	for _, seed := range []string{
		"", "0", "1", "120", "86400", "86401", "-1", "+5", "007", "1.5", "1e3", " 3 ", "4294967295", "4294967296", "NaN",
		"99999999999999999999", "soon", now.Add(time.Minute).Format(http.TimeFormat), now.Format(time.RFC850),
		now.Format(time.ANSIC), now.Add(-time.Hour).Format(http.TimeFormat),
		"Wed, 99 Jul 2026 12:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "\x00", "١٢",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got := retryAfter(http.Header{"Retry-After": {value}}, now)
		if got < 0 || got > 24*time.Hour {
			t.Errorf("%q: %v is no sane wait", value, got)
		}
	})
}

// Why a call cannot go on is worth more than why an attempt before has failed.
func TestMaxRetryWait_exceededAfterAFailure(t *testing.T) {
	for name, test := range map[string]struct {
		method string
		first  answer
		want   Reason
		status int
	}{
		"a GET after a 503":            {http.MethodGet, says(503), RateLimited, 0},
		"a GET that was not sent":      {http.MethodGet, fails(errRefused), RateLimited, 0},
		"a POST that was not sent":     {http.MethodPost, fails(errRefused), RateLimited, 0},
		"a PATCH that may have landed": {http.MethodPatch, says(503), 0, 503},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, inTurn(test.first, says(429, "Retry-After", "3600")))
				r := api.do(t.Context(), test.method)
				equal(t, "status", r.status, test.status)
				if test.status == 0 {
					equal(t, "reason", r.failure(t).Reason, test.want)
				}
			})
		})
	}
}

func TestReply_earlierOutcomeUnknown(t *testing.T) {
	for name, test := range map[string]struct {
		method  string
		first   answer
		want    bool
		retries int
	}{
		"server error":      {http.MethodPatch, says(503), true, 1},
		"reset":             {http.MethodPatch, fails(io.EOF), true, 1},
		"not sent":          {http.MethodPatch, fails(errRefused), false, 1},
		"429":               {http.MethodPatch, says(429, "Retry-After", "1"), false, 0},
		"a GET has no such": {http.MethodGet, says(503), false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newFake(patient, inTurn(test.first, says(400))).do(t.Context(), test.method)
				equal(t, "status", r.status, http.StatusBadRequest)
				equal(t, "an earlier outcome is unknown", r.reply.EarlierOutcomeUnknown, test.want)
				equal(t, "retries", r.reply.Retries, test.retries)
				equal(t, "repeated", r.reply.Repeated, false)
			})
		})
	}
}

func TestRetry_isCountedInTheResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		equal(t, "of a reply", newFake(patient, says(500)).do(t.Context(), http.MethodGet).reply.Retries, 4)
		failed := newFake(patient, fails(errRefused)).do(t.Context(), http.MethodPost).failure(t)
		equal(t, "of an error", failed.Retries, 4)
		api := newFake(patient, inTurn(says(500), says(429, "Retry-After", "3600")))
		equal(t, "of RateLimited", api.do(t.Context(), http.MethodGet).failure(t).Retries, 1)
	})
}
