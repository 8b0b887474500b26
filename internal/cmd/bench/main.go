//go:build unix

// Command bench measures what the provider costs and holds each number against its limit: a real
// Terraform or OpenTofu with the provider of this checkout against the mock of the API, and beside it
// the same engine with an empty provider of the same schema. It fails if a limit is missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// groups are the parts of the table that can be chosen.
var groups = []struct {
	about   string
	measure func(*bench, context.Context) error
}{
	{"requests of a plan that changes nothing", (*bench).requests},
	{"first apply under the rate limit (minutes)", (*bench).firstApply},
	{"time of a plan", (*bench).plans},
	{"time and memory of reading contacts", (*bench).readings},
	{"start and size", (*bench).start},
	{"creating many contacts under the rate limit (minutes)", (*bench).bulk},
}

func main() {
	usage := []string{"groups of rows to measure:"}
	for i, g := range groups {
		usage = append(usage, fmt.Sprintf("%d = %s", i+1, g.about))
	}
	chosen := flag.String("rows", "1,2,3,4,5,6", strings.Join(usage, "\n"))
	flag.Parse()
	if flag.NArg() > 0 || !regexp.MustCompile(`^[1-6](,[1-6])*$`).MatchString(*chosen) {
		flag.Usage()
		os.Exit(2)
	}
	os.Exit(engine.Perform("bench", func(ctx context.Context) error { return measure(ctx, *chosen) }))
}

// measure fills the chosen groups of the table and prints it.
func measure(ctx context.Context, chosen string) error {
	began := time.Now()
	// A request or reply that breaks the contract is a failure, wherever it happens.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tool, err := engine.Find(ctx)
	if err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, tool.Path, "version").Output()
	if err != nil {
		return err
	}
	b := &bench{tool: tool, violation: cancel}
	note("building the provider, and an empty one, as a release is built ...")
	_ = os.Setenv("CGO_ENABLED", "0")
	for i, pkg := range []string{tidio: "", empty: "/internal/cmd/bench/empty"} {
		b.mirrors[i], err = engine.BuildMirrorOf(ctx, engine.ModulePath+pkg, filepath.Join(os.TempDir(), strconv.Itoa(i)),
			"-trimpath", "-ldflags=-s -w")
		if err != nil {
			return err
		}
	}
	for i, g := range groups {
		if !strings.Contains(chosen, strconv.Itoa(i+1)) {
			continue
		}
		note("%s ...", g.about)
		err := g.measure(b, ctx)
		if err = errors.Join(context.Cause(ctx), err); err != nil {
			return fmt.Errorf("%s: %w", g.about, err)
		}
	}
	name, _, _ := strings.Cut(string(version), "\n")
	fmt.Printf("Measured in %s on %d cores, %s/%s, %s, %s.\n\n| what | measured | limit | | how |\n"+
		"| --- | ---: | ---: | --- | --- |\n%s", time.Since(began).Round(time.Second), runtime.NumCPU(),
		runtime.GOOS, runtime.GOARCH, name, runtime.Version(), b.table.String())
	if b.missed > 0 {
		return fmt.Errorf("%d limits are missed", b.missed)
	}
	return nil
}

// note tells who waits what happens.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, "# "+format+"\n", args...) }

// Formats of what is measured.
const (
	count = "%.0f"
	ratio = "%.2f ×"
)

// add adds a row to the table, in Markdown. The limit 0 is none; what could not be measured misses any other.
func (b *bench) add(what string, measured, limit float64, format, detail string) {
	if format == ratio {
		// Up: one that misses its limit must not look as if it held.
		measured = math.Ceil(measured*100-1e-6) / 100
	}
	most, verdict := "none", ""
	if limit > 0 {
		most, verdict = fmt.Sprintf(format, limit), "holds"
		if measured > limit || math.IsNaN(measured) {
			verdict = "**missed**"
			b.missed++
		}
	}
	fmt.Fprintf(&b.table, "| %s | "+format+" | %s | %s | %s |\n", what, measured, most, verdict, detail)
}

// compare adds what two providers took in the same rounds: a busy machine slows both down.
func (b *bench) compare(what string, took, over samples, limit float64, more string) {
	ratios := make(samples, len(took))
	for i := range took {
		ratios[i] = took[i] / over[i]
	}
	b.add(what+" over an empty provider's", ratios.median(), limit, ratio, fmt.Sprintf(
		"%s over %s; median of %d pairs (%.2f × to %.2f ×)%s",
		took, over, len(ratios), slices.Min(ratios), slices.Max(ratios), more))
}

// samples are what one thing took, an odd number of times.
type samples []float64

// median is what half of the samples are below: one slow run does not move it.
func (s samples) median() float64 { return slices.Sorted(slices.Values(s))[len(s)/2] }

// String is the median with its spread.
func (s samples) String() string {
	return fmt.Sprintf("%.2f s (%.2f to %.2f)", s.median(), slices.Min(s), slices.Max(s))
}
