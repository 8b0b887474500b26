package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	_ resource.ResourceWithConfigure   = (*contactResource)(nil)
	_ resource.ResourceWithIdentity    = (*contactResource)(nil)
	_ resource.ResourceWithImportState = (*contactResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*contactResource)(nil)
)

func newContactResource() resource.Resource { return &contactResource{} }

type contactResource struct {
	managedResource
}

func (r *contactResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_contact"
}

func (r *contactResource) Schema(
	_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A contact and the values that the configuration names. Operators, flows and the contact " +
			"write other values: the resource neither shows nor changes those.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the contact in Tidio.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"distinct_id": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("Id of the same person in your own system, at most %d characters. Published API "+
					"only, which requires it to create a contact. You can change it but not clear it: if you remove it from the "+
					"configuration, it stays in Tidio.", tidio.MaxDistinctID),
				Optional:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name. v1 only; the published API has `first_name` and `last_name`. A contact needs a name, " +
					"an e-mail address or a phone number. A field that you never set is not managed; a field that you remove is " +
					"cleared.",
				Optional:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"first_name": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("First name, at most %d characters. Published API only.", tidio.MaxContactName),
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"last_name": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("Last name, at most %d characters. Published API only.", tidio.MaxContactName),
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address. Upper and lower case count as the same.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"phone": schema.StringAttribute{
				MarkdownDescription: "Phone number. Two numbers count as the same if they have the same digits, and either both " +
					"or neither have a leading plus sign.",
				Optional:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"properties": schema.MapAttribute{
				MarkdownDescription: fmt.Sprintf("Values by property name, as strings of at most %d "+
					"characters. Write a number as `\"42\"`. Only the keys in the configuration are managed. A key that you "+
					"remove, or set to `null`, is cleared. For a property in the same configuration, write the key as "+
					"`(tidio_property.x.name)`.", tidio.MaxPropertyValue),
				ElementType: types.StringType,
				Optional:    true,
				Validators: []validator.Map{
					mapvalidator.KeysAre(notEmptyValidator{}),
					mapvalidator.ValueStringsAre(notEmptyValidator{}),
				},
			},
			"deletion_policy": schema.StringAttribute{
				MarkdownDescription: "What a destroy does: `DELETE` (the default) deletes the contact in Tidio, `ABANDON` " +
					"only makes Terraform forget it. The policy in the state decides: apply a changed policy before you rely on it.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(policyDelete, policyAbandon)},
			},
		},
	}
}

func (r *contactResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityByID("contact")
}

func (r *contactResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var planned contactModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if resp.Diagnostics.HasError() {
		return
	}
	sent := planned.toCreate()
	written, err := r.data.CreateContact(ctx, sent)
	if err != nil {
		resp.Diagnostics.Append(createContactError(err, !planned.DistinctID.IsNull()))
		return
	}
	if written.Recovered {
		resp.Diagnostics.Append(recoveredWarning(written.ID))
	}
	planned.ID = types.StringValue(written.ID)
	resp.Diagnostics.Append(reconcileContact(contactModel{}, &planned, sent, written)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), planned.ID)...)
	r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
	setCreated(ctx, resp.Private, &resp.Diagnostics)
}

