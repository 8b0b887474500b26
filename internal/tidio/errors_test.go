package tidio

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestWhatStatusesMean(t *testing.T) {
	for status, test := range map[int]struct{ object, collection Kind }{
		300: {WrongEndpoint, WrongEndpoint}, 302: {WrongEndpoint, WrongEndpoint}, 304: {WrongEndpoint, WrongEndpoint}, 308: {WrongEndpoint, WrongEndpoint},
		400: {BadRequest, BadRequest}, 401: {Unauthorized, Unauthorized}, 402: {BadRequest, BadRequest}, 403: {Forbidden, Forbidden},
		404: {NotFound, WrongEndpoint}, 405: {BadRequest, BadRequest}, 408: {ServerError, ServerError}, 409: {BadRequest, BadRequest},
		410: {NotFound, WrongEndpoint}, 422: {BadRequest, BadRequest}, 500: {ServerError, ServerError}, 503: {ServerError, ServerError},
		599: {ServerError, ServerError},
	} {
		const body = `{"message":"So it is."}`
		for p, want := range map[path]Kind{object("things", "a/b"): test.object, collection("things"): test.collection} {
			for method, mayLand := range map[string]bool{http.MethodGet: false, http.MethodPost: want == ServerError} {
				client, _ := newFake(t, always(status, body))
				_, err := client.do(t.Context(), method, p, nil, nil)
				what := fmt.Sprintf("%s %s, %d", method, p, status)
				got := *failure(t, err, want)
				equal(t, what, got, Error{
					Kind: want, Method: method, Path: p.String(), Base: client.base, Status: status, Message: "So it is.",
					ContentType: "application/json", Bytes: len(body), OutcomeUnknown: mayLand, Help: client.wire.help,
				})
				equal(t, what, got.Error(), fmt.Sprintf("%s %s: status %d: So it is.", method, p, status))
				equal(t, what, IsNotFound(err), want == NotFound)
			}
		}
	}
}

func TestWhatTheAPISaid(t *testing.T) {
	long := strings.Repeat("x", 499)
	for name, test := range map[string]struct{ body, want string }{
		"message":                  {`{"message":"No such plan."}`, "No such plan."},
		"message first":            {`{"error":"c","errors":[{"message":"b"}],"message":"a"}`, "a"},
		"errors second":            {`{"error":"c","errors":[{"message":"b"}],"message":""}`, "b"},
		"several errors":           {`{"errors":[{"message":"a"},{"field":"x"},"c",null,{"message":"d"}]}`, "a; d"},
		"error last":               {`{"error":"c","errors":[],"message":null}`, "c"},
		"message is an object":     {`{"message":{"secret":1},"error":"c"}`, "c"},
		"errors is an object":      {`{"errors":{"name":["secret"]}}`, ""},
		"error is an object":       {`{"error":{"message":"secret"}}`, ""},
		"message is white space":   {`{"message":" \n ","error":"c"}`, "c"},
		"nothing known":            {`{"detail":"secret"}`, ""},
		"empty":                    {"", ""},
		"HTML":                     {"<html>secret</html>", ""},
		"text":                     {"secret", ""},
		"JSON string":              {`"secret"`, ""},
		"list":                     {`[{"message":"secret"}]`, ""},
		"null":                     {"null", ""},
		"cut":                      {`{"message":"secret"`, ""},
		"more after the end":       {`{"message":"secret"} {}`, ""},
		"line breaks":              {`{"message":"a\r\nb\n\n c\t\td "}`, "a b c d"},
		"control characters":       {`{"message":"a\u0000b\u001b[31mred\u0007\u202e\u200bend"}`, "a b [31mred end"},
		"unicode":                  {`{"message":"Größe 🙂 名前"}`, "Größe 🙂 名前"},
		"just short enough":        {`{"message":"` + long + `é"}`, long + "é"},
		"too long":                 {`{"message":"` + long + `éz"}`, long + "é…"},
		"too long together":        {`{"errors":[{"message":"` + long + `"},{"message":"abc"}]}`, long + ";…"},
		"the key":                  {`{"message":"The key ` + testKey + ` is wrong"}`, "The key (API key) is wrong"},
		"the key, twice":           {`{"error":"` + testKey + `/` + testKey + `"}`, "(API key)/(API key)"},
		"the key in errors":        {`{"errors":[{"message":"Bearer ` + testKey + `"}]}`, "Bearer (API key)"},
		"the key, escaped":         {`{"message":"t\u006b` + testKey[2:] + `"}`, "(API key)"},
		"the key where it is cut":  {`{"message":"` + long[:490] + testKey + `"}`, long[:490] + "(API key)"},
		"the key past the end":     {`{"message":"` + long[:495] + testKey + `"}`, long[:495] + "(API …"},
		"the key across a message": {`{"errors":[{"message":"` + long[:497] + testKey + `"}]}`, long[:497] + "(AP…"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newFake(t, always(http.StatusBadRequest, test.body))
			_, err := client.ListProperties(t.Context())
			failed := failure(t, err, BadRequest)
			equal(t, "message", failed.Message, test.want)
			equal(t, "bytes", failed.Bytes, len(test.body))
			hides(t, "the error", failed, "secret", testKey, testKey[:3])
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for to, want := range map[string]string{
		"https://elsewhere.example.com/v1/properties": "elsewhere.example.com",
		"//elsewhere.example.com:8443/":               "elsewhere.example.com:8443",
		"https://user:hunter2@elsewhere.example.com":  "elsewhere.example.com",
		"https://api.example.com/v2/":                 "",
		"/login":                                      "",
		"":                                            "",
		"https://%zz":                                 "",
		"https://" + testKey + ".example.com":         "(API key).example.com",
	} {
		client, api := newFake(t, func(*http.Request) *http.Response { return location(http.StatusFound, to) })
		_, err := client.ListProperties(t.Context())
		failed := failure(t, err, WrongEndpoint)
		equal(t, to, failed.Location, want)
		hides(t, to, failed, "hunter2")
		equal(t, "requests", len(api.requests), 1)
	}
}

// failing is a RoundTripper that only fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestFailuresOfTheTransport(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: errors.New("refused")}
	for name, test := range map[string]struct {
		err       error
		kind      Kind
		maybeSent bool
		says      string
	}{
		"no connection":      {refused, Unreachable, false, "dial: refused"},
		"broken connection":  {errors.New("broken"), Unreachable, true, "the connection broke, or the reply is not HTTP"},
		"cancelled on a GET": {fmt.Errorf("wrapped: %w", context.Canceled), Cancelled, true, "wrapped: context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			options := testOptions(t, failing{test.err})
			options.MaxRetries = 0
			client := New(options)
			_, err := client.do(t.Context(), http.MethodGet, collection("things"), nil, nil)
			failed := failure(t, err, test.kind)
			equal(t, "the cause", errors.Is(failed, test.err), true)
			equal(t, "a GET may have landed", failed.OutcomeUnknown, false)
			equal(t, "error", failed.Error(), "GET things: "+test.says)
			_, err = client.do(t.Context(), http.MethodPost, collection("things"), nil, nil)
			equal(t, "a POST may have landed", failure(t, err, test.kind).OutcomeUnknown, test.maybeSent)
		})
	}
}

