package provider

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestAPIError(t *testing.T) {
	base := tidio.Error{Method: "POST", Path: "properties", Host: "api.example.com"}
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
			failed(func(e *tidio.Error) { e.Kind, e.Status, e.Message = tidio.Refused, 400, "label is odd" }),
			`Could not create property "seats"`,
			[]string{`POST properties was answered with status 400 and the message "label is odd"`, "Check the values"},
		},
		"no message": {
			failed(func(e *tidio.Error) {
				e.Kind, e.Status, e.ContentType, e.Bytes = tidio.Unavailable, 502, "text/html", 17
			}),
			"The Tidio API has a problem",
			[]string{"status 502 (text/html, 17 bytes)", "max_retries"},
		},
		"no content type": {
			failed(func(e *tidio.Error) { e.Kind, e.Status = tidio.Unavailable, 502 }),
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
		"interrupted": {failed(func(e *tidio.Error) { e.Kind = tidio.Cancelled }), "Interrupted", nil},
		"gone": {
			failed(func(e *tidio.Error) { e.Kind = tidio.NotFound }), "Could not create", []string{"no such object"},
		},
		"may have landed": {
			failed(func(e *tidio.Error) { e.Kind, e.MaybeLanded = tidio.TimedOut, true }),
			"did not answer in time",
			[]string{"nobody knows", "Plan once more"},
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

func TestCreatePropertyError(t *testing.T) {
	existing := &tidio.Property{ID: "p1", Name: "seats", Label: "Seats", Type: "number"}
	for what, c := range map[string]struct {
		err  *tidio.Error
		says string
	}{
		"created by somebody meanwhile": {&tidio.Error{Kind: tidio.Exists, Existing: existing}, "exists already"},
		"perhaps by us": {
			&tidio.Error{Kind: tidio.Exists, Existing: existing, MaybeLanded: true}, "may be the one just created",
		},
		"hidden":  {&tidio.Error{Kind: tidio.Refused, Hidden: true}, "may be hidden or archived"},
		"refused": {&tidio.Error{Kind: tidio.Refused, Status: 400, Message: "no"}, "Tidio refused the request"},
	} {
		t.Run(what, func(t *testing.T) {
			expectDiagnostic(t, diag.Diagnostics{createPropertyError(c.err, model())}, diag.SeverityError, c.says)
		})
	}
}
