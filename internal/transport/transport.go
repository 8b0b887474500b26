// Package transport sends HTTP requests to a rate-limited JSON API: one shared budget for all
// calls, retries that never replay a write which may have landed, and a deadline for each attempt
// that covers its body.
//
// It knows nothing of any endpoint. What an attempt or a wait was is told to [Hooks], so that the
// caller decides how to log it; a hook never sees a header or a body.
//
// The retry loop is our own and not go-retryablehttp's for three reasons: that library reads the
// body outside of the attempt (a reply cut in the middle would not be retried), it waits per call
// (here one call waits for all of them), and its policy cannot tell a request that was refused from
// one whose outcome nobody knows.
package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync/atomic"
	"time"
)

// MaxBody is the size in bytes above which the body of a reply is refused.
const MaxBody = 16 << 20

// Options configure a [Transport]. The zero value of a field is taken literally, except where it
// says otherwise.
type Options struct {
	// Base sends a single attempt. nil means a transport of its own with Go's defaults: proxies and
	// certificate authorities come from the environment.
	Base http.RoundTripper

	// MaxRetries is how often an attempt that ended in a 5xx or a network error is made again. 0
	// means never.
	MaxRetries int

	// MaxWait is the longest wait on the rate limit during which no call of this transport makes
	// progress.
	MaxWait time.Duration

	// AttemptTimeout is the deadline of one attempt, its body included.
	AttemptTimeout time.Duration

	// RequestsPerMinute caps the requests sent in any 60 seconds. 0 means no cap but the API's own.
	RequestsPerMinute int

	// Hooks are told about attempts and waits.
	Hooks Hooks
}

// Hooks are called synchronously, from several goroutines at once. Either may be nil.
type Hooks struct {
	// Attempt is called when an attempt has ended.
	Attempt func(context.Context, Attempt)

	// Wait is called once for each wait, before it begins.
	Wait func(context.Context, Wait)
}

var errDeadline = errors.New("the deadline of the attempt has passed")

// Attempt describes one request that was sent and what came of it.
type Attempt struct {
	Method, Path, Query string
	Number              int           // 1 for the first attempt of a call
	Status              int           // 0 if there was no reply
	Bytes               int           // length of the reply's body
	Duration            time.Duration // until the end of the body
	Err                 error         // why there was no reply that could be read whole
}

// Transport is an [http.RoundTripper]. Its replies have bodies that were read whole, of the length
// that ContentLength says; redirects are not followed. One whose Request is nil is an earlier one
// again: nothing was sent.
type Transport struct {
	base    http.RoundTripper
	options Options
	budget  *budget

	// unauthorized is the first 401. The key is the same in all requests, so no other is sent.
	unauthorized atomic.Pointer[wholeReply]

	unreachable atomic.Pointer[outage]
}

// outage is how a call has failed that was made as often as it may be, and never got as far as the
// API.
type outage struct {
	failed Error
	since  time.Time
}

// OutageHold is how long other calls fail in the same way without an attempt: an API that is down
// costs a round of retries, not one for each call.
const OutageHold = time.Minute

// wholeReply is a reply that can be given more than once.
type wholeReply struct {
	http.Response
	body []byte
}

func (r *wholeReply) again() *http.Response {
	resp := r.Response
	resp.Body = io.NopCloser(bytes.NewReader(r.body))
	return &resp
}

// New returns a transport with a budget of its own.
func New(options Options) *Transport {
	base := options.Base
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = own.MaxIdleConns // all connections go to one host
		base = own
	}
	return &Transport{
		base:    base,
		options: options,
		budget:  newBudget(options.RequestsPerMinute, options.MaxWait, options.Hooks.wait),
	}
}

// RoundTrip sends a request until it has a reply that is final. An error is an [*Error], or the
// context's own if that ended before anything was sent. The request's body must be replayable
// (http.Request.GetBody).
//
// A GET is cancelled with its context. Any other method is finished once it was sent: its context
// only ends waits.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var (
		ctx       = req.Context()
		retries   = 0
		maybeSent = false // an attempt before this one
		resp      *http.Response
		err       error
	)
	if o := t.unreachable.Load(); o != nil && time.Since(o.since) < OutageHold {
		failed := o.failed
		failed.Repeated = true
		return nil, &failed
	}
	for number := 1; ; number++ {
		ticket, acquireErr := t.budget.acquire(ctx)
		if acquireErr != nil {
			if retries > 0 && (maybeSent && req.Method != http.MethodGet || AsError(acquireErr) == nil) {
				return resp, err // what the API said, or may have done, is worth more than why it is not asked again
			}
			return nil, acquireErr
		}
		if refusal := t.unauthorized.Load(); refusal != nil {
			ticket.done(nil)
			if maybeSent && req.Method != http.MethodGet {
				return resp, err
			}
			resp := refusal.again()
			resp.Request = nil
			return resp, nil
		}
		reply, attemptErr := t.attempt(req, number)
		if ticket.done(reply) {
			continue // refused before any work: the budget says when it may go again, and when to give up
		}
		resp, err = reply, attemptErr
		if resp != nil && maybeSent {
			resp.Request = resp.Request.WithContext(context.WithValue(ctx, earlierKey{}, true))
		}
		failed := AsError(err)
		if failed != nil {
			failed.MaybeSent = failed.MaybeSent || maybeSent
		}
		maybeSent = failed == nil || failed.MaybeSent
		last := !retryable(req.Method, resp, err) || retries == t.options.MaxRetries
		switch {
		case maybeSent:
			t.unreachable.Store(nil)
		case last && ctx.Err() == nil:
			t.unreachable.Store(&outage{*failed, time.Now()})
		}
		if last || isOnce(ctx) || ctx.Err() != nil {
			return resp, err
		}
		if resp != nil && retryAfter(resp.Header, time.Now()) > max(t.options.MaxWait, maxBackoff) {
			return resp, err // the API asks for more patience than the user has
		}
		delay := backoff(retries, resp)
		retries++
		t.options.Hooks.wait(ctx, Wait{Reason: WaitRetry, Length: delay, Retry: retries, Retries: t.options.MaxRetries})
		if sleep(ctx, delay) != nil {
			return resp, err // what the API said is worth more than "cancelled"
		}
	}
}

