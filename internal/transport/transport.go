// Package transport sends HTTP requests to a rate-limited JSON API: one gate for every reason to
// wait or to stop, retries that never replay a POST which may have taken effect, and a deadline for
// each attempt that covers its body.
//
// It knows nothing of any endpoint. Attempts and waits are reported to [Hooks], so that the caller
// decides how to log them; a hook never sees a query, a header or a body.
//
// The retry loop is our own and not go-retryablehttp's for three reasons: that library reads the
// body outside of the attempt (a reply cut in the middle would not be retried), it waits per call
// (here one call waits for all of them), and its policy cannot tell a request that was refused from
// one whose outcome is unknown.
package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// MaxBody is the size in bytes above which the body of a reply is refused.
const MaxBody = 16 << 20

// Settings are what a user can set. Zero values are taken literally.
type Settings struct {
	// MaxRetries is how often an attempt that ended in 408, 5xx or a network error is made again.
	// It has no effect beyond what the gate lets through in an outage.
	MaxRetries int

	// MaxRetryWait is the longest wait on the rate limit during which no call of this transport
	// makes progress.
	MaxRetryWait time.Duration

	// RequestTimeout is the deadline of one attempt, its body included.
	RequestTimeout time.Duration

	// RequestsPerMinute caps the requests sent in any 60 seconds. 0 means no cap but the API's own.
	RequestsPerMinute int
}

// Options configure a [Transport].
type Options struct {
	Settings

	// Base sends a single attempt. nil means a transport of its own with Go's defaults: proxies and
	// certificate authorities come from the environment.
	Base http.RoundTripper

	Hooks Hooks

	// Classify judges a reply that is not a 429, and not a 5xx or 408: those are Failed. nil judges by
	// status alone: a 401 is Final, the rest Answered.
	Classify func(Request, Reply) Class
}

// Class says what a reply means for other calls.
type Class int

// The classes of a reply.
const (
	Answered Class = iota // the API is at work, whatever it said
	Failed                // a server error, or a reply that is not the API's
	Final                 // it holds for every request of this process: nothing is sent any more

	limited   // a 429, or a wait that does not fit
	cancelled // the call's context ended: says nothing about the API
)

// Hooks are called synchronously, from several goroutines at once. Either may be nil.
type Hooks struct {
	// Attempt is called when an attempt has ended.
	Attempt func(context.Context, Attempt)

	// Wait is called once for each wait, before it begins.
	Wait func(context.Context, Wait)
}

// Attempt describes one request that was sent and what came of it.
type Attempt struct {
	Method, Path string        // the escaped path, without the query: that may hold an e-mail address
	Number       int           // 1 for the first attempt of a call
	Status       int           // 0 if there was no reply
	Bytes        int           // length of the reply's body
	Duration     time.Duration // until the end of the body
	Err          error         // why there was no reply that could be read whole
}

// Request is what [Transport.Do] sends. It is not modified.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte // nil means none
}

// Reply is a reply that was read whole.
type Reply struct {
	Status                int
	Header                http.Header
	Body                  []byte // shared by all that get the same reply: not to be modified
	Retries               int    // attempts before this one that failed
	Repeated              bool   // not sent: an earlier reply that holds for this request too
	EarlierOutcomeUnknown bool   // a write of which an attempt before this one may have taken effect
}

// Transport sends requests. Any number of calls may run at once.
type Transport struct {
	base    http.RoundTripper
	options Options
	gate    *gate
}

// New returns a transport with a gate of its own.
func New(options Options) *Transport {
	base := options.Base
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = own.MaxIdleConns // all connections go to one host
		base = own
	}
	return &Transport{base: base, options: options, gate: newGate(options)}
}

// outcome is how a call or one of its attempts ended.
type outcome struct {
	reply Reply
	err   error // an *Error or the cause of the call's context; nil if there is a reply
	class Class
}

// after completes an outcome with what came before it in its call.
func (o outcome) after(retries int, outcomeUnknown bool) outcome {
	if failed := AsError(o.err); failed != nil {
		failed.Retries = retries
		failed.OutcomeUnknown = failed.OutcomeUnknown || outcomeUnknown
	}
	o.reply.Retries, o.reply.EarlierOutcomeUnknown = retries, outcomeUnknown
	return o
}

// Do sends a request until its outcome is final. Redirects are not followed. An error is an
// [*Error], or the cause of ctx if that ended before anything was sent.
//
// A GET is cancelled with ctx. Any other method, once an attempt has begun, goes on for up to 10
// seconds: what it did is worth knowing.
func (t *Transport) Do(ctx context.Context, req Request) (Reply, error) {
	var (
		last           outcome // of the attempts that were not answered 429
		retries        int
		outcomeUnknown bool // one of these attempts may have taken effect
	)
	for number := 1; ; number++ {
		permit, end := t.gate.acquire(ctx, kindOf(req.Method))
		if permit == nil {
			// Why the last attempt failed is worth more than "cancelled", or than how others failed; that a
			// write may have taken effect is worth more than anything.
			if retries > 0 && (outcomeUnknown || end.class == cancelled || end.class == Failed) {
				return last.reply, last.err
			}
			end = end.after(retries, false)
			return end.reply, end.err
		}
		made := t.attempt(ctx, req, number)
		permit.release(made)
		if made.class == limited {
			continue // refused before any work: the gate says when it may go again, and when to give up
		}
		last = made.after(retries, outcomeUnknown)
		failed := AsError(last.err)
		outcomeUnknown = kindOf(req.Method) == writes && (failed == nil || failed.OutcomeUnknown)
		asked := retryAfter(last.reply.Header, time.Now())
		if !retryable(req.Method, last) || retries == t.options.MaxRetries || ctx.Err() != nil ||
			asked > max(t.options.MaxRetryWait, maxBackoff) {
			return last.reply, last.err
		}
		if t.pause(ctx, retries, asked) != nil {
			return last.reply, last.err
		}
		retries++
	}
}

