package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The provider accepts what a contact already has, because people and other software have written it. So it checks a
// value only where a plan changes it, and accepts even that value if the account already has it.

// flaw is a reason not to write a planned value.
type flaw struct {
	problem diag.Diagnostic

	// isIn reports whether a contact already has the value, so that nothing is written.
	isIn func(tidio.Contact) bool
}

// flawsOf returns the flaws of the planned values that differ from the state. prior is nil for a new contact.
// definitions are the account's properties; they are used only if the plan has [newValues].
func flawsOf(prior *contactModel, planned contactModel, definitions tidio.PropertyList) []flaw {
	var flaws []flaw
	for _, f := range contactFields {
		value := *f.in(&planned)
		if value.IsNull() || value.IsUnknown() || prior != nil && value.Equal(*f.in(prior)) {
			continue
		}
		at, text := path.Root(string(f.field)), value.ValueString()
		problem := checkText(at, text, f.max)
		if problem == nil {
			problem = checkFormat(at, f.format, text)
		}
		if problem != nil {
			flaws = append(flaws, flaw{problem, func(c tidio.Contact) bool {
				return tidio.SameText(*c.Field(f.field), text)
			}})
		}
	}
	values := planned.values()
	for _, key := range newValues(prior, planned) {
		if values[key].IsNull() { // at most, the value is cleared
			continue
		}
		text := values[key].ValueString()
		if problem := checkValue(key, text, definitions); problem != nil {
			flaws = append(flaws, flaw{problem, func(c tidio.Contact) bool {
				return tidio.SameText(c.Properties[key], text)
			}})
		}
	}
	return flaws
}

// checkValue returns the error for a property value that should not be written, or nil.
func checkValue(key, value string, definitions tidio.PropertyList) diag.Diagnostic {
	at := path.Root("properties").AtMapKey(key)
	if problem := checkText(at, value, tidio.MaxPropertyValue); problem != nil {
		return problem
	}
	definition, _ := definitions.ByName(key)
	want := typeMismatch(definition.Type, value)
	if want == "" {
		return nil
	}
	return diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("The value of property %q does not fit its type", key),
		fmt.Sprintf("The property is of type %q in Tidio, so its value must be %s. The value is not shown: it may be "+
			"personal data.", definition.Type, want))
}

// newValues returns the sorted keys of planned properties whose value is known and differs from the state.
// These values are checked against the account's definitions.
func newValues(prior *contactModel, planned contactModel) []string {
	var before map[string]types.String
	if prior != nil {
		before = prior.values()
	}
	var keys []string
	for key, value := range planned.values() {
		known, managed := before[key]
		if !value.IsUnknown() && (!managed || !value.Equal(known)) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// undefinedKeys warns of keys whose property is neither in the account nor, as far as is known now, in this plan.
func undefinedKeys(
	planned contactModel, keys []string, definitions tidio.PropertyList, isPlanned func(name string) bool,
) diag.Diagnostics {
	var diags diag.Diagnostics
	values := planned.values()
	for _, key := range keys {
		if _, defined := definitions.ByName(key); defined || values[key].IsNull() || isPlanned(key) {
			continue
		}
		at, summary := path.Root("properties").AtMapKey(key), fmt.Sprintf("Property %q is not in the account", key)
		if similar, found := definitions.BySimilarName(key); found {
			diags.AddAttributeWarning(at, summary,
				fmt.Sprintf("The account has %q, and names are case-sensitive. Write the key as %s.", similar.Name,
					hclString(similar.Name)))
			continue
		}
		diags.AddAttributeWarning(at, summary,
			fmt.Sprintf("Correct the key, or create the property: without it, Tidio refuses the contact at apply. Somebody may "+
				"have renamed or deleted %q.\n\nIf this configuration creates the property, refer to it in the key. Terraform "+
				"then creates it first:\n\n  properties = {\n    (tidio_property.<its resource>.name) = ...\n  }", key))
	}
	return diags
}
