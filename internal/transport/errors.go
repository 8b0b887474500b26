package transport

import (
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// Reason says why a call has no reply that could be read whole.
type Reason int

// The reasons of an [Error].
const (
	Network     Reason = iota // no connection, or it broke
	Timeout                   // the attempt's deadline passed
	TooLarge                  // the body is larger than MaxBody
	RateLimited               // the wait on the rate limit would be longer than Options.MaxWait
)

// Error is a call that ended without a reply that could be read whole.
type Error struct {
	Reason      Reason
	MaybeSent   bool          // the request may have reached the API, and have taken effect there
	Final       bool          // another attempt would end the same way
	Repeated    bool          // not attempted: it describes an earlier call, which has failed
	Status      int           // of a reply whose body could not be read, else 0
	ContentType string        // of that reply
	Bytes       int           // how much of its body was read
	Wait        time.Duration // RateLimited: what MaxWait would have to be
	WaitReason  WaitReason    // RateLimited: whose limit it is
	Err         error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// maybeSent reports whether the API may have seen a request that ended in err. Only an error of the
// connection's set-up proves that it has not.
func maybeSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return false
	}
	return !noTLS(err)
}

// hopeless reports whether another attempt would end the same way.
func hopeless(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound || noTLS(err)
}

// noTLS reports whether who answered cannot prove to be the API, or does not speak TLS.
func noTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
	)
	return errors.As(err, &certificate) || errors.As(err, &record)
}
