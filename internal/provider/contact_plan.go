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

// importByEmail begins an import id that is an e-mail address and not an id.
const importByEmail = "email:"

const importForms = "The import id of a contact is the id that Tidio gave it, or its e-mail address after \"" +
	importByEmail + "\":\n\n  id = \"<id>\"\n  id = \"" + importByEmail + "jane@example.com\""

// findImported returns the contact that an import id names.
func findImported(ctx context.Context, data *providerData, id string) (tidio.Contact, diag.Diagnostics) {
	email, byEmail := strings.CutPrefix(id, importByEmail)
	email = strings.TrimSpace(email)
	switch {
	case byEmail && email != "":
		return contactByEmail(ctx, data, email, "import a contact by its e-mail address")
	case byEmail || strings.TrimSpace(id) == "":
		return tidio.Contact{}, diag.Diagnostics{
			diag.NewErrorDiagnostic("No contact to import", "The import id is empty. "+importForms),
		}
	case strings.Contains(id, "@"): // not sent: it would end up in logs
		return tidio.Contact{}, diag.Diagnostics{
			diag.NewErrorDiagnostic("An e-mail address is not the id of a contact", importForms),
		}
	}
	contact, err := data.FindContact(ctx, id)
	switch {
	case tidio.IsNotFound(err):
		return contact, diag.Diagnostics{
			diag.NewErrorDiagnostic(fmt.Sprintf("There is no contact with the id %q", id),
				describe(tidio.AsError(err), "import it")+"\n\n"+importForms+
					"\n\nCheck also that the credentials are this account's."),
		}
	case err != nil:
		return contact, diag.Diagnostics{apiError(err, "import contact "+id)}
	}
	return contact, nil
}

// contactByEmail returns the one contact that has an address. operation completes "Could not …".
func contactByEmail(
	ctx context.Context, data *providerData, email, operation string,
) (tidio.Contact, diag.Diagnostics) {
	found, complete, err := data.ContactsByEmail(ctx, email)
	switch {
	case err != nil:
		return tidio.Contact{}, diag.Diagnostics{apiError(err, operation)}
	case len(found) != 1:
		return tidio.Contact{}, diag.Diagnostics{notOneContact(found, complete)}
	case !complete: // another one may have the address as well
		return found[0], diag.Diagnostics{listChanged("account's contacts", "contact")}
	}
	return found[0], nil
}
