package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// withoutRetries are options for tests that count failures.
func withoutRetries() Options {
	options := patient
	options.MaxRetries = 0
	return options
}

// afterFailures fails the first n requests with a 500, then goes on with others.
func afterFailures(n int, then answer) answer {
	return func(c call) (*http.Response, error) {
		if c.number <= n {
			return reply(500, "first", nil), nil
		}
		return then(c)
	}
}

// Requests without a reply may each cost a whole deadline, so fewer of them are an outage.
func TestOutage_beginsSoonerWithoutReplies(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		want   int
	}{
		"no reply":     {fails(errors.New("broken")), outageSilences},
		"cut body":     {cutBody(200), outageFailures},
		"server error": {says(500), outageFailures},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(withoutRetries(), test.answer)
				api.gate.outageFailures = outageFailures
				for range outageFailures + 1 {
					api.do(t.Context(), http.MethodGet)
				}
				before := 0
				for _, at := range api.times() {
					if at == 0 { // the first that waits is a probe
						before++
					}
				}
				equal(t, "requests before the outage", before, test.want)
			})
		})
	}
}

// A single bad wave stops nothing.
func TestOutage_oneWaveStopsNothing(t *testing.T) {
	for name, cold := range map[string]bool{"warm": false, "from the start": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, late(time.Second, afterFailures(10, says(201))))
				api.gate.starting = cold
				failed := 0
				for _, r := range api.work(t.Context(), http.MethodPost, 100) {
					if r.status != http.StatusCreated {
						equal(t, "status", r.status, http.StatusInternalServerError)
						equal(t, "repeated", r.reply.Repeated, false)
						failed++
					}
				}
				equal(t, "failed calls", failed, 10)
				equal(t, "requests", len(api.calls), 100)
			})
		})
	}
}

// Ten failures may come one after the other: an engine does not send its first ten at the same moment.
func TestOutage_tenFailuresStopNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), afterFailures(10, says(201)))
		api.gate.outageFailures = outageFailures
		for i := range 40 {
			want := http.StatusCreated
			if i < 10 {
				want = http.StatusInternalServerError
			}
			equal(t, "status", api.do(t.Context(), http.MethodPost).status, want)
		}
	})
}

func TestOutage_oneRefusedConnectionStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(withoutRetries(), inTurn(fails(errRefused), says(201)))
		equal(t, "reason", api.do(t.Context(), http.MethodPost).failure(t).Reason, Network)
		equal(t, "status", api.do(t.Context(), http.MethodPost).status, http.StatusCreated)
		equal(t, "sent at", api.times()[1], 0)
	})
}

// Whatever is wrong with all, it costs a few requests, and no endless waiting.
func TestOutage_costsFewRequests(t *testing.T) {
	for name, answer := range map[string]answer{
		"server error":   says(500),
		"408":            says(408),
		"not the API's":  says(418),
		"refused":        fails(errRefused),
		"unknown host":   fails(&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}),
		"hangs":          hangs,
		"cut bodies":     cutBody(200),
		"one is limited": inTurn(says(500), says(500), says(429, "Retry-After", "1"), says(500)),
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			for _, retries := range []int{0, 4} {
				t.Run(fmt.Sprintf("%s, %s, %d retries", name, method, retries), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						options := patient
						options.MaxRetries, options.Classify = retries, teapotFails
						api := newFake(options, answer)
						for _, r := range api.work(t.Context(), method, 1000) {
							equal(t, "a call succeeded", r.status == 200, false)
						}
						if most := parallelism + outageFailures + outageProbes; len(api.calls) > most {
							t.Errorf("%d requests, want at most %d", len(api.calls), most)
						}
						if took := time.Since(api.began); took > 5*time.Minute {
							t.Errorf("it took %v", took)
						}
					})
				})
			}
		}
	}
}

func teapotFails(_ Request, reply Reply) Class {
	if reply.Status == http.StatusTeapot {
		return Failed
	}
	return Answered
}

