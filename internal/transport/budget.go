package transport

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// window is the length of the API's rate limit window. There is no reset header, so it is taken as given (contract, line 12).
const window = time.Minute

// firstPause is the wait after a 429 that comes when, by our count, a new window has begun already: the window is not
// aligned with our requests, or another integration spends it. It doubles with each further refusal.
const firstPause = 2 * time.Second

// WaitReason says what a wait is for.
type WaitReason string

// The reasons of a [Wait].
const (
	WaitRefused WaitReason = "the API answered 429" // all calls wait, one goes first
	WaitSpent   WaitReason = "the API's rate limit is spent"
	WaitCap     WaitReason = "requests_per_minute is reached"
	WaitRetry   WaitReason = "the attempt failed"
)

// Wait is a pause before requests are sent again. All but WaitRetry hold every call of the transport.
type Wait struct {
	Reason  WaitReason
	Length  time.Duration
	Retry   int // WaitRetry: the number of the retry that follows, of Retries
	Retries int
}

// budget decides when the next request of a transport may be sent. One is shared by all calls: when the API says that the
// window is spent, every call waits, one goes first, and the rest follow once it came through.
type budget struct {
	perMinute int // the user's own cap, 0 for none
	maxWait   time.Duration
	report    func(context.Context, Wait)

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever a waiting call should look again
	inFlight int
	recent   []time.Time // when the last perMinute requests were sent, oldest first

	start     time.Time // of the current window: the first request sent in it
	remaining int       // what the API last said is left of the window; -1 if it has not said
	stalled   time.Time // since when nothing has come through for the rate limit; zero if something has
	pause     *pause
	refusals  int // 429s in a row
}

// pause holds every call until a time. After it one call goes first; when it has come through, the pause is over.
type pause struct {
	until    time.Time
	reason   WaitReason
	reported bool
	probing  bool
}

func newBudget(perMinute int, maxWait time.Duration, report func(context.Context, Wait)) *budget {
	return &budget{
		perMinute: perMinute, maxWait: maxWait, report: report,
		changed: make(chan struct{}), remaining: -1,
	}
}

// ticket is the right to send one request. Its done must be called.
type ticket struct {
	budget *budget
	sent   time.Time
	probe  *pause // the pause that this request goes first of
}

// acquire waits until a request may be sent. It fails with ctx, or at once with RateLimited if the wait cannot fit.
func (b *budget) acquire(ctx context.Context) (*ticket, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		granted, wait, reported, changed := b.try(time.Now())
		if granted != nil {
			return granted, nil
		}
		if wait.Length > 0 && !b.fits(wait) {
			return nil, &Error{
				Reason: RateLimited, Wait: wait.Length,
				Err: fmt.Errorf("%s, and the next request may be sent in %s only", wait.Reason, wait.Length.Round(time.Second)),
			}
		}
		if !reported {
			b.report(ctx, wait)
		}
		if err := await(ctx, wait.Length, changed); err != nil {
			return nil, err
		}
	}
}

// try grants a ticket, or says how long to wait for the next try (0: until something changes) and whether some call has
// reported that wait already.
func (b *budget) try(now time.Time) (granted *ticket, wait Wait, reported bool, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()

	if b.pause == nil && now.Sub(b.start) >= window {
		b.start, b.remaining = now, -1
	}
	if b.pause == nil || !now.Before(b.pause.until) {
		if due := b.due(now); due != nil {
			b.hold(now, due)
		}
	}
	switch p := b.pause; {
	case p == nil:
		if b.remaining >= 0 && b.remaining <= b.inFlight {
			return nil, Wait{}, true, b.changed // those in flight may have used up the rest: their replies will tell
		}
		return b.grant(now, nil), Wait{}, false, nil
	case now.Before(p.until):
		reported, p.reported = p.reported, true
		return nil, Wait{Reason: p.reason, Length: p.until.Sub(now)}, reported, b.changed
	case p.reason == WaitCap: // our own count: nothing to find out
		b.pause = nil
		b.wake()
		return b.grant(now, nil), Wait{}, false, nil
	case p.probing:
		return nil, Wait{}, true, b.changed
	default:
		p.probing = true
		b.start, b.remaining = now, -1
		return b.grant(now, p), Wait{}, false, nil
	}
}

// due returns the pause that must begin before another request is sent, if any.
func (b *budget) due(now time.Time) *pause {
	if b.perMinute > 0 && len(b.recent) == b.perMinute && now.Sub(b.recent[0]) < window {
		return &pause{until: b.recent[0].Add(window), reason: WaitCap}
	}
	if b.pause == nil && b.remaining == 0 && b.inFlight == 0 {
		return &pause{until: b.start.Add(window), reason: WaitSpent}
	}
	return nil
}

func (b *budget) hold(now time.Time, p *pause) {
	b.pause = p
	if b.stalled.IsZero() {
		b.stalled = now
	}
}

func (b *budget) grant(now time.Time, probe *pause) *ticket {
	b.inFlight++
	if b.perMinute > 0 {
		if len(b.recent) == b.perMinute {
			b.recent = b.recent[1:]
		}
		b.recent = append(b.recent, now)
	}
	return &ticket{budget: b, sent: now, probe: probe}
}

// fits reports whether a wait leaves the budget without progress for no longer than the user allows.
func (b *budget) fits(w Wait) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stalled.IsZero() || time.Now().Add(w.Length).Sub(b.stalled) <= b.maxWait
}

// done takes back a ticket with the reply to its request (nil if there was none), and reports whether that was a 429.
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
	switch {
	case resp == nil:
		b.spend(t, -1)
		return false
	case resp.StatusCode == http.StatusTooManyRequests:
		b.refused(now, retryAfter(resp.Header, now))
		return true
	}
	b.stalled, b.refusals = time.Time{}, 0
	if t.probe != nil && b.pause == t.probe {
		b.pause = nil
	}
	left, err := strconv.Atoi(resp.Header.Get("X-Ratelimit-Remaining"))
	if err != nil || left < 0 {
		left = -1
	}
	b.spend(t, left)
	return false
}

// spend notes what a reply says is left of the window (-1 if it does not say).
func (b *budget) spend(t *ticket, left int) {
	switch {
	case t.sent.Before(b.start): // of a window that is over
	case left < 0:
		if b.remaining > 0 {
			b.remaining--
		}
	case b.remaining < 0 || left < b.remaining:
		b.remaining = left
	case left > b.remaining+b.inFlight+1: // more than replies out of order explain: the API began a new window
		b.start, b.remaining = t.sent, left
	}
}

// refused begins a pause after a 429, or prolongs the one there is.
func (b *budget) refused(now time.Time, asked time.Duration) {
	until := b.start.Add(window)
	switch {
	case asked > 0:
		until = now.Add(asked)
	case b.refusals > 0 && b.pause != nil && now.Before(b.pause.until):
		return // sent before the pause began, refused for the same reason
	case !until.After(now) || b.refusals > 0:
		until = now.Add(min(firstPause<<min(b.refusals, 10), window))
	}
	b.refusals++
	if b.pause == nil || until.After(b.pause.until) {
		b.hold(now, &pause{until: until, reason: WaitRefused})
	}
}

func (b *budget) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// await waits for d (0: without end), for changed, or until ctx ends.
func await(ctx context.Context, d time.Duration, changed <-chan struct{}) error {
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
