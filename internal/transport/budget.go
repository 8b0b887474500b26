package transport

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// window is the length of the API's rate limit window. There is no reset header, so it is taken as
// given (contract, line 12).
const window = time.Minute

// WaitReason says what a wait is for.
type WaitReason string

// The reasons of a [Wait].
const (
	WaitRefused WaitReason = "the API answered 429" // all calls wait, one goes first
	WaitSpent   WaitReason = "the API's rate limit is spent"
	WaitCap     WaitReason = "requests_per_minute is reached"
	WaitRetry   WaitReason = "the attempt failed"
)

// Wait is a pause before requests are sent again. All but WaitRetry hold every call of the
// transport.
type Wait struct {
	Reason  WaitReason
	Length  time.Duration
	Retry   int // WaitRetry: the number of the retry that follows, of Retries
	Retries int
}

// moment is how far apart two times may be that are meant to be one: headers count in seconds.
const moment = time.Second

// budget decides when the next request of a transport may be sent. One is shared by all calls: when
// the API says that the window is spent, every call waits, one goes first, and the rest follow once
// it came through.
type budget struct {
	perMinute int // the user's own cap, 0 for none
	maxWait   time.Duration
	report    func(context.Context, Wait)

	mu       sync.Mutex
	closed   bool          // nothing will be sent any more
	changed  chan struct{} // closed and replaced whenever a waiting call should look again
	granted  int           // tickets so far
	inFlight int
	recent   []time.Time // when the last perMinute requests were sent, oldest first

	window    span
	remaining int // what is left of the window, by what the API last said and what was sent since; -1 = it has not said
	told      int // what it last said
	toldAt    int // how many tickets were granted when it said so
	limit     int // what a window seems to allow: what the API says, or what went through before a 429; 0 = not known
	pause     *pause
	refusals  int // 429s in a row; those of calls made at once are one
}

// span is a window of the API. There it begins when its first request arrives: after that was sent
// and before any reply came back. So it is over for sure a window's length after the first reply,
// or after the request while there is none.
type span struct {
	start   time.Time // when the first request was sent
	end     time.Time
	replied bool
	through int  // how many of its requests came through
	refused bool // one did not
}

// pause holds every call until a time. After it one call goes first; when it has come through, the
// pause is over.
type pause struct {
	stalled  time.Time // since when nothing has come through: what the user's patience is measured from
	until    time.Time
	reason   WaitReason
	reported time.Time // the end that was reported, zero if none was
	ours     bool      // for our own cap only: there is nothing to find out, so all go when it ends
	start    bool      // the first request of all goes first: a key or a rate that is refused is found out by one
	probing  bool      // the one that goes first is on its way
}

func newBudget(perMinute int, maxWait time.Duration, report func(context.Context, Wait)) *budget {
	return &budget{
		perMinute: perMinute, maxWait: maxWait, report: report,
		changed: make(chan struct{}), remaining: -1, pause: &pause{start: true},
	}
}

// patience is when the user's ends; far off while there is no pause.
func (p *pause) patience(maxWait time.Duration) time.Time {
	if p == nil {
		return time.Now().Add(maxWait)
	}
	return p.stalled.Add(maxWait)
}

// ticket is the right to send one request. Its done must be called.
type ticket struct {
	budget *budget
	number int // from 1
	sent   time.Time
	probe  *pause // the pause that this request goes first of
}

// verdict is what a call is told that wants to send a request: a ticket, or when to ask again.
type verdict struct {
	ticket *ticket

	changed <-chan struct{} // when this is closed, or
	after   time.Duration   // after this time, if it is not 0
	wait    Wait            // what this wait is to the user; zero if it only is for a reply to come
	report  bool            // nobody has reported it yet

	tooLong  bool
	patience time.Duration // how long nothing will have come through when the wait ends
}

// acquire waits until a request may be sent. It fails with ctx, or at once with RateLimited if the
// wait cannot fit.
func (b *budget) acquire(ctx context.Context) (*ticket, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		v := b.try(time.Now())
		switch {
		case v.ticket != nil:
			return v.ticket, nil
		case v.tooLong:
			return nil, &Error{
				Reason: RateLimited, Wait: v.patience, WaitReason: v.wait.Reason,
				Err: fmt.Errorf("%s, and the next request may be sent in %s only",
					v.wait.Reason, v.wait.Length.Round(time.Second)),
			}
		case v.report:
			b.report(ctx, v.wait)
		}
		if err := await(ctx, v.after, v.changed); err != nil {
			return nil, err
		}
	}
}

