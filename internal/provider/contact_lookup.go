package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// Prefixes of import ids that are not the contact's id in Tidio.
const (
	importByEmail      = "email:"
	importByDistinctID = "distinct_id:"
)

// importForms describes the forms of an import id.
func importForms(data *providerData) string {
	const byID = "The import id of a contact is its id in Tidio, or its e-mail address"
	examples := "\n\n  id = \"<id>\"\n  id = \"" + importByEmail + "jane@example.com\""
	if slices.Contains(data.ContactFields(), tidio.ContactDistinctID) {
		return byID + " or distinct_id with a prefix:" + examples +
			"\n  id = \"" + importByDistinctID + "<distinct_id>\""
	}
	return byID + " with a prefix:" + examples
}

// findImported returns the contact that an import id names.
func findImported(ctx context.Context, data *providerData, id string) (tidio.Contact, diag.Diagnostics) {
	email, byEmail := strings.CutPrefix(id, importByEmail)
	email = strings.TrimSpace(email)
	distinctID, byDistinctID := strings.CutPrefix(id, importByDistinctID)
	switch {
	case byDistinctID && distinctID != "":
		return contactByDistinctID(ctx, data, distinctID, path.Empty())
	case byEmail && email != "":
		return contactByEmail(ctx, data, email, "import a contact by its e-mail address")
	case byEmail || byDistinctID || strings.TrimSpace(id) == "":
		return tidio.Contact{}, diag.Diagnostics{
			diag.NewErrorDiagnostic("No contact to import", "The import id is empty. "+importForms(data)),
		}
	case strings.Contains(id, "@"): // not sent, because it would be in logs
		return tidio.Contact{}, diag.Diagnostics{
			diag.NewErrorDiagnostic("An e-mail address is not the id of a contact", importForms(data)),
		}
	}
	contact, err := data.FindContact(ctx, id)
	switch {
	case tidio.IsNotFound(err):
		return contact, diag.Diagnostics{
			diag.NewErrorDiagnostic(fmt.Sprintf("There is no contact with the id %q", id),
				describe(tidio.AsError(err), "import it")+"\n\n"+importForms(data)+
					"\n\nAlso check that the credentials are for the right account."),
		}
	case err != nil:
		return contact, diag.Diagnostics{apiError(err, "import contact "+id)}
	}
	return contact, nil
}

// contactByEmail returns the only contact with an address. operation completes "Could not …".
func contactByEmail(
	ctx context.Context, data *providerData, email, operation string,
) (tidio.Contact, diag.Diagnostics) {
	found, complete, err := data.ContactsByEmail(ctx, email)
	if err != nil {
		return tidio.Contact{}, diag.Diagnostics{apiError(err, operation)}
	}
	return theOne(found, complete, "e-mail address")
}

// contactByDistinctID returns the only contact with a distinct id. at is the attribute that holds the id, if any.
func contactByDistinctID(
	ctx context.Context, data *providerData, distinctID string, at path.Path,
) (tidio.Contact, diag.Diagnostics) {
	if !slices.Contains(data.ContactFields(), tidio.ContactDistinctID) {
		return tidio.Contact{}, diag.Diagnostics{unsupported(lacksDistinctID, at)}
	}
	found, complete, err := data.ContactsByDistinctID(ctx, distinctID)
	if err != nil {
		return tidio.Contact{}, diag.Diagnostics{apiError(err, "look for a contact by its distinct_id")}
	}
	return theOne(found, complete, "distinct_id")
}

// theOne returns the only contact that was found by a value that should be unique.
func theOne(found []tidio.Contact, complete bool, by string) (tidio.Contact, diag.Diagnostics) {
	switch {
	case len(found) != 1:
		return tidio.Contact{}, diag.Diagnostics{notOneContact(found, complete, by)}
	case !complete: // another contact may have the same value
		return found[0], diag.Diagnostics{listChanged("account's contacts", "contact")}
	}
	return found[0], nil
}
