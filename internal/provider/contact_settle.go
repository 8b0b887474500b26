package provider

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// settleContact judges a written contact: what was cleared must be gone, or it is an error and
// stays in the state; what was set and came out otherwise is a warning, and drift at the next plan.
func settleContact(
	planned contactModel, sent tidio.ContactChange, written tidio.Contact,
) (contactModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	state := planned
	var survived, differ []string

	for _, f := range contactFields {
		value, wasSent := sent.Fields[f.field]
		actual := f.of(written)
		switch {
		case !wasSent:
		case value == nil && actual != "":
			survived = append(survived, string(f.field))
			*f.in(&state) = types.StringValue(actual)
		case value != nil && !f.same(*value, actual):
			differ = append(differ, string(f.field))
		}
	}
	kept := map[string]types.String{}
	for key, value := range sent.Properties {
		actual := written.Properties[key]
		switch {
		case value == nil && actual.Text != "":
			survived = append(survived, key)
			kept[key] = types.StringValue(actual.Text)
		case value != nil && value.Text != actual.Text && (!value.Number || !sameNumber(value.Text, actual.Text)):
			differ = append(differ, key)
		}
	}
	state.keep(kept)
	if len(survived) > 0 {
		slices.Sort(survived)
		diags.AddError(fmt.Sprintf("Contact %s was not cleared", written.ID),
			fmt.Sprintf("Tidio accepted the change but still has a value for: %s. The state keeps it, so the "+
				"next apply tries again. If that does not help, clear it in Tidio itself.", quoted(survived)))
	}
	if len(differ) > 0 {
		slices.Sort(differ)
		diags.AddWarning(fmt.Sprintf("Contact %s is not as it was planned", written.ID),
			fmt.Sprintf("Tidio accepted the change but has another value for: %s. The state holds what was "+
				"planned; the next plan will show the difference.", quoted(differ)))
	}
	return state, diags
}

// unsettledContact judges a written contact that could not be read back, for the reason err. What
// should have been cleared stays in the state: else nobody would look at it again.
func unsettledContact(
	prior, planned contactModel, sent tidio.ContactChange, err error,
) (contactModel, diag.Diagnostics) {
	state := planned
	var cleared []string
	for _, f := range contactFields {
		if value, wasSent := sent.Fields[f.field]; wasSent && value == nil {
			cleared = append(cleared, string(f.field))
			*f.in(&state) = *f.in(&prior)
		}
	}
	kept := map[string]types.String{}
	for key, value := range sent.Properties {
		if before, ours := prior.values()[key]; value == nil && ours {
			cleared = append(cleared, key)
			kept[key] = before
		}
	}
	state.keep(kept)
	slices.Sort(cleared)
	return state, diag.Diagnostics{unconfirmedContact(planned.ID.ValueString(), cleared, err)}
}

// keep puts values back into the properties that a plan has taken out.
func (m *contactModel) keep(kept map[string]types.String) {
	if len(kept) == 0 {
		return
	}
	values := m.values()
	maps.Copy(values, kept)
	m.Properties = types.MapValueMust(types.StringType, elements(values))
}
