package provider

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestAPIError(t *testing.T) {
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
		"cap of our own": {
			failed(func(e *tidio.Error) { e.Kind, e.OwnLimit = tidio.RateLimited, true }),
			"requests_per_minute is reached",
			[]string{"Raise one of the two"},
		},
		"interrupted": {
			failed(func(e *tidio.Error) { e.Kind = tidio.Cancelled }),
			"Interrupted",
			[]string{"POST properties was interrupted.\n\nStart it again"},
		},
		"unreachable": {
			failed(func(e *tidio.Error) { e.Kind, e.Err = tidio.Unreachable, errors.New("no route") }),
			"could not be reached",
			[]string{"POST properties failed: no route.", "base_url or TIDIO_BASE_URL (now https://api.example.com/v1/)"},
		},
		"not tried": {
			failed(func(e *tidio.Error) { e.Kind, e.Status, e.Message, e.Repeated = tidio.Unavailable, 503, "down", true }),
			"The Tidio API has a problem",
			[]string{"that was not tried any more, because POST properties was answered with status 503", "the first of these errors"},
		},
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
		"perhaps by us": {
			&tidio.Error{Kind: tidio.Exists, Existing: existing, MaybeLanded: true}, "may be the one just created",
		},
		"looked for": {
			&tidio.Error{Kind: tidio.Unavailable, Status: 500, MaybeLanded: true, Absent: true}, "it was probably not created",
		},
		"hidden":  {&tidio.Error{Kind: tidio.Refused, Hidden: true}, "may be hidden in Tidio"},
		"refused": {&tidio.Error{Kind: tidio.Refused, Status: 400, Message: "no"}, "Tidio refused the request"},
	} {
		t.Run(what, func(t *testing.T) {
			expectDiagnostic(t, diag.Diagnostics{createPropertyError(c.err, "seats")}, diag.SeverityError, c.says)
		})
	}
}

func TestBlocksDestroy(t *testing.T) {
	at := diag.NewAttributeErrorDiagnostic(path.Root("name"), "an error", "detail")
	warning := diag.NewWarningDiagnostic("a warning", "detail")
	got := blocksDestroy(at, warning)
	if !strings.Contains(got[0].Detail(), "-refresh=false") || !got[0].(diag.DiagnosticWithPath).Path().Equal(path.Root("name")) {
		t.Errorf("an error of a plan keeps its path and says how to destroy: %v", got[0])
	}
	for _, kind := range []tidio.Kind{tidio.Unauthorized, tidio.Forbidden, tidio.RateLimited, tidio.Cancelled} {
		if detail := planError(&tidio.Error{Kind: kind}, "read it").Detail(); strings.Contains(detail, "-refresh=false") {
			t.Errorf("what another key or another run mends says how to do without: %s", detail)
		}
	}
	if !got[1].Equal(warning) {
		t.Errorf("a warning is left alone: %v", got[1])
	}
}

// What data sources say of contacts and conversations names them by what is not personal.
func TestLookUpDiagnosticsHoldNothingPersonal(t *testing.T) {
	contacts := []tidio.Contact{
		{
			ID: "c1", Name: "private", Email: "private@example.com", Phone: "private",
			CreatedAt:  "2026-01-01T00:00:00Z",
			Properties: map[string]tidio.Value{"note": {Text: "private"}},
			Unreadable: []string{"address", "tags"},
		},
		{ID: "c2", Email: "private@example.com", Unreadable: []string{"tags"}},
	}
	operators := []tidio.Operator{{ID: "o1", Name: "private", Email: "private@example.com"}, {ID: "o2"}}
	gone := &tidio.Error{Kind: tidio.NotFound, Method: "GET", Path: "contacts/c1", Status: 404, Message: "gone"}
	for what, c := range map[string]struct {
		diagnostic diag.Diagnostic
		severity   diag.Severity
		says       []string
	}{
		"several contacts": {
			notOneContact(contacts, true), diag.SeverityError,
			[]string{"Several contacts", "  c1  created 2026-01-01T00:00:00Z\n  c2"},
		},
		"several operators": {
			notOneOperator(operators, true), diag.SeverityError, []string{"Several operators", "  o1\n  o2"},
		},
		"no operator":       {notOneOperator(nil, true), diag.SeverityError, []string{"No operator has"}},
		"perhaps a contact": {notOneContact(nil, false), diag.SeverityError, []string{"may have been missed"}},
		"unreadable": {
			unreadableContacts(contacts...), diag.SeverityError,
			[]string{`contact "c1"`, "  contact \"c1\": \"address\", \"tags\"\n  contact \"c2\": \"tags\"\n"},
		},
		"times": {
			unreadableTimes([]string{"created_at of v1", "updated_at of v2"}), diag.SeverityError,
			[]string{"\n  created_at of v1\n  updated_at of v2\n"},
		},
		"changed": {
			listChanged("account's contacts", "contact"), diag.SeverityWarning,
			[]string{"The account's contacts changed while they were read"},
		},
		"no contact": {
			lookUpError(gone, "contact", "c1"), diag.SeverityError,
			[]string{`There is no contact with the id "c1"`, `GET contacts/c1`, `"gone"`},
		},
		"broken": {
			lookUpError(&tidio.Error{Kind: tidio.TimedOut}, "contact", "c1"), diag.SeverityError,
			[]string{"did not answer in time", `read contact "c1"`},
		},
	} {
		said := c.diagnostic.Summary() + "\n" + c.diagnostic.Detail()
		if strings.Contains(said, "private") || c.diagnostic.Severity() != c.severity {
			t.Errorf("%s: %s: %s", what, c.diagnostic.Severity(), said)
		}
		for _, want := range c.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not in:\n%s", what, want, said)
			}
		}
	}
}
