package main

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

func TestComplaints(t *testing.T) {
	got := complaints(engine.Result{Stdout: "\nError: this is no place for one\n", Stderr: `
Error: The contact may have been created

  with tidio_contact.c5,
  on main.tf line 12, in resource "tidio_contact" "c5":
  12: resource "tidio_contact" "c5" {

No contact has its e-mail address, so it was probably not created: apply
again.

Warning: Property "plan" is not in the account

Look.
╷
│ Error: Something else
│
│ Try again
│ later.
╵
`})
	if len(got) != 2 || got[0].address != "tidio_contact.c5" || got[0].unhelpful() != "" ||
		got[0].text != maybeContact+" No contact has its e-mail address, so it was probably not created: apply again." ||
		got[1].text != "Something else Try again later." {
		t.Errorf("got %+v", got)
	}
}

// What the engine prints beside an error is no merit of the provider's: neither the name of the
// object nor the way out may be found there.
func TestUnhelpfulComplaints(t *testing.T) {
	const (
		unnamed  = "it does not say what it is about"
		helpless = "it does not say what to do"
	)
	place := func(kind, name string) string {
		return "\n\n  with " + kind + "." + name + ",\n  on main.tf line 12, in resource \"" + kind + "\" \"" + name + "\":\n" +
			"  12:   name = \"apply again, cont_1, prop_1\"\n    ├────────────────\n    │ cont_1 is prop_1\n\n"
	}
	for name, test := range map[string]struct{ printed, want string }{
		"the engine names the object": {
			"Tidio refused the request" + place("tidio_contact", "cont_1") + "Check the values in the configuration.", unnamed,
		},
		"the engine names the line only": {
			"Tidio refused the request\n\n  on main.tf line 3:\n   3:   id = \"cont_1\"\n\nApply again.", unnamed,
		},
		"the engine quotes a way out": {
			"Could not update contact cont_1" + place("tidio_contact", "c1") + "Something is wrong.", helpless,
		},
		"nothing but the engine's lines": {"Something is wrong" + place("tidio_property", "p1"), unnamed},
		"an object, with a way out that is none for it": {
			"Could not update contact cont_1" + place("tidio_contact", "c1") + "Something is wrong. Try again.", helpless,
		},
		"an id in the summary": {
			"Could not update contact cont_1" + place("tidio_contact", "c1") + "Check the values in the configuration.", "",
		},
		"an id in the detail": {
			"Something is wrong" + place("tidio_contact", "c1") + "PATCH /v1/contacts/cont_1 failed: apply again.", "",
		},
		"a property": {`Property "plan" exists already` + place("tidio_property", "p1") + "Set adopt_existing = true.", ""},
		"the contacts of an address": {
			"Several contacts have this e-mail address" + place("data.tidio_contact", "by_email") +
				"Use the id of the one you mean:\n\n  cont_1\n  cont_2", "",
		},
		"no contact of a configured address": {
			"No contact has this e-mail address" + place("data.tidio_contact", "by_email") + "Check the spelling.", "",
		},
		"no contact of an address, on import": {"No contact has this e-mail address\n\nCheck the spelling.", ""},
		"the contacts of an address are not listed": {
			"Several contacts have this e-mail address" + place("data.tidio_contact", "by_email") +
				"Use the id of the one you mean.", unnamed,
		},
		"the API": {
			"The Tidio API has a problem" + place("tidio_contact", "c1") +
				"The error is on Tidio's side. Try again\nlater.", "",
		},
		"the API, and no way out": {
			"The Tidio API has a problem" + place("tidio_contact", "c1") + "The error is on Tidio's side.", helpless,
		},
		"the API, and the way out of another error": {
			"The rate limit of the Tidio API is used up" + place("tidio_contact", "c1") + "Apply again, cont_1.", helpless,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(engine.Result{Stderr: "\nError: " + test.printed + "\n"})
			if len(got) != 1 || got[0].unhelpful() != test.want {
				t.Errorf("want %q of %+v", test.want, got)
			}
		})
	}
}
