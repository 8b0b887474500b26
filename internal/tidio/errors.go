package tidio

import (
	"context"
	"encoding/json"
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
	Unreachable  Kind = iota // no connection, or it broke
	TimedOut                 // an attempt's deadline passed
	Cancelled                // the caller gave up
	RateLimited              // waiting for the rate limit would take longer than allowed
	Unauthorized             // 401
	Forbidden                // 403
	NotFound                 // 404 on an object: it is gone
	NotTheAPI                // 404 on a collection, or a redirect: the base URL is wrong
	Refused                  // any other 4xx
	Unavailable              // 5xx
	Unreadable               // a reply that does not hold what the API promises
	Exists                   // the name is taken: Existing holds by what
)

// Error is a call that failed. There is only the pointer type; match it with errors.As.
type Error struct {
	Kind   Kind
	Method string
	Base   *url.URL
	Path   string // relative to the base URL, holds ids but no values
	Status int    // 0 if there was no reply

	// Message is what the API said, without control characters and the key, shortened; "" if it
	// said nothing readable.
	Message string

	// ContentType and Bytes describe a reply whose content cannot be shown.
	ContentType string
	Bytes       int

	// MaybeLanded is set on a write that may have taken effect all the same.
	MaybeLanded bool

	// Repeated is set if the call was not made: the one that the error describes has shown that it
	// would fail, too.
	Repeated bool

	// Location is the host that a redirect points to.
	Location string

	// Wait is what MaxRetryWait would have to be for the rate limit to be waited for; OwnLimit is set
	// if that is the cap of this client, and not the API's limit.
	Wait     time.Duration
	OwnLimit bool

	// Existing is the property that has the name already.
	Existing *Property

	// Absent is set if a complete list did not have the property after the last POST.
	Absent bool

	// Hidden is set if a name was refused as taken although no complete list shows it.
	Hidden bool

	Err error // the cause, may be nil
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

// final reports whether every other read of a collection would end in the same way, for as long as
// the client lives.
func (e *Error) final() bool {
	switch e.Kind {
	case Unauthorized, Forbidden, NotTheAPI, Unreadable:
		return true
	}
	return false
}

// concernsAll reports whether what went wrong with one object may be wrong with all of them.
func (e *Error) concernsAll() bool {
	switch e.Kind {
	case Unauthorized, Forbidden, NotTheAPI, Unreachable, TimedOut, Unavailable:
		return true
	}
	return false
}

func (e *Error) with(kind Kind, format string, args ...any) *Error {
	return e.because(kind, fmt.Errorf(format, args...))
}

// again is what a call is told that is not made, because the one that e describes has failed.
func (e *Error) again() *Error {
	copied := *e
	copied.Repeated, copied.MaybeLanded, copied.Absent = true, false, false
	return &copied
}

func (e *Error) because(kind Kind, err error) *Error {
	copied := *e
	copied.Kind, copied.Err = kind, err
	return &copied
}

// unreadable says that a 2xx does not hold what it should. A write that was answered so may have
// landed.
func (e *Error) unreadable(format string, args ...any) *Error {
	copied := e.with(Unreadable, format, args...)
	copied.MaybeLanded = e.Method != http.MethodGet
	return copied
}

// emptySuccess reports whether a write was answered by a 2xx without a body.
func (e *Error) emptySuccess() bool {
	return e.Kind == Unreadable && e.Status >= 200 && e.Status <= 299 && e.Bytes == 0
}

func (e *Error) fromTransport(err error) *Error {
	failed := transport.AsError(err)
	if failed == nil { // given up before anything was sent
		return e.because(Cancelled, err)
	}
	made := e.because(Unreachable, failed.Err)
	made.Status, made.ContentType, made.Bytes = failed.Status, failed.ContentType, failed.Bytes
	made.MaybeLanded = failed.MaybeSent && e.Method != http.MethodGet
	made.Repeated = failed.Repeated
	made.Wait, made.OwnLimit = failed.Wait, failed.WaitReason == transport.WaitCap
	switch {
	case failed.Reason == transport.RateLimited:
		made.Kind = RateLimited
	case failed.Reason == transport.Timeout:
		made.Kind = TimedOut
	case failed.Reason == transport.TooLarge:
		made.Kind = Unreadable
	case errors.Is(err, context.Canceled):
		made.Kind = Cancelled
	}
	return made
}

func (e *Error) fromStatus(resp *http.Response, p path) *Error {
	made := *e
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized:
		made.Kind = Unauthorized
	case status == http.StatusForbidden:
		made.Kind = Forbidden
	case status == http.StatusNotFound && p.object:
		made.Kind = NotFound
	case status == http.StatusNotFound, status < http.StatusBadRequest:
		made.Kind = NotTheAPI
		if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.Host != e.Base.Host {
			made.Location = to.Host
		}
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		made.Kind = Unavailable
		made.MaybeLanded = e.Method != http.MethodGet
	default:
		made.Kind = Refused
	}
	return &made
}

// apiMessage returns what the API says in the body of an error: its message, else those in errors,
// else error (contract, line 14). "" if there is none; never the raw body.
func apiMessage(body []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return ""
	}
	if message := text(fields["message"]); message != "" {
		return message
	}
	var list []json.RawMessage
	if json.Unmarshal(fields["errors"], &list) == nil {
		var messages []string
		for _, item := range list {
			var entry struct{ Message json.RawMessage }
			if json.Unmarshal(item, &entry) == nil && text(entry.Message) != "" {
				messages = append(messages, text(entry.Message))
			}
		}
		if len(messages) > 0 {
			return strings.Join(messages, "; ")
		}
	}
	return text(fields["error"])
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return oneLine(s)
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
