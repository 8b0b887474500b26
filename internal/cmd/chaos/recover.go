package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// tries is how often a user applies again before he gives up.
const tries = 4

// recover does what the errors of a run say, as a user would, until an apply succeeds and the plan
// after it is empty. Nothing else goes wrong meanwhile. clean says that the run had no error and
// that nobody has touched what is managed: then the plan is empty at once.
func (c *campaign) recover(ctx context.Context, said []complaint, clean bool) error {
	for try := range tries {
		if try > 0 || !clean {
			if err := c.follow(ctx, said); err != nil {
				return err
			}
			o, err := c.command(ctx, nil, apply...)
			if err != nil {
				return err
			}
			if said = o.said; o.result.ExitCode != 0 {
				continue
			}
		}
		o, err := c.command(ctx, nil, "plan", "-detailed-exitcode")
		if err != nil {
			return err
		}
		said = o.said
		wrong := o.evidence.misanswered()
		switch {
		case o.result.ExitCode == 0: // also of the outputs: the state has what the plan has read
			c.report.answers++
			for _, f := range append(o.evidence.unreached(), wrong...) {
				c.found(f)
			}
			return nil
		case onlyOutputs(o.result) && len(wrong) > 0:
			continue // something came or went after the data sources were read
		}
		c.found(finding{notReached, "the plan after the apply is not empty:\n" + o.result.Stdout + o.result.Stderr})
	}
	c.found(finding{notReached, fmt.Sprintf("%d applies were not enough; the last said: %v", tries, said)})
	return nil
}

// follow changes the configuration, or runs an import, as the errors say. Where that is to apply
// again there is nothing to change.
func (c *campaign) follow(ctx context.Context, said []complaint) error {
	state, _, err := readState(c.space.Dir)
	if err != nil {
		return err
	}
	now := snapshot{state: state}
	// What was to be imported, and is not there any more, is made anew.
	c.want.imports = slices.DeleteFunc(c.want.imports, func(i importBlock) bool { return !c.importable(i) })

	var commands []importBlock
	for _, one := range said {
		if strings.Contains(one.text, mayBeMerged) {
			if _, err := c.command(ctx, nil, "state", "rm", one.address); err != nil {
				return err
			}
			continue
		}
		if _, managed := state[one.address]; managed {
			continue
		}
		p, wanted := c.want.at(one.address)
		switch {
		case wanted != nil && strings.HasPrefix(one.text, maybeContact):
			id := c.createdJustNow(one, wanted, now)
			switch {
			case id == "": // none was
			case c.choices.IntN(4) == 0: // seldom, as it is a run of its own
				commands = append(commands, importBlock{one.address, id})
			default:
				c.want.imports = append(c.want.imports, importBlock{one.address, id})
			}
		case p != nil && strings.Contains(one.text, "adopt_existing = true"):
			if c.choices.IntN(2) == 0 && strings.Contains(one.text, "import it") {
				c.want.imports = append(c.want.imports, importBlock{p.address(), p.name})
			} else {
				p.adopt = true
			}
		}
	}
	if err := c.write(); err != nil {
		return err
	}
	c.pending = said
	defer func() { c.pending = nil }()
	for _, i := range commands {
		o, err := c.command(ctx, nil, "import", i.to, i.id)
		if err != nil {
			return err
		}
		if o.result.ExitCode != 0 {
			c.found(finding{notReached, "an import failed that an error had advised: " + o.result.Text()})
		}
	}
	return nil
}

// importable reports whether what an import block names is there.
func (c *campaign) importable(i importBlock) bool {
	email, byEmail := strings.CutPrefix(i.id, "email:")
	return slices.ContainsFunc(c.mock.Contacts(), func(there tidiomock.Contact) bool {
		return there.ID == i.id || byEmail && strings.EqualFold(there.Email, email)
	}) || slices.ContainsFunc(c.mock.Properties(), func(there tidiomock.Property) bool {
		return there.ID == i.id || there.Name == i.id
	})
}

// createdJustNow is what the user finds who looks at the contacts that the error lists or, where it
// lists none because it could not, for the address.
func (c *campaign) createdJustNow(said complaint, wanted *contact, now snapshot) string {
	listed := contactIDs.FindAllString(said.text, -1)
	for _, there := range c.mock.Contacts() {
		_, managed := now.addressOf(there.ID)
		meant := slices.Contains(listed, there.ID) ||
			strings.Contains(said.text, lookYourself) && strings.EqualFold(there.Email, wanted.email)
		if meant && !managed && !c.others.isTheirs(there.ID, there.Email) {
			return there.ID
		}
	}
	return ""
}
