package tidio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// Kind says what an [Error] means for the caller.
type Kind int

// The kinds of an [Error].
const (
	Unreachable   Kind = iota // no connection, or it broke
	TimedOut                  // an attempt's deadline passed
	Cancelled                 // the caller gave up
	RateLimited               // waiting for the rate limit would take longer than allowed
	Unauthorized              // 401
	Forbidden                 // 403
	NotAcceptable             // 406: the version that the API wants did not arrive
	NotFound                  // the API says that the object is gone: 404 or 410 in its own format
	Unproven                  // 404 or 410 on an object, not in the API's own format: who said it is not known
	OtherObject               // the reply is about the object OtherID
	WrongEndpoint             // not the API: 404 on a collection, a redirect, a page of a proxy
	BadRequest                // any other 4xx
	ServerError               // 5xx
	BadResponse               // a reply that does not hold what the API promises
	Exists                    // the name is taken: Existing holds by what
	Unsupported               // this API has no such thing
	WrongProject              // the credentials belong to the project OtherID, not to the expected one
	Changing                  // a list changed each time it was read
)

// Error is a call that failed. There is only the pointer type; match it with errors.As.
type Error struct {
	Kind   Kind
	Method string
	Base   *url.URL
	Path   string // relative to the base URL, holds ids but no values
	Status int    // 0 if there was no reply

	// Message is what the API said, without control characters and credentials, shortened; "" if it
	// said nothing readable.
	Message string

	// ContentType and Bytes describe a reply whose content cannot be shown.
	ContentType string
	Bytes       int

	// Foreign is set if the reply is not in the API's format: something before the API may have answered. Of the kinds
	// that say so themselves it is not set.
	Foreign bool

	// OutcomeUnknown is set on a write that may have taken effect all the same.
	OutcomeUnknown bool

	// SentTwice is set on a create that was sent once more after an outcome that nobody knew.
	SentTwice bool

	// Retries is how often the call was made again.
	Retries int

	// Repeated is set if the call was not made: what went wrong before concerns it as well.
	Repeated bool

	// Location is the host that a redirect points to.
	Location string

	// Wait is what MaxRetryWait would have to be for the rate limit to be waited for; OwnLimit is set
	// if that is the cap of this client, and not the API's limit.
	Wait     time.Duration
	OwnLimit bool

	// OtherID is the object that the reply is about.
	OtherID string

	// Existing is the property that has the name already, if in another case.
	Existing *Property

	// Unexplained is a property that has come into being since, under a name that this client has not sent: it may be
	// the one that was created.
	Unexplained *Property

	// Absent is set if a complete list did not have the property after the last POST.
	Absent bool

	// Hidden is set if a name was refused as taken although no complete list shows it.
	Hidden bool

	// Candidates are the contacts that a create with an unknown outcome may have made; nil if nobody looked.
	Candidates *Candidates

	Help *Help // about the credentials; nil if the call was not made by a client

	Err error // the cause, may be nil
}

// Help is what a user has to know about the credentials that a client has.
type Help struct {
	Credentials string   // what they are
	Settings    []string // of the provider that hold them
	Advice      string   // where they are made, by whom, and which plan of Tidio has them
	BaseURL     string   // where their API is
}

// Candidates are contacts that have the e-mail address of one whose creation has an unknown outcome.
type Candidates struct {
	Contacts []Contact
	Complete bool // there are no others
}

// Error describes the failure for logs and tests; what users read is worded by the provider.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", e.Method, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %s", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// AsError returns the [*Error] in err's chain, or nil.
func AsError(err error) *Error {
	failed, _ := errors.AsType[*Error](err)
	return failed
}

// IsNotFound reports whether err says that an object is gone.
func IsNotFound(err error) bool {
	failed := AsError(err)
	return failed != nil && failed.Kind == NotFound
}

// OutcomeUnknown reports whether err is that of a write which may have taken effect all the same.
func OutcomeUnknown(err error) bool {
	failed := AsError(err)
	return failed != nil && failed.OutcomeUnknown
}