// retryable reports whether an attempt that ended like this may be made again. A POST may only if
// the API cannot have seen it.
func retryable(method string, o outcome) bool {
	if failed := AsError(o.err); failed != nil {
		return !failed.Permanent && (method != http.MethodPost || !failed.OutcomeUnknown)
	}
	return method != http.MethodPost && isServerError(o.reply.Status)
}

func isServerError(status int) bool { return status == http.StatusRequestTimeout || status >= 500 }

// Backoff waits before a caller's own retry of a call (0 for the first), as long as a retry of the
// transport would. It returns the cause of ctx if that ends first.
func (t *Transport) Backoff(ctx context.Context, retry int) error { return t.pause(ctx, retry, 0) }

func (t *Transport) pause(ctx context.Context, retry int, atLeast time.Duration) error {
	delay := max(backoff(retry), atLeast)
	t.options.Hooks.wait(ctx, Wait{Reason: WaitRetry, Length: delay, Retry: retry + 1, Retries: t.options.MaxRetries})
	return sleep(ctx, delay, nil)
}

var errDeadline = errors.New("the attempt exceeded request_timeout")

// attempt sends the request once and reads the reply within the attempt's deadline.
func (t *Transport) attempt(ctx context.Context, req Request, number int) outcome {
	sending := ctx
	if kindOf(req.Method) == writes {
		graced, cancel := WithCancelGrace(ctx)
		defer cancel()
		sending = graced
	}
	sending, cancel := context.WithTimeoutCause(sending, t.options.RequestTimeout, errDeadline)
	defer cancel()

	start := time.Now()
	reply, failed := t.send(sending, req)
	event := Attempt{
		Method: req.Method, Path: req.URL.EscapedPath(), Number: number,
		Status: reply.Status, Bytes: len(reply.Body), Duration: time.Since(start),
	}
	made := outcome{reply: reply}
	if failed == nil {
		made.class = t.classify(req, reply)
	} else {
		if errors.Is(context.Cause(sending), errDeadline) {
			failed.Reason = Timeout
		}
		event.Err, event.Status, event.Bytes = failed, failed.Status, failed.Bytes
		made.err, made.class = failed, Failed
		if ctx.Err() != nil {
			made.class = cancelled
		}
	}
	if t.options.Hooks.Attempt != nil {
		t.options.Hooks.Attempt(ctx, event)
	}
	return made
}

func (t *Transport) classify(req Request, reply Reply) Class {
	switch {
	case reply.Status == http.StatusTooManyRequests:
		return limited
	case isServerError(reply.Status):
		return Failed
	case t.options.Classify != nil:
		return t.options.Classify(req, reply)
	case reply.Status == http.StatusUnauthorized:
		return Final
	}
	return Answered
}

func (t *Transport) send(ctx context.Context, req Request) (Reply, *Error) {
	var connecting, connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { connecting.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	write := kindOf(req.Method) == writes
	resp, err := t.base.RoundTrip(req.http(ctx))
	if err != nil {
		sent := connected.Load()
		if !connecting.Load() && !sent { // not an http.Transport
			sent = maybeSent(err)
		}
		return Reply{}, &Error{
			Reason: Network, OutcomeUnknown: write && sent, Permanent: isPermanent(err), Err: printable(err),
		}
	}
	defer resp.Body.Close()

	var buffer bytes.Buffer
	buffer.Grow(int(min(max(resp.ContentLength, 0), MaxBody)) + bytes.MinRead)
	_, err = buffer.ReadFrom(io.LimitReader(resp.Body, MaxBody+1))
	reply := Reply{Status: resp.StatusCode, Header: resp.Header, Body: buffer.Bytes()}
	failed := &Error{
		OutcomeUnknown: write, Status: reply.Status, ContentType: MediaType(reply.Header), Bytes: len(reply.Body),
	}
	switch {
	case reply.Status == http.StatusTooManyRequests: // refused, and nobody reads why
		return reply, nil
	case err != nil:
		failed.Reason, failed.Err = Network, fmt.Errorf("the reply ended early: %w", printable(err))
		return Reply{}, failed
	case len(reply.Body) > MaxBody:
		failed.Reason, failed.Err = TooLarge, fmt.Errorf("the reply is larger than %d MiB", MaxBody>>20)
		failed.Permanent = true
		return Reply{}, failed
	}
	return reply, nil
}

// http returns the request for one attempt. A RoundTripper may change its headers.
func (r Request) http(ctx context.Context) *http.Request {
	target := *r.URL
	req := &http.Request{Method: r.Method, URL: &target, Host: target.Host, Header: r.Header.Clone()}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if len(r.Body) > 0 {
		req.ContentLength = int64(len(r.Body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req.WithContext(ctx)
}

// MediaType returns the bare content type of a reply, without parameters, or "" if it has none that
// can be read.
func MediaType(h http.Header) string {
	mediaType, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return mediaType
}

func (h Hooks) wait(ctx context.Context, w Wait) {
	if h.Wait != nil {
		h.Wait(ctx, w)
	}
}
