package transport

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// windowLength is how long a window of the API's rate limit lasts. There is no header that says so.
const windowLength = time.Minute

// tolerance is how far apart two times may be that are meant to be one: headers count in seconds.
const tolerance = time.Second

// WaitReason says what a wait is for.
type WaitReason string

// The reasons of a [Wait].
const (
	WaitRefused WaitReason = "the API returned status 429" // all calls wait, one goes first
	WaitSpent   WaitReason = "the API's rate limit is used up"
	WaitCap     WaitReason = "requests_per_minute is reached"
	WaitOutage  WaitReason = "several requests in a row failed" // reads wait, or writes do; one goes first
	WaitRetry   WaitReason = "the attempt failed"               // nobody else waits
)

// Wait is a pause before requests are sent again.
type Wait struct {
	Reason  WaitReason
	Length  time.Duration
	Retry   int // WaitRetry: the number of the retry that follows, of Retries
	Retries int
}

// rate is the part of the gate that keeps to the API's rate limit, whatever that says of it, and to
// the user's own cap. It works without any header: then a 429 says that a window is spent, and what
// came through before it what a window allows. Its callers hold the gate's lock.
type rate struct {
	perMinute int // the user's own cap, 0 for none
	maxWait   time.Duration

	// sent is when the last perMinute requests were sent, oldest first. A token bucket
	// (golang.org/x/time/rate) would not do: with N at once allowed it lets through nearly 2 N in the
	// 60 seconds after an idle time.
	sent     []time.Time
	granted  int // permits so far
	inFlight int

	window      window
	remaining   int // what is left of it, by what the API last said and what was sent since; -1 = it has not said
	said        int // what it last said
	saidAt      int // how many permits were granted when it said so
	limit       int // what a window allows: what the API says, or what came through before a 429; 0 = not known
	pause       *pause
	refusals    int // 429s in a row; those of calls made at once are one
	refusalSeen int // how many permits were granted when the last of them came
}

// window is a window of the API. There it begins when its first request arrives: after that was sent
// and before any reply came back. So it is over for sure a window's length after the first reply,
// or after the request while there is none.
type window struct {
	start     time.Time // when the first request was sent
	end       time.Time
	succeeded int  // how many of its requests came through
	refused   bool // the last thing known is a 429: nothing sent after it came through
}

// pause holds every call until a time. After it one call goes first; when it has come through, the
// pause is over.
type pause struct {
	noProgressSince time.Time // what the user's patience is measured from
	until           time.Time
	reported        time.Time // the end that was reported, zero if none was
	reason          WaitReason
	onlyCap         bool    // there is nothing to find out, so all go when it ends
	probe           *permit // the one that goes first, while it is on its way
}

// ask returns a permit, or what to wait for.
func (r *rate) ask(now time.Time) verdict {
	if r.pause != nil && r.pause.onlyCap && !now.Before(r.pause.until) {
		r.pause = nil
	}
	if !now.Before(r.window.end) {
		r.openWindow(now)
	}
	r.pauseIfDue(now)
	p := r.pause
	switch {
	case p == nil && r.mustAwaitReply():
		return verdict{after: r.window.end.Sub(now)}
	case p == nil:
		return verdict{permit: r.grant(now)}
	case now.Before(p.until):
		return r.waitFor(p, now)
	case p.probe != nil:
		return verdict{}
	}
	if now.Sub(p.until) > tolerance { // nobody waited for its end: that was idle time
		p.noProgressSince = now
	}
	p.probe = r.grant(now)
	return verdict{permit: p.probe}
}

// mustAwaitReply reports whether those in flight may have used up the window. One that allowed so
// many before may allow more, which is tried with one request at a time: that keeps up with a limit
// that a minute of them does not reach, and costs one 429 if it stays the same.
func (r *rate) mustAwaitReply() bool {
	if r.remaining >= 0 {
		return r.remaining <= r.inFlight
	}
	return r.limit > 0 && r.inFlight > 0 && r.window.succeeded+r.inFlight >= r.limit
}

func (r *rate) waitFor(p *pause, now time.Time) verdict {
	left, noProgress := p.until.Sub(now), p.until.Sub(p.noProgressSince)
	if noProgress > r.maxWait {
		return verdict{end: &outcome{class: limited, err: &Error{
			Reason: RateLimited, Wait: noProgress, WaitReason: p.reason,
			Err: fmt.Errorf("%s; the next request can be sent in %s", p.reason, left.Round(time.Second)),
		}}}
	}
	v := verdict{after: left, wait: Wait{Reason: p.reason, Length: left}}
	// Replies to calls made at once ask for pauses that end at nearly the same time: that is one wait.
	if p.until.Sub(p.reported) >= tolerance {
		v.report, p.reported = true, p.until
	}
	return v
}

// pauseIfDue begins the pause that must come before another request is sent, if any.
func (r *rate) pauseIfDue(now time.Time) {
	p := r.pause
	switch {
	case p != nil && (p.probe != nil || now.Before(p.until)):
	case r.perMinute > 0 && len(r.sent) == r.perMinute && now.Sub(r.sent[0]) < windowLength:
		r.pauseUntil(r.sent[0].Add(windowLength), WaitCap, now)
	case p == nil && r.remaining == 0:
		r.pauseUntil(r.window.end, WaitSpent, now)
	}
}