func (e *Error) with(kind Kind, format string, args ...any) *Error {
	return e.because(kind, fmt.Errorf(format, args...))
}

func (e *Error) because(kind Kind, err error) *Error {
	copied := *e
	copied.Kind, copied.Err = kind, err
	return &copied
}

// otherObject says that a reply is about another object than the one that was asked for.
func (e *Error) otherObject(id string) *Error {
	copied := e.with(OtherObject, "the reply is about a different object")
	copied.OtherID = id
	return copied
}

// isEmptySuccess reports whether a write was answered by a 2xx without a body.
func (e *Error) isEmptySuccess() bool {
	return e.Kind == BadResponse && e.Status >= 200 && e.Status <= 299 && e.Bytes == 0
}

// fromTransport judges a call without a reply. ctx is its caller's.
func (e *Error) fromTransport(ctx context.Context, err error) *Error {
	failed := transport.AsError(err)
	if failed == nil { // given up before anything was sent
		return e.because(Cancelled, err)
	}
	made := e.because(Unreachable, failed.Err)
	made.Status, made.ContentType, made.Bytes = failed.Status, failed.ContentType, failed.Bytes
	made.OutcomeUnknown = failed.OutcomeUnknown && e.Method != http.MethodGet
	made.Repeated, made.Retries = failed.Repeated, failed.Retries
	made.Wait, made.OwnLimit = failed.Wait, failed.WaitReason == transport.WaitCap
	switch {
	case failed.Reason == transport.RateLimited:
		made.Kind = RateLimited
	case failed.Reason == transport.Timeout:
		made.Kind = TimedOut
	case failed.Reason == transport.TooLarge:
		made.Kind = BadResponse
	case errors.Is(err, context.Canceled), ctx.Err() != nil:
		made.Kind = Cancelled
	}
	return made
}

// fromReply notes what a reply is.
func (e *Error) fromReply(r transport.Reply) {
	e.Status, e.Bytes, e.ContentType = r.Status, len(r.Body), transport.MediaType(r.Header)
	e.Repeated, e.Retries = r.Repeated, r.Retries
	e.OutcomeUnknown = r.EarlierOutcomeUnknown && e.Method != http.MethodGet
}

// fromStatus judges a reply that is no 2xx.
func (e *Error) fromStatus(r transport.Reply, p path, w *wire) *Error {
	made := *e
	absent := r.Status == http.StatusNotFound || r.Status == http.StatusGone
	isOwn := w.message(r.Body) != "" || w.isError(r.Body)
	switch status := r.Status; {
	case status == http.StatusUnauthorized:
		made.Kind = Unauthorized
	case status == http.StatusForbidden:
		made.Kind = Forbidden
	case status == http.StatusNotAcceptable:
		made.Kind = NotAcceptable
	case absent && p.object && isOwn:
		made.Kind = NotFound
	case absent && p.object && (len(r.Body) == 0 || w.isAnswer(r.Body)):
		made.Kind = Unproven
	case absent, status < http.StatusBadRequest:
		made.Kind = WrongEndpoint
		if to, err := url.Parse(r.Header.Get("Location")); err == nil && to.Host != e.Base.Host {
			made.Location = to.Host
		}
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		made.Kind = ServerError
		made.OutcomeUnknown = made.OutcomeUnknown || e.Method != http.MethodGet && !r.Repeated
	default:
		made.Kind = BadRequest
	}
	made.Foreign = made.Kind != WrongEndpoint && len(r.Body) > 0 && !w.isAnswer(r.Body)
	return &made
}

// oneLine makes a text from the network fit to print: one line, no control characters.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
}

// shorten cuts off what is too long to be read.
func shorten(s string) string {
	const longest = 500
	runes := []rune(s)
	if len(runes) > longest {
		runes = append(runes[:longest], '…')
	}
	return string(runes)
}
