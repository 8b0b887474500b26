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
