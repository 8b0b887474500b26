package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetry_dependsOnMethodAndStatus(t *testing.T) {
	for method, retried := range map[string]bool{
		http.MethodGet: true, http.MethodPatch: true, http.MethodDelete: true, http.MethodPost: false,
	} {
		for status, failed := range map[int]bool{
			500: true, 502: true, 503: true, 504: true, 408: true,
			200: false, 204: false, 302: false, 400: false, 401: false, 403: false, 404: false, 409: false, 422: false,
		} {
			t.Run(fmt.Sprintf("%s %d", method, status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api := newFake(patient, says(status))
					r := api.do(t.Context(), method)
					equal(t, "status", r.status, status)
					equal(t, "error", r.err, nil)
					want := 1
					if retried && failed {
						want = 1 + patient.MaxRetries
					}
					equal(t, "requests", len(api.calls), want)
				})
			})
		}
	}
}

func TestRetry_maxRetriesIsExact(t *testing.T) {
	for _, retries := range []int{0, 1, 7} { // beyond that an outage closes the gate
		for name, answer := range map[string]answer{"status": says(500), "network": fails(errors.New("broken"))} {
			t.Run(fmt.Sprintf("%d, %s", retries, name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					options := patient
					options.MaxRetries, options.MaxRetryWait = retries, time.Second // which is for the rate limit
					api := newFake(options, answer)
					api.do(t.Context(), http.MethodGet)
					equal(t, "requests", len(api.calls), 1+retries)
					equal(t, "waits reported", len(api.waits), retries)
					for i, wait := range api.waits {
						want := Wait{Reason: WaitRetry, Length: wait.Length, Retry: i + 1, Retries: retries}
						equal(t, "wait", wait, want)
					}
				})
			})
		}
	}
}

func TestRetry_endsWithTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(500), fails(io.ErrUnexpectedEOF), says(200), says(500)))
		allOK(t, api.do(t.Context(), http.MethodGet))
		equal(t, "requests", len(api.calls), 3)
	})
}

func TestBody_isReplayedOnEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(says(500), says(429), fails(io.EOF), hangs, says(200)))
		allOK(t, api.do(t.Context(), http.MethodPatch))
		equal(t, "requests", len(api.calls), 5)
		for _, c := range api.calls {
			equal(t, "body", c.body, payload)
			equal(t, "Authorization", strings.Join(c.request.Header["Authorization"], ", "), "Bearer secret")
			equal(t, "length", c.request.ContentLength, int64(len(payload)))
			equal(t, "its context has ended", c.request.Context().Err() != nil, true)
		}
	})
}

func TestRequestTimeout_isPerAttemptAndCoversTheBody(t *testing.T) {
	for name, hanging := range map[string]answer{"no reply": hangs, "body hangs": hangingBody} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, inTurn(hanging, hanging, late(29*time.Second, says(200))))
				allOK(t, api.do(t.Context(), http.MethodGet))
				equal(t, "requests", len(api.calls), 3)
				equal(t, "duration of an attempt", api.attempts[1].Duration, patient.RequestTimeout)
			})
		})
		t.Run(name+" to a POST", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, hanging)
				r := api.do(t.Context(), http.MethodPost)
				failed := r.failure(t)
				equal(t, "reason", failed.Reason, Timeout)
				equal(t, "may have been sent", failed.OutcomeUnknown, true)
				equal(t, "ended at", r.at, patient.RequestTimeout)
				equal(t, "requests", len(api.calls), 1)
			})
		})
	}
}

func TestBody_cutShort(t *testing.T) {
	t.Run("is asked for again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, inTurn(cutBody(200), says(200)))
			allOK(t, api.do(t.Context(), http.MethodGet))
			equal(t, "requests", len(api.calls), 2)
		})
	})
	t.Run("may have landed if it was a write", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, cutBody(201, "Content-Type", "application/json; charset=utf-8"))
			failed := api.do(t.Context(), http.MethodPost).failure(t)
			equal(t, "requests", len(api.calls), 1)
			equal(t, "the cause", errors.Is(failed, io.ErrUnexpectedEOF), true)
			failed.Err = nil
			want := Error{Reason: Network, OutcomeUnknown: true, Status: 201, ContentType: "application/json", Bytes: 4}
			equal(t, "error", *failed, want)
			equal(t, "status for the hook", api.attempts[0].Status, 201)
			equal(t, "bytes for the hook", api.attempts[0].Bytes, 4)
		})
	})
}

