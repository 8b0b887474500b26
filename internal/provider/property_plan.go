package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/zclconf/go-cty/cty"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The API can neither change nor delete a property. What that means for a plan is decided here, by
// pure functions over the prior state, the planned values and the account.

// staysWarning holds for every property that a plan destroys or replaces.
func staysWarning() diag.Diagnostic {
	return diag.NewWarningDiagnostic("Properties stay in Tidio when Terraform destroys them",
		"The Tidio API has no way to delete a property. Each tidio_property that this plan destroys or "+
			"replaces (a changed name is a replacement) is only forgotten by Terraform: it stays in the account "+
			"with its values, and its name stays taken.\n\n"+
			"To manage one again later, import it by its name. To make such plans fail, add "+
			"lifecycle { prevent_destroy = true } to the resource. To forget a property without a planned "+
			"destroy, replace its resource block with:\n\n"+removedBlock("tidio_property"))
}

// existsVerdict judges a create whose name the account has already: taken over, or refused.
// replaces is the id of the property that the new one replaces, "" if there is none.
func existsVerdict(planned propertyModel, existing tidio.Property, replaces string) diag.Diagnostics {
	var diags diag.Diagnostics
	taken := fmt.Sprintf("Property %q exists already", existing.Name)
	switch {
	case replaces == existing.ID:
		diags.AddError(fmt.Sprintf("Property %q cannot be replaced under its own name", existing.Name),
			"The API cannot delete it, so its name stays taken. Leave out -replace (or whatever else makes "+
				"this plan replace it), or give it another name.")
	case planned.AdoptExisting.IsUnknown(): // decided at apply
	case !planned.Type.IsUnknown() && planned.Type.ValueString() != existing.Type:
		diags.AddAttributeError(path.Root("type"), taken+", with another type",
			comparison(planned, existing)+"\n\nThe API can neither change its type nor make room for another "+
				"of its name. "+typeAdvice(existing)+", or choose another name.")
	case planned.AdoptExisting.ValueBool():
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Property %q is taken over", existing.Name),
			takenOver(planned, existing))
	case replaces != "":
		diags.AddAttributeError(path.Root("name"), taken,
			comparison(planned, existing)+"\n\nA property cannot be renamed to a name that is taken. To let "+
				"this resource manage the existing property instead of the one that it has now, set "+
				"adopt_existing = true. To exchange the properties of two resources, use `terraform state mv`.")
	default:
		diags.AddAttributeError(path.Root("name"), taken,
			comparison(planned, existing)+"\n\nNames are unique in an account, so it cannot be created "+
				"again. To bring it under Terraform, import it:\n\n"+importBlock(existing.Name)+"\n\n"+
				"or set adopt_existing = true on the resource. If Terraform has it under another address, use "+
				"a moved block. If this resource is tainted, `terraform untaint` it.")
	}
	return diags
}

// typeAdvice says what to do about the type that an existing property has.
func typeAdvice(existing tidio.Property) string {
	if !slices.Contains(tidio.PropertyTypes, existing.Type) {
		return fmt.Sprintf("This provider cannot manage properties of type %q: leave it to the account", existing.Type)
	}
	return fmt.Sprintf("Set type = %q", existing.Type)
}