// pauseUntil begins a pause, or prolongs the one there is.
func (r *rate) pauseUntil(until time.Time, reason WaitReason, now time.Time) {
	if r.pause == nil {
		r.pause = &pause{noProgressSince: now, onlyCap: true}
	}
	r.pause.until, r.pause.reason = until, reason
	r.pause.onlyCap = r.pause.onlyCap && reason == WaitCap
}

// openWindow begins a new window with a request sent at this time.
func (r *rate) openWindow(sent time.Time) {
	// What came through says what a window allows if nothing else did until its end, or if it is more.
	if r.window.refused && !sent.Before(r.window.end) || r.limit > 0 && r.window.succeeded > r.limit {
		r.limit = r.window.succeeded
	}
	r.window, r.remaining = window{start: sent, end: sent.Add(windowLength)}, -1
}

func (r *rate) grant(now time.Time) *permit {
	r.granted++
	r.inFlight++
	if r.perMinute > 0 {
		if len(r.sent) == r.perMinute {
			r.sent = r.sent[1:]
		}
		r.sent = append(r.sent, now)
	}
	return &permit{number: r.granted, sent: now}
}

// release takes back a permit with what came of its request.
func (r *rate) release(p *permit, made outcome, now time.Time) {
	r.inFlight--
	probed := r.pause != nil && r.pause.probe == p
	if probed {
		r.pause.probe = nil
	}
	if made.class == limited {
		r.refused(p, retryAfter(made.reply.Header, now), now)
		return
	}
	if made.err == nil {
		if probed && r.refusals > 2 { // two probes before it were refused: the window of the API has ended since
			// What came through is what a window allows, unless it is so little that others had used it up.
			const fewest = 10
			r.window.end, r.window.refused = p.sent, r.window.succeeded >= fewest
			r.openWindow(p.sent)
		}
		r.cameThrough(p, now)
	}
	// A probe that got no reply has cost one wait; what it was to find out, others may.
	if probed && made.class != cancelled && !now.Before(r.pause.until) {
		r.pause = nil
	}
	if limit := count(made.reply.Header, "X-Ratelimit-Limit"); limit > 0 {
		r.limit = limit
	}
	r.observe(p, count(made.reply.Header, "X-Ratelimit-Remaining"), now)
}

func (r *rate) cameThrough(p *permit, now time.Time) {
	if !p.sent.Before(r.window.start) {
		if r.window.succeeded == 0 {
			r.window.end = now.Add(windowLength)
		}
		r.window.succeeded++
	}
	if p.number > r.refusalSeen {
		r.refusals, r.window.refused = 0, false
	}
	if r.pause != nil {
		r.pause.noProgressSince = now
	}
}

// count returns the number in a header, or -1 if it holds none.
func count(h http.Header, name string) int {
	n, err := strconv.Atoi(h.Get(name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// observe takes in what a reply says is left of the window (-1 if it does not say).
func (r *rate) observe(p *permit, left int, now time.Time) {
	switch {
	case p.sent.Before(r.window.start): // of a window that is over
	case left < 0:
		if r.remaining > 0 {
			r.remaining--
		}
	case r.remaining < 0 || left < r.remaining:
		r.remaining, r.said, r.saidAt = left, left, r.granted
	case left > r.said && p.number > r.saidAt: // sent after it said that less is left: it began a new window
		r.openWindow(p.sent)
		r.window.succeeded, r.window.end = 1, now.Add(windowLength)
		r.remaining, r.said, r.saidAt = left, left, r.granted
	}
}

// refused begins a pause after a 429, or prolongs the one there is. asked is its Retry-After, 0 for
// none. A request that was sent before the last 429 came was refused for the same reason.
func (r *rate) refused(p *permit, asked time.Duration, now time.Time) {
	isNews := p.number > r.refusalSeen && !p.sent.Before(r.window.start)
	until := now.Add(asked)
	switch {
	case asked > 0:
	case !isNews:
		return
	case r.filled():
		until = r.window.end
	default:
		until = r.guess(now)
	}
	if isNews {
		r.refusals, r.refusalSeen, r.window.refused = r.refusals+1, r.granted, true
	}
	if r.pause == nil || until.After(r.pause.until) {
		r.pauseUntil(until, WaitRefused, now)
	}
	r.pause.onlyCap = false
}

// filled reports whether our own requests used up what the window is known to allow.
func (r *rate) filled() bool {
	return r.remaining == 0 || r.limit > 0 && r.window.succeeded >= r.limit
}

// guess returns when to probe after a 429 that does not say so. Others used up the limit, and their
// window ends nobody knows when: not later than ours.
func (r *rate) guess(now time.Time) time.Time {
	const first, longest = 2 * time.Second, 15 * time.Second
	until := now.Add(min(first<<min(r.refusals, 10), longest))
	if until.After(r.window.end) {
		until = r.window.end
	}
	// A guess must not cut the user's patience short: what is left of it is used.
	patience := now.Add(r.maxWait)
	if r.pause != nil {
		patience = r.pause.noProgressSince.Add(r.maxWait)
	}
	if until.After(patience) && patience.Sub(now) >= tolerance {
		return patience
	}
	return until
}
