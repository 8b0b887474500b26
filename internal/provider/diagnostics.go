package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

const whereKeysAre = "A key is made in the Tidio panel under Settings > Developer; set it in the " +
	"environment variable " +
	envAPIKey + " or the provider's api_key. API access needs the Plus plan: an account on Starter, " +
	"Growth or Tidio+ has none."

// apiError words the failure of an API call: what failed, what the API said, what to do next. doing
// completes the sentence "Could not …".
func apiError(err error, doing string) diag.Diagnostic {
	failed := tidio.AsError(err)
	if failed == nil {
		return diag.NewErrorDiagnostic("Could not "+doing, err.Error())
	}
	summary, advice := advise(failed, doing)
	paragraphs := []string{facts(failed, doing), advice}
	if failed.MaybeLanded {
		paragraphs = append(paragraphs, "The request may have taken effect all the same: nobody knows what "+
			"became of it, so it is not repeated blindly. Plan once more: if the object exists now, the "+
			"plan says so, and how to import it.")
	}
	return diag.NewErrorDiagnostic(summary, strings.Join(paragraphs, "\n\n"))
}

// planError is apiError for a call that the plan of an existing object depends on.
func planError(err error, doing string) diag.Diagnostic {
	d := apiError(err, doing)
	return diag.NewErrorDiagnostic(d.Summary(), d.Detail()+"\n\n"+destroyHint)
}

// facts is what happened, in one sentence.
func facts(e *tidio.Error, doing string) string {
	request := e.Method + " " + e.Path
	switch {
	case e.Message != "":
		return fmt.Sprintf("Could not %s: %s was answered with status %d and the message %q.",
			doing, request, e.Status, e.Message)
	case e.Status != 0:
		what := fmt.Sprintf("Could not %s: %s was answered with status %d (%s, %d bytes)", doing, request, e.Status,
			contentType(e), e.Bytes)
		if e.Err != nil {
			what += ": " + e.Err.Error()
		}
		return what + "."
	case e.Err != nil:
		return fmt.Sprintf("Could not %s: %s failed: %s.", doing, request, e.Err)
	}
	return fmt.Sprintf("Could not %s: %s failed.", doing, request)
}

func contentType(e *tidio.Error) string {
	if e.ContentType == "" {
		return "no content type"
	}
	return e.ContentType
}

// advise returns the summary for a failure and what to do about it. Where each object needs an
// action of its own, the summary names it by doing; where one action serves all, it does not, so
// that Terraform can fold them.
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
			"at %s. Nothing was changed in the state.", e.Host, envBaseURL, tidio.DefaultBaseURL)
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
		return "The rate limit of the Tidio API is used up",
			"The limit is per account and minute, shared with the account's other integrations. Waiting any " +
				"longer is not allowed by max_retry_wait: raise it in the provider block, or try again when " +
				"the others are done."
	case tidio.Unreachable:
		return "The Tidio API could not be reached",
			fmt.Sprintf("Check the network, base_url (now %s) and the proxy settings of the environment "+
				"(HTTPS_PROXY, NO_PROXY). What is safe to repeat was repeated as often as max_retries "+
				"allows.", e.Host)
	case tidio.Cancelled:
		return "Interrupted before it could " + doing, "The run was stopped. Apply again to go on."
	case tidio.Unavailable:
		return "The Tidio API has a problem",
			"The error is on Tidio's side. What is safe to repeat was repeated as often as max_retries " +
				"allows; try again later."
	case tidio.NotFound:
		return "Could not " + doing, "Tidio has no such object. It may have been deleted in the panel."
	}
	return "Could not " + doing, "Tidio refused the request. Check the values in the configuration."
}

// createPropertyError words why a property was not created.
func createPropertyError(err error, planned propertyModel) diag.Diagnostic {
	failed := tidio.AsError(err)
	name := planned.Name.ValueString()
	switch {
	case failed == nil || failed.Kind != tidio.Exists && !failed.Hidden:
		return apiError(err, fmt.Sprintf("create property %q", name))
	case failed.Hidden:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Could not create property %q", name),
			facts(failed, "create it")+"\n\nThe name seems to be taken, but the account's list of properties "+
				"does not show it: the property may be hidden or archived in the Tidio panel. Show it again "+
				"there and import it, or choose another name.")
	case failed.MaybeLanded:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Property %q exists, and may be the one just created", name),
			facts(failed, "create it")+" It exists now (id "+failed.Existing.ID+"), but nothing proves that "+
				"this run created it.\n\nIf it is yours, import it:\n\n"+importBlock(name)+"\n\nor set adopt_existing = true.")
	}
	return existsVerdict(planned, *failed.Existing)[0]
}

// goneWarning says that an object is removed from the state because Tidio has it no more.
func goneWarning(noun, name, id string) diag.Diagnostic {
	if name == "" { // just imported by its identity
		name = id
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("%s %q is gone from Tidio", noun, name),
		fmt.Sprintf("The account has no object with the id %s any more: it may have been deleted in the "+
			"panel. It is removed from the state, and the plan creates it again if it is still in the "+
			"configuration. If this is said of many, check the API key: is it this account's?", id))
}

// unconfirmedWarning says that an object was created but could not be read back.
func unconfirmedWarning(created tidio.CreatedProperty) diag.Diagnostic {
	cause := apiError(created.Unconfirmed, "read it back")
	return diag.NewWarningDiagnostic(fmt.Sprintf("Property %q was created, but could not be read back", created.Name),
		fmt.Sprintf("It exists (id %s), and the state holds what was planned. Nothing needs to be done: "+
			"the next plan reads it again.\n\n%s", created.ID, cause.Detail()))
}
