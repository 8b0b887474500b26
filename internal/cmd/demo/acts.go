package main

import (
	"fmt"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// act is a command of the engine, and what it must come to.
type act struct {
	title, look string
	panel       func() string // does in the panel what it returns
	command     string

	exitCode   int
	says       []string // texts that the command prints, among others
	writes     bool     // something else than GET may be sent
	properties int      // how many the account holds afterwards
	held       string   // what was checked
}

// The properties of the example that something happens to.
const edited, gone = "account_manager", "support_phone"

func overV1(mock *tidiomock.Mock) []act {
	return []act{
		{
			title:   "Install the provider",
			look:    "A real init, from a local mirror instead of the registry.",
			command: "init",
			held:    "installed",
		},
		{
			title:      "Create the contact schema",
			look:       "Look at the plan, and at the ids that the account gives to the new properties.",
			command:    "apply -auto-approve",
			says:       []string{"Apply complete! Resources: 10 added"},
			writes:     true,
			properties: 10,
			held:       "the account holds the 10 properties",
		},
		{
			title:      "Plan again",
			look:       "Nothing to change: what the account says is what the configuration says.",
			command:    "plan -detailed-exitcode",
			says:       []string{"No changes."},
			properties: 10,
			held:       "exit code 0: nothing to change",
		},
		{
			title: "A teammate edits a label in the panel",
			look:  "The API cannot change a label back: a warning says where to do it, and the plan stays empty.",
			panel: func() string {
				const label = "Renamed by a teammate"
				mock.SetPropertyLabel(edited, label)
				return fmt.Sprintf("the label of %s is now %q", edited, label)
			},
			command:    "plan -detailed-exitcode",
			says:       []string{"Warning: ", edited, "Renamed by a teammate", "No changes."},
			properties: 10,
			held:       "a warning, and exit code 0: nobody's plan is blocked",
		},
		{
			title: "A teammate deletes a property in the panel",
			look:  "The plan is to create it again, and touches nothing else.",
			panel: func() string {
				mock.SetPropertyLabel(edited, "Account manager")
				mock.DeleteProperty(gone)
				return gone + " is deleted, and the label as it was"
			},
			command:    "plan -detailed-exitcode",
			exitCode:   2,
			says:       []string{"tidio_property." + gone + " will be created", "1 to add, 0 to change, 0 to destroy"},
			properties: 9,
			held:       "exit code 2: one to create",
		},
		{
			title: "Plan to destroy it all",
			look: "The API cannot delete a property, and the plan says so: Terraform forgets it, Tidio keeps it.\n" +
				"The one with prevent_destroy = true fails the plan.",
			command:    "plan -destroy",
			exitCode:   1,
			says:       []string{"Warning: ", "stay in Tidio", "Error: ", "prevent_destroy"},
			properties: 9,
			held:       "a warning and an error; the account holds what it held, 9 properties",
		},
	}
}

func overPublished(mock *tidiomock.Mock) []act {
	return []act{
		{
			title:      "The same account over the API that Tidio publishes",
			look:       "It can read properties and not create them: the configuration is a contract that each plan checks.",
			command:    "init",
			properties: 9,
			held:       "installed",
		},
		{
			title:      "One property is missing",
			look:       "The teammate's deletion fails the plan, which says what to create in the panel.",
			command:    "plan",
			exitCode:   1,
			says:       []string{"is not in Tidio", "Settings > Contact Properties"},
			properties: 9,
			held:       "an error; nothing but GET was sent",
		},
		{
			title: "Somebody creates it in the panel",
			look:  "Now the account is what the configuration says. Terraform records it, and writes nothing.",
			panel: func() string {
				mock.AddProperty(tidiomock.Property{Name: gone, Label: "Direct line", Type: "phone"})
				return gone + " is created"
			},
			command:    "apply -auto-approve",
			says:       []string{"recorded, not created", "Apply complete!"},
			properties: 10,
			held:       "recorded; nothing but GET was sent",
		},
		{
			title:      "Plan again",
			look:       "The contract holds.",
			command:    "plan -detailed-exitcode",
			says:       []string{"No changes."},
			properties: 10,
			held:       "exit code 0: the contract holds, and nothing but GET was sent",
		},
	}
}
