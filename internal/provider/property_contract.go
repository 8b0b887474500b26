package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// If the API cannot create properties, tidio_property is a checked contract: the property must exist in the account,
// and the provider never writes. These functions decide what this means for a plan.

// inThePanel is the place where people create properties.
const inThePanel = "the Tidio panel, under Settings > Contact Properties"

// checkContract checks whether the account has a property as planned. list has all properties of the account.
func checkContract(planned propertyModel, list tidio.PropertyList) (tidio.Property, diag.Diagnostics) {
	var diags diag.Diagnostics
	name := planned.Name.ValueString()
	existing, found := list.ByName(name)
	switch {
	case !found:
		diags.Append(missingFromAccount(planned, list))
	case !planned.Type.IsUnknown() && planned.Type.ValueString() != existing.Type:
		diags.AddAttributeError(path.Root("type"), fmt.Sprintf("Property %q has a different type", name),
			comparison(planned, existing)+fmt.Sprintf("\n\nNeither this API nor the Tidio panel can change the type of a "+
				"property. Set type = %q, or choose a different name and create that property in Tidio.", existing.Type))
	case !planned.Label.IsNull() && !planned.Label.IsUnknown() && planned.Label.ValueString() != existing.Label:
		diags.Append(labelDiffers(name, planned.Label.ValueString(), existing.Label))
	}
	return existing, diags
}

// missingFromAccount returns the error that says what to create in Tidio.
func missingFromAccount(planned propertyModel, list tidio.PropertyList) diag.Diagnostic {
	name := planned.Name.ValueString()
	if similar, found := list.BySimilarName(name); found {
		return diag.NewAttributeErrorDiagnostic(path.Root("name"), fmt.Sprintf("Property %q is not in Tidio", name),
			fmt.Sprintf("The account has a property named %q, and names are case-sensitive. Set name = %s to use that "+
				"one.", similar.Name, hclString(similar.Name)))
	}
	wanted := "  internal name: " + name
	if !planned.Type.IsUnknown() {
		wanted += "\n  type:          " + planned.Type.ValueString()
	}
	if label := planned.Label; !label.IsNull() && !label.IsUnknown() {
		wanted += "\n  label:         " + label.ValueString()
	}
	detail := "The published API (client_id) cannot create properties. Create this one in " + inThePanel +
		", and plan again:\n\n" + wanted + "\n\nUntil then, remove its resource block, or plan the rest with -target."
	if !list.Complete {
		detail += " The list changed while it was read, so it may have been missed: try again first."
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), fmt.Sprintf("Property %q is not in Tidio", name), detail)
}

// recordedWarning returns one warning for all properties that a plan adds, if the API cannot create properties.
func recordedWarning() diag.Diagnostic {
	return diag.NewWarningDiagnostic("Properties are recorded, not created",
		"The published API (client_id) cannot create properties. Each tidio_property that this plan adds already "+
			"exists in Tidio: Terraform only adds it to the state. To see imports in the plan instead, add a block for "+
			"each:\n\n"+importBlock("<name>"))
}

// missingWarning warns of a property in the state that the account no longer has, if the API cannot create
// properties. The property stays in the state.
func missingWarning(name string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Properties in the state are missing from Tidio",
		fmt.Sprintf("The account no longer has them. One is %q; `plan -json` lists them all. They stay in the state, and "+
			"each plan shows them as changes that fail at apply.\n\nCreate them again in %s, or remove their resource "+
			"blocks. If somebody renamed one in the panel, run `terraform state rm` for its address first, then set "+
			"its new name and import it.", name, inThePanel))
}

// labelDiffers warns that a label differs from the configuration, and that no API can change it.
func labelDiffers(name, configured, actual string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("label"), "Labels differ from Tidio's",
		fmt.Sprintf("The API cannot change a label, so Terraform plans no change. Edit the label in the Tidio panel, or set "+
			"label to the value in Tidio. `plan -json` lists every such property. One is %q:\n\n  Configured:  %q\n"+
			"  In Tidio:    %q", name, configured, actual))
}
