package transport

import (
	"fmt"
	"net"
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

func TestBackoffIsExponentialWithJitter(t *testing.T) {
	want := []time.Duration{
		500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second,
	}
	distinct := map[time.Duration]bool{}
	for retries := range 100 {
		for range 100 {
			got := backoff(retries, nil)
			inRange(t, fmt.Sprintf("retry %d", retries), got, append(want, maxBackoff)[min(retries, len(want))])
			distinct[got] = true
		}
	}
	if len(distinct) < 1000 {
		t.Errorf("only %d different waits in 10,000: is there jitter?", len(distinct))
	}
}

func TestRetriesAreSpacedByTheBackoff(t *testing.T) {
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
func TestRetryHoldsNobodyElse(t *testing.T) {
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
		delay := backoff(0, &http.Response{Header: http.Header{"Retry-After": {now.Format(http.TimeFormat), value}}})
		if delay < firstBackoff {
			t.Errorf("%q: a retry after %v", value, delay)
		}
	})
}

// What cannot be reached is found out once, whether or not it is tried again.
func TestAnOutageIsFoundOutOnce(t *testing.T) {
	for name, answer := range map[string]answer{
		"refused": fails(errRefused),
		"no host": fails(&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}),
	} {
		for _, retries := range []int{0, 4} {
			t.Run(fmt.Sprintf("%s, %d retries", name, retries), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					options := patient
					options.MaxRetries = retries
					api := newColdFake(options, answer)
					told := 0
					for range 100 {
						if !api.do(t.Context(), http.MethodPost).failure(t).Repeated {
							told++
						}
					}
					equal(t, "calls that were made", told, 1)
					if most := retries + 1; len(api.calls) > most {
						t.Errorf("%d requests, want at most %d", len(api.calls), most)
					}
				})
			})
		}
	}
}

// Why a call cannot go on is worth more than why an attempt before has failed.
func TestAWaitThatCannotFitAfterAFailure(t *testing.T) {
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

func TestMaybeSentBefore(t *testing.T) {
	for name, test := range map[string]struct {
		first answer
		want  bool
	}{
		"landed or not": {says(503), true},
		"not sent":      {fails(errRefused), false},
		"refused":       {says(429, "Retry-After", "1"), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, inTurn(test.first, says(400)))
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "http://localhost/things", nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := api.Transport.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				equal(t, "status", resp.StatusCode, http.StatusBadRequest)
				equal(t, "may have been sent before", MaybeSentBefore(resp), test.want)
			})
		})
	}
}

// An API that has answered is there.
func TestAnOutageEndsWithAReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.MaxRetries = 0
		api := newFake(options, func(c call) (*http.Response, error) {
			if c.number == 1 {
				return late(time.Second, says(200))(c)
			}
			if c.number == 2 {
				return nil, errRefused
			}
			return says(200)(c)
		})
		slow := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		equal(t, "reason", api.do(t.Context(), http.MethodGet).failure(t).Reason, Network)
		allOK(t, <-slow)
		allOK(t, api.do(t.Context(), http.MethodGet))
	})
}

// A key that is refused to another call says nothing of what an attempt before may have done.
func TestAWriteThatMayHaveLandedEndsAsItDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(503), says(401)))
		write := api.begin(t.Context(), http.MethodPatch)
		synctest.Wait() // it waits before its retry
		equal(t, "status of the other call", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "status", (<-write).status, http.StatusServiceUnavailable)
		equal(t, "requests", len(api.calls), 2)
	})
}
