package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// createPropertyError returns the error for a property that was not created.
func createPropertyError(failed *tidio.Error, name string) diag.Diagnostic {
	operation := fmt.Sprintf("create property %q", name)
	switch {
	case failed.Hidden:
		return diag.NewErrorDiagnostic("Could not "+operation,
			describe(failed, operation)+"\n\nThe name seems to be taken, but the account's list does not show the "+
				"property. It may be hidden in Tidio: make it visible and import it, or choose a different name.")
	case failed.Unexplained != nil:
		added := failed.Unexplained
		return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q may have been created under a different name", name),
			fmt.Sprintf("%s\n\nSince then, the property %q (id %q) has appeared, and no other request in this run created "+
				"it. Tidio may have changed the name. If it is yours, set name = %s and import it:\n\n%s\n\nIf somebody else "+
				"created it, apply again.", describe(failed, operation), added.Name, added.ID, hclString(added.Name),
				importBlock(added.Name)))
	case failed.Kind == tidio.Exists:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q exists, and may be the one just created", name),
			fmt.Sprintf("%s The property exists now (id %q), but nothing proves that this run created it.\n\nIf it is "+
				"yours, import it:\n\n%s\n\nor set adopt_existing = true.",
				describe(failed, operation), failed.Existing.ID, importBlock(name)))
	case failed.Absent:
		summary, advice := remedy(failed, operation)
		return diag.NewErrorDiagnostic(summary, fmt.Sprintf("%s\n\n%s After the last attempt, the account's list did not "+
			"show the property, so it was probably not created. Plan again: if it exists after all, the plan shows how to "+
			"import it.", describe(failed, operation), advice))
	}
	return apiError(failed, operation)
}

// goneWarning warns that an object is removed from the state because it no longer exists in Tidio.
func goneWarning(noun, name, id string) diag.Diagnostic {
	if name == "" { // just imported by its identity
		name = id
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("%s %q is gone from Tidio", noun, name),
		fmt.Sprintf("The account has no object with the id %q, so it was probably deleted outside of Terraform. The plan "+
			"removes it from the state, and creates it again if the configuration still has it. If many objects are gone, "+
			"check that the credentials are for the right account.", id))
}

// otherFormat returns the error for an object that was written through the other API. That this API does not
// have it proves nothing.
func otherFormat(noun, name string, written tidio.Format) diag.Diagnostic {
	over, now := "v1 (api_key)", "the published API (client_id)"
	if written == tidio.OpenAPI {
		over, now = now, over
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("%s %q was managed through the other API", noun, name),
		fmt.Sprintf("Terraform last read or wrote it through %s, and %s has no object with its id. The same object may "+
			"exist there under a different id, so the state was not changed. Use the previous credentials, or move the "+
			"state:\n\n%s", over, now, moveGuide))
}

// twoAddresses returns the error for two resources that manage the same object.
func twoAddresses(object objectID) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("The %s %q has two resource addresses", object.noun, object.id),
		fmt.Sprintf("Two resources in this configuration manage it, and each would undo the other's changes. Keep one. If "+
			"the other is in the state, remove it from the state first, then delete its block:\n\n"+
			"  terraform state rm tidio_%s.<other>\n\nIf you renamed a block, use a moved block instead.", object.noun))
}

// keptAndDeleted returns the error for an object that one resource keeps and another one deletes.
func keptAndDeleted(object objectID) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("The %s %q is both kept and deleted", object.noun, object.id),
		fmt.Sprintf("Two resources in the state manage the same %[1]s. This plan keeps one and destroys the other, which "+
			"would delete the %[1]s in Tidio. Remove the other from the state:\n\n  terraform state rm tidio_%[1]s.<other>\n\n"+
			"or replace its block with:\n\n%[2]s\n\nIf you renamed a block, use a moved block instead.", object.noun,
			removedBlock("tidio_"+object.noun)))
}

// moveGuide is the address of the guide for moving a state from one API to the other.
const moveGuide = "https://registry.terraform.io/providers/tidio-community/tidio/latest/docs/guides/move-between-apis"

// notReadBack returns the error for a contact that was changed but could not be read back. cleared are the fields
// and keys that may still have a value.
func notReadBack(id string, cleared []string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Contact %s was written, but could not be read back", id),
		fmt.Sprintf("It may still have a value for: %s. Apply again: the state keeps these values, so the next "+
			"apply clears them.\n\n", quoted(cleared))+apiError(err, "read it back").Detail())
}

