// Command chaos applies random changes of properties and contacts under random faults, through a
// real Terraform or OpenTofu with the provider of this checkout, against the mock of the API. After
// each command it compares the account, the state and the configuration, and it follows what the
// errors say. It ends non-zero if anything was made twice, lost, overwritten, answered wrongly or
// left behind, or if an error did not say how to go on. A seed makes the same changes and faults
// each time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	seed := flags.Uint64("seed", 0, "number that all random choices follow from; 0 = another one each time")
	seeds := flags.Int("seeds", 1, "how many seeds to run, counting up")
	changes := flags.Int("changes", 500, "how many resources to change for each seed")
	logName := flags.String("log", "", "file to write to what is done, and all that the engine prints")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if *seed == 0 {
		*seed = uint64(time.Now().Unix()) //nolint:gosec // after 1970
	}
	return engine.Perform("chaos", func(ctx context.Context) error {
		return play(ctx, *seed, *seeds, *changes, *logName)
	})
}

// play runs the campaigns of some seeds and reports them.
func play(ctx context.Context, seed uint64, seeds, changes int, logName string) (err error) {
	o := options{changes: changes, w: os.Stdout, log: io.Discard}
	if logName != "" {
		file, err := os.Create(logName)
		if err != nil {
			return err
		}
		defer file.Close()
		o.log = file
	}
	tool, err := engine.Find(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.w, "engine: %s; building the provider with the race detector ...\n", tool.Path)
	mirror, err := os.MkdirTemp("", "tidio-chaos-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(mirror)) }()
	if o.mirror, err = engine.BuildMirror(ctx, mirror, "-race"); err != nil {
		return err
	}

	var reports []*report
	for n := range uint64(seeds) { //nolint:gosec // a negative number of seeds is none
		fmt.Fprintf(o.w, "\n== seed %d\n", seed+n)
		began := time.Now()
		r, err := wage(ctx, tool, seed+n, o)
		if err != nil {
			return fmt.Errorf("seed %d, after %d changes: %w", seed+n, r.changes, err)
		}
		fmt.Fprintf(o.w, "took %s\n", time.Since(began).Round(time.Second))
		reports = append(reports, r)
	}
	fmt.Fprintln(o.w)
	total := table(o.w, reports)
	if n := total.harmed(); n > 0 {
		return fmt.Errorf("%d findings; each is above with its seed and round, and -seed runs it again", n)
	}
	fmt.Fprintln(o.w, "\nPASS: nothing was made twice, lost, overwritten, answered wrongly or left behind")
	return nil
}
