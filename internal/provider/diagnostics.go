package provider

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

const changesKept = "Completed changes are in the state."

// apiError returns the diagnostic for a failed API call: what failed, the API's message, and the next step.
// operation completes the sentence "Could not …".
func apiError(err error, operation string) diag.Diagnostic {
	failed := tidio.AsError(err)
	if failed == nil {
		return diag.NewErrorDiagnostic("Could not "+operation, err.Error())
	}
	summary, advice := remedy(failed, operation)
	switch {
	case failed.OutcomeUnknown && failed.Method == http.MethodPost:
		advice += " The request may have taken effect, so it was not repeated. Plan again: if the object exists, " +
			"the plan shows how to import it."
	case failed.OutcomeUnknown && failed.Kind != tidio.OtherObject:
		advice += " The request may have taken effect. Apply again: the plan shows whether it did."
	}
	if what, isShort := happened(failed, summary); isShort {
		return diag.NewErrorDiagnostic(summary, "Could not "+operation+": "+what+" "+firstSentence(advice))
	}
	return diag.NewErrorDiagnostic(summary, describe(failed, operation)+"\n\n"+advice)
}

// firstSentence is what an error says that is printed for many objects. It is the next step: see remedy.
func firstSentence(advice string) string {
	first, _, _ := strings.Cut(advice, ". ")
	return strings.TrimSuffix(first, ".") + "."
}

// actionError returns the diagnostic for a failed action. operation completes the sentence "Could not …". maybe is the
// summary if it is unknown whether the request took effect. Engines print summary and detail in one line, so the detail
// does not repeat the summary. No state exists that a plan could compare with.
func actionError(err error, operation, maybe string) diag.Diagnostic {
	failed := tidio.AsError(err)
	summary, advice := remedy(failed, operation)
	switch unknown := failed.OutcomeUnknown && !failed.Repeated; {
	case failed.Kind == tidio.OtherObject:
		advice = fmt.Sprintf("Tidio returned a different object, whose id is %q: the two may have been merged. That "+
			"object may have been changed: check it in Tidio.", failed.OtherID)
	case unknown && failed.Method == http.MethodPost:
		summary = maybe
		advice = "The request was not sent again, because it could take effect twice. Check in Tidio before you run the " +
			"action again."
	case unknown:
		summary, advice = maybe, "Run the action again: it sets the same values."
	case failed.Kind == tidio.NotFound:
		advice = "Check the id, and check that the credentials are for the right account. Tidio has no such object."
	case strings.HasSuffix(advice, changesKept):
		advice = strings.TrimSuffix(advice, changesKept) + "This request was not sent."
	}
	what, isShort := happened(failed, summary)
	if isShort {
		advice = firstSentence(advice)
	}
	return diag.NewErrorDiagnostic(summary, strings.ToUpper(what[:1])+what[1:]+" "+advice)
}

// describe returns what could not be done, and why, in one sentence.
func describe(e *tidio.Error, operation string) string {
	return "Could not " + operation + ": " + reason(e)
}

// happened returns why a call failed, in one sentence. If another error had the same summary, this one is short: it
// keeps the next step, and no details if the call was skipped. Many objects may have the same error.
func happened(e *tidio.Error, summary string) (what string, isShort bool) {
	switch first := e.Help.IsFirst(summary); {
	case first, e.OutcomeUnknown && !e.Repeated:
		return reason(e), false
	case e.Repeated:
		return "skipped after an earlier failure.", true
	}
	return reason(e), true
}

func reason(e *tidio.Error) string {
	what := ""
	if e.Repeated {
		what = "skipped after an earlier failure: "
	}
	what += e.Method + " " + e.Path
	switch {
	case e.Message != "":
		what += fmt.Sprintf(" returned status %d with the message %q", e.Status, e.Message)
	case e.Status != 0:
		what += fmt.Sprintf(" returned status %d (%s, %d bytes)", e.Status, contentType(e), e.Bytes)
	case e.Kind == tidio.Cancelled:
		return what + " was interrupted."
	default:
		what += " failed"
	}
	if e.Err != nil {
		what += ": " + e.Err.Error()
	}
	if what = strings.TrimSuffix(what, "."); !strings.HasSuffix(what, `."`) {
		what += "."
	}
	if e.Retries > 0 && !e.Repeated {
		what += fmt.Sprintf(" Retried %d times.", e.Retries)
	}
	return what
}

func contentType(e *tidio.Error) string {
	if e.ContentType == "" {
		return "no content type"
	}
	return e.ContentType
}

