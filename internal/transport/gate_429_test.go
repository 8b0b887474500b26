package transport

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func Test429_retryAfterIsHonoured(t *testing.T) {
	const guessed = 2 * time.Second // what is waited if the header says nothing
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
		"missing":                  {"", guessed},
		"zero":                     {"0", guessed},
		"negative":                 {"-5", guessed},
		"garbage":                  {"soon", guessed},
		"a fraction":               {"1.5", guessed},
		"more than a day":          {"86401", guessed},
		"out of range":             {"99999999999999999999", guessed},
		"a date in the past":       {now.Add(-time.Hour).Format(http.TimeFormat), guessed},
		"a date next year":         {now.AddDate(1, 0, 0).Format(http.TimeFormat), guessed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetryWait = 48 * time.Hour
				api := newFake(options, inTurn(says(429, "Retry-After", test.header), says(200)))
				allOK(t, api.do(t.Context(), http.MethodGet))
				if diff := cmp.Diff([]time.Duration{0, test.want}, api.times()); diff != "" {
					t.Error("requests were sent at (-want +got):\n" + diff)
				}
			})
		})
	}
}

func Test429_writesAreSentAgain(t *testing.T) {
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

func Test429_bodyThatCannotBeReadDoesNotMatter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(cutBody(429, "Retry-After", "9"), says(200)))
		allOK(t, api.do(t.Context(), http.MethodPost))
		if diff := cmp.Diff([]time.Duration{0, 9 * time.Second}, api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

func Test429_shorterHintDoesNotShortenThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(
			late(time.Second, says(429, "Retry-After", "30")), late(2*time.Second, says(429, "Retry-After", "5")), says(200),
		))
		allOK(t, api.get(t.Context(), 2)...)
		equal(t, "the next went at", api.times()[2], 31*time.Second)
	})
}

// Refusals that come at once are one refusal.
func Test429_severalAtOnceCountAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, func(c call) (*http.Response, error) {
			switch {
			case c.number <= 10:
				return late(time.Duration(c.number)*time.Millisecond, says(429, "Retry-After", "5"))(c)
			case c.number == 11:
				return reply(429, "", nil), nil
			}
			return reply(200, "", nil), nil
		})
		allOK(t, api.get(t.Context(), 10)...)
		times := api.times()[10:]
		if len(times) < 2 {
			t.Fatalf("requests after the pause: %v", times)
		}
		equal(t, "pause after the second refusal", times[1]-times[0], 4*time.Second)
	})
}

// gaps returns how long after the one before each request was sent.
func (f *fakeAPI) gaps() []time.Duration {
	times := f.times()
	var gaps []time.Duration
	for i := range times[1:] {
		gaps = append(gaps, times[i+1]-times[i])
	}
	return gaps
}

func Test429_withoutHeadersOneProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// At 20 s ten calls at once are refused, and what goes first until 40 s.
		api := newFake(patient, func(c call) (*http.Response, error) {
			if c.at >= 20*time.Second && c.at < 40*time.Second {
				return late(time.Second, says(429))(c)
			}
			return late(time.Second, says(200))(c)
		})
		allOK(t, api.get(t.Context(), 3)...)
		pass(19 * time.Second)
		allOK(t, api.get(t.Context(), 10)...)
		want := map[time.Duration]int{0: 3, 20: 10, 23: 1, 28: 1, 37: 1, 53: 1, 54: 9}
		got := map[time.Duration]int{}
		for _, at := range api.times() {
			got[at/time.Second]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("requests by second (-want +got):\n" + diff)
		}
	})
}

func Test429_pausesDouble(t *testing.T) {
	refused, spent := says(429), says(200, "x-ratelimit-remaining", "0")
	for name, test := range map[string]struct {
		answers []answer
		want    []float64 // seconds from one request to the next
	}{
		"up to the window's end": {
			[]answer{refused, refused, refused, refused, refused, refused, refused, refused, says(200)},
			[]float64{2, 4, 8, 15, 15, 15, 1, 15}, // the window ends after 60 s, another begins then
		},
		"after a spent window": {[]answer{spent, refused, refused, refused, says(200)}, []float64{60, 2, 4, 8}},
		"from the start once one came through": {
			[]answer{refused, refused, says(200), refused, refused, says(200)},
			[]float64{2, 4, 0, 2, 4},
		},
		"after a hint": {
			[]answer{says(429, "Retry-After", "5"), refused, refused, says(200)}, []float64{5, 4, 8},
		},
		"a limit that our own requests have filled": {
			[]answer{says(200, "x-ratelimit-limit", "2"), says(200), refused, refused, says(200)},
			[]float64{0, 0, 60, 4},
		},
		"a limit that others have filled": {
			[]answer{says(200, "x-ratelimit-limit", "3"), says(200), refused, says(200)}, []float64{0, 0, 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.MaxRetryWait = time.Hour
				api := newFake(options, inTurn(test.answers...))
				for len(api.times()) < len(test.answers) {
					allOK(t, api.do(t.Context(), http.MethodGet))
				}
				if diff := cmp.Diff(seconds(test.want...), api.gaps()); diff != "" {
					t.Error("times between requests (-want +got):\n" + diff)
				}
			})
		})
	}
}

