package transport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// gate decides when a request may be sent, and when no more requests are sent. All calls of a
// transport share one gate. Nothing else remembers failures. Its states:
//
//	state    begins with                              who passes                    ends with
//	open     a reply to the probe                     all                           -
//	paused   a 429, a window used up, our own cap     nobody until a time           probing (our cap: open)
//	         10 failures in a row, or 5 without       nobody for 1 s                probing
//	         a reply (an outage)
//	probing  the start of the process                 one call, the rest wait       any reply: open
//	         the end of a pause for the rate limit    the same                      a 429: paused; else open
//	         the end of a pause for an outage         the same                      an answer: open; a failure:
//	                                                                                paused 2 s, 4 s, then closed
//	closed   a Final reply                            nobody, all get that reply    never
//	         3 failed probes of an outage             nobody, all get the first     60 s: probing; if that
//	                                                  failure of the outage         fails: closed again
//
// A failure is a reply with the class Failed, or no complete reply. Several states can apply at the
// same time: the rate limit (see rate) and the start apply to all calls. An outage applies to one kind
// of call, because an API that fails all writes may still serve reads. A call whose context ended
// proves nothing: if it was the probe, the next call becomes the probe. If a pause for the rate limit
// would be longer than the user allows, the calls fail instead. The pauses of an outage are short, and
// calls always wait for them.
type gate struct {
	report func(context.Context, Wait)

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when waiting calls should ask again
	final    *outcome      // if set, no more requests are sent
	starting bool          // no reply yet: calls go one at a time, so that a wrong key or address costs one request
	starter  *permit       // the call in flight while starting
	outages  [kinds]outage // of reads and of writes
	rate     rate          // the API's limit and our own

	outageFailures int // the constant with the same name; smaller in tests
}

const (
	outageFailures = 10          // failures in a row that make an outage: at least one wave of the engine's ten
	outageSilences = 5           // or failures without a reply: each may have cost a full deadline
	outageProbes   = 3           // failed probes that close the gate
	outageBackoff  = time.Second // wait before the first probe; it doubles
	outageClosed   = time.Minute // how long the gate stays closed
)

// kind is the kind of calls that an outage affects.
type kind int

const (
	reads kind = iota
	writes
	kinds
)

func kindOf(method string) kind {
	if method == http.MethodGet {
		return reads
	}
	return writes
}

// outage counts the failures of one kind of call since its last answer.
type outage struct {
	failures int
	silences int     // how many of the failures had no reply
	probes   int     // how many probes failed
	first    outcome // returned to every call while the gate is closed
	until    time.Time
	reported time.Time // the end of the pause that was last reported
	probe    *permit   // the probe in flight
}

func (o *outage) lasting(failures int) bool {
	return o.failures >= failures || o.silences >= outageSilences
}
func (o *outage) closed() bool { return o.probes >= outageProbes }

// failed counts a failure. A call that began before the pause adds no information.
func (o *outage) failed(made outcome, probed bool, failures int, now time.Time) {
	if o.failures == 0 {
		o.first = *made.repeated()
	}
	switch {
	case probed:
		o.probes++
	case o.lasting(failures):
		return
	default:
		o.failures++
		if failed := AsError(made.err); failed != nil && failed.Status == 0 {
			o.silences++
		}
	}
	switch {
	case o.closed():
		o.until = now.Add(outageClosed)
	case o.lasting(failures):
		o.until = now.Add(outageBackoff << o.probes)
	}
}

// repeated returns a copy of the outcome, for a call that is skipped because of it.
func (o outcome) repeated() *outcome {
	o.reply.Repeated = true
	if failed := AsError(o.err); failed != nil {
		again := *failed
		again.Repeated, again.OutcomeUnknown = true, false
		o.err = &again
	}
	return &o
}

// permit allows one request. The caller must call release.
type permit struct {
	gate   *gate
	kind   kind
	number int // from 1
	sent   time.Time
}

// verdict answers a call that wants to send a request: a permit, the outcome of a call that gets
// none, or when to ask again.
type verdict struct {
	permit *permit
	end    *outcome

	after  time.Duration // when to ask again (0: only after a change)
	wait   Wait          // the wait as the user sees it
	report bool          // whether the wait is still to be reported
}

func newGate(options Options) *gate {
	return &gate{
		outageFailures: outageFailures, report: options.Hooks.wait, changed: make(chan struct{}), starting: true,
		rate: rate{perMinute: options.RequestsPerMinute, maxWait: options.MaxRetryWait, remaining: -1},
	}
}

// acquire waits until a request may be sent. Without a permit, it returns the outcome of the call:
// the cause of ctx (cancelled), RateLimited because the wait would be too long (limited), or the
// outcome that closed the gate (Final, Failed).
func (g *gate) acquire(ctx context.Context, k kind) (*permit, outcome) {
	for {
		if ctx.Err() != nil {
			return nil, outcome{err: context.Cause(ctx), class: cancelled}
		}
		v, changed := g.ask(time.Now(), k)
		switch {
		case v.permit != nil:
			return v.permit, outcome{}
		case v.end != nil:
			return nil, *v.end
		case v.report:
			g.report(ctx, v.wait)
		}
		_ = sleep(ctx, v.after, changed) // the loop checks ctx
	}
}

// ask returns a verdict, and a channel that is closed when the verdict may have changed.
func (g *gate) ask(now time.Time, k kind) (verdict, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	o := &g.outages[k]
	switch {
	case g.final != nil:
		return verdict{end: g.final.repeated()}, g.changed
	case o.closed() && now.Before(o.until):
		return verdict{end: o.first.repeated()}, g.changed
	case now.Before(o.until):
		v := verdict{after: o.until.Sub(now), wait: Wait{Reason: WaitOutage, Length: o.until.Sub(now)}}
		v.report, o.reported = !o.reported.Equal(o.until), o.until
		return v, g.changed
	case o.probe != nil, g.starter != nil:
		return verdict{}, g.changed
	}
	v := g.rate.ask(now)
	if v.permit == nil {
		return v, g.changed
	}
	v.permit.gate, v.permit.kind = g, k
	if o.lasting(g.outageFailures) {
		o.probe = v.permit
	}
	if g.starting {
		g.starter = v.permit
	}
	return v, g.changed
}

// release returns a permit with the outcome of its request.
func (p *permit) release(made outcome) {
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()

	if g.starter == p {
		g.starter = nil
		failed := AsError(made.err)
		g.starting = failed != nil && failed.Status == 0
	}
	o := &g.outages[p.kind]
	probed := o.probe == p
	if probed {
		o.probe = nil
	}
	switch made.class {
	case Answered:
		*o = outage{}
	case Failed:
		o.failed(made, probed, g.outageFailures, now)
	case Final:
		g.final = &made
	}
	g.rate.release(p, made, now)

	close(g.changed)
	g.changed = make(chan struct{})
}
