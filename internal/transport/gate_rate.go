package transport

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// windowLength is how long a window of the API's rate limit lasts. No header reports it.
const windowLength = time.Minute

// tolerance is how far apart two times can be and still count as equal: headers count in seconds.
const tolerance = time.Second

// WaitReason is the reason of a wait.
type WaitReason string

// The reasons of a [Wait].
const (
	WaitRefused WaitReason = "the API returned status 429" // all calls wait, then one probes
	WaitSpent   WaitReason = "the API's rate limit is used up"
	WaitCap     WaitReason = "requests_per_minute is reached"
	WaitOutage  WaitReason = "several requests in a row failed" // all reads or all writes wait, then one probes
	WaitRetry   WaitReason = "the attempt failed"               // only this call waits
)

// Wait is a pause before requests are sent again.
type Wait struct {
	Reason  WaitReason
	Length  time.Duration
	Retry   int // WaitRetry: the number of the next retry, out of Retries
	Retries int
}

// rate is the part of the gate that respects the API's rate limit and the user's own cap. It works
// without rate limit headers. A 429 then means that the window is used up, and the requests that
// succeeded before it show how many a window allows. Callers hold the gate's lock.
type rate struct {
	perMinute int // the user's own cap, 0 for none
	maxWait   time.Duration

	// sent holds when the last perMinute requests were sent, oldest first. A token bucket
	// (golang.org/x/time/rate) is not enough: with a burst of N, it allows almost 2 N requests in the
	// 60 seconds after an idle time.
	sent     []time.Time
	granted  int // permits so far
	inFlight int

	window      window
	remaining   int // requests left in the window: as the API last reported, minus those sent since; -1 = unknown
	said        int // the last reported number
	saidAt      int // how many permits were granted at that time
	limit       int // requests per window: as the API reports, or as succeeded before a 429; 0 = unknown
	pause       *pause
	refusals    int // 429s in a row; those of concurrent calls count as one
	refusalSeen int // how many permits were granted when the last 429 came
}

// window is a window of the API's rate limit. For the API, it begins when the first request arrives:
// after the request was sent, and before any reply came back. So the window is certainly over one
// window length after the first reply, or after the request if there is no reply yet.
type window struct {
	start     time.Time // when the first request was sent
	end       time.Time
	succeeded int  // how many of its requests succeeded
	refused   bool // the last reply is a 429: no request sent after it has succeeded
}

// pause holds all calls until a time. Then one call probes. When the probe succeeds, the pause is over.
type pause struct {
	noProgressSince time.Time // where maxWait is measured from
	until           time.Time
	reported        time.Time // the end that was last reported; zero for none
	reason          WaitReason
	onlyCap         bool    // only our own cap: no probe is needed, so all calls go when the pause ends
	probe           *permit // the probe in flight
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
	if now.Sub(p.until) > tolerance { // no call waited for the end: the time since was idle
		p.noProgressSince = now
	}
	p.probe = r.grant(now)
	return verdict{permit: p.probe}
}

// mustAwaitReply reports whether the requests in flight may have used up the window. A window may
// allow more than an earlier one, so beyond the known limit, requests go one at a time. If the limit
// has grown, this finds out; if not, it costs one 429.
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
	// Replies to concurrent calls ask for pauses that end at almost the same time: this is one wait.
	if p.until.Sub(p.reported) >= tolerance {
		v.report, p.reported = true, p.until
	}
	return v
}

// pauseIfDue begins a pause, if one is needed before the next request.
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

// pauseUntil begins a pause, or extends the current one.
func (r *rate) pauseUntil(until time.Time, reason WaitReason, now time.Time) {
	if r.pause == nil {
		r.pause = &pause{noProgressSince: now, onlyCap: true}
	}
	r.pause.until, r.pause.reason = until, reason
	r.pause.onlyCap = r.pause.onlyCap && reason == WaitCap
}

// openWindow begins a new window with a request sent at this time.
func (r *rate) openWindow(sent time.Time) {
	// The number of successful requests is the limit if a 429 ended the window, or if it exceeds the known limit.
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

// release returns a permit with the outcome of its request.
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
		if probed && r.refusals > 2 { // two earlier probes were refused, so the API's window has ended since
			// The number of successful requests is the limit, unless it is so low that others used the window.
			const fewest = 10
			r.window.end, r.window.refused = p.sent, r.window.succeeded >= fewest
			r.openWindow(p.sent)
		}
		r.cameThrough(p, now)
	}
	// A probe without a reply ends the pause: other calls can find out what the probe did not.
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

// observe records how many requests a reply reports as left in the window (-1 if it reports none).
func (r *rate) observe(p *permit, left int, now time.Time) {
	switch {
	case p.sent.Before(r.window.start): // from an earlier window
	case left < 0:
		if r.remaining > 0 {
			r.remaining--
		}
	case r.remaining < 0 || left < r.remaining:
		r.remaining, r.said, r.saidAt = left, left, r.granted
	case left > r.said && p.number > r.saidAt: // sent after a lower number was reported, so a new window began
		r.openWindow(p.sent)
		r.window.succeeded, r.window.end = 1, now.Add(windowLength)
		r.remaining, r.said, r.saidAt = left, left, r.granted
	}
}

// refused begins a pause after a 429, or extends the current one. asked is its Retry-After, 0 for
// none. A request that was sent before the last 429 came is part of the same refusal.
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

// filled reports whether our own requests used up the window's known limit.
func (r *rate) filled() bool {
	return r.remaining == 0 || r.limit > 0 && r.window.succeeded >= r.limit
}

// guess returns when to probe after a 429 without Retry-After. Other clients used up the limit. The
// end of their window is unknown, but not later than the end of ours.
func (r *rate) guess(now time.Time) time.Time {
	const first, longest = 2 * time.Second, 15 * time.Second
	until := now.Add(min(first<<min(r.refusals, 10), longest))
	if until.After(r.window.end) {
		until = r.window.end
	}
	// A guess must not end the wait before maxWait is used up.
	patience := now.Add(r.maxWait)
	if r.pause != nil {
		patience = r.pause.noProgressSince.Add(r.maxWait)
	}
	if until.After(patience) && patience.Sub(now) >= tolerance {
		return patience
	}
	return until
}
