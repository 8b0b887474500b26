package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// complaint is an error as a user reads it.
type complaint struct {
	address string // of the resource, "" if the engine names none
	text    string // all of it, its summary first, on one line
	own     string // the same without what the engine adds: where in the configuration it is
}

// What the provider says about something that may have been made, and where to look.
const (
	maybeContact = "The contact may have been created"
	lookYourself = "Look for it in Tidio"
)

var (
	withAddress = regexp.MustCompile(`with (tidio_\w+\.\w+),`)
	contactIDs  = regexp.MustCompile(`cont_\w+`)
	named       = regexp.MustCompile(`cont_\w+|prop_\w+|[Pp]roperty "|e-mail address`)
	ofEngine    = regexp.MustCompile(`^(with tidio_\w+\.\w+,|on \S+\.tf line \d+, in .*:|\d+: .*)$`)
)

// ofAll are the summaries of errors that concern the whole account. Others name what they are about,
// but for those of a resource that has no name of its own yet: the engine says which that is.
var ofAll = []string{
	"Tidio does not accept the API key", "The rate limit of the Tidio API", "The Tidio API", "A reply of the Tidio API",
}

var beginning = regexp.MustCompile(`^(Error|Warning): (.+)$`)

// complaints are the errors that a command has printed, but for the engine's own. Each begins on a
// line of its own and ends where the next error or warning begins.
func complaints(r engine.Result) []complaint {
	var found []complaint
	var lines []string
	finish := func() {
		if lines == nil {
			return
		}
		onOneLine := func(lines []string) string { return engine.Result{Stdout: strings.Join(lines, "\n")}.Text() }
		c := complaint{text: onOneLine(lines), own: onOneLine(slices.DeleteFunc(slices.Clone(lines), ofEngine.MatchString))}
		if at := withAddress.FindStringSubmatch(c.text); at != nil {
			c.address = at[1]
		}
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

// waysOut are what a user can do, in the words of the errors: each of them says one.
var waysOut = []string{
	"apply again",
	"import it",
	lookYourself,
	"adopt_existing = true",
	"Plan once more",
	"try again",
	"Try again",
	"Start it again to go on",
	"Check the values in the configuration",
	"Check the network",
	"the next apply tries again",
}

// ofTheEngine are errors that tell the user that he has interrupted it.
var ofTheEngine = []string{"execution halted", "operation canceled", "Operation cancelled"}

// unhelpful says why an error leaves the user alone, "" if it does not.
func (c complaint) unhelpful() string {
	says := func(text string) bool { return strings.Contains(c.own, text) }
	concernsAll := slices.ContainsFunc(ofAll, func(summary string) bool { return strings.HasPrefix(c.own, summary) })
	switch {
	case !concernsAll && c.address == "" && !named.MatchString(c.own):
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
