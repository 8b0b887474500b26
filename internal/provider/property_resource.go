package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ resource.ResourceWithConfigure   = (*propertyResource)(nil)
	_ resource.ResourceWithIdentity    = (*propertyResource)(nil)
	_ resource.ResourceWithImportState = (*propertyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*propertyResource)(nil)
)

func newPropertyResource() resource.Resource { return &propertyResource{} }

type propertyResource struct {
	managedResource
}

func (r *propertyResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_property"
}

func (r *propertyResource) Schema(
	_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom contact property: a field that every contact of the account can have a value for.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id that Tidio gave the property.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("Name of the property, unique in the account; at most %d "+
					"characters. The API cannot rename a property: another name is a replacement, and the old "+
					"property stays in Tidio.",
					tidio.MaxPropertyName),
				Required:   true,
				Validators: []validator.String{textValidator{max: tidio.MaxPropertyName}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(ifKnown,
					"Another name is a replacement.", "Another name is a replacement.")},
			},
			"label": schema.StringAttribute{
				MarkdownDescription: "Name that people see. If it is left out, Tidio chooses. The API cannot " +
					"change a label: if Tidio has another one, the plan warns and changes nothing.",
				Optional:      true,
				Computed:      true,
				Validators:    []validator.String{textValidator{}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "Type of the values: `text`, `email`, `number`, `phone` or `url`. The API cannot change " +
					"it: another type under the same name is an error at plan.",
				Required:   true,
				Validators: []validator.String{stringvalidator.OneOf(tidio.PropertyTypes...)},
			},
			"adopt_existing": schema.BoolAttribute{
				MarkdownDescription: "Whether to adopt a property of this name and type that exists already, with a " +
					"warning, instead of failing. `false` by default. Concerns creation only.",
				Optional: true,
			},
		},
	}
}

func ifKnown(
	_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse,
) {
	resp.RequiresReplace = !req.PlanValue.IsUnknown()
}

func (r *propertyResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityByID("property")
}

func (r *propertyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var planned propertyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if resp.Diagnostics.HasError() {
		return
	}
	property, ok := r.create(ctx, planned, &resp.Diagnostics)
	if !ok {
		return
	}
	planned.setComputed(property)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), planned.ID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateID, idToPrivate(planned.ID.ValueString()))...)
}

func (r *propertyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// First thing: a removal without an identity fails, and a state written by an older engine has none.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), state.ID)...)
	if resp.Diagnostics.HasError() {
		return
	}
	property, err := r.data.FindProperty(ctx, state.ID.ValueString())
	switch {
	case tidio.IsNotFound(err):
		resp.Diagnostics.Append(goneWarning("Property", state.Name.ValueString(), state.ID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(err, fmt.Sprintf("read property %q", state.Name.ValueString())))
		return
	}
	before := state
	if state.fromAPI(property); state != before { // setting it costs time
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update changes adopt_existing, which concerns Terraform only: the API cannot change a property.
func (r *propertyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var planned propertyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), planned.ID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateID, idToPrivate(planned.ID.ValueString()))...)
}

// Delete only forgets the property, as the plan said: the API cannot delete one.
func (r *propertyResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// ImportState takes the name of a property, else its id.
func (r *propertyResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id, find := types.StringValue(req.ID), resolveImport
	if req.ID == "" && !req.Identity.Raw.IsNull() {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		find = resolveIdentity
	}
	list, err := r.data.ListProperties(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, fmt.Sprintf("import property %q", id.ValueString())))
		return
	}
	property, problem := find(id.ValueString(), list)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), property.ID)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), property.ID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateID, idToPrivate(property.ID))...)
}

// ModifyPlan shows in the plan what the API cannot do. It makes no request unless the property is
// created.
func (r *propertyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var prior, planned *propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	private, diags := req.Private.GetKey(ctx, privateID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	stays := false
	switch {
	case planned == nil:
		stays = true
	case prior == nil:
		// The second half of a replacement has no state, but the private state. Its name was reserved
		// by the first half.
		resp.Diagnostics.Append(r.planCreate(ctx, *planned, idFromPrivate(private))...)
	default:
		label := planned.Label
		diags, stays = planChange(*prior, planned)
		resp.Diagnostics.Append(diags...)
		resp.Diagnostics.Append(r.reserveName(*planned, prior.ID.ValueString())...)
		if planned.Label != label {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("label"), planned.Label)...)
		}
	}
	if stays && !resp.Diagnostics.HasError() {
		r.data.warnOnce(&resp.Diagnostics, staysWarning())
	}
}

// create creates the property, or adopts an existing one. Once it exists, anything else that fails is
// a warning.
func (r *propertyResource) create(
	ctx context.Context, planned propertyModel, diags *diag.Diagnostics,
) (tidio.Property, bool) {
	list, err := r.data.ListProperties(ctx)
	if err != nil {
		diags.Append(apiError(err, fmt.Sprintf("create property %q", planned.Name.ValueString())))
		return tidio.Property{}, false
	}
	if existing, found := list.ByName(planned.Name.ValueString()); found {
		return r.adopt(planned, existing, diags)
	}
	created, err := r.data.CreateProperty(ctx, planned.toCreate(), list.Complete)
	if failed := tidio.AsError(err); failed != nil {
		if failed.Kind == tidio.Exists && (!failed.OutcomeUnknown || planned.AdoptExisting.ValueBool()) {
			return r.adopt(planned, *failed.Existing, diags)
		}
		diags.Append(createPropertyError(failed, planned.Name.ValueString()))
		return tidio.Property{}, false
	}
	if created.Recovered {
		tflog.Warn(ctx, "Found a property in the list whose create had no readable reply", map[string]any{
			"id": created.ID,
		})
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

// planCreate checks a plan that creates a property. replaces is the id of the property that it
// replaces, "" if there is none.
func (r *propertyResource) planCreate(
	ctx context.Context, planned propertyModel, replaces string,
) diag.Diagnostics {
	if planned.Name.IsUnknown() {
		return nil // checked at apply
	}
	if replaces == "" {
		if taken := r.reserveName(planned, ""); taken != nil {
			return taken
		}
	}
	list, err := r.data.ListProperties(ctx)
	if err != nil {
		return diag.Diagnostics{
			apiError(err, fmt.Sprintf("check whether property %q exists", planned.Name.ValueString())),
		}
	}
	existing, found := list.ByName(planned.Name.ValueString())
	if !found {
		return nil
	}
	return checkExisting(planned, existing, replaces)
}

// reserveName reserves a planned name. It is an error if another resource has planned it already.
func (r *propertyResource) reserveName(planned propertyModel, id string) diag.Diagnostics {
	if planned.Name.IsUnknown() || r.data.reserveName(planned.Name.ValueString(), id) {
		return nil
	}
	return diag.Diagnostics{plannedTwiceError(planned.Name.ValueString())}
}
