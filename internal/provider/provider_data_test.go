package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// privateState stands in for the private state of an object.
type privateState map[string][]byte

func (p privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// Private state outlives a plan: an object that is gone has it, too, when it is planned again. That is a create.
func TestProviderData_replacesWhatItHasPlannedItself(t *testing.T) {
	var diags diag.Diagnostics
	private := privateState{}
	first, later := newProviderData(nil), newProviderData(nil)
	first.planExisting(t.Context(), private, objectID{propertyNoun, "p1"}, &diags)
	if got := first.replaces(t.Context(), private, propertyNoun, &diags); got != "p1" {
		t.Errorf("in the same plan it replaces %q, want %q", got, "p1")
	}
	for what, got := range map[string]string{
		"in a later one":        later.replaces(t.Context(), private, propertyNoun, &diags),
		"of another noun":       first.replaces(t.Context(), private, contactNoun, &diags),
		"without private state": first.replaces(t.Context(), privateState{}, propertyNoun, &diags),
	} {
		if got != "" {
			t.Errorf("%s it replaces %q, want nothing", what, got)
		}
	}
	if len(diags) != 0 {
		t.Error(diags)
	}
}

// The engine plans resources in any order.
func TestProviderData_oneObjectHasOneAddress(t *testing.T) {
	const keep, remove = "keep", "remove"
	object, other := objectID{contactNoun, "c1"}, objectID{propertyNoun, "c1"}
	for name, c := range map[string]struct {
		plans []string
		says  string // of the last one
	}{
		"kept":               {[]string{keep}, ""},
		"deleted":            {[]string{remove}, ""},
		"kept twice":         {[]string{keep, keep}, "has two resource addresses"},
		"kept, then deleted": {[]string{keep, remove}, "is both kept and deleted"},
		"deleted, then kept": {[]string{remove, keep}, "is both kept and deleted"},
		"deleted twice":      {[]string{remove, remove}, ""},
		"all of it":          {[]string{remove, keep, keep}, "has two resource addresses"},
	} {
		t.Run(name, func(t *testing.T) {
			data := newProviderData(nil)
			var diags diag.Diagnostics
			data.planExisting(t.Context(), privateState{}, other, &diags)
			for _, plan := range c.plans {
				diags = nil
				if plan == keep {
					data.planExisting(t.Context(), privateState{}, object, &diags)
				} else {
					data.planDelete(object, &diags)
				}
			}
			expectDiagnostic(t, diags, diag.SeverityError, c.says)
		})
	}
}
