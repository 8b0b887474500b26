package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The data sources of the configuration, and whether what they say is right.

// Names of the outputs that hold it.
const (
	countOutput  = "contacts"
	lookUpOutput = "looked_up"
)

// unambiguous is the newest contact whose address no other contact of the account has, nil if there
// is none.
func (d *desired) unambiguous(account []tidiomock.Contact) *contact {
	having := map[string]int{}
	for _, c := range account {
		having[strings.ToLower(c.Email)]++
	}
	for _, c := range slices.Backward(d.contacts) {
		if c.email != "" && having[strings.ToLower(c.email)] < 2 {
			return c
		}
	}
	return nil
}

// dataSources writes what reads the account. The list waits for all contacts, so that it is read
// after the last of them is created; the look-up waits for one, and reads while others are written.
func (d *desired) dataSources(b *strings.Builder) {
	addresses := make([]string, len(d.contacts))
	for i, c := range d.contacts {
		addresses[i] = c.address()
	}
	fmt.Fprintf(b, "\ndata \"tidio_contacts\" \"all\" {\n  depends_on = [%s]\n}\n", strings.Join(addresses, ", "))
	fmt.Fprintf(b, "\noutput %q {\n  value = length(data.tidio_contacts.all.contacts)\n}\n", countOutput)
	if d.lookUp == nil {
		return
	}
	fmt.Fprintf(b, "\ndata \"tidio_contact\" \"by_email\" {\n  email = %q\n  depends_on = [%s]\n}\n",
		d.lookUp.email, d.lookUp.address())
	fmt.Fprintf(b, "\noutput %q {\n  value = data.tidio_contact.by_email.id\n}\n", lookUpOutput)
}

// misanswered compares what the data sources said with the account. That can be judged only if the
// account has not changed since they were read.
func (e evidence) misanswered() (found []finding) {
	compare := func(output, want string) {
		if got := e.after.answers[output]; got != want {
			found = append(found, finding{misanswered, fmt.Sprintf("the output %s is %q, and should be %q", output, got, want)})
		}
	}
	compare(countOutput, fmt.Sprint(len(e.after.contacts)))
	if c := e.wanted.lookUp; c != nil {
		compare(lookUpOutput, e.after.state[c.address()].ID)
	}
	return found
}

// onlyOutputs reports whether a plan changes no object, only what the state remembers of the
// outputs.
func onlyOutputs(plan engine.Result) bool {
	return plan.ExitCode == 2 && strings.Contains(plan.Text(), "without changing any real infrastructure")
}
