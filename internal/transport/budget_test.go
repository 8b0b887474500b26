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

	"github.com/google/go-cmp/cmp"
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

func TestRetryAfterOf429IsHonoured(t *testing.T) {
	const fromWindow = time.Minute // what is waited if the header says nothing
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		header string
		want   time.Duration
	}{
		"seconds":                  {"7", 7 * time.Second},
		"longer than the window":   {"95", 95 * time.Second},
		"a day":                    {"86400", 24 * time.Hour},
		"a date":                   {now.Add(42 * time.Second).Format(http.TimeFormat), 42 * time.Second},
		"a date in another format": {now.Add(42 * time.Second).Format(time.RFC850), 42 * time.Second},
		"missing":                  {"", fromWindow},
		"zero":                     {"0", fromWindow},
		"negative":                 {"-5", fromWindow},
		"garbage":                  {"soon", fromWindow},
		"a fraction":               {"1.5", fromWindow},
		"more than a day":          {"86401", fromWindow},
		"out of range":             {"99999999999999999999", fromWindow},
		"a date in the past":       {now.Add(-time.Hour).Format(http.TimeFormat), fromWindow},
		"a date next year":         {now.AddDate(1, 0, 0).Format(http.TimeFormat), fromWindow},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxWait = 48 * time.Hour
				api := newFake(options, inTurn(says(429, "Retry-After", test.header), says(200)))
				allOK(t, api.do(t.Context(), http.MethodGet))
				if diff := cmp.Diff([]time.Duration{0, test.want}, api.times()); diff != "" {
					t.Error("requests were sent at (-want +got):\n" + diff)
				}
			})
		})
	}
}

func Test429WithoutHeadersWaitsForTheWindowThenOneGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The window opens at 0; at 20 s ten calls at once are refused.
		api := newFake(patient, func(c call) (*http.Response, error) {
			switch c.at {
			case 0:
				return reply(200, "", nil), nil
			case 20 * time.Second:
				return late(time.Second, says(429))(c)
			}
			return late(time.Second, says(200))(c)
		})
		allOK(t, api.do(t.Context(), http.MethodGet))
		pass(20 * time.Second)
		allOK(t, api.get(t.Context(), 10)...)

		// One came through before, so that is what the window seems to allow: more goes one at a time.
		want := map[time.Duration]int{0: 1, 20 * time.Second: 10}
		for i := range 10 {
			want[time.Duration(60+i)*time.Second] = 1
		}
		got := map[time.Duration]int{}
		for _, c := range api.calls {
			got[c.at]++
			if c.at == time.Minute {
				equal(t, "requests in flight when one goes first", c.concurrent, 1)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("requests by time (-want +got):\n" + diff)
		}
	})
}

func TestRefusedWritesAreSentAgain(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetries = 0 // a refusal is no failed attempt
				api := newFake(options, inTurn(says(429, "Retry-After", "3"), says(429, "Retry-After", "3"), says(200)))
				allOK(t, api.do(t.Context(), method))
				equal(t, "requests", len(api.calls), 3)
				for _, c := range api.calls {
					equal(t, "body", c.body, payload)
				}
			})
		})
	}
}

func TestRefusalWhoseBodyCannotBeReadIsOneAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(cutBody(429, "Retry-After", "9"), says(200)))
		allOK(t, api.do(t.Context(), http.MethodPost))
		if diff := cmp.Diff([]time.Duration{0, 9 * time.Second}, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

func TestPausesDoubleWhileTheAPIRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		answers []answer
		want    []time.Duration // seconds from one request to the next
	}{
		"after a refusal": {
			[]answer{says(429), says(429), says(429), says(429), says(200)},
			[]time.Duration{60, 4, 8, 16},
		},
		"after a spent rate": {
			[]answer{says(200, "x-ratelimit-remaining", "0"), says(429), says(429), says(429), says(200)},
			[]time.Duration{60, 2, 4, 8},
		},
		"from the start once one came through": {
			[]answer{says(429), says(429), says(200), says(429), says(429), says(200)},
			[]time.Duration{60, 4, 0, 60, 4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, inTurn(test.answers...))
				for len(api.times()) < len(test.answers) {
					allOK(t, api.do(t.Context(), http.MethodGet))
				}
				times := api.times()
				var pauses []time.Duration
				for i := range times[1:] {
					pauses = append(pauses, (times[i+1]-times[i])/time.Second)
				}
				if diff := cmp.Diff(test.want, pauses); diff != "" {
					t.Error("seconds between requests (-want +got):\n" + diff)
				}
			})
		})
	}
}

func TestSpentRateMakesAllWaitAndNoneIsRefused(t *testing.T) {
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

func TestWindowThatBeginsElsewhereIsNoticed(t *testing.T) {
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
	})
}

func TestReplyFromAWindowThatIsOverSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.AttemptTimeout = 2 * time.Minute
		api := newFake(options, inTurn(late(65*time.Second, says(200, "x-ratelimit-remaining", "0")), says(200)))
		slow := api.begin(t.Context(), http.MethodGet)
		pass(61 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet), <-slow)
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "the last was sent at", api.times()[2], 65*time.Second)
	})
}

func TestRepliesThatDoNotSayWhatIsLeftAreCounted(t *testing.T) {
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

func TestCallsThatWaitForOthersGoWhenTheWindowEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// One is left, and a request that hangs may have used it.
		api := newFake(patient, inTurn(says(200, "x-ratelimit-remaining", "1"), hangs, says(200)))
		api.options.AttemptTimeout = 5 * time.Minute
		allOK(t, api.do(t.Context(), http.MethodGet))
		hanging := api.begin(t.Context(), http.MethodPost)
		synctest.Wait()
		waiting := api.do(t.Context(), http.MethodGet)
		allOK(t, waiting)
		equal(t, "the call that waited went at", waiting.at, time.Minute)
		<-hanging
	})
}

func TestRepliesWithoutHeadersNeedNoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(200, "x-ratelimit-remaining", "lots"))
		allOK(t, api.get(t.Context(), 200)...)
		equal(t, "all were sent at", api.times()[199], 0)
		equal(t, "waits", len(api.waits), 0)
	})
}
