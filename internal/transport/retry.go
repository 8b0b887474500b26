package transport

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
)

// retryable reports whether a call that ended like this may be made again (contract, line 11). A
// POST may only if the API cannot have seen it: one that may have landed is never replayed.
func retryable(method string, resp *http.Response, err error) bool {
	if failed := AsError(err); failed != nil {
		return !failed.Final && (method != http.MethodPost || !failed.MaybeSent)
	}
	if method == http.MethodPost {
		return false
	}
	return resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode >= 500
}

// backoff returns the wait before the next attempt: exponential with jitter, and never less than
// the reply asks for.
func backoff(retries int, resp *http.Response) time.Duration {
	delay := min(firstBackoff<<min(retries, 10), maxBackoff)
	delay += time.Duration(rand.Int64N(int64(delay) / 4)) //nolint:gosec // jitter needs no secrecy
	if resp != nil {
		delay = max(delay, retryAfter(resp.Header, time.Now()))
	}
	return delay
}

// retryAfter returns how long the header Retry-After asks to wait: whole seconds or an HTTP date.
// It returns 0 if there is none, or none that makes sense; never less than what was asked for.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const longest = 24 * time.Hour // beyond it a header is taken as broken
	value := h.Get("Retry-After")
	var wait time.Duration
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second //nolint:gosec // 32 bits of seconds fit
	} else if date, err := http.ParseTime(value); err == nil {
		wait = date.Sub(now)
	}
	if wait < 0 || wait > longest {
		return 0
	}
	return wait
}
