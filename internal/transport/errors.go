package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

// Reason is why a call has no complete reply.
type Reason int

// The reasons of an [Error].
const (
	Network     Reason = iota // the connection failed or broke
	Timeout                   // RequestTimeout passed
	TooLarge                  // the body is larger than MaxBody
	RateLimited               // the wait for the rate limit would be longer than MaxRetryWait
)

// Error is a call that ended without a complete reply.
type Error struct {
	Reason         Reason
	OutcomeUnknown bool          // a write that may have reached the API and taken effect; never set for a GET
	Permanent      bool          // another attempt would fail the same way
	Repeated       bool          // the request was not sent: an earlier call failed like this, and the outage lasts
	Retries        int           // failed attempts before the last one
	Status         int           // of a reply whose body could not be read, else 0
	ContentType    string        // of that reply
	Bytes          int           // how much of its body was read
	Wait           time.Duration // RateLimited: the MaxRetryWait that would be needed
	WaitReason     WaitReason    // RateLimited: which limit it is
	Err            error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// AsError returns the [*Error] in err's chain, or nil.
func AsError(err error) *Error {
	failed, _ := errors.AsType[*Error](err)
	return failed
}

// maybeSent reports whether the API may have received a request that ended in err. It only knows the
// error: an error while connecting proves that nothing was sent.
func maybeSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return false
	}
	return !isTLSFailure(err)
}

// isPermanent reports whether another attempt would fail the same way.
func isPermanent(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound || isTLSFailure(err)
}

// isTLSFailure reports whether the server's certificate is not valid, or the server does not use TLS.
func isTLSFailure(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
	)
	return errors.As(err, &certificate) || errors.As(err, &record)
}

// printable returns an error whose text can be shown. If a reply is not HTTP, the errors of net/http quote the reply,
// which may be personal data.
func printable(err error) error {
	var (
		op       *net.OpError
		dns      *net.DNSError
		deadline interface{ Timeout() bool }
		code     syscall.Errno
	)
	switch {
	case errors.As(err, &op), errors.As(err, &dns), errors.As(err, &deadline), errors.As(err, &code), isTLSFailure(err),
		errors.Is(err, context.Canceled), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	return unprinted{err}
}

// unprinted hides the text of an error.
type unprinted struct{ err error }

func (unprinted) Error() string { return "the connection broke, or the reply is not HTTP" }

func (u unprinted) Unwrap() error { return u.err }
