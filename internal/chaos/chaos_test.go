// Package chaos applies random changes of properties and contacts under random faults, through a real
// Terraform or OpenTofu with the provider of this checkout, against the mock, over both APIs. It recovers as the
// errors say, and when a plan is empty it holds the account and the state against the desired state. It fails if
// anything was made twice, lost, overwritten, deleted unasked or never converged. A seed makes the same changes and
// faults each time.
package chaos

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// `make chaos` asks for more than `make test` does.
var (
	seedFlag    = flag.Uint64("chaos.seed", 1, "first seed of the random choices")
	seedsFlag   = flag.Int("chaos.seeds", 1, "number of seeds to run")
	changesFlag = flag.Int("chaos.changes", 40, "number of resources to change for each seed, half of them over each API")
	raceFlag    = flag.Bool("chaos.race", false, "build the provider with the race detector")
	logFlag     = flag.String("chaos.log", os.DevNull, "file for the rounds and everything that the engine prints")
)

func TestMain(m *testing.M) {
	_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull) // one that is missing makes some engines unusable
	flag.Parse()
	os.Exit(m.Run())
}

// TestCampaigns runs a campaign over each API for each seed, and reports them all.
func TestCampaigns(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || testing.Short() {
		t.Skip("runs a real engine: set TF_ACC=1, as `make test` does")
	}
	tool, err := engine.Find()
	check(t, err)
	var flags []string
	if *raceFlag {
		flags = []string{"-race"}
	}
	mirror, err := engine.BuildMirror(t.Context(), t.TempDir(), flags...)
	check(t, err)
	log, err := os.Create(*logFlag)
	check(t, err)
	defer log.Close()
	r := newReport()
	for n := range *seedsFlag {
		for _, published := range []bool{false, true} {
			c := newCampaign(*seedFlag+uint64(n), published, r, log) //nolint:gosec // a count is not negative
			t.Run(c.name, func(t *testing.T) {
				c.t = t
				c.run(tool, mirror, (*changesFlag+1)/2)
			})
		}
	}
	t.Log(r)
	if unmet := r.unmet(); r.counts["resource changes"] >= 1500 && len(unmet) > 0 {
		t.Errorf("never met %q: these seeds prove less than they should", unmet)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// report counts what campaigns did, and which faults they met.
type report struct {
	counts map[string]int // by the words of the row
	faults map[string]int // by kind
}

func newReport() *report {
	r := &report{counts: map[string]int{"violations": 0}, faults: map[string]int{}}
	for _, kind := range allFaults {
		r.faults[kind] = 0
	}
	return r
}

// unmet returns the kinds of faults that nothing met.
func (r *report) unmet() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.faults)), func(kind string) bool { return r.faults[kind] > 0 })
}

func (r *report) String() string {
	var all strings.Builder
	t := tabwriter.NewWriter(&all, 0, 0, 3, ' ', 0)
	for _, rows := range []map[string]int{r.faults, r.counts} {
		fmt.Fprintln(t)
		for _, row := range slices.Sorted(maps.Keys(rows)) {
			fmt.Fprintf(t, "%s\t%d\n", row, rows[row])
		}
	}
	_ = t.Flush()
	return all.String()
}
