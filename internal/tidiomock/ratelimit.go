package tidiomock

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// The headers of the rate limit.
const (
	limitHeader     = "X-Ratelimit-Limit"
	remainingHeader = "X-Ratelimit-Remaining"
)

// limiter counts the requests of a window.
type limiter struct {
	mu    sync.Mutex
	began time.Time
	seen  int
}

// admit counts a request, or returns false if the window has no room for it. It sets the headers of its
// reply.
func (l *limiter) admit(config Config, header http.Header) (admitted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.began) >= config.WindowLength {
		l.began, l.seen = time.Now(), 0
	}
	if l.seen < config.RequestsPerMinute {
		l.seen++
		admitted = true
	}
	if !config.HideRateHeaders {
		header.Set(limitHeader, strconv.Itoa(config.RequestsPerMinute))
		header.Set(remainingHeader, strconv.Itoa(config.RequestsPerMinute-l.seen))
	}
	return admitted
}