func takenOver(planned propertyModel, existing tidio.Property) string {
	detail := fmt.Sprintf("A property with this name exists in the account already (id %q). Because "+
		"adopt_existing is true, Terraform takes it over instead of creating it; nothing is changed in "+
		"Tidio.", existing.ID)
	if label := planned.Label; !label.IsNull() && !label.IsUnknown() && label.ValueString() != existing.Label {
		detail += fmt.Sprintf("\n\nIts label in Tidio is %q and stays so: the API cannot change it. The "+
			"configuration says %q.", existing.Label, label.ValueString())
	}
	return detail
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

// removedBlock is the block that makes Terraform forget a resource of a type. Without its lifecycle
// Terraform would destroy the object, and OpenTofu forget it.
func removedBlock(resourceType string) string {
	return "  removed {\n    from = " + resourceType + ".<yours>\n    lifecycle {\n      destroy = false\n    }\n  }"
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
		if diags.Append(typeVerdict(prior, *planned)...); diags.HasError() {
			return diags, false // whatever the name turns out to be, the apply would fail
		}
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("The new name of property %q is not known yet", name),
			fmt.Sprintf("The name depends on something that is known only after apply. If it stays %q, "+
				"nothing happens. If it changes, that would replace the property, and the apply stops with the "+
				"engine's error \"Provider produced inconsistent final plan\": nothing is lost, plan and apply "+
				"once more. To see now what would happen, apply first what the name depends on, with -target.", name))
	case !planned.Name.Equal(prior.Name):
		return diags, true
	default:
		diags.Append(typeVerdict(prior, *planned)...)
		if label := planned.Label; !label.IsUnknown() && !label.Equal(prior.Label) {
			diags.AddAttributeWarning(path.Root("label"), fmt.Sprintf("The label of property %q differs from Tidio's", name),
				fmt.Sprintf("Configured:  %q\nIn Tidio:    %q\n\nThe API cannot change a label, so Terraform "+
					"does not plan to. Edit it in Tidio itself, or set label to what the account has.",
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
	existing := tidio.Property{Type: prior.Type.ValueString()}
	diags.AddAttributeError(path.Root("type"),
		fmt.Sprintf("The type of property %q cannot change", prior.Name.ValueString()),
		fmt.Sprintf("In Tidio it is %q, the configuration says %q. The API cannot change the type of a "+
			"property, nor delete the property to make room for another of the same name. The ways out:\n\n"+
			"  - %s.\n"+
			"  - Give the property of type %q another name: a new one is created, this one stays in Tidio.",
			existing.Type, planned.Type.ValueString(), typeAdvice(existing), planned.Type.ValueString()))
	return diags
}

// plannedTwiceError says that two resources of one configuration plan the same property.
func plannedTwiceError(name string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), fmt.Sprintf("Property %q is planned twice", name),
		"Another tidio_property in this configuration has the same name, and names are unique in an "+
			"account. Keep one of them, and refer to it from where the other was used.")
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
		fmt.Sprintf("It exists (id %q), but differs:\n\n%s\n\nThe state holds what was planned; the next "+
			"plan will show what can be done.", created.ID, strings.Join(differences, "\n")))
}

// importVerdict finds what an import id means: a name, else an id.
func importVerdict(id string, list tidio.PropertyList) (tidio.Property, diag.Diagnostic) {
	byName, named := list.ByName(id)
	byID, identified := list.ByID(id)
	switch {
	case id == "":
		return tidio.Property{}, diag.NewErrorDiagnostic("No property to import",
			"The import id is empty. It is the name of the property, or the id that Tidio gave it.")
	case named && identified && byName.ID != byID.ID:
		return tidio.Property{}, diag.NewErrorDiagnostic(fmt.Sprintf("%q means two properties", id),
			fmt.Sprintf("It is the name of the property with the id %q, and the id of the property named %q. "+
				"Import the first by its id, the second by its name.", byName.ID, byID.Name))
	case named:
		return byName, unmanageable(byName)
	case identified:
		return byID, unmanageable(byID)
	}
	return tidio.Property{}, noSuchProperty("import", fmt.Sprintf("has the name or id %q", id), list)
}

// identityVerdict finds what an import by identity means: an id.
func identityVerdict(id string, list tidio.PropertyList) (tidio.Property, diag.Diagnostic) {
	if found, ok := list.ByID(id); ok {
		return found, unmanageable(found)
	}
	if named, ok := list.ByName(id); ok {
		return tidio.Property{}, diag.NewErrorDiagnostic("No such property to import",
			fmt.Sprintf("%q is the name of a property; its identity is its id, %q. To import by name, use id "+
				"= %s in the import block.", id, named.ID, hclString(id)))
	}
	return tidio.Property{}, noSuchProperty("import", fmt.Sprintf("has the id %q", id), list)
}

// unmanageable says that a property has a type that no configuration can have, or returns nil.
func unmanageable(p tidio.Property) diag.Diagnostic {
	if slices.Contains(tidio.PropertyTypes, p.Type) {
		return nil
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q cannot be imported", p.Name),
		fmt.Sprintf("%s. The data sources can read it.", typeAdvice(p)))
}

// noSuchProperty says that the account has no property that fits.
func noSuchProperty(doing, fits string, list tidio.PropertyList) diag.Diagnostic {
	detail := fmt.Sprintf("None of the account's %d properties %s. Names are compared exactly, with "+
		"upper and lower case. Check the spelling, and that the API key is this "+
		"account's.", len(list.Items), fits)
	if !list.Complete {
		detail += " The list changed while it was read, so one may have been missed: try again."
	}
	return diag.NewErrorDiagnostic("No such property to "+doing, detail)
}
