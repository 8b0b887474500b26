//go:build unix

// Command bench measures what the provider costs and holds each number against its limit: a real
// Terraform or OpenTofu with the provider of this checkout against the mock of the API, and beside it
// the same engine with an empty provider of the same schema. It fails if a limit is missed.
package main

import (
	"bufio"
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
	"syscall"
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

// bench has the data that the groups share.
type bench struct {
	tool      *engine.Engine
	mirrors   [2]string // of the provider, and of the empty one
	violation func(error)
	table     strings.Builder
	missed    int // number of missed limits
}

// What is measured side by side has these indices.
const (
	tidio = iota
	empty
	builtin
)

// measure fills the chosen groups of the table and prints it.
func measure(ctx context.Context, chosen string) error {
	began := time.Now()
	// A request or reply that breaks the contract is a failure, wherever it happens.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tool, err := engine.Find()
	if err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, tool.Path, "version").Output()
	if err != nil {
		return err
	}
	b := &bench{tool: tool, violation: cancel}
	fmt.Fprintln(os.Stderr, "# building the provider, and an empty one, as a release is built ...")
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
		fmt.Fprintf(os.Stderr, "# %s ...\n", g.about)
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

// costs has what a command used in each round.
type costs struct {
	wall samples // seconds
	cpu  samples // seconds of the engine and the provider; of the provider alone if it is attached
	peak samples // peak memory of an attached provider, in megabytes
}

// inTurns measures all setups in each round, so that other load on the machine slows them all down. The first setup is
// for the provider, the others are for the empty one.
func (b *bench) inTurns(ctx context.Context, rounds int, setups ...setup) ([]costs, error) {
	took := make([]costs, len(setups))
	for range rounds {
		for i, s := range setups {
			if err := b.run(ctx, b.mirrors[min(i, empty)], s, &took[i]); err != nil {
				return nil, err
			}
		}
	}
	return took, nil
}

// run makes a workspace of a setup and runs its command, which must succeed.
func (b *bench) run(ctx context.Context, mirror string, s setup, c *costs) error {
	var attached *exec.Cmd
	if s.attach {
		var err error
		if attached, s.env, err = startProvider(ctx, mirror, s.env); err != nil {
			return err
		}
		defer func() { _ = attached.Process.Kill() }()
	}
	space, err := b.tool.NewWorkspace(engine.Options{Config: s.config, Mirror: mirror, Env: s.env})
	if err == nil {
		err = errors.Join(space.WriteFile("terraform.tfstate", s.state), space.Init(ctx))
	}
	if err != nil {
		return err
	}
	result, err := space.Expect(ctx, 0, strings.Fields(s.command)...)
	if s.attach {
		_ = attached.Process.Kill()
		_ = attached.Wait() // says that it was killed
		used := attached.ProcessState
		result.CPU = used.UserTime() + used.SystemTime()
		peak := float64(used.SysUsage().(*syscall.Rusage).Maxrss) / 1e6 // as on every Unix
		if runtime.GOOS != "darwin" {
			peak *= 1024 // elsewhere it comes in KiB
		}
		c.peak = append(c.peak, peak)
	}
	c.wall = append(c.wall, result.Took.Seconds())
	c.cpu = append(c.cpu, result.CPU.Seconds())
	return err
}

// startProvider starts a provider that an engine can attach to, and returns the setting for that.
func startProvider(ctx context.Context, mirror string, env []string) (*exec.Cmd, []string, error) {
	const name = "TF_REATTACH_PROVIDERS="
	cmd := exec.CommandContext(ctx, engine.Installed(mirror), "-debug")
	cmd.Env = append(engine.CleanEnv(), env...)
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, nil, err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, quoted, found := strings.Cut(lines.Text(), name); found {
			return cmd, []string{name + strings.Trim(quoted, "'")}, nil
		}
	}
	return nil, nil, fmt.Errorf("%s ended instead of waiting for an engine: %w", cmd.Path, cmd.Wait())
}
