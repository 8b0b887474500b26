package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// create creates the property, or adopts an existing one. Once the property exists, any other problem is only
// a warning.
func (r *propertyResource) create(
	ctx context.Context, planned propertyModel, diags *diag.Diagnostics,
) (tidio.Property, bool) {
	list, err := r.data.ListProperties(ctx)
	if err != nil {
		diags.Append(apiError(err, fmt.Sprintf("create property %q", planned.Name.ValueString())))
		return tidio.Property{}, false
	}
	if !r.data.CanCreateProperties() {
		existing, problems := checkContract(planned, list)
		diags.Append(problems...)
		return existing, !problems.HasError()
	}
	if existing, found := list.ByName(planned.Name.ValueString()); found {
		return r.adopt(planned, existing, diags)
	}
	created, err := r.data.CreateProperty(ctx, planned.toCreate(), list)
	if failed := tidio.AsError(err); failed != nil {
		if failed.Kind == tidio.Exists && (!failed.OutcomeUnknown || planned.AdoptExisting.ValueBool()) {
			return r.adopt(planned, *failed.Existing, diags)
		}
		diags.Append(createPropertyError(failed, planned.Name.ValueString()))
		return tidio.Property{}, false
	}
	if created.Recovered {
		tflog.Warn(ctx, "Found a new property in the list after the reply to its creation was lost", map[string]any{
			"id": created.ID,
		})
	}
	if configured := planned.Name.ValueString(); !tidio.SameText(configured, created.Name) {
		diags.Append(createdAsAnother(configured, created.Name, created.ID))
	}
	if differs := createdDiffers(planned, created.Property); differs != nil {
		diags.Append(differs)
	}
	return created.Property, true
}

func (r *propertyResource) adopt(
	planned propertyModel, existing tidio.Property, diags *diag.Diagnostics,
) (tidio.Property, bool) {
	found := checkExisting(planned, existing, "")
	diags.Append(found...)
	return existing, !found.HasError()
}

// planCreate checks a plan that creates a property. replaces is the id of the property that it replaces, or "".
func (r *propertyResource) planCreate(
	ctx context.Context, planned *propertyModel, replaces string,
) diag.Diagnostics {
	if planned.Name.IsUnknown() {
		return nil // checked at apply
	}
	if replaces == "" {
		if taken := r.reserveName(*planned, ""); taken != nil {
			return taken
		}
	}
	list, err := r.data.ListProperties(ctx)
	if err != nil {
		return diag.Diagnostics{
			apiError(err, fmt.Sprintf("check whether property %q exists", planned.Name.ValueString())),
		}
	}
	if !r.data.CanCreateProperties() {
		existing, diags := checkContract(*planned, list)
		if !diags.HasError() {
			planned.setComputed(existing) // the property exists, so its values are known before the apply
			r.data.warnOnce(&diags, recordedWarning())
		}
		return diags
	}
	name := planned.Name.ValueString()
	existing, found := list.ByName(name)
	if !found {
		existing, found = list.BySimilarName(name)
	}
	if found {
		return checkExisting(*planned, existing, replaces)
	}
	if actual := r.data.renamedTo(name); actual != "" {
		if _, isThere := list.ByName(actual); isThere {
			return diag.Diagnostics{replacedUnderOldName(name, actual)}
		}
	}
	return checkNew(*planned)
}

// checkNew returns errors for a property that should not be created as planned. Existing properties are accepted.
func checkNew(planned propertyModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if problem := checkText(path.Root("name"), planned.Name.ValueString(), tidio.MaxPropertyName); problem != nil {
		diags.Append(problem)
	}
	if problem := checkText(path.Root("label"), planned.Label.ValueString(), 0); problem != nil {
		diags.Append(problem)
	}
	if !planned.Type.IsUnknown() && !isCreatable(planned.Type.ValueString()) {
		diags.AddAttributeError(path.Root("type"), "Invalid type",
			fmt.Sprintf("The type of a new property must be one of %s. Got: %q.", quoted(tidio.PropertyTypes),
				planned.Type.ValueString()))
	}
	return diags
}

// reserveName reserves a planned name. It returns an error if the plan for another resource has reserved it.
func (r *propertyResource) reserveName(planned propertyModel, id string) diag.Diagnostics {
	if planned.Name.IsUnknown() || r.data.reserve(unique{propertyName, planned.Name.ValueString()}, id) {
		return nil
	}
	return diag.Diagnostics{plannedTwiceError(planned.Name.ValueString())}
}