func TestFailuresOverHTTP(t *testing.T) {
	for name, test := range map[string]struct {
		fault tidiomock.Fault
		want  Error
	}{
		"deadline": {
			tidiomock.Fault{Do: tidiomock.HoldBefore, Times: 3},
			Error{Kind: TimedOut, Retries: 2},
		},
		"cut within the body": {
			tidiomock.Fault{Do: tidiomock.CutBody, Times: 3},
			Error{Kind: Unreachable, Status: 200, ContentType: "application/json", Retries: 2},
		},
		"huge": {
			tidiomock.Fault{Do: tidiomock.Huge},
			Error{Kind: BadResponse, Status: 200, ContentType: "application/json", Bytes: 16<<20 + 1},
		},
		"rate limit": {
			tidiomock.Fault{Do: tidiomock.TooManyRequests, Header: http.Header{"Retry-After": {"500"}}},
			Error{Kind: RateLimited, Wait: 500 * time.Second},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				api.arm(t, test.fault)
				_, err := api.ListProperties(t.Context())
				got := *failure(t, err, test.want.Kind)
				if got.Err == nil {
					t.Error("there is no cause")
				}
				test.want.Method, test.want.Path, test.want.Base, test.want.Help = http.MethodGet, "properties", api.base, api.wire.help
				got.Err = nil
				if test.want.Bytes == 0 { // depends on where the mock cuts
					got.Bytes = 0
				}
				equal(t, "error", got, test.want)
			})
		})
	}
}

func TestAsErrorFindsNothingInOtherErrors(t *testing.T) {
	equal(t, "of nil", AsError(nil), nil)
	equal(t, "of another", AsError(errors.New("other")), nil)
	failed := &Error{Kind: NotFound}
	equal(t, "of a wrapped one", AsError(fmt.Errorf("wrapped: %w", failed)), failed)
	equal(t, "nil is not found", IsNotFound(nil), false)
	equal(t, "another is not found", IsNotFound(errors.New("other")), false)
}

// Whatever body an error has, its message is one short line without the key, and nothing of it is
// elsewhere.
func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`{"message":"m"}`, `{"errors":[{"message":"a"},{"message":"b"}]}`, `{"error":"e"}`, "", "null", "[]", `"s"`, "<html>",
		`{"message":"` + testKey + `"}`, `{"message":"` + strings.Repeat("y", 480) + testKey + `"}`, `{"errors":[[[`,
		`{"message":"\u0000\u001b[2J\u2028\ud800"}`, "\xff\xfe", `{"Message":7,"error":[]}`, `{"errors":{"message":"x"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client, _ := newFake(t, always(http.StatusUnprocessableEntity, body))
		_, err := client.ListProperties(t.Context())
		failed := failure(t, err, BadRequest)
		if runes := []rune(failed.Message); len(runes) > 501 || strings.TrimSpace(failed.Message) != failed.Message {
			t.Errorf("a message of %d characters: %q", len(runes), failed.Message)
		}
		for _, r := range failed.Message {
			if !unicode.IsPrint(r) {
				t.Errorf("the message holds %q", r)
			}
		}
		rest := strings.ReplaceAll(body, testKey, "") // may hold a part of the key of its own
		for at := 0; at+12 <= len(testKey); at++ {
			part := testKey[at : at+12]
			if strings.Contains(failed.Error(), part) && !strings.Contains(rest, part) {
				t.Errorf("the error holds a part of the key: %s", failed)
			}
		}
	})
}
