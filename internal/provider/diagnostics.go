package provider

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

const whereKeysAre = "A key is made in the Tidio panel under Settings > Developer; set it in the " +
	"environment variable " +
	envAPIKey + " or the provider's api_key. API access needs the Plus plan: an account on Starter, " +
	"Growth or Tidio+ has none."

// apiError words the failure of an API call: what failed, what the API said, what to do next. doing
// completes the sentence "Could not …". Of what failed for the same reason as an object before it only
// that reason is said again.
func apiError(err error, doing string) diag.Diagnostic {
	failed := tidio.AsError(err)
	if failed == nil {
		return diag.NewErrorDiagnostic("Could not "+doing, err.Error())
	}
	summary, advice := advise(failed, doing)
	if failed.Repeated {
		return plain{diag.NewErrorDiagnostic(summary,
			facts(failed, doing)+" What to do stands in the first of these errors.")}
	}
	paragraphs := []string{facts(failed, doing), advice}
	switch {
	case failed.MaybeLanded && failed.Method == http.MethodPost:
		paragraphs = append(paragraphs, "The request may have taken effect all the same: nobody knows what "+
			"became of it, so it is not repeated blindly. Plan once more: if the object exists now, the "+
			"plan says so, and how to import it.")
	case failed.MaybeLanded:
		paragraphs = append(paragraphs, "The request may have taken effect all the same: the next plan shows whether "+
			"it did. Apply again.")
	}
	d := diag.NewErrorDiagnostic(summary, strings.Join(paragraphs, "\n\n"))
	switch failed.Kind {
	case tidio.Unauthorized, tidio.Forbidden, tidio.RateLimited, tidio.Cancelled:
		return plain{d}
	}
	return d
}

// plain is an error of a plan that goes without the advice of blocksDestroy: it needs another key, or
// only another run.
type plain struct{ diag.Diagnostic }

// planError is apiError for a call that a plan depends on.
func planError(err error, doing string) diag.Diagnostic {
	return blocksDestroy(apiError(err, doing))[0]
}

// blocksDestroy adds to the errors of a plan how to destroy all the same: `terraform destroy`
// begins with a plan, too, and would meet them.
func blocksDestroy(diags ...diag.Diagnostic) diag.Diagnostics {
	hinted := make(diag.Diagnostics, len(diags))
	for i, d := range diags {
		hinted[i] = d
		if _, isPlain := d.(plain); isPlain || d.Severity() != diag.SeverityError {
			continue
		}
		hinted[i] = diag.NewErrorDiagnostic(d.Summary(),
			d.Detail()+"\n\nTo destroy without meeting this error, use `terraform destroy -refresh=false`.")
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			hinted[i] = diag.WithPath(at.Path(), hinted[i])
		}
	}
	return hinted
}

// facts is what happened, in one sentence.
func facts(e *tidio.Error, doing string) string {
	what := "Could not " + doing + ": "
	if e.Repeated {
		what += "that was not tried any more, because "
	}
	what += e.Method + " " + e.Path
	switch {
	case e.Message != "":
		return what + fmt.Sprintf(" was answered with status %d and the message %q.", e.Status, e.Message)
	case e.Status != 0:
		what += fmt.Sprintf(" was answered with status %d (%s, %d bytes)", e.Status, contentType(e), e.Bytes)
	case e.Kind == tidio.Cancelled:
		return what + " was interrupted."
	default:
		what += " failed"
	}
	if e.Err != nil {
		what += ": " + e.Err.Error()
	}
	return what + "."
}

func contentType(e *tidio.Error) string {
	if e.ContentType == "" {
		return "no content type"
	}
	return e.ContentType
}

// advise returns the summary for a failure and what to do about it. Where each object needs an
// action of its own, the summary names it by doing; where one action serves all, it does not.
func advise(e *tidio.Error, doing string) (summary, advice string) {
	switch e.Kind {
	case tidio.Unauthorized:
		return "Tidio does not accept the API key",
			"The key is wrong, was regenerated, or belongs to an account without API access. " + whereKeysAre
	case tidio.Forbidden:
		return "The Tidio account may not do this through the API",
			"Either the account's plan has no API access, or the key may not do this. " + whereKeysAre
	case tidio.NotTheAPI:
		advice = fmt.Sprintf("%s does not answer as the Tidio API does. Check base_url (or %s): the API is "+
			"at %s. Nothing was changed in the state.", e.Base, envBaseURL, tidio.DefaultBaseURL)
		if e.Location != "" {
			advice += fmt.Sprintf(" It redirects to %s; redirects are not followed, because the key goes to "+
				"the configured host only.", e.Location)
		}
		return "base_url does not lead to the Tidio API", advice
	case tidio.Unreadable:
		return "A reply of the Tidio API could not be read",
			fmt.Sprintf("If base_url (or %s) is set, check that it leads to the API, and not to a login page "+
				"or a proxy. Otherwise try again later. The content is not shown: it may hold personal "+
				"data.", envBaseURL)
	case tidio.TimedOut:
		return "The Tidio API did not answer in time",
			"Try again later, or give it more time with request_timeout in the provider block."
	case tidio.RateLimited:
		if e.OwnLimit {
			return "requests_per_minute is reached",
				"The next request would have to wait longer than max_retry_wait allows. Raise one of the two in the " +
					"provider block" + atLeast(e.Wait) + ". " + goOn
		}
		return "The rate limit of the Tidio API is used up",
			"The limit is per account and minute, shared with the account's other integrations. The next request " +
				"would have to wait longer than max_retry_wait allows: raise it in the provider block" + atLeast(e.Wait) +
				", or try again when the others are done. " + goOn
	case tidio.Unreachable:
		return "The Tidio API could not be reached",
			fmt.Sprintf("Check the network, base_url or %s (now %s) and the proxy settings of the environment "+
				"(HTTPS_PROXY, NO_PROXY), then try again. What another attempt could mend was repeated as often as "+
				"max_retries allows.", envBaseURL, e.Base)
	case tidio.Cancelled:
		return "Interrupted before it could " + doing, "Start it again to go on."
	case tidio.Unavailable:
		return "The Tidio API has a problem",
			"The error is on Tidio's side. What is safe to repeat was repeated as often as max_retries " +
				"allows; try again later."
	case tidio.NotFound:
		return "Could not " + doing, "Tidio has no such object. It may have been deleted outside of Terraform. Plan once " +
			"more: if it is still in the configuration, the plan creates it again."
	}
	return "Could not " + doing, "Tidio refused the request. Check the values in the configuration; if somebody changed " +
		"something in Tidio meanwhile, plan once more."
}

const goOn = "Run it again to go on: what was done is in the state."

// atLeast says what max_retry_wait would have to be.
func atLeast(wait time.Duration) string {
	if wait <= 0 {
		return ""
	}
	return fmt.Sprintf(" (max_retry_wait = \"%ds\" or more)", int(math.Ceil(wait.Seconds()))+1)
}

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
