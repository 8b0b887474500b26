package provider

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestAPIError_saysWhatToDo(t *testing.T) {
	base := tidio.Error{Method: "POST", Path: "properties", Base: &url.URL{Scheme: "https", Host: "api.example.com", Path: "/v1/"}}
	failed := func(change func(*tidio.Error)) *tidio.Error {
		e := base
		change(&e)
		return &e
	}
	for what, c := range map[string]struct {
		err     error
		summary string
		says    []string
	}{
		"message": {
			failed(func(e *tidio.Error) { e.Kind, e.Status, e.Message = tidio.BadRequest, 400, "label is odd" }),
			`Could not create property "seats"`,
			[]string{`POST properties returned status 400 with the message "label is odd"`, "Check the values"},
		},
		"no message": {
			failed(func(e *tidio.Error) {
				e.Kind, e.Status, e.ContentType, e.Bytes = tidio.ServerError, 502, "text/html", 17
			}),
			"The Tidio API has a problem",
			[]string{"status 502 (text/html, 17 bytes)", "Try again later"},
		},
		"no content type": {
			failed(func(e *tidio.Error) { e.Kind, e.Status = tidio.ServerError, 502 }),
			"The Tidio API has a problem",
			[]string{"(no content type, 0 bytes)"},
		},
		"timeout": {
			failed(func(e *tidio.Error) { e.Kind, e.Err = tidio.TimedOut, errors.New("deadline") }),
			"did not answer in time",
			[]string{"POST properties failed: deadline", "request_timeout"},
		},
		"rate limit": {
			failed(func(e *tidio.Error) { e.Kind = tidio.RateLimited }), "rate limit", []string{"max_retry_wait"},
		},
		"cap of our own": {
			failed(func(e *tidio.Error) { e.Kind, e.OwnLimit = tidio.RateLimited, true }),
			"requests_per_minute is reached",
			[]string{"Raise it or max_retry_wait"},
		},
		"interrupted": {
			failed(func(e *tidio.Error) { e.Kind = tidio.Cancelled }),
			"Interrupted",
			[]string{"POST properties was interrupted.\n\nRun it again"},
		},
		"unreachable": {
			failed(func(e *tidio.Error) { e.Kind, e.Err = tidio.Unreachable, errors.New("no route") }),
			"could not be reached",
			[]string{"POST properties failed: no route.", "(https://api.example.com/v1/, set in base_url or TIDIO_BASE_URL)"},
		},
		"not tried": {
			failed(func(e *tidio.Error) { e.Kind, e.Status, e.Message, e.Repeated = tidio.ServerError, 503, "down", true }),
			"The Tidio API has a problem",
			[]string{
				`property "seats": skipped after an earlier failure: POST properties returned status 503`,
			},
		},
		"gone": {
			failed(func(e *tidio.Error) { e.Kind = tidio.NotFound }), "Could not create", []string{"no such object"},
		},
		"may have landed": {
			failed(func(e *tidio.Error) { e.Kind, e.OutcomeUnknown = tidio.TimedOut, true }),
			"did not answer in time",
			[]string{"may have taken effect, so it was not repeated", "Plan again"},
		},
		"merged": {
			failed(func(e *tidio.Error) { e.Kind, e.Method, e.OtherID = tidio.OtherObject, "GET", "c2" }),
			"Could not create",
			[]string{`whose id is "c2"`, "`terraform state rm`", "    id = \"c2\"\n"},
		},
		"merged, and written": {
			failed(func(e *tidio.Error) {
				e.Kind, e.Method, e.OtherID, e.OutcomeUnknown = tidio.OtherObject, "PATCH", "c2", true
			}),
			"Could not create",
			[]string{"may have changed the other object: check it in Tidio"},
		},
		"a firewall's page": {
			failed(func(e *tidio.Error) {
				e.Kind, e.Status, e.Foreign, e.Help = tidio.Forbidden, 403, true, &tidio.Help{Advice: "Needs a plan."}
			}),
			"refused, possibly not by Tidio",
			[]string{"a firewall or a proxy", "can reach api.example.com", "If the reply is from Tidio: Use credentials"},
		},
		"a gateway's page": {
			failed(func(e *tidio.Error) { e.Kind, e.Status, e.Foreign = tidio.ServerError, 502, true }),
			"The Tidio API has a problem",
			[]string{"not in the Tidio API's format", "If the reply is from Tidio: Try again later: the error"},
		},
		"retried": {
			failed(func(e *tidio.Error) { e.Kind, e.Status, e.Retries = tidio.ServerError, 503, 4 }),
			"has a problem",
			[]string{"Retried 4 times."},
		},
		"a page of a proxy": {
			failed(func(e *tidio.Error) { e.Kind, e.Method, e.Status = tidio.Unproven, "GET", 404 }),
			"Could not create",
			[]string{"The state was not changed"},
		},
		"of another kind": {errors.New("odd"), "Could not create", []string{"odd"}},
	} {
		t.Run(what, func(t *testing.T) {
			d := apiError(c.err, `create property "seats"`)
			if !strings.Contains(d.Summary(), c.summary) {
				t.Errorf("the summary is %q", d.Summary())
			}
			for _, want := range c.says {
				if !strings.Contains(d.Detail(), want) {
					t.Errorf("%q is not in:\n%s", want, d.Detail())
				}
			}
		})
	}
}