// notAsPlanned reports what a successful write did not do: uncleared values, and values that differ from the plan.
func notAsPlanned(id string, uncleared, different []string) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(uncleared) > 0 {
		diags.AddError(fmt.Sprintf("Values of contact %s were not cleared", id),
			fmt.Sprintf("Tidio accepted the change but still has a value for: %s. Apply again: the state keeps "+
				"the value, so the next apply tries to clear it again. If that does not help, clear it in the Tidio panel.",
				quoted(uncleared)))
	}
	if len(different) > 0 {
		diags.AddWarning(fmt.Sprintf("Contact %s does not match the plan", id),
			fmt.Sprintf("Tidio accepted the change but stored a different value for: %s. The state has the planned values. "+
				"Plan again to see the difference.", quoted(different)))
	}
	return diags
}

// notThereToDelete warns that a contact to be deleted was already gone.
func notThereToDelete(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Contact %q was already deleted", id),
		"The account has no contact with this id. It was probably deleted outside of Terraform, or by an earlier "+
			"attempt whose reply was lost. If many contacts are gone, check that the credentials are for the right account.")
}

// createContactError returns the error for a contact that was not created, or may have been created.
// hasDistinctID is true if the provider looked for it by its distinct_id.
func createContactError(err error, hasDistinctID bool) diag.Diagnostic {
	failed := tidio.AsError(err)
	if !tidio.OutcomeUnknown(err) {
		return apiError(err, "create the contact")
	}
	found, looked := []tidio.Contact(nil), false
	if failed.Candidates != nil {
		found, looked = failed.Candidates.Contacts, failed.Candidates.Complete
	}
	why := "The request may have taken effect. It was not repeated, because that could create a second contact."
	if failed.SentTwice {
		why = "The request was sent twice, because no contact was found after the first attempt. Either attempt may have " +
			"taken effect."
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

// recoveredWarning warns that a new contact was found after the reply to its creation was lost.
func recoveredWarning(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("A contact was created, but the reply was lost",
		fmt.Sprintf("The contact was found by its distinct_id and its time of creation, and is in the state. No action is "+
			"needed. One such contact is %s.", id))
}

// notOneContact returns the error if no contact, or several, match the value that was searched for.
func notOneContact(found []tidio.Contact, complete bool, by string) diag.Diagnostic {
	return notOne("contact", by, len(found), listContacts(found), complete)
}

// notOneOperator returns the error if no operator, or several, have an e-mail address.
func notOneOperator(found []tidio.Operator, complete bool) diag.Diagnostic {
	lines := make([]string, len(found))
	for i, o := range found {
		lines[i] = "  " + o.ID
	}
	return notOne("operator", "e-mail address", len(found), strings.Join(lines, "\n"), complete)
}

// notOne returns the error if no object, or several, match the value that was searched for. listed has their ids.
func notOne(noun, by string, found int, listed string, complete bool) diag.Diagnostic {
	if found > 1 {
		return diag.NewErrorDiagnostic(fmt.Sprintf("Several %ss have this %s", noun, by),
			"Use the id of the one you mean:\n\n"+listed)
	}
	detail := fmt.Sprintf("No %s in the account has it. Check the spelling, and check that the credentials are for the "+
		"right account.", noun)
	if !complete {
		detail += " The list changed while it was read, so one may have been missed: try again."
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("No %s has this %s", noun, by), detail)
}

// lookUpError returns the error for an object that a data source could not read.
func lookUpError(err error, noun, id string) diag.Diagnostic {
	operation := fmt.Sprintf("read %s %q", noun, id)
	failed := tidio.AsError(err)
	switch {
	case failed != nil && failed.Kind == tidio.OtherObject:
		return diag.NewErrorDiagnostic("Could not "+operation, fmt.Sprintf("%s\n\nTidio returned a different one, whose "+
			"id is %q: the two may have been merged. If you mean that one, set its id.", describe(failed, operation),
			failed.OtherID))
	case !tidio.IsNotFound(err):
		return apiError(err, operation)
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("There is no %s with the id %q", noun, id),
		describe(failed, operation)+"\n\nCheck the id, and check that the credentials are for the right account.")
}

// unreadableTimes returns the error for times that a filter cannot compare.
func unreadableTimes(which []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Tidio sent a time that cannot be compared",
		"These times are not in RFC 3339 format, so the filter cannot be applied:\n\n  "+strings.Join(which, "\n  ")+
			"\n\nRemove the filter that needs them: created_since or updated_since.")
}

// listChanged warns that an item may be missing from a list.
func listChanged(list, item string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s changed while they were read", list),
		fmt.Sprintf("Somebody created or deleted a %s during the read, so one may be missing. Plan again to read the list "+
			"again.", item))
}

// listContacts lists contacts without personal data.
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
