package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ resource.ResourceWithConfigure   = (*propertyResource)(nil)
	_ resource.ResourceWithIdentity    = (*propertyResource)(nil)
	_ resource.ResourceWithImportState = (*propertyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*propertyResource)(nil)
)

// privateManaged is in the private state of every property that Terraform manages. See ModifyPlan.
const privateManaged = "managed"

func newPropertyResource() resource.Resource { return &propertyResource{} }

type propertyResource struct {
	account *account
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
				Validators: []validator.String{text{max: tidio.MaxPropertyName}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(ifKnown,
					"Another name is a replacement.", "Another name is a replacement.")},
			},
			"label": schema.StringAttribute{
				MarkdownDescription: "Name that people see. If it is left out, Tidio chooses. The API cannot " +
					"change a label: if it is another in Tidio than configured, the plan warns and changes nothing.",
				Optional:      true,
				Computed:      true,
				Validators:    []validator.String{text{}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "Type of the values: `text`, `email`, `number`, `phone` or `url`. The API cannot change " +
					"it: another type under the same name is an error at plan.",
				Required:   true,
				Validators: []validator.String{stringvalidator.OneOf(tidio.PropertyTypes...)},
			},
			"adopt_existing": schema.BoolAttribute{
				MarkdownDescription: "Whether a property of this name and type that exists already is taken " +
					"over, with a warning, instead of being an error. `false` by default. Concerns creation only.",
				Optional: true,
			},
			"deletion_policy": schema.StringAttribute{
				MarkdownDescription: "What a destroy does, since the API cannot delete a property: `ABANDON` (the default) " +
					"makes Terraform forget it while it stays in Tidio, `PREVENT` makes every plan fail that " +
					"would destroy or " +
					"rename it. The policy in the state counts: apply a changed policy before you rely on it.",
				Optional:   true,
				Validators: []validator.String{deletionPolicy{}},
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
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				Description:       "Id that Tidio gave the property.",
				RequiredForImport: true,
			},
		},
	}
}

func (r *propertyResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.account = accountOf(req.ProviderData, &resp.Diagnostics)
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
	planned.settle(property)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), planned.ID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateManaged, []byte("true"))...)
}

// create makes the property, or takes over the one there is. Once it exists, what else goes wrong
// is a warning.
func (r *propertyResource) create(
	ctx context.Context, planned propertyModel, diags *diag.Diagnostics,
) (tidio.Property, bool) {
	list, err := r.account.ListProperties(ctx)
	if err != nil {
		diags.Append(apiError(err, fmt.Sprintf("create property %q", planned.Name.ValueString())))
		return tidio.Property{}, false
	}
	if existing, found := list.ByName(planned.Name.ValueString()); found {
		return r.takeOver(planned, existing, diags)
	}
	created, err := r.account.CreateProperty(ctx, planned.toCreate(), list.Complete)
	if failed := tidio.AsError(err); failed != nil {
		if failed.Kind == tidio.Exists && planned.AdoptExisting.ValueBool() {
			return r.takeOver(planned, *failed.Existing, diags)
		}
		diags.Append(createPropertyError(err, planned))
		return tidio.Property{}, false
	}
	if created.Unconfirmed != nil {
		diags.Append(unconfirmedWarning(created))
	} else if differs := createdDiffers(planned, created.Property); differs != nil {
		diags.Append(differs)
	}
	return created.Property, true
}

func (r *propertyResource) takeOver(
	planned propertyModel, existing tidio.Property, diags *diag.Diagnostics,
) (tidio.Property, bool) {
	verdict := existsVerdict(planned, existing)
	diags.Append(verdict...)
	return existing, !verdict.HasError()
}

func (r *propertyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// First thing: a removal without identity fails, and state written by an older engine has none.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), state.ID)...)
	if resp.Diagnostics.HasError() {
		return
	}
	property, err := r.account.FindProperty(ctx, state.ID.ValueString())
	switch {
	case tidio.IsNotFound(err):
		resp.Diagnostics.Append(goneWarning("Property", state.Name.ValueString(), state.ID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(planError(err, fmt.Sprintf("read property %q", state.Name.ValueString())))
		return
	}
	state.fromAPI(property)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update changes what is Terraform's own, adopt_existing and deletion_policy: the API cannot change
// a property.
func (r *propertyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var planned propertyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), planned.ID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateManaged, []byte("true"))...)
}

// Delete makes no request: the property stays in Tidio, as the plan said.
func (r *propertyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The plan refused it already, unless the property is replaced by -replace or because it is
	// tainted.
	resp.Diagnostics.Append(destroyVerdict(state)...)
}

// ImportState takes the name of a property, else its id.
func (r *propertyResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateManaged, []byte("true"))...)
	if req.ID == "" {
		resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
		return
	}
	list, err := r.account.ListProperties(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, fmt.Sprintf("import property %q", req.ID)))
		return
	}
	property, problem := importVerdict(req.ID, list)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), property.ID)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), property.ID)...)
}

// ModifyPlan makes the plan tell the truth about what the API cannot do. It makes no request for a
// property that is destroyed or stays.
func (r *propertyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var prior, planned *propertyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	managed, diags := req.Private.GetKey(ctx, privateManaged)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	stays := false
	switch {
	case planned == nil:
		resp.Diagnostics.Append(destroyVerdict(*prior)...)
		stays = true
	case prior == nil:
		// The second half of a replacement comes without state but with private state; its first
		// half noted the name.
		r.planCreate(ctx, *planned, managed == nil, &resp.Diagnostics)
	default:
		diags, stays = changeVerdict(*prior, planned)
		resp.Diagnostics.Append(diags...)
		r.planName(*planned, prior.ID.ValueString(), &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("label"), planned.Label)...)
	}
	if stays && !resp.Diagnostics.HasError() {
		r.account.warnOnce(&resp.Diagnostics, staysSummary, staysDetail)
	}
}

func (r *propertyResource) planCreate(
	ctx context.Context, planned propertyModel, isNew bool, diags *diag.Diagnostics,
) {
	if planned.Name.IsUnknown() {
		return // checked at apply
	}
	if isNew && !r.planName(planned, "", diags) {
		return
	}
	list, err := r.account.ListProperties(ctx)
	if err != nil {
		diags.Append(planError(err, fmt.Sprintf("check whether property %q exists", planned.Name.ValueString())))
		return
	}
	if existing, found := list.ByName(planned.Name.ValueString()); found {
		diags.Append(existsVerdict(planned, existing)...)
	}
}

// planName notes a planned name and reports whether it is the only one of its kind.
func (r *propertyResource) planName(planned propertyModel, id string, diags *diag.Diagnostics) bool {
	if planned.Name.IsUnknown() || r.account.planName(planned.Name.ValueString(), id) {
		return true
	}
	diags.Append(plannedTwiceError(planned.Name.ValueString()))
	return false
}
