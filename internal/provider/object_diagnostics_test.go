package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestCreatePropertyError_saysWhatToDo(t *testing.T) {
	existing := &tidio.Property{ID: "p1", Name: "seats", Label: "Seats", Type: "number"}
	for what, c := range map[string]struct {
		err  *tidio.Error
		says string
	}{
		"perhaps by us": {
			&tidio.Error{Kind: tidio.Exists, Existing: existing, OutcomeUnknown: true}, "may be the one just created",
		},
		"looked for": {
			&tidio.Error{Kind: tidio.ServerError, Status: 500, OutcomeUnknown: true, Absent: true}, "it was probably not created",
		},
		"hidden":  {&tidio.Error{Kind: tidio.BadRequest, Hidden: true}, "may be hidden in Tidio"},
		"refused": {&tidio.Error{Kind: tidio.BadRequest, Status: 400, Message: "no"}, "Tidio refused the request"},
	} {
		t.Run(what, func(t *testing.T) {
			expectDiagnostic(t, diag.Diagnostics{createPropertyError(c.err, "seats")}, diag.SeverityError, c.says)
		})
	}
}

// What data sources say of contacts and conversations names them by what is not personal.
func TestLookUpDiagnostics_holdNothingPersonal(t *testing.T) {
	contacts := []tidio.Contact{
		{
			ID: "c1", Name: "private", Email: "private@example.com", Phone: "private",
			CreatedAt:  "2026-01-01T00:00:00Z",
			Properties: map[string]string{"note": "private"},
		},
		{ID: "c2", Email: "private@example.com"},
	}
	operators := []tidio.Operator{{ID: "o1", Name: "private", Email: "private@example.com"}, {ID: "o2"}}
	gone := &tidio.Error{Kind: tidio.NotFound, Method: "GET", Path: "contacts/c1", Status: 404, Message: "gone"}
	for what, c := range map[string]struct {
		diagnostic diag.Diagnostic
		severity   diag.Severity
		says       []string
	}{
		"several contacts": {
			notOneContact(contacts, true, "e-mail address"), diag.SeverityError,
			[]string{"Several contacts", "  c1  created 2026-01-01T00:00:00Z\n  c2"},
		},
		"several operators": {
			notOneOperator(operators, true), diag.SeverityError, []string{"Several operators", "  o1\n  o2"},
		},
		"no operator":       {notOneOperator(nil, true), diag.SeverityError, []string{"No operator has"}},
		"perhaps a contact": {notOneContact(nil, false, "e-mail address"), diag.SeverityError, []string{"may have been missed"}},
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
