package tidiomock

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Window is how the rate limit counts.
type Window int

// The windows.
const (
	// FixedWindow begins with the first request after the last window, and ends for all at once.
	FixedWindow Window = iota
	// SlidingWindow forgets each request one window length after it came.
	SlidingWindow
)

// The headers of the rate limit.
const (
	limitHeader     = "X-Ratelimit-Limit"
	remainingHeader = "X-Ratelimit-Remaining"
)

// limit counts the call, or refuses it with a 429.
func (m *Mock) limit(c *call) (refusal reply, refused bool) {
	if m.limiter.limit == 0 {
		return reply{}, false
	}
	remaining, wait := m.limiter.take()
	if !m.config.HideRateHeaders {
		c.header.Set(limitHeader, strconv.Itoa(m.limiter.limit))
		c.header.Set(remainingHeader, strconv.Itoa(remaining))
	}
	if wait == 0 {
		return reply{}, false
	}
	if m.config.RetryAfter {
		seconds := int((wait + time.Second - 1) / time.Second) // rounded up: never too early
		c.header.Set("Retry-After", strconv.Itoa(seconds))
	}
	return c.fail(http.StatusTooManyRequests, "Too many requests: slow down and retry."), true
}

type limiter struct {
	limit  int
	window Window
	length time.Duration

	mu   sync.Mutex
	seen []time.Time // the requests that count, oldest first
}

// take counts a request and returns how many more may come, or how long until one may.
func (l *limiter) take() (remaining int, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	over := func(t time.Time) bool { return now.Sub(t) >= l.length }
	switch l.window {
	case FixedWindow:
		if len(l.seen) > 0 && over(l.seen[0]) {
			l.seen = nil
		}
	case SlidingWindow:
		l.seen = slices.DeleteFunc(l.seen, over)
	}
	if len(l.seen) >= l.limit {
		return 0, l.length - now.Sub(l.seen[0])
	}
	l.seen = append(l.seen, now)
	return l.limit - len(l.seen), 0
}
