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

// planCreate checks a plan that creates a contact. replaces is the id of the contact that it replaces, "" if
// there is none.
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

// planChange checks a plan for a contact that exists.
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
		diags.Append(needsField(writable, "This plan clears the last of them."))
	}
	return diags
}

// checkFields reports the fields that the API does not have.
func checkFields(planned contactModel, writable []tidio.ContactField) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, f := range contactFields {
		if !f.in(&planned).IsNull() && !slices.Contains(writable, f.field) {
			diags.Append(unsupported(lacksField(f.field), path.Root(string(f.field))))
		}
	}
	return diags
}

// checkNewContact reports what is missing that a contact is created from.
func checkNewContact(planned contactModel, writable []tidio.ContactField) diag.Diagnostics {
	var diags diag.Diagnostics
	if planned.DistinctID.IsNull() && slices.Contains(writable, tidio.ContactDistinctID) {
		diags.AddAttributeError(path.Root("distinct_id"), "Missing distinct_id",
			"The published API (client_id) creates no contact without a distinct_id: the id of the same person in your "+
				"own system, which nobody else has. Set it, or import the contact if it exists already.")
	}
	if !hasField(planned) {
		diags.Append(needsField(writable, ""))
	}
	return diags
}

// hasField reports whether a contact has, or may have, one of the fields of which it needs one.
func hasField(m contactModel) bool {
	return slices.ContainsFunc(contactFields, func(f contactField) bool {
		return f.field != tidio.ContactDistinctID && !f.in(&m).IsNull()
	})
}

// clearsLastField reports whether a plan clears a field and leaves none of those of which a contact needs one.
// What is not managed is as the account has it.
func clearsLastField(prior, planned contactModel, remote tidio.Contact, writable []tidio.ContactField) bool {
	cleared := false
	for _, f := range contactFields {
		if f.field == tidio.ContactDistinctID || !slices.Contains(writable, f.field) {
			continue
		}
		managed := !f.in(&prior).IsNull()
		if !managed && *f.of(&remote) != "" {
			return false
		}
		cleared = cleared || managed && f.in(&planned).IsNull()
	}
	return cleared && !hasField(planned)
}

// needsField says which fields a contact needs one of.
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

// reserveDistinctID reserves a planned distinct id. It is an error if another contact has planned it already.
func (r *contactResource) reserveDistinctID(planned contactModel, id string) diag.Diagnostics {
	distinctID := planned.DistinctID
	if distinctID.IsNull() || distinctID.IsUnknown() ||
		r.data.reserve(unique{contactDistinctID, distinctID.ValueString()}, id) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("distinct_id"), "A distinct_id is planned twice",
		"Another tidio_contact of this configuration has the same distinct_id. It names one person: give each contact its "+
			"own, or keep one of the two.")}
}

// newValues are the keys of the planned properties, sorted, whose value is known and differs from the
// state: the values to check against the account's definitions.
func newValues(prior *contactModel, planned contactModel) []string {
	var before map[string]types.String
	if prior != nil {
		before = prior.values()
	}
	var keys []string
	for key, value := range planned.values() {
		known, managed := before[key]
		if !value.IsUnknown() && (!managed || !value.Equal(known)) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// checkValues checks the values of keys against the account's definitions. isPlanned reports whether
// this plan has a property of that name.
func checkValues(
	planned contactModel, keys []string, definitions tidio.PropertyList, isPlanned func(name string) bool,
) diag.Diagnostics {
	var diags diag.Diagnostics
	values := planned.values()
	for _, key := range keys {
		at := path.Root("properties").AtMapKey(key)
		definition, defined := definitions.ByName(key)
		switch {
		case values[key].IsNull(): // nothing is sent but, at most, a clearing
		case defined:
			if want := typeMismatch(definition.Type, values[key].ValueString()); want != "" {
				diags.AddAttributeError(at, fmt.Sprintf("The value of property %q does not fit its type", key),
					fmt.Sprintf("The property is of type %q in Tidio, so its value must be %s. The value is not "+
						"shown: it may be personal data.", definition.Type, want))
			}
		case !defined && !isPlanned(key):
			diags.AddAttributeWarning(at, fmt.Sprintf("Property %q is not in the account", key),
				fmt.Sprintf("If this configuration creates it, refer to it in the key, so that it is created "+
					"first:\n\n  properties = {\n    (tidio_property.<its resource>.name) = ...\n  }\n\n"+
					"Otherwise check the spelling of %q: Tidio would refuse the contact at apply.", key))
		}
	}
	return diags
}

// What happens to a contact whose resource is destroyed; null means DELETE.
const (
	policyDelete  = "DELETE"
	policyAbandon = "ABANDON" // Terraform forgets it
)

const deleteFirst = "To delete it in Tidio as well, set deletion_policy = \"DELETE\" and apply that before " +
	"you destroy it: the policy in the state counts."

// keptWarning says why a contact with this policy in its state stays in Tidio when its resource is
// destroyed, or returns nil if it does not. Whatever is not known to delete keeps the contact:
// earlier versions had a policy PREVENT.
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
		"The state has a deletion_policy that this version of the provider does not know, such as the "+
			"PREVENT of earlier versions. It may have been meant to protect the contact, so Terraform only "+
			"forgets it: the contact stays in Tidio with its values. "+deleteFirst)
}
