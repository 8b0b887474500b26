// Package transport sends HTTP requests to a rate-limited JSON API. It has one gate for every reason
// to wait or to stop. Its retries never repeat a POST that may have taken effect. Each attempt has a
// deadline, which covers the reply's body.
//
// The package knows nothing about endpoints. It reports attempts and waits to [Hooks], so that the
// caller decides how to log them. A hook never receives a query, a header or a body.
//
// The retry loop does not use go-retryablehttp, for three reasons. That library reads the body outside
// of the attempt, so it would not retry a reply that was cut off. It waits for each call separately;
// here, all calls share one wait. Its policy cannot distinguish a request that was refused from one
// whose outcome is unknown.
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

// Settings are the user's settings. Zero values have no special meaning.
type Settings struct {
	// MaxRetries is how often a call is retried after a 408, a 5xx or a network error. In an outage,
	// the gate may allow fewer retries.
	MaxRetries int

	// MaxRetryWait is the longest wait for the rate limit without progress in any call of this
	// transport.
	MaxRetryWait time.Duration

	// RequestTimeout is the deadline of one attempt, including the reply's body.
	RequestTimeout time.Duration

	// RequestsPerMinute caps the requests sent in any 60 seconds. 0 means that only the API's limit applies.
	RequestsPerMinute int
}

// Options configure a [Transport].
type Options struct {
	Settings

	// Base sends a single attempt. nil means a new transport with Go's defaults: proxies and
	// certificate authorities come from the environment.
	Base http.RoundTripper

	Hooks Hooks

	// Classify returns the class of a reply. It is not called for a 429, or for a 5xx or 408, which are
	// Failed. nil means that a 401 is Final, and every other reply is Answered.
	Classify func(Request, Reply) Class
}

// Class says what a reply means for other calls.
type Class int

// The classes of a reply.
const (
	Answered Class = iota // the API works, even if it refused the request
	Failed                // a server error, or a reply that is not from the API
	Final                 // it applies to every request of this process: no more requests are sent

	limited   // a 429, or a wait that would be too long
	cancelled // the call's context ended, which proves nothing about the API
)

// Hooks are called synchronously, and from several goroutines at the same time. Either may be nil.
type Hooks struct {
	// Attempt is called after each attempt.
	Attempt func(context.Context, Attempt)

	// Wait is called once for each wait, before it begins.
	Wait func(context.Context, Wait)
}

// Attempt describes one request and its outcome.
type Attempt struct {
	Method, Path string        // the escaped path, without the query, which may contain an e-mail address
	Number       int           // 1 for the first attempt of a call
	Status       int           // 0 if there was no reply
	Bytes        int           // length of the reply's body
	Duration     time.Duration // until the end of the body
	Err          error         // why there was no complete reply
}

// Request is what [Transport.Do] sends. It is not modified.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte // nil means none
}

// Reply is a complete reply.
type Reply struct {
	Status                int
	Header                http.Header
	Body                  []byte // shared by all callers that get the same reply: do not modify it
	Retries               int    // failed attempts before this one
	Repeated              bool   // the request was not sent: an earlier reply applies to it too
	EarlierOutcomeUnknown bool   // a write, and an earlier attempt may have taken effect
}

// Transport sends requests. It is safe for concurrent use.
type Transport struct {
	base    http.RoundTripper
	options Options
	gate    *gate
}

// New returns a transport with its own gate.
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

// after adds what the earlier attempts of the call did.
func (o outcome) after(retries int, outcomeUnknown bool) outcome {
	if failed := AsError(o.err); failed != nil {
		failed.Retries = retries
		failed.OutcomeUnknown = failed.OutcomeUnknown || outcomeUnknown
	}
	o.reply.Retries, o.reply.EarlierOutcomeUnknown = retries, outcomeUnknown
	return o
}

// Do sends a request, with retries. It does not follow redirects. An error is an [*Error], or the
// cause of ctx if ctx ended before anything was sent.
//
// A GET is cancelled with ctx. Any other method continues for up to 10 seconds once an attempt has
// begun, to find out its outcome.
func (t *Transport) Do(ctx context.Context, req Request) (Reply, error) {
	var (
		last           outcome // of the last attempt that did not end in a 429
		retries        int
		outcomeUnknown bool // an attempt may have taken effect
	)
	for number := 1; ; number++ {
		permit, end := t.gate.acquire(ctx, kindOf(req.Method))
		if permit == nil {
			// The last attempt's failure is more useful than "cancelled", or than another call's failure.
			// Most important is that a write may have taken effect.
			if retries > 0 && (outcomeUnknown || end.class == cancelled || end.class == Failed) {
				return last.reply, last.err
			}
			end = end.after(retries, false)
			return end.reply, end.err
		}
		made := t.attempt(ctx, req, number)
		permit.release(made)
		if made.class == limited {
			continue // the API did not process it: the gate decides when to send it again, or when to give up
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

// retryable reports whether an attempt with this outcome may be repeated. A POST may be repeated only
// if the API cannot have received it.
func retryable(method string, o outcome) bool {
	if failed := AsError(o.err); failed != nil {
		return !failed.Permanent && (method != http.MethodPost || !failed.OutcomeUnknown)
	}
	return method != http.MethodPost && isServerError(o.reply.Status)
}

func isServerError(status int) bool { return status == http.StatusRequestTimeout || status >= 500 }

// Backoff waits before a caller's own retry of a call (0 for the first), as long as the transport
// would before a retry of its own. If ctx ends first, it returns the cause of ctx.
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
	case reply.Status == http.StatusTooManyRequests: // its body is not needed
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

// MediaType returns the content type of a reply without parameters, or "" if it has no valid one.
func MediaType(h http.Header) string {
	mediaType, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return mediaType
}

func (h Hooks) wait(ctx context.Context, w Wait) {
	if h.Wait != nil {
		h.Wait(ctx, w)
	}
}