type earlierKey struct{}

// MaybeSentBefore reports whether an attempt before the one that a reply answers may have taken effect.
func MaybeSentBefore(resp *http.Response) bool {
	return resp.Request != nil && resp.Request.Context().Value(earlierKey{}) != nil
}

// Backoff waits before a caller's own retry of a call (0 for the first), as long as a retry of the
// transport would.
func (t *Transport) Backoff(ctx context.Context, retry int) error {
	delay := backoff(retry, nil)
	t.options.Hooks.wait(ctx, Wait{Reason: WaitRetry, Length: delay, Retry: retry + 1, Retries: t.options.MaxRetries})
	return sleep(ctx, delay)
}

type onceKey struct{}

// Once returns a context for requests that are not to be retried.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func isOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

// attempt sends the request once and reads the reply within the attempt's deadline.
func (t *Transport) attempt(req *http.Request, number int) (*http.Response, error) {
	ctx := req.Context()
	if req.Method != http.MethodGet {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.options.AttemptTimeout, errDeadline)
	defer cancel()

	event := Attempt{Method: req.Method, Path: req.URL.EscapedPath(), Query: req.URL.RawQuery, Number: number}
	start := time.Now()
	resp, err := t.send(req.Clone(ctx))
	event.Duration = time.Since(start)
	if resp != nil {
		event.Status, event.Bytes = resp.StatusCode, int(resp.ContentLength)
	}
	if err != nil {
		event.Err, event.Status, event.Bytes = err, err.Status, err.Bytes
		if errors.Is(context.Cause(ctx), errDeadline) {
			err.Reason = Timeout
		}
	}
	if t.options.Hooks.Attempt != nil {
		t.options.Hooks.Attempt(req.Context(), event)
	}
	if err != nil { // a typed nil must not become an error
		return nil, err
	}
	return resp, nil
}

func (t *Transport) send(req *http.Request) (*http.Response, *Error) {
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, &Error{Reason: Network, Err: err}
		}
		req.Body = body
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, &Error{Reason: Network, MaybeSent: maybeSent(err), Final: hopeless(err), Err: err}
	}
	defer resp.Body.Close()

	var buffer bytes.Buffer
	buffer.Grow(int(min(max(resp.ContentLength, 0), MaxBody)) + bytes.MinRead)
	_, err = buffer.ReadFrom(io.LimitReader(resp.Body, MaxBody+1))
	body := buffer.Bytes()
	failed := Error{
		MaybeSent: true, Status: resp.StatusCode, ContentType: MediaType(resp.Header), Bytes: len(body),
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests: // refused, and nobody reads why
	case err != nil:
		failed.Reason, failed.Err = Network, fmt.Errorf("the reply ended early: %w", err)
		return nil, &failed
	case len(body) > MaxBody:
		failed.Reason, failed.Err = TooLarge, fmt.Errorf("the reply is larger than %d MiB", MaxBody>>20)
		failed.Final = true
		return nil, &failed
	}
	resp.ContentLength, resp.Request = int64(len(body)), req
	whole := wholeReply{Response: *resp, body: body}
	if resp.StatusCode == http.StatusUnauthorized && t.unauthorized.CompareAndSwap(nil, &whole) {
		t.budget.close()
	}
	return whole.again(), nil
}

// MediaType returns the bare content type of a reply, without parameters, or "" if it has none that
// can be read.
func MediaType(h http.Header) string {
	mediaType, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return mediaType
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

func (h Hooks) wait(ctx context.Context, w Wait) {
	if h.Wait != nil {
		h.Wait(ctx, w)
	}
}

// AsError returns the [*Error] in err's chain, or nil.
func AsError(err error) *Error {
	failed, _ := errors.AsType[*Error](err)
	return failed
}
