package transport

import (
	"net/http"
	"strconv"
	"time"
)

// firstPause is the wait after a 429 that comes when, by our count, a new window has begun already:
// the window is not aligned with our requests, or another integration spends it. It doubles with
// each further refusal.
const firstPause = 2 * time.Second

// done takes back a ticket with the reply to its request (nil if there was none), and reports
// whether that was a 429.
func (t *ticket) done(resp *http.Response) (limited bool) {
	b := t.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.wake()

	now := time.Now()
	b.inFlight--
	if t.probe != nil {
		t.probe.probing = false // the next one goes first, unless this one came through
	}
	if resp == nil {
		if t.probe != nil && b.pause == t.probe {
			b.pause = nil // it has cost one wait; what it was to find out, others may
		}
		b.spend(t, now, -1)
		return false
	}
	ofWindow := !t.sent.Before(b.window.start)
	if resp.StatusCode == http.StatusTooManyRequests {
		b.refused(t, now, retryAfter(resp.Header, now))
		return true
	}
	if !b.window.replied && ofWindow {
		b.window.replied, b.window.end = true, now.Add(window)
	}
	if ofWindow {
		b.window.through++
	}
	b.refusals = 0
	if t.probe != nil && b.pause == t.probe {
		b.pause = nil
	}
	if b.pause != nil {
		b.pause.stalled = now
	}
	if limit := count(resp.Header, "X-Ratelimit-Limit"); limit > 0 {
		b.limit = limit
	}
	b.spend(t, now, count(resp.Header, "X-Ratelimit-Remaining"))
	return false
}

// count returns the number in a header, or -1 if it holds none.
func count(h http.Header, name string) int {
	n, err := strconv.Atoi(h.Get(name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// spend notes what a reply says is left of the window (-1 if it does not say).
func (b *budget) spend(t *ticket, now time.Time, left int) {
	switch {
	case t.sent.Before(b.window.start): // of a window that is over
	case left < 0:
		if b.remaining > 0 {
			b.remaining--
		}
	case b.remaining < 0 || left < b.remaining:
		b.remaining, b.told, b.toldAt = left, left, b.granted
	case left > b.told && t.number > b.toldAt: // sent after it said that less is left: it began a new window
		b.open(t.sent)
		b.window.replied, b.window.end = true, now.Add(window)
		b.remaining, b.told, b.toldAt = left, left, b.granted
	}
}

// refused begins a pause after a 429, or prolongs the one there is.
func (b *budget) refused(t *ticket, now time.Time, asked time.Duration) {
	p := b.pause
	known := p != nil && !p.ours && p != t.probe // sent before the pause began, refused for the same reason
	until := b.window.end
	if !t.sent.Before(b.window.start) {
		b.window.refused = true
	}
	switch {
	case asked > 0:
		until = now.Add(asked)
	case known:
		return
	case t.probe != nil && !t.probe.start || !until.After(now):
		until = now.Add(min(firstPause<<min(b.refusals, 10), window))
		// A guess must not cut the user's patience short: what is left of it is used.
		if patience := p.patience(b.maxWait); until.After(patience) && patience.Sub(now) >= moment {
			until = patience
		}
	}
	if !known {
		b.refusals++
	}
	if p == nil || until.After(p.until) {
		b.hold(now, until, WaitRefused)
	}
	b.pause.ours = false
}
