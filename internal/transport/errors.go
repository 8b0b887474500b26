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

// Reason says why a call has no reply that could be read whole.
type Reason int

// The reasons of an [Error].
const (
	Network     Reason = iota // no connection, or it broke
	Timeout                   // RequestTimeout passed
	TooLarge                  // the body is larger than MaxBody
	RateLimited               // the wait on the rate limit would be longer than MaxRetryWait
)

// Error is a call that ended without a reply that could be read whole.
type Error struct {
	Reason         Reason
	OutcomeUnknown bool          // a write that may have reached the API and taken effect; never set for a GET
	Permanent      bool          // another attempt would end the same way
	Repeated       bool          // not attempted: how an earlier call failed, in an outage that lasts
	Retries        int           // attempts before the last one that failed
	Status         int           // of a reply whose body could not be read, else 0
	ContentType    string        // of that reply
	Bytes          int           // how much of its body was read
	Wait           time.Duration // RateLimited: what MaxRetryWait would have to be
	WaitReason     WaitReason    // RateLimited: whose limit it is
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

// maybeSent reports whether the API may have seen a request that ended in err, judged by the error
// alone. Only an error while the connection was made proves that it has not.
func maybeSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return false
	}
	return !isTLSFailure(err)
}

// isPermanent reports whether another attempt would end the same way.
func isPermanent(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound || isTLSFailure(err)
}

// isTLSFailure reports whether the server cannot prove to be the API, or does not speak TLS.
func isTLSFailure(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
	)
	return errors.As(err, &certificate) || errors.As(err, &record)
}

// printable returns an error whose text can be shown. Those that net/http makes of a reply that is no HTTP quote it,
// and it may be personal data.
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