// A 429 to a request that was sent before the pause says nothing new: it must not count as another
// one in a row, whether it comes before the pause ends, while one goes first, or later.
func Test429_lateOnesSayNothingNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestTimeout = 2 * time.Minute
		api := newFake(options, func(c call) (*http.Response, error) {
			switch {
			case c.number <= 10: // at 1, 2.5, ... 14.5 s
				return late(time.Second+time.Duration(c.number-1)*1500*time.Millisecond, says(429))(c)
			case c.number == 11:
				return late(5*time.Second, says(200))(c)
			}
			return reply(200, "", nil), nil
		})
		allOK(t, api.get(t.Context(), 10)...)
		want := []time.Duration{
			3 * time.Second, 8 * time.Second, 8 * time.Second, 8 * time.Second, 8 * time.Second, // those refused by then
			8500 * time.Millisecond, 10 * time.Second, 11500 * time.Millisecond, 13 * time.Second, 14500 * time.Millisecond,
		}
		if diff := cmp.Diff(want, api.times()[10:]); diff != "" {
			t.Error("the first and the next went at (-want +got):\n" + diff)
		}
		equal(t, "waits reported", len(api.waits), 1)
	})
}

// What was sent before a 429 and comes through after it says no more of the limit.
func Test429_lateSuccessDoesNotStartTheBackoffAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := says(429)
		api := newFake(patient, inTurn(late(3*time.Second, says(200)), refused, refused, refused, says(200)))
		slow := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		allOK(t, api.do(t.Context(), http.MethodGet), <-slow)
		if diff := cmp.Diff(seconds(0, 0, 2, 6, 14), api.times()); diff != "" {
			t.Error("requests were sent at (-want +got):\n" + diff)
		}
	})
}

// What is refused of a window that is over says nothing of the one that has begun.
func Test429_ofAnOldWindowSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := patient
		options.RequestTimeout = 2 * time.Minute
		api := newFake(options, inTurn(late(65*time.Second, says(429)), says(200)))
		slow := api.begin(t.Context(), http.MethodGet)
		pass(61 * time.Second)
		allOK(t, api.do(t.Context(), http.MethodGet), <-slow)
		equal(t, "sent again at", api.times()[2], 65*time.Second)
		equal(t, "waits reported", len(api.waits), 0)
	})
}

// A hint outlasts our own cap, and says more than what remained before. Without one that counts.
func TestRetryAfter_isNeitherShortenedNorProlonged(t *testing.T) {
	for name, test := range map[string]struct {
		perMinute int
		hint      string
		want      time.Duration
	}{
		"longer than the cap's wait":  {2, "95", 97 * time.Second},
		"shorter than the cap's wait": {2, "5", time.Minute},
		"shorter than the window":     {0, "5", 7 * time.Second},
		"none, and nothing remains":   {0, "", 61 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := patient
				options.RequestsPerMinute = test.perMinute
				api := newFake(options, inTurn(
					late(2*time.Second, says(429, "Retry-After", test.hint)),
					late(time.Second, says(200, "x-ratelimit-remaining", "0")),
					says(200),
				))
				allOK(t, api.get(t.Context(), 2)...)
				equal(t, "the next went at", api.times()[2], test.want)
			})
		})
	}
}

// A longer hint that comes while one goes first holds the rest, even if that one comes through.
func Test429_longerHintOutlastsTheProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(
			late(6*time.Second, says(429, "Retry-After", "30")), says(429, "Retry-After", "5"), late(3*time.Second, says(200)), says(200),
		))
		slow := api.begin(t.Context(), http.MethodGet)
		synctest.Wait()
		allOK(t, api.do(t.Context(), http.MethodGet), <-slow)
		equal(t, "the next went at", api.times()[3], 36*time.Second)
	})
}

// One request in ten is refused, whatever is sent: that is no limit, and costs no minute.
func Test429_nowAndThenCostsLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newColdFake(patient, func(c call) (*http.Response, error) {
			if c.number%10 == 0 {
				return late(100*time.Millisecond, says(429))(c)
			}
			return late(100*time.Millisecond, says(201))(c)
		})
		for _, r := range api.work(t.Context(), http.MethodPost, 40) {
			equal(t, "status", r.status, http.StatusCreated)
		}
		if took := time.Since(api.began); took > time.Minute {
			t.Errorf("40 creates took %v", took)
		}
		pass(time.Minute)
		began := time.Since(api.began)
		api.work(t.Context(), http.MethodPost, 100) // all the same: that was no limit
		if took := time.Since(api.began) - began; took > time.Minute {
			t.Errorf("100 creates took %v", took)
		}
		equal(t, "the limit that was learned", api.gate.rate.limit, 0)
	})
}

// Others have used up the limit, and their window ends earlier than ours.
func Test429_becauseOfOthersIsProbed(t *testing.T) {
	for _, ends := range seconds(1, 10, 40, 59) {
		synctest.Test(t, func(t *testing.T) {
			limited := &limiter{limit: 60}
			api := newColdFake(patient, limited.answer)
			limited.began, limited.used, limited.refused = time.Now().Add(ends-windowLength), 60, []int{0}
			results := api.work(t.Context(), http.MethodPost, 30)
			allOK(t, results...)
			first := slices.MinFunc(results, func(a, b result) int { return int(a.at - b.at) }).at
			if first > ends+15*time.Second {
				t.Errorf("their window ends at %v, and the first of ours came through at %v", ends, first)
			}
			if limited.refused[0] > 8 {
				t.Errorf("%d requests were answered 429", limited.refused[0])
			}
		})
	}
}