// remedy returns the summary of a failure and the next step. The first sentence of the advice is the next step; it is
// all that is said if the failure repeats. The summary names the operation only if each
// object needs its own action. Otherwise, equal summaries let the engine fold the diagnostics.
func remedy(e *tidio.Error, operation string) (summary, advice string) {
	if e.Foreign {
		return foreignRemedy(e, operation)
	}
	switch e.Kind {
	case tidio.Unauthorized:
		return "Tidio does not accept " + e.Help.Credentials,
			"Set valid credentials in " + whereSet(e.Help) + ". " + e.Help.Advice
	case tidio.Forbidden:
		return "The Tidio account may not do this through the API",
			"Use credentials with the required permissions, from an account with API access. " + e.Help.Advice
	case tidio.NotAcceptable:
		return "The Tidio API did not receive the Accept header", fmt.Sprintf("Check base_url (or %s) and the proxy "+
			"settings in the environment (HTTPS_PROXY, NO_PROXY). The provider sends this header with every request, so a "+
			"proxy may have removed or changed it.", envBaseURL)
	case tidio.WrongProject:
		return "The credentials belong to another Tidio project", "Set credentials of the expected project in " +
			whereSet(e.Help) + ", or correct expected_project_id in the provider block. No other request was sent."
	case tidio.WrongEndpoint:
		advice = fmt.Sprintf("Check base_url (or %s): %s does not answer like the Tidio API; the default address is %s. "+
			"The state was not changed.", envBaseURL, e.Base, e.Help.BaseURL)
		if e.Location != "" {
			advice += fmt.Sprintf(" The address redirects to %s. The provider does not follow redirects: it sends the "+
				"credentials only to the configured host.", e.Location)
		}
		return "base_url does not lead to the Tidio API", advice
	case tidio.Unproven:
		return "Could not " + operation, "Check base_url and any proxy, then try again. The reply may not be from Tidio, " +
			"so it does not prove that the object is gone. The state was not changed."
	case tidio.OtherObject:
		advice = fmt.Sprintf("Tidio returned a different object, whose id is %q: the two may have been merged. ", e.OtherID)
		if e.OutcomeUnknown {
			advice += "The request may have changed the other object: check it in Tidio. "
		}
		return "Could not " + operation, advice + "Take this one out of the state with `terraform state rm`, and delete " +
			"its block and any import block. To manage the other object, import it into a block with its own values:\n\n" +
			"  import {\n    to = <the new block's address>\n    id = " + hclString(e.OtherID) + "\n  }"
	case tidio.Changing:
		return "A list kept changing while it was read",
			"Plan again. Somebody is creating or deleting objects at the same time."
	case tidio.BadResponse:
		return "A reply of the Tidio API could not be read",
			fmt.Sprintf("Check that base_url (or %s) leads to the API, not to a login page or a proxy. If it does, try "+
				"again later. The content is not shown: it may be personal data.", envBaseURL)
	case tidio.TimedOut:
		return "The Tidio API did not answer in time",
			"Try again later, or raise request_timeout in the provider block."
	case tidio.RateLimited:
		if e.OwnLimit {
			return "requests_per_minute is reached",
				"Raise it or max_retry_wait in the provider block" + atLeast(e.Wait) + ", or run Terraform again. The next " +
					"request would have to wait longer than max_retry_wait. " + changesKept
		}
		return "The rate limit of the Tidio API is used up",
			"Raise max_retry_wait in the provider block" + atLeast(e.Wait) + ", or run Terraform again later. All " +
				"integrations of the account share the limit, and the next request would have to wait longer. " + changesKept
	case tidio.Unreachable:
		return "The Tidio API could not be reached",
			fmt.Sprintf("Check the network, the API address (%s, set in base_url or %s), and the proxy settings in the "+
				"environment (HTTPS_PROXY, NO_PROXY). Then try again.", e.Base, envBaseURL)
	case tidio.Cancelled:
		return "Interrupted before it could " + operation, "Run it again to continue. " + changesKept
	case tidio.ServerError:
		return "The Tidio API has a problem", "Try again later: the error is on Tidio's side."
	case tidio.NotFound:
		return "Could not " + operation, "Plan again: if the configuration still has it, the plan creates it again. Tidio " +
			"has no such object. It may have been deleted outside of Terraform."
	}
	return "Could not " + operation, "Check the values in the configuration. Tidio refused the request. If something " +
		"changed in Tidio since the plan was made, plan again."
}

// foreignRemedy is [remedy] for a reply that is not in the API's format, and so may not be from Tidio.
func foreignRemedy(e *tidio.Error, operation string) (summary, advice string) {
	own := *e
	own.Foreign = false
	summary, advice = remedy(&own, operation)
	if e.Kind == tidio.Unauthorized || e.Kind == tidio.Forbidden || e.Kind == tidio.NotAcceptable {
		summary = "A request to the Tidio API was refused, possibly not by Tidio"
	}
	return summary, fmt.Sprintf("Check base_url (or %s), the proxy settings in the environment (HTTPS_PROXY, NO_PROXY), "+
		"and whether this machine can reach %s. The reply is not in the Tidio API's format: a firewall or a proxy may have "+
		"answered. If the reply is from Tidio: %s", envBaseURL, e.Base.Host, advice)
}

// brokenProxy returns the error for a proxy in the environment that cannot be used.
func brokenProxy(base *url.URL) diag.Diagnostic {
	name := strings.ToUpper(base.Scheme) + "_PROXY"
	return diag.NewErrorDiagnostic("Invalid proxy address",
		fmt.Sprintf("The environment variable %s (or %s) is not a valid URL, so requests would bypass the proxy. Its value "+
			"is not shown: it may contain a password.\n\nCorrect the URL. In a password, percent-encode the characters "+
			"%% @ : / ? #, such as %%25 for %%. To use no proxy for Tidio, add %s to NO_PROXY.", name,
			strings.ToLower(name), base.Hostname()))
}

// whereSet lists the variables and the settings that hold the credentials.
func whereSet(help *tidio.Help) string {
	var variables []string
	for _, setting := range help.Settings {
		variables = append(variables, variable(setting))
	}
	return strings.Join(variables, " and ") + " (or " + strings.Join(help.Settings, " and ") + " in the provider block)"
}

// atLeast returns the value of max_retry_wait that would be needed.
func atLeast(wait time.Duration) string {
	if wait <= 0 {
		return ""
	}
	return fmt.Sprintf(" (max_retry_wait = \"%ds\" or more)", int(math.Ceil(wait.Seconds()))+1)
}
