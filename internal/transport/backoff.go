package transport

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
)

// backoff returns the wait before a retry (0 for the first). It is exponential, plus up to a quarter
// at random, so that calls that failed together do not retry together.
func backoff(retry int) time.Duration {
	delay := min(firstBackoff<<min(retry, 10), maxBackoff)
	return delay + time.Duration(rand.Int64N(int64(delay)/4)) //nolint:gosec // jitter needs no secrecy
}

// retryAfter returns the wait in the header Retry-After: whole seconds or an HTTP date. It returns 0
// for a missing or invalid header, and never less than the header asks for.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const longest = 24 * time.Hour // a longer wait counts as invalid
	value := h.Get("Retry-After")
	var delay time.Duration
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		delay = time.Duration(seconds) * time.Second //nolint:gosec // 32 bits of seconds fit
	} else if date, err := http.ParseTime(value); err == nil {
		delay = date.Sub(now)
	}
	if delay < 0 || delay > longest {
		return 0
	}
	return delay
}

// sleep waits for d (0: forever), until changed is closed (nil: never), or until ctx ends. If ctx
// ends, it returns the cause.
func sleep(ctx context.Context, d time.Duration, changed <-chan struct{}) error {
	var timeout <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-changed:
	case <-timeout:
	}
	return nil
}

// cancelGrace is how long a write that was sent may continue after its context ended.
const cancelGrace = 10 * time.Second

// WithCancelGrace returns a context that ends 10 seconds after ctx, with the same cause, or when
// cancel is called. Use it for work that must not be left half done when a user interrupts.
func WithCancelGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	graced, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if sleep(graced, cancelGrace, nil) == nil {
			cancel(context.Cause(ctx))
		}
	})
	return graced, func() {
		stop()
		cancel(nil)
	}
}
