package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// What a contact has is never refused: people and other software have written it. So a value is checked where a plan
// changes it, and accepted all the same if the account has that very value.

// flaw is why a value of a plan should not be written.
type flaw struct {
	problem diag.Diagnostic

	// isIn reports whether a contact has that value already, so that nothing is written.
	isIn func(tidio.Contact) bool
}

// flawsOf are the flaws of a plan in what differs from the state; prior is nil for a new contact. definitions are the
// account's properties; they are not used unless the plan has [newValues].
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
		if values[key].IsNull() { // nothing is sent but, at most, a clearing
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

// checkValue says why a value of a property should not be written, or returns nil.
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

// newValues are the keys of the planned properties, sorted, whose value is known and differs from the
// state: the values to check against the account's definitions.
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

// undefinedKeys warns of keys whose property neither the account has nor, as far as it is known by now, this plan.
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
			fmt.Sprintf("If this configuration creates the property, refer to it in the key. Terraform then creates it "+
				"first:\n\n  properties = {\n    (tidio_property.<its resource>.name) = ...\n  }\n\n"+
				"Otherwise, check the spelling of %q: Tidio would refuse the contact at apply.", key))
	}
	return diags
}
