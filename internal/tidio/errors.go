package tidio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// Kind says what an [Error] means for the caller.
type Kind int

// The kinds of an [Error].
const (
	Unreachable   Kind = iota // the connection failed or broke
	TimedOut                  // an attempt's deadline passed
	Cancelled                 // the caller's context ended
	RateLimited               // the wait for the rate limit would be longer than allowed
	Unauthorized              // 401
	Forbidden                 // 403
	NotAcceptable             // 406: the API did not receive the version in Accept
	NotFound                  // the object is gone: 404 or 410 in the API's own format
	Unproven                  // 404 or 410 for an object, but not in the API's own format: it may not be from the API
	OtherObject               // the reply is about the object OtherID
	WrongEndpoint             // not the API: 404 for a collection, a redirect, a page of a proxy
	BadRequest                // any other 4xx
	ServerError               // 5xx
	BadResponse               // a reply without the content that the API promises
	Exists                    // the name is taken by Existing
	Unsupported               // this API does not support the operation
	WrongProject              // the credentials belong to the project OtherID, not to the expected one
	Changing                  // a list changed during each read
)

// Error is a call that failed. Only the pointer type is used; match it with errors.As.
type Error struct {
	Kind   Kind
	Method string
	Base   *url.URL
	Path   string // relative to the base URL; it contains ids but no values
	Status int    // 0 if there was no reply

	// Message is the API's message, shortened, without control characters and credentials; "" if there is no
	// readable one.
	Message string

	// ContentType and Bytes describe a reply whose content cannot be shown.
	ContentType string
	Bytes       int

	// Foreign is set if the reply is not in the API's format, so that it may not be from the API. It is not set for
	// the kinds that already mean this.
	Foreign bool

	// OutcomeUnknown is set for a write that may have taken effect nevertheless.
	OutcomeUnknown bool

	// SentTwice is set for a create that was sent again after an unknown outcome.
	SentTwice bool

	// Retries is how often the call was retried.
	Retries int

	// Repeated is set if the call was not made, because an earlier failure applies to it too.
	Repeated bool

	// Location is the host that a redirect points to.
	Location string

	// Wait is the MaxRetryWait that the rate limit would need. OwnLimit is set for this client's own cap,
	// and not set for the API's limit.
	Wait     time.Duration
	OwnLimit bool

	// OtherID is the object that the reply is about.
	OtherID string

	// Existing is the property that already has the name, in any letter case.
	Existing *Property

	// Unexplained is a property that appeared since, under a name that this client has not sent. It may be the new
	// property.
	Unexplained *Property

	// Absent is set if a complete list after the last POST did not have the property.
	Absent bool

	// Hidden is set if a name was refused as taken, but a complete list does not show it.
	Hidden bool

	// Candidates are the contacts that a create with an unknown outcome may have created; nil if the list was not read.
	Candidates *Candidates

	Help *Help // about the credentials; nil if the call was not made by a client

	Err error // the cause, may be nil
}

// Help is what a user needs to know about the credentials of a client.
type Help struct {
	Credentials string   // what they are called
	Settings    []string // the provider's attributes that hold them
	Advice      string   // where to create them, who can do so, and which Tidio plan is needed
	BaseURL     string   // the address of their API

	told sync.Map // see IsFirst
}

// IsFirst reports whether it is the first time that this client's user is told something. What follows can be shorter.
func (h *Help) IsFirst(text string) bool {
	if h == nil {
		return true
	}
	_, told := h.told.LoadOrStore(text, true)
	return !told
}

// Candidates are the contacts that match a contact whose creation has an unknown outcome.
type Candidates struct {
	Contacts []Contact
	Complete bool // there are no others
}

// Error describes the failure for logs and tests. The provider writes the messages for users.
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

// IsNotFound reports whether err means that an object is gone.
func IsNotFound(err error) bool {
	failed := AsError(err)
	return failed != nil && failed.Kind == NotFound
}

// OutcomeUnknown reports whether err is the error of a write that may have taken effect nevertheless.
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

// otherObject returns the error for a reply about an object other than the requested one.
func (e *Error) otherObject(id string) *Error {
	copied := e.with(OtherObject, "the reply is about a different object")
	copied.OtherID = id
	return copied
}

// isEmptySuccess reports whether a write was answered by a 2xx without a body.
func (e *Error) isEmptySuccess() bool {
	return e.Kind == BadResponse && e.Status >= 200 && e.Status <= 299 && e.Bytes == 0
}

// fromTransport returns the error of a call without a reply. ctx is the caller's context.
func (e *Error) fromTransport(ctx context.Context, err error) *Error {
	failed := transport.AsError(err)
	if failed == nil { // cancelled before anything was sent
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

// fromReply records the properties of a reply.
func (e *Error) fromReply(r transport.Reply) {
	e.Status, e.Bytes, e.ContentType = r.Status, len(r.Body), transport.MediaType(r.Header)
	e.Repeated, e.Retries = r.Repeated, r.Retries
	e.OutcomeUnknown = r.EarlierOutcomeUnknown && e.Method != http.MethodGet
}

// fromStatus returns the error of a reply that is not a 2xx.
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

// OneLine makes a text from the network safe to print: one line, no control characters.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
}

// shorten truncates a text that is too long to read.
func shorten(s string) string {
	const longest = 500
	runes := []rune(s)
	if len(runes) > longest {
		runes = append(runes[:longest], '…')
	}
	return string(runes)
}
