package transport

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limiter is an API with a fixed window: it begins with the first request after the last one, and
// takes as many.
type limiter struct {
	limit  int
	header header // the names of the headers it sends: of the limit, and of what remains

	mu      sync.Mutex
	began   time.Time
	used    int
	refused []int // in each window
}

func (l *limiter) answer(call) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.began) >= time.Minute {
		l.began, l.used, l.refused = time.Now(), 0, append(l.refused, 0)
	}
	status := http.StatusOK
	if l.used == l.limit {
		status = http.StatusTooManyRequests
		l.refused[len(l.refused)-1]++
	} else {
		l.used++
	}
	var sent header
	for _, name := range l.header {
		value := map[string]int{"x-ratelimit-limit": l.limit, "x-ratelimit-remaining": l.limit - l.used}[name]
		sent = append(sent, name, strconv.Itoa(value))
	}
	return reply(status, "{}", sent), nil
}

var bothHeaders = header{"x-ratelimit-limit", "x-ratelimit-remaining"}

func TestRemaining_noneIsRefused(t *testing.T) {
	fixed := func(d time.Duration) func(call) time.Duration { return func(call) time.Duration { return d } }
	for name, latency := range map[string]struct{ there, back func(call) time.Duration }{
		"without latency": {fixed(0), fixed(0)},
		"slow":            {fixed(900 * time.Millisecond), fixed(400 * time.Millisecond)},
		"first request is slower": { // it makes the connection
			func(c call) time.Duration { return 20*time.Millisecond + 300*time.Millisecond/time.Duration(c.number) },
			fixed(20 * time.Millisecond),
		},
		"replies in reverse order": {
			fixed(0),
			func(c call) time.Duration { return time.Duration(1000-c.number*20) * time.Millisecond },
		},
		"replies in any order": {
			fixed(0),
			func(c call) time.Duration { return time.Duration(c.number*7919%1000) * time.Millisecond },
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limited := &limiter{limit: 10, header: bothHeaders}
				api := newFake(patient, func(c call) (*http.Response, error) {
					pass(latency.there(c))
					resp, err := limited.answer(c)
					pass(latency.back(c))
					return resp, err
				})
				allOK(t, api.do(t.Context(), http.MethodGet)) // from here on the limit is known
				allOK(t, api.get(t.Context(), 39)...)
				equal(t, "refused requests in the worst window", slices.Max(limited.refused), 0)
				equal(t, "requests", len(api.calls), 40)
				if over := api.times()[39]; over < 3*time.Minute || over > 3*time.Minute+15*time.Second {
					t.Errorf("the last request was sent at %v, want it soon after 3 minutes", over)
				}
			})
		})
	}
}

func TestRemaining_moreThanBeforeIsANewWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The API's window ends at 10 s by its own clock: the second call finds 9 left, and nobody
		// waits for ours to end.
		api := newFake(patient, inTurn(
			says(200, "x-ratelimit-remaining", "1"), says(200, "x-ratelimit-remaining", "9"), late(time.Second, says(200)),
		))
		allOK(t, api.do(t.Context(), http.MethodGet))
		pass(10 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet))
		allOK(t, api.get(t.Context(), 9)...)
		equal(t, "the last was sent at", api.times()[10], 10*time.Second)

		api = newFake(patient, inTurn(
			says(200, "x-ratelimit-remaining", "1"), says(200, "x-ratelimit-remaining", "9"),
			late(time.Second, says(200, "x-ratelimit-remaining", "0")), says(200),
		))
		allOK(t, api.do(t.Context(), http.MethodGet))
		pass(10 * time.Second)
		for range 3 {
			allOK(t, api.do(t.Context(), http.MethodGet))
		}
		equal(t, "the first of the next window was sent at", api.times()[3], 70*time.Second)
	})
}

func TestRemaining_ofAnOldWindowSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestTimeout = 2 * time.Minute
		api := newFake(options, inTurn(late(65*time.Second, says(200, "x-ratelimit-remaining", "0")), says(200)))
		slow := api.begin(t.Context(), http.MethodGet)
		pass(61 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet), <-slow)
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "the last was sent at", api.times()[2], 65*time.Second)
	})
}

func TestWindow_lateReplyDoesNotStartTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestTimeout = 2 * time.Minute
		api := newFake(options, inTurn(
			late(65*time.Second, says(200)), late(10*time.Second, says(200, "x-ratelimit-remaining", "0")), says(200),
		))
		slow := api.begin(t.Context(), http.MethodGet)
		pass(61 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet), <-slow) // its window ends a minute after its reply at 71 s
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "the last was sent at", api.times()[2], 131*time.Second)
	})
}

func TestRemaining_isCountedWithoutHeader(t *testing.T) {
	for name, answer := range map[string]answer{"without header": says(200), "without reply": fails(errors.New("reset"))} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetries = 0
				api := newFake(options, inTurn(says(200, "x-ratelimit-remaining", "2"), answer, answer, says(200)))
				allOK(t, api.do(t.Context(), http.MethodGet))
				api.get(t.Context(), 2)
				allOK(t, api.do(t.Context(), http.MethodGet))
				equal(t, "the last was sent at", api.times()[3], time.Minute)
			})
		})
	}
}

func TestRemaining_waitForRepliesEndsWithTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// One is left, and a request that hangs may have used it.
		api := newFake(patient, inTurn(says(200, "x-ratelimit-remaining", "1"), hangs, says(200)))
		api.options.RequestTimeout = 5 * time.Minute
		allOK(t, api.do(t.Context(), http.MethodGet))
		hanging := api.begin(t.Context(), http.MethodPost)
		synctest.Wait()
		waiting := api.do(t.Context(), http.MethodGet)
		allOK(t, waiting)
		equal(t, "the call that waited went at", waiting.at, time.Minute)
		<-hanging
	})
}

func TestRemaining_garbageNeedsNoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(200, "x-ratelimit-remaining", "lots"))
		allOK(t, api.get(t.Context(), 200)...)
		equal(t, "all were sent at", api.times()[199], 0)
		equal(t, "waits", len(api.waits), 0)
	})
}
