package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// createPropertyError words why a property was not created.
func createPropertyError(failed *tidio.Error, name string) diag.Diagnostic {
	doing := fmt.Sprintf("create property %q", name)
	switch {
	case failed.Hidden:
		return diag.NewErrorDiagnostic("Could not "+doing,
			facts(failed, doing)+"\n\nThe name seems to be taken, but the account's list of properties does "+
				"not show it: the property may be hidden in Tidio. Make it visible and import it, or choose "+
				"another name.")
	case failed.Kind == tidio.Exists:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q exists, and may be the one just created", name),
			fmt.Sprintf("%s It exists now (id %q), but nothing proves that this run created it.\n\nIf it is "+
				"yours, import it:\n\n%s\n\nor set adopt_existing = true.",
				facts(failed, doing), failed.Existing.ID, importBlock(name)))
	case failed.Absent:
		summary, advice := advise(failed, doing)
		return diag.NewErrorDiagnostic(summary, fmt.Sprintf("%s\n\n%s\n\nAfter the last attempt the account's list of "+
			"properties does not have it: it was probably not created. Plan once more: if it exists after all, "+
			"the plan says so, and how to import it.", facts(failed, doing), advice))
	}
	return apiError(failed, doing)
}

// goneWarning says that an object is removed from the state because Tidio has it no more.
func goneWarning(noun, name, id string) diag.Diagnostic {
	if name == "" { // just imported by its identity
		name = id
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("%s %q is gone from Tidio", noun, name),
		fmt.Sprintf("The account has no object with the id %q any more: it was probably deleted outside of "+
			"Terraform. It is removed from the state, and the plan creates it again if it is still in the "+
			"configuration. If this is said of many, check the API key: is it this account's?", id))
}

// unconfirmedWarning says that an object was written but could not be read back.
func unconfirmedWarning(object, done string, err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("%s was %s, but could not be read back", object, done),
		"The state holds what was planned. Nothing needs to be done: the next plan reads it again.\n\n"+
			apiError(err, "read it back").Detail())
}

// unconfirmedContact says that a contact was changed but could not be read back. cleared are the
// fields and keys of which nobody knows whether they still have a value.
func unconfirmedContact(id string, cleared []string, err error) diag.Diagnostic {
	warning := unconfirmedWarning("Contact "+id, "written", err)
	if len(cleared) == 0 {
		return warning
	}
	return diag.NewErrorDiagnostic(warning.Summary(),
		fmt.Sprintf("Whether it still has a value is not known for: %s. The state keeps what it had, so the next plan "+
			"looks again: apply again.\n\n", quoted(cleared))+apiError(err, "read it back").Detail())
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

// notThereToDelete warns of a contact that was to be deleted, and was not there.
func notThereToDelete(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Contact %q was not there to be deleted", id),
		"The account has no contact with this id. It was probably deleted outside of Terraform, or by an earlier "+
			"attempt whose reply was lost. If this is said of many, check the API key: is it this account's?")
}

// maybeCreatedContact words a create whose outcome is unknown, with what was found by the same
// address. looked says whether the whole list was looked through for it.
func maybeCreatedContact(failed *tidio.Error, found []tidio.Contact, looked bool) diag.Diagnostic {
	detail := facts(failed, "create the contact") + "\n\nThe request may have taken effect all the " +
		"same, so it is not repeated: the API would make a second contact.\n\n"
	const importIt = "import it:\n\n  import {\n    to = tidio_contact.<yours>\n    id = \"<its id>\"\n  }"
	switch {
	case len(found) == 0 && !looked:
		detail += "Look for it in Tidio. If it is there, " + importIt + "\n\nIf it is not, apply again."
	case len(found) == 0:
		detail += "No contact has its e-mail address, so it was probably not created: apply again."
	default:
		detail += "These contacts have its e-mail address:\n\n" + listContacts(found) + "\n\nIf one was created just now, " +
			importIt + "\n\nIf none was, apply again."
	}
	return diag.NewErrorDiagnostic("The contact may have been created", detail)
}

// notOneContact says that an address belongs to none or several contacts.
func notOneContact(found []tidio.Contact, complete bool) diag.Diagnostic {
	return notOne("contact", len(found), listContacts(found), complete)
}

// notOneOperator says that an address belongs to none or several operators.
func notOneOperator(found []tidio.Operator, complete bool) diag.Diagnostic {
	lines := make([]string, len(found))
	for i, o := range found {
		lines[i] = "  " + o.ID
	}
	return notOne("operator", len(found), strings.Join(lines, "\n"), complete)
}

// notOne says that an address belongs to no object, or to those that are listed.
func notOne(noun string, found int, listed string, complete bool) diag.Diagnostic {
	if found > 1 {
		return diag.NewErrorDiagnostic(fmt.Sprintf("Several %ss have this e-mail address", noun),
			"They share it, so use the id of the one that is meant:\n\n"+listed)
	}
	detail := fmt.Sprintf("No %s of the account has this e-mail address; upper and lower case count as the "+
		"same. Check the spelling, and that the API key is this account's.", noun)
	if !complete {
		detail += " The list changed while it was read, so one may have been missed: try again."
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("No %s has this e-mail address", noun), detail)
}

// lookUpError words why an object that a data source names could not be read.
func lookUpError(err error, noun, id string) diag.Diagnostic {
	doing := fmt.Sprintf("read %s %q", noun, id)
	if !tidio.IsNotFound(err) {
		return apiError(err, doing)
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("There is no %s with the id %q", noun, id),
		facts(tidio.AsError(err), doing)+"\n\nCheck the id, and that the API key is this account's.")
}

// unreadableValues says that values of a contact that are ours cannot be read as text.
func unreadableValues(id string, keys []string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("properties"),
		fmt.Sprintf("A value of contact %s cannot be read", id),
		fmt.Sprintf("Tidio has an object or a list, not a text or a number, as the value of: %s. Correct "+
			"the value in Tidio, or take the key out of the configuration.", quoted(keys)))
}

// unreadableContacts says that values of contacts cannot be read as text.
func unreadableContacts(contacts ...tidio.Contact) diag.Diagnostic {
	lines := make([]string, len(contacts))
	for i, c := range contacts {
		lines[i] = fmt.Sprintf("  contact %q: %s", c.ID, quoted(c.Unreadable))
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("A value of contact %q cannot be read", contacts[0].ID),
		"Tidio has an object or a list, not a text or a number, as the value of:\n\n"+strings.Join(lines, "\n")+
			"\n\nCorrect it in Tidio.")
}

// unreadableTimes says that times which a filter asks for cannot be compared.
func unreadableTimes(which []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("A time that Tidio sent cannot be compared",
		"These are not RFC 3339, so nobody knows whether the filter lets the conversation through:\n\n  "+
			strings.Join(which, "\n  ")+"\n\nLeave out created_since or updated_since, whichever asks for it.")
}

// listChanged warns that a list may lack an item.
func listChanged(list, item string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s changed while they were read", list),
		fmt.Sprintf("Somebody created or removed a %s meanwhile, so the list may lack one. The next plan "+
			"reads it again.", item))
}

// listContacts names contacts by what is not personal.
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
