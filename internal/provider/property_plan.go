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

// The API can neither change nor delete a property. These functions decide what this means for a plan. They are
// pure functions of the prior state, the planned values and the account.

// staysWarning returns one warning for all properties that a plan destroys or replaces.
func staysWarning() diag.Diagnostic {
	return diag.NewWarningDiagnostic("Properties stay in Tidio when Terraform destroys them",
		"The Tidio API has no way to delete a property. Each tidio_property that this plan destroys or "+
			"replaces (a changed name is a replacement) is only forgotten by Terraform: it stays in the account "+
			"with its values, and its name stays taken.\n\n"+
			"To manage one again later, import it by its name. To make such plans fail, add "+
			"lifecycle { prevent_destroy = true } to the resource. To forget a property without a planned "+
			"destroy, replace its resource block with:\n\n"+removedBlock("tidio_property")+"\n\n"+
			"It takes no instance key: for one instance of count or for_each use `terraform state rm`.")
}

// checkExisting decides whether a create with an existing name adopts that property, or fails. replaces is the
// id of the property that the new one replaces, or "".
func checkExisting(planned propertyModel, existing tidio.Property, replaces string) diag.Diagnostics {
	var diags diag.Diagnostics
	taken := fmt.Sprintf("Property %q already exists", existing.Name)
	switch {
	case !tidio.SameText(planned.Name.ValueString(), existing.Name):
		diags.AddAttributeError(path.Root("name"),
			fmt.Sprintf("Property %q already exists, in a different letter case", existing.Name),
			comparison(planned, existing)+fmt.Sprintf("\n\n%q differs only in letter case, and Tidio may treat the two as one "+
				"name. To manage the existing property, set name = %s and import it:\n\n%s\n\nOtherwise, choose a different "+
				"name.", planned.Name.ValueString(), hclString(existing.Name), importBlock(existing.Name)))
	case replaces == existing.ID:
		diags.AddError(fmt.Sprintf("Property %q cannot be replaced under its own name", existing.Name),
			"The API cannot delete a property, so its name stays taken. Remove what forces the replacement, such as "+
				"-replace, or choose a different name.")
	case planned.AdoptExisting.IsUnknown(): // decided at apply
	case !planned.Type.IsUnknown() && planned.Type.ValueString() != existing.Type:
		diags.AddAttributeError(path.Root("type"), taken+", with a different type",
			comparison(planned, existing)+fmt.Sprintf("\n\nThe API can neither change its type nor delete it. Set type = %q, "+
				"or choose a different name.", existing.Type))
	case planned.AdoptExisting.ValueBool():
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Property %q is adopted", existing.Name),
			adoptionDetail(planned, existing))
	case replaces != "":
		diags.AddAttributeError(path.Root("name"), taken,
			comparison(planned, existing)+"\n\nA property cannot be renamed to a name that is taken. To let "+
				"this resource manage the existing property instead of its own, set adopt_existing = true. To "+
				"swap the properties of two resources, use `terraform state mv`.")
	default:
		diags.AddAttributeError(path.Root("name"), taken,
			comparison(planned, existing)+"\n\nTo manage it, import it:\n\n"+importBlock(existing.Name)+"\n\n"+
				"or set adopt_existing = true. If Terraform manages it at another address, use a moved block. If this "+
				"resource is tainted, run `terraform untaint`.")
	}
	return diags
}

// isCreatable reports whether the API can create a property with a type. The account may have other types.
func isCreatable(propertyType string) bool { return slices.Contains(tidio.PropertyTypes, propertyType) }

func adoptionDetail(planned propertyModel, existing tidio.Property) string {
	detail := fmt.Sprintf("A property with this name exists in the account (id %q). Because adopt_existing is "+
		"true, Terraform adopts it instead of creating one; nothing changes in Tidio.", existing.ID)
	if label := planned.Label; !label.IsNull() && !label.IsUnknown() && label.ValueString() != existing.Label {
		detail += fmt.Sprintf("\n\nIts label in Tidio stays %q, because the API cannot change it. The "+
			"configuration says %q.", existing.Label, label.ValueString())
	}
	return detail
}

// comparison shows the existing property and how the plan differs.
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

// importBlock returns the block that imports a property. Each line is indented; otherwise, the engine would
// join the lines.
func importBlock(name string) string {
	return "  import {\n    to = tidio_property.<yours>\n    id = " + hclString(name) + "\n  }"
}

// removedBlock returns the block that makes Terraform forget a resource of a type. Without its lifecycle block,
// Terraform destroys the object, and OpenTofu forgets it.
func removedBlock(resourceType string) string {
	return "  removed {\n    from = " + resourceType + ".<yours>\n    lifecycle {\n      destroy = false\n    }\n  }"
}

