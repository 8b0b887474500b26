package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// importByEmail begins an import id that is an e-mail address and not an id.
const importByEmail = "email:"

const importForms = "The import id of a contact is the id that Tidio gave it, or its e-mail address after \"" +
	importByEmail + "\":\n\n  id = \"<id>\"\n  id = \"" + importByEmail + "jane@example.com\""

// findImported returns the contact that an import id means.
func findImported(ctx context.Context, account *account, id string) (tidio.Contact, diag.Diagnostics) {
	email, byEmail := strings.CutPrefix(id, importByEmail)
	email = strings.TrimSpace(email)
	switch {
	case byEmail && email != "":
		return contactByEmail(ctx, account, email, "import a contact by its e-mail address")
	case byEmail || strings.TrimSpace(id) == "":
		return tidio.Contact{}, diag.Diagnostics{
			diag.NewErrorDiagnostic("No contact to import", "The import id is empty. "+importForms),
		}
	case strings.Contains(id, "@"): // not sent: it would stand in a log
		return tidio.Contact{}, diag.Diagnostics{
			diag.NewErrorDiagnostic("An e-mail address is no id of a contact", importForms),
		}
	}
	contact, err := account.FindContact(ctx, id)
	switch {
	case tidio.IsNotFound(err):
		return contact, diag.Diagnostics{
			diag.NewErrorDiagnostic(fmt.Sprintf("There is no contact with the id %q", id),
				facts(tidio.AsError(err), "import it")+"\n\n"+importForms+
					"\n\nCheck also that the API key is this account's."),
		}
	case err != nil:
		return contact, diag.Diagnostics{apiError(err, "import contact "+id)}
	}
	return contact, nil
}

// contactByEmail returns the one contact that has an address. doing completes "Could not …".
func contactByEmail(
	ctx context.Context, account *account, email, doing string,
) (tidio.Contact, diag.Diagnostics) {
	found, complete, err := account.ContactsByEmail(ctx, email)
	switch {
	case err != nil:
		return tidio.Contact{}, diag.Diagnostics{apiError(err, doing)}
	case len(found) != 1:
		return tidio.Contact{}, diag.Diagnostics{notOneContact(found, complete)}
	case !complete: // another one may have the address, too
		return found[0], diag.Diagnostics{listChanged("account's contacts", "contact")}
	}
	return found[0], nil
}