func (r *contactResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state contactModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Set the identity first: a removal without one fails, and a state from an older engine has none.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), state.ID)...)
	if resp.Diagnostics.HasError() {
		return
	}
	created := createdIn(ctx, req.Private, &resp.Diagnostics)
	contact, err := r.data.FindRecentContact(ctx, state.ID.ValueString(), created)
	switch {
	case tidio.IsNotFound(err):
		if format := formatIn(ctx, req.Private, &resp.Diagnostics); format != r.data.Format() {
			resp.Diagnostics.Append(otherFormat("Contact", state.ID.ValueString(), format))
			return
		}
		resp.Diagnostics.Append(goneWarning("Contact", state.ID.ValueString(), state.ID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(err, "read contact "+state.ID.ValueString()))
		return
	}
	definitions := r.definitions(ctx, state.needsTypes(contact), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	state.fromAPI(contact, definitions)
	state.keepOnly(r.data.ContactFields())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	r.data.noteFound(ctx, req.Private, resp.Private, &resp.Diagnostics)
}

// Update sends only differences. If the plan has new fields or keys, it compares them with the account first.
func (r *contactResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, planned contactModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), prior.ID)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := prior.ID.ValueString()
	prior.keepOnly(r.data.ContactFields())
	var remote *tidio.Contact
	if planned.claimsNewKeys(prior) {
		contact, err := r.data.FindContact(ctx, id)
		if err != nil {
			resp.Diagnostics.Append(apiError(err, "update contact "+id))
			return
		}
		remote = &contact
	}
	definitions := r.definitions(ctx, planned.patchNeedsTypes(prior, remote), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if sent := planned.toPatch(prior, remote, definitions); !sent.Empty() {
		written, err := r.data.UpdateContact(ctx, id, sent)
		if err != nil {
			resp.Diagnostics.Append(apiError(err, "update contact "+id))
			return
		}
		resp.Diagnostics.Append(reconcileContact(prior, &planned, sent, written)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
}

func (r *contactResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state contactModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The plan of a destroy has already shown this warning, but the plan of a replacement cannot.
	if kept := keptWarning(state.DeletionPolicy); kept != nil {
		resp.Diagnostics.Append(kept)
		return
	}
	id := state.ID.ValueString()
	format := formatIn(ctx, req.Private, &resp.Diagnostics)
	created := createdIn(ctx, req.Private, &resp.Diagnostics)
	gone, found, err := r.data.DeleteContact(ctx, id, created)
	switch {
	case err != nil:
		if found { // the contact may be gone when it is read next
			r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
		}
		resp.Diagnostics.Append(apiError(err, "delete contact "+id))
	case gone && !found && format != r.data.Format(): // a tainted contact has no private state here
		resp.Diagnostics.Append(otherFormat("Contact", id, format))
	case gone:
		resp.Diagnostics.Append(notThereToDelete(id))
	}
}

// ImportState accepts an id, or an e-mail address or a distinct id of only one contact. It fills the fields. From the
// first apply on, the keys of properties in the configuration are managed.
func (r *contactResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id := types.StringValue(req.ID)
	if req.ID == "" && !req.Identity.Raw.IsNull() {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
	}
	contact, diags := findImported(ctx, r.data, id.ValueString())
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	var state contactModel
	state.fromImport(contact, r.data.ContactFields())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), state.ID)...)
	r.data.noteFormat(ctx, resp.Private, &resp.Diagnostics)
}

// ModifyPlan checks what the plan writes, and that no other resource manages the same contact. It warns of
// contacts that a destroy leaves in Tidio. A plan without new values makes no request.
func (r *contactResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var prior, planned *contactModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case planned == nil:
		if kept := keptWarning(prior.DeletionPolicy); kept != nil {
			r.data.warnOnce(&resp.Diagnostics, kept)
		} else {
			r.data.planDelete(objectID{contactNoun, prior.ID.ValueString()}, &resp.Diagnostics)
		}
		return
	case prior == nil:
		replaces := r.data.replaces(ctx, req.Private, contactNoun, &resp.Diagnostics)
		resp.Diagnostics.Append(r.planCreate(*planned, replaces)...)
	default:
		object := objectID{contactNoun, prior.ID.ValueString()}
		if r.data.planExisting(ctx, resp.Private, object, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
		resp.Diagnostics.Append(r.planChange(ctx, *prior, *planned)...)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.checkWrites(ctx, prior, *planned)...)
	}
}

// definitions returns the account's properties, if they are needed.
func (r *contactResource) definitions(ctx context.Context, needed bool, diags *diag.Diagnostics) tidio.PropertyList {
	if !needed {
		return tidio.PropertyList{}
	}
	list, err := r.data.ListProperties(ctx)
	if err != nil {
		diags.Append(apiError(err, "read the types of the account's properties"))
	}
	return list
}
