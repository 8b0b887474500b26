package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// report is what a campaign did, met and found.
type report struct {
	name string

	changes  int // of resources, in the configurations that were applied
	runs     int // of the engine
	requests int
	failed   int // applies in a storm that ended in an error
	calm     int // and those that did not
	errors   int // that they said
	answers  int // runs whose data sources were compared with the account
	met      map[string]int
	damage   map[damage]int
}

func newReport(seed uint64) *report {
	return &report{name: fmt.Sprintf("seed %d", seed), met: map[string]int{}, damage: map[damage]int{}}
}

func (r *report) ran(requests int) {
	r.runs++
	r.requests += requests
}

func (r *report) applied(changes int, failed bool, errors int) {
	r.changes += changes
	r.errors += errors
	if failed {
		r.failed++
	} else {
		r.calm++
	}
}

// add adds another report, for a total.
func (r *report) add(other *report) {
	r.changes += other.changes
	r.runs += other.runs
	r.requests += other.requests
	r.failed += other.failed
	r.calm += other.calm
	r.errors += other.errors
	r.answers += other.answers
	for kind, n := range other.met {
		r.met[kind] += n
	}
	for kind, n := range other.damage {
		r.damage[kind] += n
	}
}

// faults is how many faults were met.
func (r *report) faults() int {
	all := 0
	for _, n := range r.met {
		all += n
	}
	return all
}

// harmed is how much damage was found.
func (r *report) harmed() int {
	all := 0
	for _, n := range r.damage {
		all += n
	}
	return all
}

// table writes the reports beside each other, and their total.
func table(w io.Writer, reports []*report) *report {
	total := newReport(0)
	total.name = "total"
	for _, r := range reports {
		total.add(r)
	}
	if len(reports) != 1 {
		reports = append(reports, total)
	}
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	row := func(name string, cell func(*report) any) {
		fmt.Fprintf(t, "%-42s\t", name)
		for _, r := range reports {
			fmt.Fprintf(t, "%v\t", cell(r))
		}
		fmt.Fprintln(t)
	}
	row("", func(r *report) any { return r.name })
	row("resource changes", func(r *report) any { return r.changes })
	row("runs of the engine", func(r *report) any { return r.runs })
	row("requests to the mock", func(r *report) any { return r.requests })
	row("applies under faults, without an error", func(r *report) any { return r.calm })
	row("applies under faults, ended by an error", func(r *report) any { return r.failed })
	row("errors that they said", func(r *report) any { return r.errors })
	row("data sources compared with the account", func(r *report) any { return r.answers })
	row("faults met", func(r *report) any { return r.faults() })
	for _, kind := range faultKinds {
		row("  "+kind.label, func(r *report) any { return r.met[kind.label] })
	}
	row("damage: each must be 0", func(r *report) any { return r.harmed() })
	for _, kind := range damages {
		row("  "+string(kind), func(r *report) any { return r.damage[kind] })
	}
	_ = t.Flush()
	return total
}
