package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/zclconf/go-cty/cty"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The API can neither change nor delete a property. What that means for a plan is decided here, by
// pure functions over the prior state, the planned values and the account.

// destroyHint ends an error that a plan of an existing object can meet: `terraform destroy` plans
// first, and would meet it too.
const destroyHint = "To destroy without meeting this error, use `terraform destroy -refresh=false`."

const staysSummary = "Properties stay in Tidio when Terraform destroys them"

const staysDetail = "The Tidio API has no way to delete a property. Each tidio_property that this " +
	"plan destroys or replaces (a changed name is a replacement) is only forgotten by Terraform: it " +
	"stays in the account with its values, and its name stays taken.\n\n" +
	"To bring one back later, import it by its name. To take one out of a configuration without a " +
	"planned destroy, use a removed block with lifecycle { destroy = false }. To make such plans fail, " +
	"set deletion_policy = \"PREVENT\"."

// existsVerdict judges a create whose name the account has already: taken over, or refused.
func existsVerdict(planned propertyModel, existing tidio.Property) diag.Diagnostics {
	var diags diag.Diagnostics
	name := path.Root("name")
	sameType := planned.Type.IsUnknown() || planned.Type.ValueString() == existing.Type
	switch {
	case planned.AdoptExisting.IsUnknown(): // decided at apply
	case planned.AdoptExisting.ValueBool() && sameType:
		detail := fmt.Sprintf("A property with this name exists in the account already (id %s). Because "+
			"adopt_existing is true, Terraform takes it over instead of creating it; nothing is changed in "+
			"Tidio.", existing.ID)
		if label := planned.Label; !label.IsNull() && !label.IsUnknown() && label.ValueString() != existing.Label {
			detail += fmt.Sprintf("\n\nIts label in Tidio is %q and stays so: the API cannot change it. The "+
				"configuration says %q; edit one of the two.", existing.Label, label.ValueString())
		}
		diags.AddAttributeWarning(name, fmt.Sprintf("Property %q is taken over", existing.Name), detail)
	case planned.AdoptExisting.ValueBool():
		diags.AddAttributeError(path.Root("type"), fmt.Sprintf("Property %q cannot be taken over", existing.Name),
			comparison(planned, existing)+"\n\n"+
				"adopt_existing is true, but the existing property has another type, and the API cannot change "+
				"it. Nothing was changed. Set type to what the account has, or choose another name.")
	default:
		diags.AddAttributeError(name, fmt.Sprintf("Property %q exists already", existing.Name),
			comparison(planned, existing)+"\n\n"+
				"Names are unique in an account, so it cannot be created again. To bring it under Terraform, "+
				"import it:\n\n"+
				importBlock(existing.Name)+"\n\n"+
				"or set adopt_existing = true on the resource. If Terraform knew it under another address, use "+
				"a moved block. If this plan replaces it, because it is tainted (`terraform untaint`) or "+
				"because of -replace: a property "+
				"cannot be replaced under its own name. "+destroyHint)
	}
	return diags
}

// comparison shows the existing property beside what was planned.
func comparison(planned propertyModel, existing tidio.Property) string {
	configured := func(v interface {
		IsNull() bool
		IsUnknown() bool
		ValueString() string
	}, actual string,
	) string {
		switch {
		case v.IsNull() || v.IsUnknown():
			return ""
		case v.ValueString() == actual:
			return " (as configured)"
		}
		return fmt.Sprintf(" (configured: %q)", v.ValueString())
	}
	return fmt.Sprintf("The account has this property:\n\n  name  = %q\n  type  = %q%s\n  label = %q%s\n  id    = %q",
		existing.Name, existing.Type, configured(planned.Type, existing.Type),
		existing.Label, configured(planned.Label, existing.Label), existing.ID)
}

// importBlock is the block that imports a property; each line is indented, or the engine wraps them
// together.
func importBlock(name string) string {
	return "  import {\n    to = tidio_property.<yours>\n    id = " + hclString(name) + "\n  }"
}

// hclString is s as a string literal of the configuration language, with quotes and template
// markers escaped.
func hclString(s string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

// changeVerdict judges a plan for a property that exists: prior is its state. It may correct the
// planned label. stays is set if the plan would leave the property behind in the account.
func changeVerdict(prior propertyModel, planned *propertyModel) (diags diag.Diagnostics, stays bool) {
	name := prior.Name.ValueString()
	switch {
	case planned.Name.IsUnknown():
		planned.Label = prior.Label
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("The new name of property %q is not known yet", name),
			fmt.Sprintf("The name depends on something that is known only after apply. If it stays %q, "+
				"nothing happens. If it changes, the apply stops with an error, because that would replace the "+
				"property; plan and apply once more then. A property cannot be renamed: the old one would "+
				"stay in Tidio.", name))
	case !planned.Name.Equal(prior.Name):
		if prior.prevents() {
			diags.Append(preventedError(prior, fmt.Sprintf("A changed name (to %q) replaces the property",
				planned.Name.ValueString())))
			return diags, false
		}
		return diags, true
	default:
		diags.Append(typeVerdict(prior, *planned)...)
		if label := planned.Label; !label.IsUnknown() && !label.Equal(prior.Label) {
			diags.AddAttributeWarning(path.Root("label"), fmt.Sprintf("The label of property %q differs from Tidio's", name),
				fmt.Sprintf("Configured:  %q\nIn Tidio:    %q\n\nThe API cannot change a label, so Terraform "+
					"does not plan to. Edit it in the Tidio panel, or set label to what the account has.",
					label.ValueString(), prior.Label.ValueString()))
		}
		planned.Label = prior.Label // no diff: Terraform cannot change it
	}
	return diags, false
}

