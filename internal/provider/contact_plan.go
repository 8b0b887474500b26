package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// What happens to a contact whose resource is destroyed. The first is what null means.
const policyDelete = "DELETE"

const contactStaysSummary = "Contacts with deletion_policy ABANDON stay in Tidio"

const contactStaysDetail = "Each tidio_contact with deletion_policy = \"ABANDON\" that this plan destroys is only " +
	"forgotten by Terraform: it stays in the account with its values. To delete it in Tidio, set " +
	"deletion_policy = \"DELETE\" and apply that first: the policy in the state counts."

// newValues are the keys of the planned properties, sorted, whose value is known and not in the
// prior state: those that are worth a look at the account's definitions.
func newValues(prior *contactModel, planned contactModel) []string {
	var before map[string]types.String
	if prior != nil {
		before = prior.values()
	}
	var keys []string
	for key, value := range planned.values() {
		known, ours := before[key]
		if !value.IsUnknown() && (!ours || !value.Equal(known)) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// valuesVerdict holds new values to the account's definitions. isPlanned tells whether this run
// plans to create a property.
func valuesVerdict(
	planned contactModel, keys []string, definitions tidio.PropertyList, isPlanned func(name string) bool,
) diag.Diagnostics {
	var diags diag.Diagnostics
	values := planned.values()
	for _, key := range keys {
		at := path.Root("properties").AtMapKey(key)
		definition, defined := definitions.ByName(key)
		switch {
		case values[key].IsNull(): // nothing is sent but, at most, a clearing
		case defined:
			if want := misfit(definition.Type, values[key].ValueString()); want != "" {
				diags.AddAttributeError(at, fmt.Sprintf("The value of property %q does not fit its type", key),
					fmt.Sprintf("The property is of type %q in Tidio, so its value must be %s. The value is not "+
						"repeated here: it may be personal.", definition.Type, want))
			}
		case !defined && !isPlanned(key):
			diags.AddAttributeWarning(at, fmt.Sprintf("Property %q is not in the account", key),
				fmt.Sprintf("If this configuration creates it, say so by the key, so that the engine creates "+
					"the property first:\n\n  properties = {\n    (tidio_property.<its resource>.name) = ...\n  "+
					"}\n\nOtherwise Tidio will refuse the contact at apply: check the spelling of %q.", key))
		}
	}
	return diags
}

// unreadableError says that values of ours cannot be read as text.
func unreadableError(id string, keys []string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("properties"),
		fmt.Sprintf("A value of contact %s cannot be read", id),
		fmt.Sprintf("Tidio has an object or a list, not a text or a number, as the value of: %s. Correct "+
			"the value in Tidio, or take the key out of the configuration.", quoted(keys)))
}

func quoted(keys []string) string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = fmt.Sprintf("%q", key)
	}
	return strings.Join(all, ", ")
}

// settleContact judges a written contact: what was cleared must be gone, or it is an error and
// stays in the state; what was set and came out otherwise is a warning, and drift at the next plan.
func settleContact(
	planned contactModel, sent tidio.ContactChange, written tidio.Contact,
) (contactModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	state := planned
	state.ID = types.StringValue(written.ID)
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
	values := state.values()
	for key, value := range sent.Properties {
		actual := written.Properties[key]
		switch {
		case value == nil && actual.Text != "":
			survived = append(survived, key)
			values[key] = types.StringValue(actual.Text)
		case value != nil && value.Text != actual.Text && !sameNumber(value.Text, actual.Text):
			differ = append(differ, key)
		}
	}
	if len(survived) > 0 {
		slices.Sort(survived)
		state.Properties = types.MapValueMust(types.StringType, elements(values))
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