func TestOutage_probesThenClosesThenProbesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := withoutRetries()
		options.MaxRetryWait = 0 // which is for the rate limit
		api := newFake(options, inTurn(
			says(500, "X-Number", "1"), says(502), says(503), says(504), says(500), says(500), says(500), says(500), says(500),
			late(time.Second, says(200)),
		))
		for range 8 {
			equal(t, "repeated", api.do(t.Context(), http.MethodPatch).reply.Repeated, false)
		}
		for range 3 { // closed at 7 s
			pass(19 * time.Second)
			r := api.do(t.Context(), http.MethodPatch)
			equal(t, "status", r.status, 500)
			equal(t, "body", r.body, "{}")
			equal(t, "header", r.reply.Header.Get("X-Number"), "1")
			equal(t, "repeated", r.reply.Repeated, true)
		}
		pass(3 * time.Second)
		equal(t, "repeated", api.do(t.Context(), http.MethodPatch).reply.Repeated, false)
		pass(59 * time.Second)
		equal(t, "repeated", api.do(t.Context(), http.MethodPatch).reply.Repeated, true)
		pass(time.Second)
		allOK(t, api.work(t.Context(), http.MethodPatch, 3)...)
		want := seconds(0, 0, 0, 0, 0, 1, 3, 7, 67, 127, 128, 128)
		if diff := cmp.Diff(want, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
		var waits []Wait
		for _, length := range seconds(1, 2, 4) {
			waits = append(waits, Wait{Reason: WaitOutage, Length: length})
		}
		if diff := cmp.Diff(waits, api.waits); diff != "" {
			t.Error("waits (-want +got):\n" + diff)
		}
	})
}

// All wait for the probe, and each wait is reported once.
func TestOutage_oneGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), afterFailures(6, late(time.Second, says(201))))
		for range 5 {
			equal(t, "status", api.do(t.Context(), http.MethodPost).status, 500)
		}
		pass(500 * time.Millisecond)
		api.work(t.Context(), http.MethodPost, 10)
		want := seconds(0, 0, 0, 0, 0, 1, 3, 4, 4, 4, 4, 4, 4, 4, 4)
		if diff := cmp.Diff(want, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
		waits := []Wait{{Reason: WaitOutage, Length: 500 * time.Millisecond}, {Reason: WaitOutage, Length: 2 * time.Second}}
		if diff := cmp.Diff(waits, api.waits); diff != "" {
			t.Error("waits (-want +got):\n" + diff)
		}
	})
}

// What is repeated says nothing of the call that gets it: that was not sent.
func TestOutage_repeatedErrorIsOfACallThatWasNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := errors.New("the first")
		options := patient
		options.MaxRetries = 2
		api := newFake(options, inTurn(fails(first), fails(errors.New("another"))))
		for range 3 {
			equal(t, "outcome unknown", api.do(t.Context(), http.MethodDelete).failure(t).OutcomeUnknown, true)
		}
		sent := len(api.calls)
		failed := api.do(t.Context(), http.MethodPost).failure(t)
		equal(t, "the cause", errors.Is(failed, first), true)
		failed.Err = nil
		equal(t, "error", *failed, Error{Reason: Network, Repeated: true})
		equal(t, "requests", len(api.calls), sent)
	})
}

func TestOutage_concernsOneKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), func(c call) (*http.Response, error) {
			if c.request.Method == http.MethodGet {
				return late(time.Second, says(200))(c)
			}
			return reply(500, "", nil), nil
		})
		for range 5 {
			api.do(t.Context(), http.MethodPost)
		}
		allOK(t, api.get(t.Context(), 10)...)
		equal(t, "reads went at", time.Since(api.began), time.Second)
		api.work(t.Context(), http.MethodDelete, 10)
		equal(t, "a write is repeated", api.do(t.Context(), http.MethodPatch).reply.Repeated, true)
		allOK(t, api.get(t.Context(), 10)...)
		equal(t, "a write is repeated after reads", api.do(t.Context(), http.MethodPatch).reply.Repeated, true)
	})
}

// The retries of a call are requests like any other. Its own last result is worth more than the
// first of others.
func TestOutage_retryThatWaitsKeepsItsOwnResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.MaxRetries = 12
		api := newFake(options, inTurn(says(500), says(500), says(502)))
		r := api.do(t.Context(), http.MethodGet)
		equal(t, "status", r.status, 502)
		equal(t, "repeated", r.reply.Repeated, false)
		equal(t, "requests", len(api.calls), 5+outageProbes)
		equal(t, "retries", r.reply.Retries, 7)
	})
}

