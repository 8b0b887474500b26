package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// complaint is an error of the provider as a user reads it.
type complaint struct {
	address string // of the resource or data source, "" if the engine names none
	text    string // what the provider says, its summary first, on one line
}

// What the provider says about something that may have been made, and where to look.
const (
	maybeContact = "The contact may have been created"
	lookYourself = "Look for it in Tidio"
	mayBeMerged  = "the two may have been merged"
)

var (
	contactIDs  = regexp.MustCompile(`cont_\w+`)
	beginning   = regexp.MustCompile(`^(Error|Warning): (.+)$`)
	withAddress = regexp.MustCompile(`^with ((?:data\.)?tidio_\w+\.\w+),`)

	// place is the paragraph that the engine puts after each summary: the address, the line of the
	// configuration and a quotation of it.
	place = regexp.MustCompile(`^(with \S+,|on .+ line \d+)`)
)

// complaints are the errors that a command has printed, but for the engine's own. Each begins on a
// line of its own and ends where the next error or warning begins.
func complaints(r engine.Result) []complaint {
	var found []complaint
	var lines []string
	finish := func() {
		if lines == nil {
			return
		}
		c := newComplaint(strings.Join(lines, "\n"))
		lines = nil
		if !slices.ContainsFunc(ofTheEngine, func(text string) bool { return strings.HasPrefix(c.text, text) }) {
			found = append(found, c)
		}
	}
	// Standard output has the plan and the progress: what it names says nothing of an error.
	for line := range strings.Lines(r.Stderr) {
		line = strings.TrimSpace(strings.TrimLeft(line, "╷│╵ "))
		switch begin := beginning.FindStringSubmatch(line); {
		case begin != nil && begin[1] == "Error":
			finish()
			lines = []string{begin[2]}
		case begin != nil:
			finish()
		case lines != nil:
			lines = append(lines, line)
		}
	}
	finish()
	return found
}

// newComplaint takes an error apart into what the engine says of its place, and what the provider
// says: only that is to the provider's credit.
func newComplaint(printed string) (c complaint) {
	summary, rest, _ := strings.Cut(printed, "\n\n")
	if where, detail, _ := strings.Cut(rest, "\n\n"); place.MatchString(where) {
		if at := withAddress.FindStringSubmatch(where); at != nil {
			c.address = at[1]
		}
		rest = detail
	}
	c.text = engine.Result{Stdout: summary + "\n" + rest}.Text()
	return c
}

// ofTheAPI are the summaries of errors that are about no object but the whole API or run, each with
// what its user can do.
var ofTheAPI = []struct{ summary, wayOut string }{
	{"Tidio does not accept the API key", "Keys are made in the Tidio panel"},
	{"The Tidio account may not do this through the API", "Keys are made in the Tidio panel"},
	{"base_url does not lead to the Tidio API", "Check base_url"},
	{"A reply of the Tidio API could not be read", "try again later"},
	{"The Tidio API did not answer in time", "Try again later, or raise request_timeout"},
	{"requests_per_minute is reached", "Raise one of the two"},
	{"The rate limit of the Tidio API is used up", "Raise it in the provider block"},
	{"The Tidio API could not be reached", "Check the network"},
	{"The Tidio API has a problem", "Try again later"},
	{"Interrupted before it could", "Run it again to continue"},
}

// named is how the other errors say which object they are about.
var named = regexp.MustCompile(`cont_\w+|prop_\w+|[Pp]roperty "[^"]|name or id "[^"]`)

// nameless begins the errors about a contact that has no id yet: its e-mail address is personal, and
// is not repeated. The engine has to say where it is configured.
var nameless = regexp.MustCompile(`^(` + maybeContact + `|Could not create the contact)`)

// looked begins the errors about a contact whose address is looked for. Of an import the engine says
// no place: the import id that it prints before has to do.
var looked = regexp.MustCompile(`^No contact has this e-mail address`)

// waysOut are what a user can do about an object, in the words of the errors: each of them says one.
var waysOut = []string{
	"apply again",
	"Apply again",
	"import it",
	lookYourself,
	"adopt_existing = true",
	"Plan again",
	"Check the values in the configuration",
	"Use the id of the one you mean",
	"Check the spelling",
	"Take this one out of the state with `terraform state rm`",
}

// ofTheEngine are errors that tell the user that he has interrupted it.
var ofTheEngine = []string{"execution halted", "operation canceled", "Operation cancelled"}

// unhelpful says why an error leaves the user alone, "" if it does not.
func (c complaint) unhelpful() string {
	says := func(text string) bool { return strings.Contains(c.text, text) }
	for _, one := range ofTheAPI {
		if strings.HasPrefix(c.text, one.summary) {
			if says(one.wayOut) {
				return ""
			}
			return "it does not say what to do"
		}
	}
	switch {
	case !named.MatchString(c.text) && !looked.MatchString(c.text) &&
		(c.address == "" || !nameless.MatchString(c.text)):
		return "it does not say what it is about"
	case !slices.ContainsFunc(waysOut, says):
		return "it does not say what to do"
	}
	return ""
}

// leadsTo reports whether the error says something and what to do about it.
func (c complaint) leadsTo(what string) bool {
	made := strings.HasPrefix(c.text, maybeContact) || strings.Contains(c.text, "import it") ||
		strings.Contains(c.text, "how to import it")
	return made && strings.Contains(c.text, what) && c.unhelpful() == ""
}

// alarms are texts that no run may print.
var alarms = []string{
	"panic:", "DATA RACE", "Plugin did not respond", "plugin crashed", "plugin process exited", "goroutine ",
	"Provider produced in", "bug in the provider",
}

// alarm is the first of the alarms in what a command has printed, with what is around it.
func alarm(printed string) string {
	for _, text := range alarms {
		if i := strings.Index(printed, text); i >= 0 {
			return printed[max(0, i-200):min(len(printed), i+1500)]
		}
	}
	return ""
}