// try grants a ticket, or says what to wait for.
func (b *budget) try(now time.Time) verdict {
	b.mu.Lock()
	defer b.mu.Unlock()

	if b.closed {
		return verdict{ticket: b.grant(now, nil)}
	}
	if p := b.pause; p != nil && p.ours && !now.Before(p.until) {
		b.pause = nil
	}
	if b.pause == nil && !now.Before(b.window.end) {
		b.open(now)
	}
	b.holdIfDue(now)
	switch p := b.pause; {
	case p == nil && b.remaining >= 0 && b.remaining <= b.inFlight:
		// Those in flight may have used up the rest: their replies will tell, or the window ends.
		return verdict{changed: b.changed, after: b.window.end.Sub(now)}
	case p == nil && b.remaining < 0 && b.atLimit():
		return verdict{changed: b.changed, after: b.window.end.Sub(now)}
	case p == nil:
		return verdict{ticket: b.grant(now, nil)}
	case now.Before(p.until):
		return b.pausing(p, now)
	case p.probing:
		return verdict{changed: b.changed}
	default:
		if now.Sub(p.until) > moment { // nobody waited for its end: that was idle time
			p.stalled = now
		}
		p.probing = true
		b.open(now)
		return verdict{ticket: b.grant(now, p)}
	}
}

func (b *budget) pausing(p *pause, now time.Time) verdict {
	v := verdict{
		changed:  b.changed,
		after:    p.until.Sub(now),
		wait:     Wait{Reason: p.reason, Length: p.until.Sub(now)},
		patience: p.until.Sub(p.stalled),
	}
	v.tooLong = v.patience > b.maxWait
	// Replies to calls made at once ask for pauses that end at nearly the same time: that is one
	// wait.
	if !v.tooLong && p.until.Sub(p.reported) >= moment {
		v.report, p.reported = true, p.until
	}
	return v
}

// holdIfDue begins the pause that must come before another request is sent, if any.
func (b *budget) holdIfDue(now time.Time) {
	if p := b.pause; p != nil && (p.probing || now.Before(p.until)) {
		return
	}
	switch {
	case b.perMinute > 0 && len(b.recent) == b.perMinute && now.Sub(b.recent[0]) < window:
		b.hold(now, b.recent[0].Add(window), WaitCap)
	case b.pause == nil && b.remaining == 0 && b.inFlight == 0:
		b.hold(now, b.window.end, WaitSpent)
	}
}

// hold begins a pause, or prolongs the one there is.
func (b *budget) hold(now, until time.Time, reason WaitReason) {
	if b.pause == nil {
		b.pause = &pause{stalled: now, ours: true}
	}
	b.pause.until, b.pause.reason, b.pause.start = until, reason, false
	b.pause.ours = b.pause.ours && reason == WaitCap
}

// atLimit reports whether to wait for a reply because the window seems to allow no more. It may
// allow more than it did, which is tried with one request at a time: that keeps up with a limit that
// a minute of them does not reach, and finds out one that stays the same with one refusal.
func (b *budget) atLimit() bool {
	beyond := b.window.through + b.inFlight - b.limit
	return b.limit > 0 && beyond > 0 && b.inFlight > 0
}

// open begins a new window with a request sent at this time.
func (b *budget) open(sent time.Time) {
	// A window that was not waited out says nothing: the API asked for a shorter pause.
	if b.window.refused && !sent.Before(b.window.end) || b.limit > 0 && b.window.through > b.limit {
		b.limit = b.window.through
	}
	b.window, b.remaining = span{start: sent, end: sent.Add(window)}, -1
}

func (b *budget) grant(now time.Time, probe *pause) *ticket {
	b.granted++
	b.inFlight++
	if b.perMinute > 0 {
		if len(b.recent) == b.perMinute {
			b.recent = b.recent[1:]
		}
		b.recent = append(b.recent, now)
	}
	return &ticket{budget: b, number: b.granted, sent: now, probe: probe}
}

// close lets every call go on at once: nothing will be sent any more, so there is nothing to wait for.
func (b *budget) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.wake()
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