func TestOutage_failuresBetweenAnswersAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), func(c call) (*http.Response, error) {
			if c.number%5 == 0 {
				return reply(404, "", nil), nil
			}
			return reply(500, "", nil), nil
		})
		for range 50 {
			equal(t, "repeated", api.do(t.Context(), http.MethodGet).reply.Repeated, false)
		}
		equal(t, "the last was sent at", api.times()[49], 0)
	})
}

// What was sent before the pause fails for the reason that is known already.
func TestOutage_failuresThatBeganBeforeAreNoProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), func(c call) (*http.Response, error) {
			switch {
			case c.number <= 5: // the fifth fails at 500 ms
				return late(time.Duration(c.number)*100*time.Millisecond, says(500))(c)
			case c.number <= 10: // before, while and after the first probe is on its way
				return late(time.Duration(c.number-1)*250*time.Millisecond, says(500))(c)
			}
			return late(500*time.Millisecond, says(200))(c)
		})
		wave := make(chan []result)
		go func() { wave <- api.get(t.Context(), 10) }()
		pass(600 * time.Millisecond)
		allOK(t, api.work(t.Context(), http.MethodGet, 20)...)
		<-wave
		equal(t, "the probe was sent at", api.times()[10], 1500*time.Millisecond)
		equal(t, "the next was sent at", api.times()[11], 2*time.Second)
		equal(t, "waits reported", len(api.waits), 1)
	})
}

// An answer ends an outage, even if its request was sent before.
func TestOutage_endsWithAnyAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), func(c call) (*http.Response, error) {
			switch {
			case c.number == 1:
				return late(10*time.Second, says(200))(c)
			case c.at < 10*time.Second:
				return reply(500, "", nil), nil
			}
			return reply(200, "", nil), nil
		})
		slow := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		for range 8 {
			equal(t, "status", api.do(t.Context(), http.MethodGet).status, 500)
		}
		equal(t, "repeated", api.do(t.Context(), http.MethodGet).reply.Repeated, true)
		allOK(t, <-slow)
		allOK(t, api.get(t.Context(), 5)...)
	})
}

func TestOutage_cancelledCallsAreNoFailures(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, func(c call) (*http.Response, error) {
					if c.number <= 20 {
						return hangs(c)
					}
					return reply(200, "", nil), nil
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				for _, r := range api.work(ctx, method, 20) {
					equal(t, "an error", r.err != nil, true)
				}
				api.answer = says(200)
				began := time.Since(api.began)
				allOK(t, api.do(t.Context(), method))
				equal(t, "waited", time.Since(api.began)-began, 0)
			})
		})
	}
}

func TestOutage_cancelledProbeIsHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(withoutRetries(), afterFailures(5, func(c call) (*http.Response, error) {
			if c.number == 6 {
				return hangs(c)
			}
			return late(time.Second, says(200))(c)
		}))
		for range 5 {
			api.do(t.Context(), http.MethodGet)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		probe := api.begin(ctx, http.MethodGet)
		pass(2 * time.Second)
		allOK(t, api.get(t.Context(), 3)...)
		equal(t, "cancelled", errors.Is((<-probe).err, context.DeadlineExceeded), true)
		want := seconds(0, 0, 0, 0, 0, 1, 3, 4, 4)
		if diff := cmp.Diff(want, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

// A 429 says nothing of whether the API is at work.
func TestOutage_429IsNeitherFailureNorAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := says(429, "Retry-After", "1")
		api := newFake(withoutRetries(), inTurn(
			says(500), says(500), says(500), says(500), limited, limited, limited, limited, limited, says(500), limited, says(200),
		))
		for range 5 {
			equal(t, "status", api.do(t.Context(), http.MethodGet).status, 500)
		}
		pass(500 * time.Millisecond)
		allOK(t, api.get(t.Context(), 5)...)
		equal(t, "the probe went at", api.times()[10], 6*time.Second)
		equal(t, "the next went at", api.times()[11], 7*time.Second)
	})
}
