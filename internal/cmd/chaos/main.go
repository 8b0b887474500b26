// Command chaos applies random changes of properties and contacts under random faults, through a real
// Terraform or OpenTofu with the provider of this checkout, against the mock, over both APIs. After each
// command it holds the account against the state and the desired state, and it recovers as the errors say.
// It ends non-zero if anything was made twice, lost, overwritten, deleted unasked or never converged. A seed
// makes the same changes and faults each time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

func main() {
	flags := flag.NewFlagSet("chaos", flag.ExitOnError)
	seed := flags.Uint64("seed", 0, "seed of all random choices; 0 = a new one")
	seeds := flags.Int("seeds", 1, "number of seeds to run, counting up")
	changes := flags.Int("changes", 500, "number of resources to change for each seed, half of them over each API")
	logName := flags.String("log", "", "file for the rounds and everything that the engine prints")
	_ = flags.Parse(os.Args[1:])
	if *seed == 0 {
		*seed = uint64(time.Now().Unix()) //nolint:gosec // after 1970
	}
	os.Exit(engine.Perform("chaos", func(ctx context.Context) error {
		log := io.Discard
		if *logName != "" {
			file, err := os.Create(*logName)
			if err != nil {
				return err
			}
			defer file.Close()
			log = file
		}
		return run(ctx, *seed, *seeds, *changes, log)
	}))
}

// run runs a campaign over each API for each seed, and reports them all.
func run(ctx context.Context, seed uint64, seeds, changes int, log io.Writer) (err error) {
	tool, err := engine.Find(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("engine: %s; building the provider with the race detector ...\n", tool.Path)
	dir, err := os.MkdirTemp("", "tidio-chaos-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	mirror, err := engine.BuildMirror(ctx, dir, "-race")
	if err != nil {
		return err
	}
	total := newReport()
	for n := range uint64(seeds) { //nolint:gosec // a negative number of seeds is none
		for _, published := range []bool{false, true} {
			c := newCampaign(seed+n, published, os.Stdout, log)
			fmt.Printf("\n== seed %d over %s\n", c.seed, c.api())
			if err := c.run(ctx, tool, mirror, (changes+1)/2); err != nil {
				return fmt.Errorf("seed %d over %s, round %d: %w", c.seed, c.api(), c.round, err)
			}
			total.add(c.report)
		}
	}
	total.print(os.Stdout)
	if n := len(total.violations); n > 0 {
		return fmt.Errorf("%d violations:\n%s", n, strings.Join(total.violations, "\n"))
	}
	if total.counts["resource changes"] >= 1500 {
		for _, kind := range allFaults {
			if total.faults[kind] == 0 {
				return fmt.Errorf("no fault of the kind %q was met: these seeds prove less than they should", kind)
			}
		}
	}
	fmt.Println("\nPASS: nothing was made twice, lost, overwritten, deleted unasked or left behind")
	return nil
}

// report counts what campaigns did and met.
type report struct {
	counts     map[string]int // by the words of the row
	faults     map[string]int // that were met, by kind
	violations []string
}

func newReport() *report { return &report{counts: map[string]int{}, faults: map[string]int{}} }

func (r *report) add(other *report) {
	for row, n := range other.counts {
		r.counts[row] += n
	}
	for kind, n := range other.faults {
		r.faults[kind] += n
	}
	r.violations = append(r.violations, other.violations...)
}

// print writes the counts as a table, each kind of fault with zero if it was not met.
func (r *report) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t)
	for _, row := range slices.Sorted(maps.Keys(r.counts)) {
		fmt.Fprintf(t, "%s\t%d\n", row, r.counts[row])
	}
	fmt.Fprintln(t, "faults met\t")
	for _, kind := range allFaults {
		fmt.Fprintf(t, "  %s\t%d\n", kind, r.faults[kind])
	}
	fmt.Fprintf(t, "violations\t%d\n", len(r.violations))
	_ = t.Flush()
}
