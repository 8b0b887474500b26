package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The first request of all goes alone, and the rest follow: what is wrong with all is found out by
// one.
func TestStart_firstRequestGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, late(time.Second, says(200)))
		allOK(t, api.get(t.Context(), 10)...)
		equal(t, "the first was sent at", api.times()[0], 0)
		equal(t, "the second was sent at", api.times()[1], time.Second)
		equal(t, "the last was sent at", api.times()[9], time.Second)
		equal(t, "waits reported", len(api.waits), 0)
	})
}

func TestFinal_wrongKeyCostsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, late(time.Second, says(401, "X-Trace", "7")))
		results := append(api.get(t.Context(), 1000), api.do(t.Context(), http.MethodPost))
		sent := 0
		for _, r := range results {
			if !r.reply.Repeated {
				sent++
			}
			equal(t, "status", r.status, http.StatusUnauthorized)
			equal(t, "body", r.body, "{}")
		}
		equal(t, "replies that are not repeated", sent, 1)
		equal(t, "requests", len(api.calls), 1)
		equal(t, "requests that were reported", len(api.attempts), 1)
	})
}

// Nobody waits for his turn to send what is not sent.
func TestFinal_endsAllWaits(t *testing.T) {
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

// A key may be regenerated at any time.
func TestFinal_nothingIsSentAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(200), says(401), says(200)))
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		pass(time.Hour)
		equal(t, "status", api.do(t.Context(), http.MethodPost).status, http.StatusUnauthorized)
		equal(t, "requests", len(api.calls), 2)
	})
}

// What was on its way before the refusal may be answered after it.
func TestFinal_aLaterAnswerDoesNotReopen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(late(time.Second, says(200)), says(401), says(200)))
		earlier := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "status of the earlier call", (<-earlier).status, http.StatusOK)
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "requests", len(api.calls), 2)
	})
}

// While nothing was answered requests go one at a time, and what fails counts as an outage does: an
// address that swallows connections costs a few deadlines, not one for each object.
func TestStart_withoutReplyTheNextGoesFirst(t *testing.T) {
	for name, test := range map[string]struct {
		answer  answer
		timeout time.Duration
		reason  Reason
	}{
		"hangs":         {hangs, 30 * time.Second, Timeout},
		"network error": {fails(errors.New("broken")), 0, Network},
	} {
		for _, retries := range []int{0, 4} {
			t.Run(fmt.Sprintf("%s, %d retries", name, retries), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					options := patient
					options.MaxRetries = retries
					api := newColdFake(options, test.answer)
					for _, r := range api.work(t.Context(), http.MethodPost, 1000) {
						equal(t, "reason", r.failure(t).Reason, test.reason)
					}
					equal(t, "requests", len(api.calls), outageSilences+outageProbes)
					for _, c := range api.calls {
						equal(t, "requests in flight", c.concurrent, 1)
					}
					if most := 8*test.timeout + 10*time.Second; time.Since(api.began) > most {
						t.Errorf("all had failed after %v, want %v at most", time.Since(api.began), most)
					}
				})
			})
		}
	}
}

// The rest follow as soon as a request was replied to, whatever the reply.
func TestStart_endsWithAnyReply(t *testing.T) {
	for name, first := range map[string]answer{"not found": says(404), "server error": says(500), "cut body": cutBody(200)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetries = 0
				api := newColdFake(options, inTurn(fails(errRefused), first, late(time.Second, says(200))))
				api.get(t.Context(), 10)
				equal(t, "requests in flight", api.calls[9].concurrent, 8)
			})
		})
	}
}

func TestStart_cancelledCallHandsItOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, inTurn(hangs, late(time.Second, says(200))))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		first := api.begin(ctx, http.MethodGet)
		synctest.Wait()
		allOK(t, api.get(t.Context(), 3)...)
		equal(t, "cancelled", errors.Is((<-first).err, context.DeadlineExceeded), true)
		want := []time.Duration{0, 3 * time.Second, 4 * time.Second, 4 * time.Second}
		if diff := cmp.Diff(want, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

func TestStart_429IsWaitedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, inTurn(says(429), says(200)))
		allOK(t, api.get(t.Context(), 10)...)
		equal(t, "the second was sent at", api.times()[1], 2*time.Second)
		equal(t, "the last was sent at", api.times()[10], 2*time.Second)
		equal(t, "requests", len(api.calls), 11)
	})
}

// A key that is refused to another call says nothing of what an attempt before may have done.
func TestFinal_writeThatMayHaveLandedKeepsItsOwnResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(503), says(401)))
		write := api.begin(t.Context(), http.MethodPatch)
		synctest.Wait() // it waits before its retry
		equal(t, "status of the other call", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		equal(t, "status", (<-write).status, http.StatusServiceUnavailable)
		equal(t, "requests", len(api.calls), 2)
	})
}

// What stops all, and what only this reply is about, is the caller's to say.
func TestFinal_isWhatClassifySays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.Classify = func(req Request, reply Reply) Class {
			if req.Method == http.MethodPost && string(reply.Body) == "{}" && reply.Status == http.StatusForbidden {
				return Final
			}
			return Answered
		}
		api := newFake(options, inTurn(says(401), says(403), says(403), says(200)))
		for i, method := range []string{http.MethodGet, http.MethodGet, http.MethodPost} {
			equal(t, "status", api.do(t.Context(), method).status, []int{401, 403, 403}[i])
		}
		r := api.do(t.Context(), http.MethodGet)
		equal(t, "status", r.status, http.StatusForbidden)
		equal(t, "repeated", r.reply.Repeated, true)
		equal(t, "requests", len(api.calls), 3)
	})
}

// A GET that is about to be retried ends with what holds for all.
func TestFinal_endsARetryOfAGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(503), says(401)))
		read := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		equal(t, "status of the other call", api.do(t.Context(), http.MethodGet).status, http.StatusUnauthorized)
		r := <-read
		equal(t, "status", r.status, http.StatusUnauthorized)
		equal(t, "repeated", r.reply.Repeated, true)
		equal(t, "requests", len(api.calls), 2)
	})
}
