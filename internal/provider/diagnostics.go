package provider

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
		return diag.NewErrorDiagnostic(summary,
			facts(failed, doing)+" What to do stands in the first of these errors.")
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
	return diag.NewErrorDiagnostic(summary, strings.Join(paragraphs, "\n\n"))
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
