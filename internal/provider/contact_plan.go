package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

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
