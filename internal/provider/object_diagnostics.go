package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// createPropertyError says why a property was not created.
func createPropertyError(failed *tidio.Error, name string) diag.Diagnostic {
	operation := fmt.Sprintf("create property %q", name)
	switch {
	case failed.Hidden:
		return diag.NewErrorDiagnostic("Could not "+operation,
			describe(failed, operation)+"\n\nThe name seems to be taken, but the list of the account's properties "+
				"does not have it: the property may be hidden in Tidio. Make it visible and import it, or choose "+
				"another name.")
	case failed.Unexplained != nil:
		added := failed.Unexplained
		return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q may have been created under another name", name),
			fmt.Sprintf("%s\n\nSince then the account has the property %q (id %q), which no other request of this run "+
				"explains: Tidio may have changed the name. If it is yours, set name = %s and import it:\n\n%s\n\nIf somebody "+
				"else created it, apply again.", describe(failed, operation), added.Name, added.ID, hclString(added.Name),
				importBlock(added.Name)))
	case failed.Kind == tidio.Exists:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q exists, and may be the one just created", name),
			fmt.Sprintf("%s It exists now (id %q), but nothing proves that this run created it.\n\nIf it is "+
				"yours, import it:\n\n%s\n\nor set adopt_existing = true.",
				describe(failed, operation), failed.Existing.ID, importBlock(name)))
	case failed.Absent:
		summary, advice := remedy(failed, operation)
		return diag.NewErrorDiagnostic(summary, fmt.Sprintf("%s\n\n%s The list of the account's properties does not "+
			"have it after the last attempt, so it was probably not created. Plan again: if it exists after all, "+
			"the plan says so, and how to import it.", describe(failed, operation), advice))
	}
	return apiError(failed, operation)
}

// goneWarning says that an object is removed from the state because it no longer exists in Tidio.
func goneWarning(noun, name, id string) diag.Diagnostic {
	if name == "" { // just imported by its identity
		name = id
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("%s %q is gone from Tidio", noun, name),
		fmt.Sprintf("The account has no object with the id %q: it was probably deleted outside of Terraform. It "+
			"is removed from the state, and planned to be created again if it is still in the configuration. If "+
			"many objects are gone, check that the credentials are this account's.", id))
}

// otherFormat says that an object was written over the other API, and that this one not having it proves
// nothing.
func otherFormat(noun, name string, written tidio.Format) diag.Diagnostic {
	over, now := "v1 (api_key)", "the published API (client_id)"
	if written == tidio.OpenAPI {
		over, now = now, over
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("%s %q was managed over another API", noun, name),
		fmt.Sprintf("The state has it from %s, and %s does not have its id. It may be there all the same, under another "+
			"id, so the state was not changed. Use the credentials of before, or move the state:\n\n%s",
			over, now, moveGuide))
}

// twoAddresses says that two resources have the same object.
func twoAddresses(object objectID) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("The %s %q has two resource addresses", object.noun, object.id),
		fmt.Sprintf("Two resources of this configuration manage it, and each apply would undo the other's. Keep one of "+
			"them. If the other is in the state already, take it out first, and then remove its block:\n\n"+
			"  terraform state rm tidio_%s.<other>\n\nIf a block was renamed, use a moved block instead.", object.noun))
}

// keptAndDeleted says that one resource keeps an object that another one deletes.
func keptAndDeleted(object objectID) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("The %s %q is kept and deleted", object.noun, object.id),
		fmt.Sprintf("Two resources of the state are the same %[1]s: this plan keeps one and deletes the other, which would "+
			"delete the %[1]s. Take the one that goes out of the state:\n\n  terraform state rm tidio_%[1]s.<other>\n\n"+
			"or replace its block with:\n\n%[2]s\n\nIf a block was renamed, use a moved block instead.", object.noun,
			removedBlock("tidio_"+object.noun)))
}

// moveGuide is the page about moving a state from one API to the other.
const moveGuide = "https://registry.terraform.io/providers/tidio-community/tidio/latest/docs/guides/move-between-apis"

// notReadBack says that a contact was changed, and could not be read back. cleared are the fields and keys
// that may still have a value.
func notReadBack(id string, cleared []string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Contact %s was written, but could not be read back", id),
		fmt.Sprintf("It may still have a value for: %s. Apply again: the state keeps these values, so the next "+
			"apply clears them.\n\n", quoted(cleared))+apiError(err, "read it back").Detail())
}

// notAsPlanned says what a write that succeeded did not do: clear some values, set others as planned.
func notAsPlanned(id string, uncleared, different []string) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(uncleared) > 0 {
		diags.AddError(fmt.Sprintf("Contact %s was not cleared", id),
			fmt.Sprintf("Tidio accepted the change but still has a value for: %s. Apply again: the state keeps "+
				"the value, so the next apply clears it once more. If that does not help, clear it in Tidio.",
				quoted(uncleared)))
	}
	if len(different) > 0 {
		diags.AddWarning(fmt.Sprintf("Contact %s is not as it was planned", id),
			fmt.Sprintf("Tidio accepted the change but has another value for: %s. The state holds what was "+
				"planned; the next plan shows the difference.", quoted(different)))
	}
	return diags
}

