package transport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// gate decides when a request may be sent, or that none is. One is shared by all calls of a
// transport; it is the only memory of failure there is. Its states:
//
//	state    begins with                              who passes                    ends with
//	open     a reply to the one that went first       all                           -
//	paused   a 429, a spent window, our own cap       nobody until a time           probing (our cap: open)
//	         10 failures in a row, or 5 without       nobody for 1 s                probing
//	         a reply (an outage)
//	probing  the start of the process                 one call, the rest wait       any reply: open
//	         the end of a pause for the rate limit    likewise                      a 429: paused; else open
//	         the end of a pause of an outage          likewise                      an answer: open; a failure:
//	                                                                                paused 2 s, 4 s, then closed
//	closed   a Final reply                            nobody, all get that reply    never
//	         3 probes of an outage that failed        nobody, all get its first     60 s: probing; if that
//	                                                  failure                       fails: closed again
//
// A failure is a reply that is classed Failed, or none that could be read whole. Several states may
// hold at once: the rate limit (see rate) and the start hold all calls, an outage those of one kind,
// because an API that fails all writes may serve reads. A call whose context ended says nothing: if
// it went first, the next one does. A pause for the rate limit that would be longer than the user
// allows ends the calls instead; the pauses of an outage are short, and always waited for.
type gate struct {
	report func(context.Context, Wait)

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever a waiting call should look again
	final    *outcome      // nothing is sent any more
	starting bool          // no reply has come yet: a key or an address that is wrong costs one request at a time
	starter  *permit       // the one that goes first, while starting
	outages  [kinds]outage // of reads and of writes
	rate     rate          // the API's limit and our own

	outageFailures int // the constant of that name; less in tests
}

const (
	outageFailures = 10          // so many in a row are an outage: more than one wave of an engine's ten
	outageSilences = 5           // or so many without a reply: each may have cost a whole deadline
	outageProbes   = 3           // so many probes that fail close the gate
	outageBackoff  = time.Second // before the first probe; it doubles
	outageClosed   = time.Minute
)

// kind is what an outage may be limited to.
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

// outage counts the failures of one kind since its last answer.
type outage struct {
	failures int
	silences int     // of these, how many had no reply
	probes   int     // of these, how many went first
	first    outcome // what all get while the gate is closed
	until    time.Time
	reported time.Time // the end of the pause that was reported last
	probe    *permit   // the one that goes first, while it is on its way
}

func (o *outage) lasting(failures int) bool {
	return o.failures >= failures || o.silences >= outageSilences
}
func (o *outage) closed() bool { return o.probes >= outageProbes }

// failed counts a failure. One that began before the pause did says nothing new.
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

// repeated returns a copy of the outcome for a call that is not sent because of it.
func (o outcome) repeated() *outcome {
	o.reply.Repeated = true
	if failed := AsError(o.err); failed != nil {
		again := *failed
		again.Repeated, again.OutcomeUnknown = true, false
		o.err = &again
	}
	return &o
}

// permit is the right to send one request. Its release must be called.
type permit struct {
	gate   *gate
	kind   kind
	number int // from 1
	sent   time.Time
}

// verdict is what a call is told that wants to send a request: a permit, how it ends without one,
// or when to ask again.
type verdict struct {
	permit *permit
	end    *outcome

	after  time.Duration // ask again then (0: not before something changed)
	wait   Wait          // what this wait is to the user
	report bool          // nobody has reported it yet
}

func newGate(options Options) *gate {
	return &gate{
		outageFailures: outageFailures, report: options.Hooks.wait, changed: make(chan struct{}), starting: true,
		rate: rate{perMinute: options.RequestsPerMinute, maxWait: options.MaxRetryWait, remaining: -1},
	}
}

// acquire waits until a request may be sent. Without a permit it returns how the call ends: with the
// cause of ctx (cancelled), with RateLimited because the wait cannot fit (limited), or with what
// has closed the gate (Final, Failed).
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
		_ = sleep(ctx, v.after, changed) // the loop looks at ctx
	}
}

// ask returns a verdict, and a channel that is closed when it may be another.
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

// release takes back a permit with what came of its request.
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
