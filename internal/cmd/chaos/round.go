package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// drawn is what happens in a round. All of it is chosen before anything runs.
type drawn struct {
	refresh storm    // of a command on the old configuration, before the change
	first   []string // that command; nil = none
	*batch
	apply storm
}

// drawRound chooses a round and makes its changes to the configuration. most is how many may be
// made.
func drawRound(rng *rand.Rand, d *desired, mayRefresh bool, most int) drawn {
	var r drawn
	if mayRefresh && rng.IntN(4) == 0 {
		r.first = pick(rng, [][]string{{"plan"}, {"apply", "-refresh-only", "-auto-approve", "-parallelism=10"}})
		r.refresh = brewRefresh(rng)
	}
	r.batch = d.change(rng, min(18+rng.IntN(13), most))
	r.apply = brewApply(rng, d, r.batch)
	return r
}

func (r drawn) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(r.first, " "))
	for _, a := range r.before {
		fmt.Fprintln(&b, "before:", a)
	}
	for _, text := range r.told {
		fmt.Fprintln(&b, text)
	}
	for _, g := range append(r.refresh, r.apply...) {
		fmt.Fprintln(&b, g)
	}
	return b.String()
}

// playRound runs what was drawn, and makes good what went wrong.
func (c *campaign) playRound(ctx context.Context, r drawn) error {
	c.round++
	fmt.Fprintf(c.heard.log, "\n== round %d\n%s", c.round, r)
	disturbed := false
	if r.first != nil {
		o, err := c.command(ctx, r.refresh, r.first...)
		if err != nil {
			return err
		}
		disturbed = o.deleted || r.refresh.disturbs()
	}
	state, _, err := readState(c.space.Dir)
	if err != nil {
		return err
	}
	for _, a := range r.before {
		c.others.perform(a, snapshot{state: state}.ids())
		disturbed = disturbed || a.disturbs()
	}
	c.release()
	if err := c.write(); err != nil {
		return err
	}
	o, err := c.command(ctx, r.apply, apply...)
	if err != nil {
		return err
	}
	failed := o.result.ExitCode != 0
	c.report.applied(r.changes, failed, len(o.said))
	runs := c.report.runs
	clean := !failed && !o.deleted && !disturbed && !r.apply.disturbs()
	if err := c.recover(ctx, o.said, clean); err != nil {
		return err
	}
	c.want.imports, c.want.forgets = nil, nil
	if err := c.annotate(); err != nil {
		return err
	}
	fmt.Fprintf(c.w, "round %2d: %2d changes, exit code %d with %2d errors, %d commands to recover; faults: %s\n",
		c.round, r.changes, o.result.ExitCode, len(o.said), c.report.runs-runs, r.apply.names())
	return nil
}

// release makes the keys that the configuration owns Terraform's.
func (c *campaign) release() {
	state, _, err := readState(c.space.Dir)
	if err != nil {
		return // the command that follows says so
	}
	for _, one := range c.want.contacts {
		ids := []string{state[one.address()].ID, "cont_of_" + one.res}
		for _, id := range ids {
			for key := range c.want.owned(one) {
				c.others.disown(id, key)
			}
			if one.phone != "" {
				c.others.disown(id, phoneKey)
			}
		}
	}
}

// annotate lets others write to the contacts that are new.
func (c *campaign) annotate() error {
	state, _, err := readState(c.space.Dir)
	if err != nil {
		return err
	}
	c.others.annotate(c.want, snapshot{state: state}.ids())
	return nil
}

// disturbs reports whether Terraform may find that something of its own has changed.
func (s storm) disturbs() bool {
	return slices.ContainsFunc(s, func(g *gust) bool {
		return g.fault.Do == tidiomock.DeleteBetween || g.lag > 0 || slices.ContainsFunc(g.acts, act.disturbs)
	})
}

// names are the kinds of fault in the storm.
func (s storm) names() string {
	var names []string
	for _, g := range s {
		names = append(names, label(g.fault))
	}
	return strings.Join(names, ", ")
}