func typeVerdict(prior, planned propertyModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if planned.Type.IsUnknown() || planned.Type.Equal(prior.Type) {
		return diags
	}
	name := prior.Name.ValueString()
	diags.AddAttributeError(path.Root("type"), fmt.Sprintf("The type of property %q cannot change", name),
		fmt.Sprintf("In Tidio it is %q, the configuration says %q. The API cannot change the type of a "+
			"property, nor delete the property to make room for another of the same name. The ways out:\n\n"+
			"  - set type = %q again;\n"+
			"  - give the property of type %q another name: a new one is created, this one stays in Tidio.\n\n%s",
			prior.Type.ValueString(), planned.Type.ValueString(), prior.Type.ValueString(), planned.Type.ValueString(),
			destroyHint))
	return diags
}

// destroyVerdict judges a plan that destroys a property.
func destroyVerdict(prior propertyModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if prior.prevents() {
		diags.Append(preventedError(prior, "This plan destroys the property"))
	}
	return diags
}

// preventedError says that deletion_policy keeps a property in the state. what says what would have
// happened.
func preventedError(prior propertyModel, what string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_policy"),
		fmt.Sprintf("Property %q is protected by its deletion policy", prior.Name.ValueString()),
		what+", and its deletion_policy is \"PREVENT\". Nothing was changed.\n\n"+
			"To let Terraform forget it (it stays in Tidio all the same), set deletion_policy = \"ABANDON\" "+
			"and apply that "+
			"first: the policy in the state counts. Or take it out of the configuration with a removed "+
			"block:\n\n  removed {\n    from = tidio_property.<yours>\n    lifecycle {\n      destroy = "+
			"false\n    }\n  }")
}

// plannedTwiceError says that two resources of one configuration plan the same property.
func plannedTwiceError(name string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), fmt.Sprintf("Property %q is planned twice", name),
		"Another tidio_property in this configuration has the same name, and names are unique in an "+
			"account. Keep one of them, and refer to it from where the other was used. "+destroyHint)
}

// createdDiffers says how a property came out other than it was planned, or returns nil.
func createdDiffers(planned propertyModel, created tidio.Property) diag.Diagnostic {
	var differences []string
	note := func(attribute, want, got string) {
		if want != got {
			differences = append(differences, fmt.Sprintf("  %s: planned %q, in Tidio %q", attribute, want, got))
		}
	}
	note("name", planned.Name.ValueString(), created.Name)
	note("type", planned.Type.ValueString(), created.Type)
	if !planned.Label.IsUnknown() {
		note("label", planned.Label.ValueString(), created.Label)
	}
	if len(differences) == 0 {
		return nil
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Property %q is not as it was planned", planned.Name.ValueString()),
		"It exists (id "+created.ID+"), but differs:\n\n"+strings.Join(differences, "\n")+
			"\n\nThe state holds what was planned; the next plan will show what can be done.")
}

// importVerdict finds what an import id means: a name, else an id.
func importVerdict(id string, list tidio.PropertyList) (tidio.Property, diag.Diagnostic) {
	byName, named := list.ByName(id)
	byID, identified := list.ByID(id)
	switch {
	case named && identified && byName.ID != byID.ID:
		return tidio.Property{}, diag.NewErrorDiagnostic(fmt.Sprintf("%q means two properties", id),
			fmt.Sprintf("It is the name of the property with the id %q, and the id of the property named %q. "+
				"Import the first by its id, the second by its name.", byName.ID, byID.Name))
	case named:
		return byName, nil
	case identified:
		return byID, nil
	}
	return tidio.Property{}, noSuchProperty("import", fmt.Sprintf("has the name or id %q", id), list)
}

// noSuchProperty says that the account has no property that fits.
func noSuchProperty(doing, fits string, list tidio.PropertyList) diag.Diagnostic {
	detail := fmt.Sprintf("None of the account's %d properties %s. Names are compared exactly, with "+
		"upper and lower case. Check the spelling in the Tidio panel, and that the API key is this "+
		"account's.", len(list.Items), fits)
	if !list.Complete {
		detail += " The list changed while it was read, so one may have been missed: try again."
	}
	return diag.NewErrorDiagnostic("No such property to "+doing, detail)
}