// hclString returns s as a string literal of the configuration language, with quotes and template markers
// escaped.
func hclString(s string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

// planChange checks a plan for an existing property. prior is its state. It sets the planned label to the prior one,
// because a label cannot change. It also sets the planned name to the prior one, if the configuration still has the
// last configured name. canCreate is whether the API can create properties. renames reports whether the plan replaces
// the property, which then stays in the account.
func planChange(
	prior propertyModel, planned *propertyModel, names propertyNames, imported, canCreate bool,
) (diags diag.Diagnostics, renames bool) {
	name := prior.Name.ValueString()
	if planned.Name.IsUnknown() {
		planned.Label = prior.Label
		if diags.Append(checkType(prior, *planned, canCreate)...); diags.HasError() {
			return diags, false // the apply would fail with any name
		}
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("The new name of property %q is not known yet", name),
			fmt.Sprintf("The name depends on a value that is known only after apply. If the name stays %q, nothing changes. "+
				"If it changes, the apply stops with the engine's error \"Provider produced inconsistent final plan\". "+
				"Nothing is lost: plan and apply again.\n\nTo see the change in the plan, first apply what the name depends "+
				"on, with -target.", name))
		return diags, false
	}
	if configured := planned.Name.ValueString(); !tidio.SameText(configured, name) {
		switch {
		case imported:
			diags.Append(importedAsAnother(configured, name))
			return diags, false
		case !tidio.SameText(configured, names.Configured):
			return diags, true
		}
		planned.Name = prior.Name
		diags.Append(namesInTidio(configured, name))
	}
	diags.Append(checkType(prior, *planned, canCreate)...)
	if label := planned.Label; !label.IsUnknown() && !label.Equal(prior.Label) {
		diags.Append(labelDiffers(name, label.ValueString(), prior.Label.ValueString()))
	}
	planned.Label = prior.Label // no diff, because Terraform cannot change it
	return diags, false
}

func checkType(prior, planned propertyModel, canCreate bool) diag.Diagnostics {
	var diags diag.Diagnostics
	if planned.Type.IsUnknown() || planned.Type.Equal(prior.Type) {
		return diags
	}
	created := ", and Terraform creates it."
	if !canCreate {
		created = ", and create that one in Tidio."
	}
	diags.AddAttributeError(path.Root("type"),
		fmt.Sprintf("The type of property %q cannot change", prior.Name.ValueString()),
		fmt.Sprintf("The type is %q in Tidio, and %q in the configuration. The API can neither change the type of a "+
			"property nor delete the property. Do one of the following:\n\n"+
			"  - Set type = %[1]q.\n"+
			"  - Choose a different name for the property of type %[2]q%[3]s The existing one stays in Tidio.",
			prior.Type.ValueString(), planned.Type.ValueString(), created))
	return diags
}

// plannedTwiceError returns the error for two resources in one configuration that plan the same property.
func plannedTwiceError(name string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), fmt.Sprintf("Property %q is planned twice", name),
		"Another tidio_property in this configuration has the same name, and names are unique in an "+
			"account. Keep one, and refer to it in place of the other.")
}

// createdDiffers warns of differences between a new property and the plan, apart from the name, or returns nil.
func createdDiffers(planned propertyModel, created tidio.Property) diag.Diagnostic {
	var differences []string
	note := func(attribute, want, got string) {
		if want != got {
			differences = append(differences, fmt.Sprintf("  %s: planned %q, in Tidio %q", attribute, want, got))
		}
	}
	note("type", planned.Type.ValueString(), created.Type)
	if !planned.Label.IsUnknown() {
		note("label", planned.Label.ValueString(), created.Label)
	}
	if len(differences) == 0 {
		return nil
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Property %q does not match the plan", planned.Name.ValueString()),
		fmt.Sprintf("It was created (id %q), but differs:\n\n%s\n\nThe state has the planned values. Plan again to see the "+
			"next step.", created.ID, strings.Join(differences, "\n")))
}

// resolveImport returns the property that an import id names, first by name, then by id.
func resolveImport(id string, list tidio.PropertyList, canCreate bool) (tidio.Property, diag.Diagnostic) {
	byName, named := list.ByName(id)
	byID, identified := list.ByID(id)
	switch {
	case id == "":
		return tidio.Property{}, diag.NewErrorDiagnostic("No property to import",
			"The import id is empty. Set it to the name of the property, or to its id in Tidio.")
	case named && identified && byName.ID != byID.ID:
		return tidio.Property{}, diag.NewErrorDiagnostic(fmt.Sprintf("%q names two properties", id),
			fmt.Sprintf("It is the name of the property with the id %q, and the id of the property named %q. "+
				"Import the first by its id, the second by its name.", byName.ID, byID.Name))
	case named:
		return byName, nil
	case identified:
		return byID, nil
	}
	return tidio.Property{}, noSuchProperty("import", fmt.Sprintf("has the name or id %q", id), list, canCreate)
}

// resolveIdentity returns the property that an import by identity names, by id only.
func resolveIdentity(id string, list tidio.PropertyList, canCreate bool) (tidio.Property, diag.Diagnostic) {
	if found, ok := list.ByID(id); ok {
		return found, nil
	}
	if named, ok := list.ByName(id); ok {
		return tidio.Property{}, diag.NewErrorDiagnostic("No such property to import",
			fmt.Sprintf("%q is the name of a property, but an import by identity needs its id: %q. To import by name, set "+
				"id = %s in the import block.", id, named.ID, hclString(id)))
	}
	return tidio.Property{}, noSuchProperty("import", fmt.Sprintf("has the id %q", id), list, canCreate)
}

// noSuchProperty returns the error if no property of the account matches a criterion. canCreate is whether the API
// can create properties.
func noSuchProperty(operation, criterion string, list tidio.PropertyList, canCreate bool) diag.Diagnostic {
	detail := fmt.Sprintf("None of the account's %d properties %s. Names are case-sensitive. Check the "+
		"spelling, and check that the credentials are for the right account.", len(list.Items), criterion)
	if !list.Complete {
		detail += " The list changed while it was read, so one may have been missed: try again."
	}
	if !canCreate {
		detail += "\n\nThe published API (client_id) cannot create properties. If the property is new, create it in " +
			inThePanel + ", and plan again."
	}
	return diag.NewErrorDiagnostic("No such property to "+operation, detail)
}
