package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// planCreate checks a plan that creates a contact. replaces is the id of the contact that it replaces, or "".
func (r *contactResource) planCreate(planned contactModel, replaces string) diag.Diagnostics {
	diags := checkFields(planned, r.data.ContactFields())
	if !diags.HasError() {
		diags.Append(checkNewContact(planned, r.data.ContactFields())...)
	}
	if replaces == "" {
		diags.Append(r.reserveDistinctID(planned, "")...)
	}
	return diags
}

// planChange checks a plan for an existing contact.
func (r *contactResource) planChange(ctx context.Context, prior, planned contactModel) diag.Diagnostics {
	diags := checkFields(planned, r.data.ContactFields())
	diags.Append(r.reserveDistinctID(planned, prior.ID.ValueString())...)
	if !prior.DistinctID.IsNull() && planned.DistinctID.IsNull() {
		diags.AddAttributeWarning(path.Root("distinct_id"), "A removed distinct_id stays in Tidio",
			"The API cannot clear a distinct_id. It stays in Tidio, and Terraform no longer manages it.")
	}
	writable := r.data.ContactFields()
	if !clearsLastField(prior, planned, tidio.Contact{}, writable) {
		return diags
	}
	contact, err := r.data.FindContact(ctx, prior.ID.ValueString())
	if err != nil {
		diags.Append(apiError(err, "check which fields the contact keeps"))
	} else if clearsLastField(prior, planned, contact, writable) {
		diags.Append(needsField(writable, "This plan clears the last one."))
	}
	return diags
}

// checkWrites checks what a plan writes. prior is nil for a new contact. It reads the contact only if it finds a flaw,
// because the account may already have that value.
func (r *contactResource) checkWrites(ctx context.Context, prior *contactModel, planned contactModel) diag.Diagnostics {
	var diags diag.Diagnostics
	keys := newValues(prior, planned)
	var definitions tidio.PropertyList
	if len(keys) > 0 {
		var err error
		if definitions, err = r.data.ListProperties(ctx); err != nil {
			diags.Append(apiError(err, "check the contact's values against the account's properties"))
			return diags
		}
		diags.Append(undefinedKeys(planned, keys, definitions, r.data.isPlanned)...)
	}
	flaws := flawsOf(prior, planned, definitions)
	if len(flaws) > 0 && prior != nil {
		contact, err := r.data.FindContact(ctx, prior.ID.ValueString())
		if err != nil && !tidio.IsNotFound(err) {
			diags.Append(apiError(err, "check which values the contact has"))
			return diags
		}
		flaws = slices.DeleteFunc(flaws, func(f flaw) bool { return f.isIn(contact) })
	}
	for _, f := range flaws {
		diags.Append(f.problem)
	}
	return diags
}

// checkNewContact reports what a new contact lacks.
func checkNewContact(planned contactModel, writable []tidio.ContactField) diag.Diagnostics {
	var diags diag.Diagnostics
	if planned.DistinctID.IsNull() && slices.Contains(writable, tidio.ContactDistinctID) {
		diags.AddAttributeError(path.Root("distinct_id"), "Missing distinct_id",
			"The published API (client_id) needs a distinct_id to create a contact: the person's unique id in your own "+
				"system. Set it, or import the contact if it already exists.")
	}
	if !hasField(planned) {
		diags.Append(needsField(writable, ""))
	}
	return diags
}

// clearsLastField reports whether a plan clears a field and leaves none of the fields of which a contact needs at
// least one. Fields that are not managed have the account's values.
func clearsLastField(prior, planned contactModel, remote tidio.Contact, writable []tidio.ContactField) bool {
	cleared := false
	for _, f := range contactFields {
		if f.field == tidio.ContactDistinctID || !slices.Contains(writable, f.field) {
			continue
		}
		managed := !f.in(&prior).IsNull()
		if !managed && *remote.Field(f.field) != "" {
			return false
		}
		cleared = cleared || managed && f.in(&planned).IsNull()
	}
	return cleared && !hasField(planned)
}

// needsField returns the error that lists the fields of which a contact needs at least one.
func needsField(writable []tidio.ContactField, why string) diag.Diagnostic {
	var names []string
	for _, field := range writable {
		if field != tidio.ContactDistinctID {
			names = append(names, string(field))
		}
	}
	last := len(names) - 1
	detail := fmt.Sprintf("Set at least one of %s and %s. %s", strings.Join(names[:last], ", "), names[last], why)
	return diag.NewAttributeErrorDiagnostic(path.Root("email"),
		"A contact needs a name, an e-mail address or a phone number", strings.TrimSpace(detail))
}

// reserveDistinctID reserves a planned distinct id. It returns an error if another contact's plan has reserved it.
func (r *contactResource) reserveDistinctID(planned contactModel, id string) diag.Diagnostics {
	distinctID := planned.DistinctID
	if distinctID.IsNull() || distinctID.IsUnknown() ||
		r.data.reserve(unique{contactDistinctID, distinctID.ValueString()}, id) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("distinct_id"), "A distinct_id is planned twice",
		"Another tidio_contact in this configuration has the same distinct_id, which identifies one person. Give each "+
			"contact its own, or keep one of the two.")}
}

// What happens to a contact whose resource is destroyed; null means DELETE.
const (
	policyDelete  = "DELETE"
	policyAbandon = "ABANDON" // Terraform forgets it
)

const deleteFirst = "To delete the contact in Tidio too, set deletion_policy = \"DELETE\" and apply that change " +
	"before you destroy it: the policy in the state decides."

// keptWarning returns the warning that a contact with this policy in its state stays in Tidio when its
// resource is destroyed, or nil if it is deleted. An unknown policy keeps the contact, because earlier
// versions had a policy PREVENT.
func keptWarning(policy types.String) diag.Diagnostic {
	switch policy.ValueString() {
	case "", policyDelete:
		return nil
	case policyAbandon:
		return diag.NewWarningDiagnostic("Contacts with deletion_policy ABANDON stay in Tidio",
			"When a tidio_contact with deletion_policy = \"ABANDON\" is destroyed or replaced, Terraform only "+
				"forgets it: the contact stays in Tidio with its values. "+deleteFirst)
	}
	return diag.NewWarningDiagnostic("Contacts with an unknown deletion_policy stay in Tidio",
		"The state has a deletion_policy that this version of the provider does not know, such as "+
			"PREVENT from earlier versions. The policy may be there to protect the contact, so Terraform only forgets it: "+
			"the contact stays in Tidio with its values. "+deleteFirst)
}
