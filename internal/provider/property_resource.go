package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
				MarkdownDescription: "Id of the property in Tidio. With the published API, this is its name.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("Name of the property, unique in the account, at most %d "+
					"characters. The API cannot rename a property: a different name is a replacement, and the old "+
					"property stays in Tidio.",
					tidio.MaxPropertyName),
				Required:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"label": schema.StringAttribute{
				MarkdownDescription: "Name that people see. If you do not set it, Tidio chooses one. The API " +
					"cannot change a label: if Tidio has a different one, the plan warns and changes nothing.",
				Optional:      true,
				Computed:      true,
				Validators:    []validator.String{notEmptyValidator{}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "Type of the values: `text`, `email`, `number`, `phone` or `url`. The API cannot change " +
					"it: a different type with the same name fails the plan. An existing property may have a type that is not " +
					"in this list.",
				Required:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"adopt_existing": schema.BoolAttribute{
				MarkdownDescription: "Whether to adopt an existing property with this name and type, with a warning, " +
					"instead of failing. `false` by default. Affects only creation with v1. The published API does not need it " +
					"for existing properties.",
				Optional: true,
			},
		},
	}
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
	r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
	setCreated(ctx, resp.Private, &resp.Diagnostics)
	names := propertyNames{Configured: planned.Name.ValueString(), Actual: property.Name}
	setPrivate(ctx, resp.Private, privateNames, names, &resp.Diagnostics)
}

func (r *propertyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Set the identity first: a removal without one fails, and a state from an older engine has none.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), state.ID)...)
	if resp.Diagnostics.HasError() {
		return
	}
	created := createdIn(ctx, req.Private, &resp.Diagnostics)
	property, err := r.data.FindRecentProperty(ctx, state.ID.ValueString(), created)
	switch {
	case tidio.IsNotFound(err):
		format := formatIn(ctx, req.Private, &resp.Diagnostics)
		switch {
		case format != r.data.Format():
			resp.Diagnostics.Append(otherFormat("Property", state.Name.ValueString(), format))
		case !r.data.CanCreateProperties():
			resp.Diagnostics.Append(missingWarning(state.Name.ValueString()))
			setPrivate(ctx, resp.Private, privateMissing, true, &resp.Diagnostics)
		default:
			resp.Diagnostics.Append(goneWarning("Property", state.Name.ValueString(), state.ID.ValueString()))
			resp.State.RemoveResource(ctx)
		}
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(err, fmt.Sprintf("read property %q", state.Name.ValueString())))
		return
	}
	r.readNames(ctx, req.Private, resp.Private, state, property, &resp.Diagnostics)
	before := state
	if state.fromAPI(property); state != before { // setting it costs time
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
	r.data.noteFound(ctx, req.Private, resp.Private, &resp.Diagnostics)
	if getPrivate[bool](ctx, req.Private, privateMissing, &resp.Diagnostics) {
		setPrivate(ctx, resp.Private, privateMissing, false, &resp.Diagnostics)
	}
}

// readNames records the name in the account and the configured name. If the state is from an earlier version that did
// not record names, the configured name is the name in the state.
func (r *propertyResource) readNames(
	ctx context.Context, before privateReader, private privateWriter, state propertyModel, property tidio.Property,
	diags *diag.Diagnostics,
) {
	names := getPrivate[propertyNames](ctx, before, privateNames, diags)
	noted := names
	if names.Configured == "" {
		names.Configured = state.Name.ValueString() // "" if it was just imported
	}
	if names.Actual = property.Name; names != noted {
		setPrivate(ctx, private, privateNames, names, diags)
	}
	r.data.noteNames(names)
}

// Update changes adopt_existing, which only concerns Terraform: the API cannot change a property. If the planned id is
// unknown, the property was missing from the account during the plan. If it is still missing, the apply fails.
func (r *propertyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var planned, config propertyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if planned.ID.IsUnknown() {
		property, ok := r.create(ctx, planned, &resp.Diagnostics)
		if !ok {
			return
		}
		planned.setComputed(property)
		setPrivate(ctx, resp.Private, privateMissing, false, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), planned.ID)...)
	r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
	names := propertyNames{Configured: config.Name.ValueString(), Actual: planned.Name.ValueString()}
	setPrivate(ctx, resp.Private, privateNames, names, &resp.Diagnostics)
}

// Delete only forgets the property, as the plan warned: the API cannot delete one.
func (r *propertyResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// ImportState accepts the name of a property, or its id.
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
	property, problem := find(id.ValueString(), list, r.data.CanCreateProperties())
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), property.ID)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), property.ID)...)
	r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
	r.data.noteImported(objectID{propertyNoun, property.ID})
}

// ModifyPlan shows in the plan what the API cannot do. It makes a request only if the property is created.
func (r *propertyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var prior, planned *propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var before propertyModel
	if planned != nil {
		before = *planned
	}
	stays := false
	switch {
	case planned == nil:
		stays = true
	case prior == nil:
		replaces := r.data.replaces(ctx, req.Private, propertyNoun, &resp.Diagnostics)
		resp.Diagnostics.Append(r.planCreate(ctx, planned, replaces)...)
	default:
		object := objectID{propertyNoun, prior.ID.ValueString()}
		if r.data.planExisting(ctx, resp.Private, object, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
		names := getPrivate[propertyNames](ctx, req.Private, privateNames, &resp.Diagnostics)
		r.data.noteNames(names)
		diags, renames := planChange(*prior, planned, names, r.data.wasImported(object), r.data.CanCreateProperties())
		resp.Diagnostics.Append(diags...)
		if stays = renames; renames {
			resp.RequiresReplace.Append(path.Root("name"))
		}
		resp.Diagnostics.Append(r.reserveName(*planned, prior.ID.ValueString())...)
		if getPrivate[bool](ctx, req.Private, privateMissing, &resp.Diagnostics) {
			// Shows a change, which fails at apply while the property is missing. All that the API computes belongs here.
			planned.ID = types.StringUnknown()
		}
	}
	if planned != nil && *planned != before {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, planned)...)
	}
	if stays {
		r.data.warnOnce(&resp.Diagnostics, staysWarning())
	}
}