// Engines print the summary and the detail of a failed action in one line.
func TestActionError_saysWhatToDo(t *testing.T) {
	base := tidio.Error{
		Method: "POST", Path: "conversations", Base: &url.URL{Scheme: "https", Host: "api.example.com"}, Help: &tidio.Help{},
	}
	for what, c := range map[string]struct {
		change        func(*tidio.Error)
		summary, says string
	}{
		"refused":  {func(e *tidio.Error) { e.Kind, e.Status, e.Message = tidio.BadRequest, 400, "no" }, "Could not begin", `the message "no". Check the values`},
		"gone":     {func(e *tidio.Error) { e.Kind, e.Status = tidio.NotFound, 404 }, "Could not begin", "Check the id"},
		"unknown":  {func(e *tidio.Error) { e.Kind, e.OutcomeUnknown = tidio.TimedOut, true }, "It may be there", "Check in Tidio before"},
		"a change": {func(e *tidio.Error) { e.Method, e.OutcomeUnknown = "PATCH", true }, "It may be there", "Run the action again"},
		"limited":  {func(e *tidio.Error) { e.Kind = tidio.RateLimited }, "The rate limit", "have to wait longer. This request was not sent."},
		"skipped": {
			func(e *tidio.Error) { e.Kind, e.Repeated = tidio.ServerError, true }, "The Tidio API has a problem",
			"Skipped after an earlier failure: POST conversations failed. Try again later",
		},
		"interrupted": {func(e *tidio.Error) { e.Kind = tidio.Cancelled }, "Interrupted", "Run it again to continue. This request was not sent."},
		"merged": {
			func(e *tidio.Error) { e.Kind, e.OtherID, e.OutcomeUnknown = tidio.OtherObject, "o", true }, "Could not begin",
			`whose id is "o": the two may have been merged. That object may have been changed`,
		},
	} {
		t.Run(what, func(t *testing.T) {
			failed := base
			c.change(&failed)
			d := actionError(&failed, "begin", "It may be there")
			if !strings.Contains(d.Summary(), c.summary) || !strings.Contains(d.Detail(), c.says) {
				t.Errorf("it says: %s: %s", d.Summary(), d.Detail())
			}
			if strings.Contains(d.Detail(), "state") || strings.Contains(d.Detail(), "\n") || strings.Contains(d.Detail(), "Could not") {
				t.Errorf("the detail is %q", d.Detail())
			}
		})
	}
}

// An error that many objects have is long once. After that it says the next step, in one sentence that begins with what
// to do.
func TestAPIError_repeated(t *testing.T) {
	base, err := url.Parse("https://api.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	for kind := tidio.Unreachable; kind <= tidio.Changing; kind++ {
		for _, foreign := range []bool{false, true} {
			e := &tidio.Error{
				Kind: kind, Method: "GET", Path: "properties", Base: base, Status: 401, Message: "no", Repeated: true, Foreign: foreign,
				Help: &tidio.Help{Credentials: "the key", Settings: []string{"api_key"}, Advice: "Keys are made.", BaseURL: "https://x/"},
			}
			if kind == tidio.OtherObject || kind == tidio.Exists || kind == tidio.Unsupported {
				continue // never of many
			}
			first := apiError(e, "read it").Detail()
			again := apiError(e, "read it").Detail()
			if !strings.Contains(first, "status 401") || len(again) >= len(first) {
				t.Errorf("kind %d: %q, then %q", kind, first, again)
			}
			const why = "Could not read it: skipped after an earlier failure. "
			step := strings.TrimPrefix(again, why)
			verb, _, _ := strings.Cut(step, " ")
			if len(step) == len(again) || !slices.Contains([]string{"Check", "Plan", "Raise", "Run", "Set", "Try", "Use"}, verb) {
				t.Errorf("kind %d: %q", kind, again)
			}
		}
	}
}