func TestBody_isCapped(t *testing.T) {
	sends := func(n int64) answer {
		return func(call) (*http.Response, error) {
			resp := reply(200, "", nil)
			resp.Body = io.NopCloser(io.LimitReader(endless{}, n))
			return resp, nil
		}
	}
	t.Run("at 16 MiB", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := newFake(patient, sends(MaxBody)).do(t.Context(), http.MethodGet)
			allOK(t, r)
			equal(t, "length", len(r.body), MaxBody)
		})
	})
	t.Run("above", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newFake(patient, sends(1<<40))
			failed := api.do(t.Context(), http.MethodGet).failure(t)
			equal(t, "reason", failed.Reason, TooLarge)
			equal(t, "status", failed.Status, 200)
			equal(t, "message", failed.Error(), "the reply is larger than 16 MiB")
			equal(t, "requests", len(api.calls), 1)
		})
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestRedirect_isReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(302, "Location", "https://elsewhere.example.com/"))
		equal(t, "status", api.do(t.Context(), http.MethodGet).status, 302)
		equal(t, "requests", len(api.calls), 1)
	})
}

// A retry that was not sent does not undo the attempt before it, which may have been.
func TestOutcomeUnknown_isNotForgottenByALaterAttempt(t *testing.T) {
	for name, first := range map[string]answer{"status": says(500), "network": fails(io.EOF)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newFake(patient, inTurn(first, fails(errRefused)))
				failed := api.do(t.Context(), http.MethodPatch).failure(t)
				equal(t, "may have been sent", failed.OutcomeUnknown, true)
				equal(t, "requests", len(api.calls), 1+patient.MaxRetries)
			})
		})
	}
}

func TestBackoff_ofACallersOwnRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(200))
		equal(t, "error", api.Backoff(t.Context(), 2), nil)
		wait := Wait{Reason: WaitRetry, Length: time.Since(api.began), Retry: 3, Retries: 4}
		if diff := cmp.Diff([]Wait{wait}, api.waits); diff != "" {
			t.Error("waits (-want +got):\n" + diff)
		}
		inRange(t, "backoff", wait.Length, 2*time.Second)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		equal(t, "error", api.Backoff(ctx, 0), context.Canceled)
	})
}

func TestDo_leavesTheRequestAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, func(c call) (*http.Response, error) {
			c.request.Header.Set("X-Added", "by the base")
			c.request.URL.Path = "/changed"
			return reply(200, "", nil), nil
		})
		req := request(http.MethodPost)
		allOK(t, api.send(t.Context(), req))
		if diff := cmp.Diff(request(http.MethodPost), req); diff != "" {
			t.Error("the request (-before +after):\n" + diff)
		}
		req.Header = nil
		allOK(t, api.send(t.Context(), req))
	})
}

// What cannot be written in a URL's path as it is must arrive as it was escaped.
func TestDo_sendsTheEscapedPathAndTheQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, says(200))
		req := request(http.MethodGet)
		req.URL = &url.URL{Scheme: "https", Host: "api.example.com", Path: "/a/b c", RawPath: "/a%2Fb%20c", RawQuery: "q=1"}
		allOK(t, api.send(t.Context(), req))
		sent := api.calls[0].request
		equal(t, "URL", sent.URL.String(), "https://api.example.com/a%2Fb%20c?q=1")
		equal(t, "host", sent.Host, "api.example.com")
		equal(t, "a body", sent.Body != nil, false)
		equal(t, "path for the hook", api.attempts[0].Path, "/a%2Fb%20c")
	})
}
