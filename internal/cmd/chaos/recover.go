package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// recover does what the errors say, as a user would, until an apply succeeds and the plan after it is empty.
// clean says that this must be so at once.
func (c *campaign) recover(ctx context.Context, said []diagnostic, clean bool) error {
	for try := range 5 {
		if try > 0 || !clean {
			if err := c.follow(ctx, said); err != nil {
				return err
			}
			o, err := c.command(ctx, nil, "apply", "-auto-approve")
			if err != nil {
				return err
			}
			if said = o.errors; o.code != 0 {
				continue
			}
		}
		o, err := c.command(ctx, nil, "plan", "-detailed-exitcode")
		if err != nil {
			return err
		}
		said = o.errors
		if o.code == 2 && o.outputsOnly {
			continue // something came or went after the data source was read
		}
		if o.code == 0 {
			for _, v := range c.unconverged(o.after) {
				c.violation(v)
			}
			return nil
		}
		c.violation(fmt.Sprintf("the plan after an apply is not empty (exit code %d): %v", o.code, said))
	}
	c.violation(fmt.Sprintf("no error said how to converge; the last ones: %v", said))
	return nil
}

// follow changes the configuration or the state as errors say. Where they say to apply again there is nothing to
// change.
func (c *campaign) follow(ctx context.Context, said []diagnostic) error {
	now, err := c.snapshot()
	if err != nil {
		return err
	}
	var commands [][]string
	for _, e := range said {
		p, contact := c.desired.property(e.Address), c.desired.contact(e.Address)
		_, managed := now.ids()[e.Address]
		switch {
		case strings.Contains(e.text(), "may have been merged"):
			commands = append(commands, []string{"state", "rm", e.Address})
			c.removedFromState[now.ids()[e.Address]] = true
		case strings.Contains(e.text(), "terraform untaint") && now.isTainted(e.Address):
			commands = append(commands, []string{"untaint", e.Address})
		case contact != nil && strings.Contains(e.Summary, "may have been created"):
			id := c.createdNow(e, contact, now)
			switch {
			case id == "":
			case managed: // the contact that it was to replace
				c.third.perform(event{do: deleteContact, address: id}, map[string]string{id: id})
			case c.choices.IntN(4) == 0:
				commands = append(commands, []string{"import", e.Address, id})
			default:
				c.desired.imports[e.Address] = id
			}
		case p != nil && c.desired.published: // "create it in the Tidio panel"
			if _, exists := c.mock.Property(p.name); !exists {
				c.third.perform(event{do: makeProperty, property: tidiomock.Property{Name: p.name, Type: p.kind}}, nil)
			}
		case p != nil && !managed && strings.Contains(e.text(), "adopt_existing = true"):
			if c.choices.IntN(2) == 0 {
				p.adopt = true
			} else {
				c.desired.imports[e.Address] = p.name
			}
		}
	}
	c.dropImports()
	c.pending = said
	defer func() { c.pending = nil }()
	if err := c.write(); err != nil {
		return err
	}
	for _, args := range commands {
		o, err := c.command(ctx, nil, args...)
		if err != nil {
			return err
		}
		if o.code != 0 {
			c.violation("advised by an error, and failed: " + strings.Join(args, " "))
		}
	}
	return nil
}

// dropImports takes out the import blocks of what is gone, and of addresses that have become ambiguous.
func (c *campaign) dropImports() {
	for address, id := range c.desired.imports {
		if strings.HasPrefix(id, "email:") {
			id = "cont_of_" + c.desired.contact(address).res
			c.desired.imports[address] = id
		}
		_, isProperty := c.mock.Property(id)
		if _, isContact := c.mock.Contact(id); !isProperty && !isContact {
			delete(c.desired.imports, address)
		}
	}
}

// createdNow returns the id that a user finds among the contacts that the error lists or, where it lists none,
// by the address.
func (c *campaign) createdNow(e diagnostic, wanted *contact, now snapshot) string {
	for _, contact := range now.contacts {
		if !c.known[contact.ID] && !c.third.made[contact.ID] && e.names(contact, wanted) {
			return contact.ID
		}
	}
	return ""
}

// diagnostic is an error that the engine printed.
type diagnostic struct{ Severity, Summary, Detail, Address string }

func (d diagnostic) text() string { return d.Summary + "\n" + d.Detail }

// names reports whether an error names a contact as one that it may have created.
func (d diagnostic) names(there tidiomock.Contact, wanted *contact) bool {
	return strings.Contains(d.text(), there.ID) ||
		wanted != nil && strings.EqualFold(there.Email, wanted.email) && strings.Contains(d.text(), "Look for it in Tidio")
}

// read reads the errors from the lines of JSON that the engine printed, and whether a plan changes outputs only.
func read(printed string) (failures []diagnostic, outputsOnly bool) {
	for line := range strings.Lines(printed) {
		var event struct {
			Type       string
			Diagnostic diagnostic
			Changes    struct{ Add, Change, Import, Remove, Forget int }
		}
		if json.Unmarshal([]byte(line), &event) != nil {
			continue
		}
		switch {
		case event.Type == "change_summary":
			n := event.Changes
			outputsOnly = n.Add+n.Change+n.Import+n.Remove+n.Forget == 0
		case event.Diagnostic.Severity == "error":
			failures = append(failures, event.Diagnostic)
		}
	}
	return failures, outputsOnly
}