// notThereToDelete warns that a contact to be deleted was gone.
func notThereToDelete(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Contact %q was already gone", id),
		"The account has no contact with this id. It was probably deleted outside of Terraform, or by an earlier "+
			"attempt whose reply was lost. If many contacts are gone, check that the credentials are this account's.")
}

// createContactError says why a contact was not created, or that nobody knows whether it was.
// hasDistinctID tells what it was looked for by.
func createContactError(err error, hasDistinctID bool) diag.Diagnostic {
	failed := tidio.AsError(err)
	if !tidio.OutcomeUnknown(err) {
		return apiError(err, "create the contact")
	}
	found, looked := []tidio.Contact(nil), false
	if failed.Candidates != nil {
		found, looked = failed.Candidates.Contacts, failed.Candidates.Complete
	}
	why := "The request may have taken effect, so it was not repeated: that could create a second contact."
	if failed.SentTwice {
		why = "The request was sent twice, because nothing was found after the first time, and either may have taken effect."
	}
	detail := describe(failed, "create the contact") + "\n\n" + why + "\n\n"
	has := "its e-mail address"
	if hasDistinctID {
		has = "its distinct_id and was created since the request began"
	}
	const importIt = "import it:\n\n  import {\n    to = tidio_contact.<yours>\n    id = \"<its id>\"\n  }"
	// With create_before_destroy the state has the contact that was to be replaced.
	const applyAgain = " apply again. If the state still has a contact that it was to replace, delete the new one in " +
		"Tidio and apply again."
	switch {
	case len(found) == 0 && !looked:
		detail += "Look for it in Tidio. If it is there, " + importIt + "\n\nIf it is not there," + applyAgain
	case len(found) == 0:
		detail += "No contact has " + has + ", so it was probably not created: apply again."
	default:
		detail += "Each of these contacts has " + has + ":\n\n" + listContacts(found) + "\n\nIf one was created just now, " +
			importIt + "\n\nIf none was," + applyAgain
	}
	return diag.NewErrorDiagnostic("The contact may have been created", detail)
}

// recoveredWarning says that a contact was found whose create had no readable reply.
func recoveredWarning(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("The reply to the creation of a contact was lost",
		fmt.Sprintf("A contact was found that has its distinct_id and was created since the request began, so it is the "+
			"one, and it is in the state. Nothing needs to be done. One is %s.", id))
}

// notOneContact says that no contact, or several, have what one was looked for by.
func notOneContact(found []tidio.Contact, complete bool, by string) diag.Diagnostic {
	return notOne("contact", by, len(found), listContacts(found), complete)
}

// notOneOperator says that no operator, or several, have an e-mail address.
func notOneOperator(found []tidio.Operator, complete bool) diag.Diagnostic {
	lines := make([]string, len(found))
	for i, o := range found {
		lines[i] = "  " + o.ID
	}
	return notOne("operator", "e-mail address", len(found), strings.Join(lines, "\n"), complete)
}

// notOne says that no object, or several, have what one was looked for by; listed are their ids.
func notOne(noun, by string, found int, listed string, complete bool) diag.Diagnostic {
	if found > 1 {
		return diag.NewErrorDiagnostic(fmt.Sprintf("Several %ss have this %s", noun, by),
			"Use the id of the one you mean:\n\n"+listed)
	}
	detail := fmt.Sprintf("No %s of the account has it. Check the spelling, and that the credentials are this "+
		"account's.", noun)
	if !complete {
		detail += " The list changed while it was read, so one may have been missed: try again."
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("No %s has this %s", noun, by), detail)
}

// lookUpError says why an object that a data source names could not be read.
func lookUpError(err error, noun, id string) diag.Diagnostic {
	operation := fmt.Sprintf("read %s %q", noun, id)
	failed := tidio.AsError(err)
	switch {
	case failed != nil && failed.Kind == tidio.OtherObject:
		return diag.NewErrorDiagnostic("Could not "+operation, fmt.Sprintf("%s\n\nTidio answered with another one, whose "+
			"id is %q: the two may have been merged. If you mean that one, set its id.", describe(failed, operation),
			failed.OtherID))
	case !tidio.IsNotFound(err):
		return apiError(err, operation)
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("There is no %s with the id %q", noun, id),
		describe(failed, operation)+"\n\nCheck the id, and that the credentials are this account's.")
}

// unreadableTimes says that a filter cannot compare these times.
func unreadableTimes(which []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("A time that Tidio sent cannot be compared",
		"These are not RFC 3339, so the filter cannot be applied:\n\n  "+strings.Join(which, "\n  ")+
			"\n\nRemove created_since or updated_since, whichever needs the time.")
}

// listChanged warns that an item may be missing from a list.
func listChanged(list, item string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s changed while they were read", list),
		fmt.Sprintf("Somebody created or removed a %s meanwhile, so one may be missing. The next plan reads the "+
			"list again.", item))
}

// listContacts lists contacts by what is not personal data.
func listContacts(contacts []tidio.Contact) string {
	lines := make([]string, len(contacts))
	for i, c := range contacts {
		lines[i] = "  " + c.ID
		if c.CreatedAt != "" {
			lines[i] += "  created " + c.CreatedAt
		}
	}
	return strings.Join(lines, "\n")
}

func quoted(keys []string) string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = fmt.Sprintf("%q", key)
	}
	return strings.Join(all, ", ")
}
