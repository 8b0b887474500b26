//go:build unix

// Package bench measures what the provider costs: requests, time and memory of a real Terraform or OpenTofu with the
// provider of this checkout against the mock. Beside it runs the same engine with an empty provider of the same schema:
// a busy machine slows both down. A benchmark fails if a number is over the limit in its unit.
package bench

import (
	"bufio"
	"fmt"
	"net/http"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func BenchmarkProvider(b *testing.B) {
	b.Setenv("CGO_ENABLED", "0")
	r := rig{tool: acctest.FindEngine(b)}
	for i, mainPackage := range []string{tidio: "", empty: "/internal/bench/empty"} { // built as a release is
		r.mirrors[i] = acctest.BuildMirror(b, acctest.Module+mainPackage, "-trimpath", "-ldflags=-s -w")
	}
	b.Run("requests", r.requests)
	b.Run("plan", r.plan)
	b.Run("read", r.read)
	b.Run("create", r.create)
	b.Run("limited", r.limited)
}

// rig has what all benchmarks share.
type rig struct {
	tool    acctest.Engine
	mirrors [2]string
}

// What is measured side by side has these indices.
const (
	tidio = iota
	empty
	builtin
)

const perMinute = 60 // requests that the smallest account allows

// requests counts those of a first apply, and of plans when everything is in the state and as it was. Lists have pages of 100. Contacts
// cost one request each, or twice the pages of their list, and one more for the list's length.
func (r rig) requests(b *testing.B) {
	for _, c := range []struct {
		what  string
		setup func(b *testing.B) setup
		limit float64
	}{
		// The engine starts the provider twice, to plan and to apply, and each time it reads the list.
		{"apply of 300 properties", newProperties(300, tidiomock.Config{}), 300 + 2},
		{"10 properties", properties(10), 1},
		{"100 properties", properties(100), 1},
		{"1000 properties", properties(1_000), 10},
		{"10 contacts of 1000", contacts(10, 1_000), 11},
		{"100 contacts of 1000", contacts(100, 1_000), 21},
		{"1000 contacts of 1000", contacts(1_000, 1_000), 21},
		{"10 contacts of 20000", contacts(10, 20_000), 11},
		{"100 contacts of 20000", contacts(100, 20_000), 101},
		{"1000 contacts of 20000", contacts(1_000, 20_000), 401},
	} {
		b.Run(c.what, func(b *testing.B) {
			s := c.setup(b)
			r.inTurns(b, 1, s)
			report(b, float64(len(s.mock.Requests())), c.limit, "requests")
		})
	}
}

// plan times a plan of 1,000 properties, all of them in the state.
func (r rig) plan(b *testing.B) {
	made := properties(1_000)(b)
	own := setup{command: made.command}.with("terraform_data", "terraform.io/builtin/terraform", 1_000, 1, `
  input = "Property N"`, `"id": "N", "input": {"value": "Property N", "type": "string"}`)
	took := r.inTurns(b, 9, made, made, own)
	compare(b, "CPU", took[tidio].cpu, took[empty].cpu, 0.82)
	compare(b, "time", took[tidio].wall, took[empty].wall, 0.95)
	compare(b, "terraform_data-time", took[builtin].wall, took[empty].wall, 0)
}

// read times and weighs the reading of all contacts of an account by a data source.
func (r rig) read(b *testing.B) {
	for _, n := range []int{20_000, 100_000} {
		b.Run(fmt.Sprint(n, " contacts"), func(b *testing.B) {
			all := reading(b, n)
			took := r.inTurns(b, 3, all, all)
			compare(b, "time", took[tidio].wall, took[empty].wall, 1.3)
			compare(b, "memory", took[tidio].peak, took[empty].peak, 1.3)
		})
	}
}

// create creates contacts in an account as strict as the smallest: those that wait at the same time are one request.
// Singly, 300 would take 4 minutes, and 1,000 would take 16.
func (r rig) create(b *testing.B) {
	for _, c := range []struct {
		contacts, parallelism int
		requests, minutes     float64 // limits
	}{
		{300, 10, 45, 1},
		{300, 100, 15, 1},
		{1_000, 10, 130, 1.6},
		{1_000, 100, 40, 1},
	} {
		b.Run(fmt.Sprintf("%d contacts parallelism %d", c.contacts, c.parallelism), func(b *testing.B) {
			s := newContacts(b, c.contacts, c.parallelism)
			took := r.inTurns(b, 1, s)
			report(b, float64(len(s.mock.Requests())), c.requests, "requests")
			report(b, took[0].wall[0]/60, c.minutes, "minutes")
		})
	}
}

// limited creates 180 properties in such an account, one by one, as v1 does it: once where replies tell how many requests
// are left, once where only a 429 tells that there were too many.
func (r rig) limited(b *testing.B) {
	const n = 180
	const requests, minutes = n + 2, (n + 1) / perMinute // all minutes but the last are waited out
	for i, hidden := range []bool{false, true} {
		b.Run([]string{"with rate headers", "without rate headers"}[i], func(b *testing.B) {
			s := newProperties(n, tidiomock.Config{RequestsPerMinute: perMinute, HideRateHeaders: hidden})(b)
			took := r.inTurns(b, 1, s)
			report(b, took[0].wall[0]/60/minutes, 1.05, "time/least")
			refused := refused(s.mock.Requests())
			b.Logf("%d requests, of which were refused by minute: %v", len(s.mock.Requests()), refused)
			if hidden { // as many as are in flight at a time
				report(b, float64(refused[0]), 10, "429s-in-first-minute")
				refused = refused[1:]
			} else {
				report(b, float64(len(s.mock.Requests())), requests, "requests")
			}
			report(b, float64(slices.Max(refused)), 1, "429s-in-a-minute")
		})
	}
}

// refused counts the 429s in each of the limit's minutes. One comes only when the limit is used up:
// what was let through before it tells which minute it is, whatever the clock says.
func refused(log []tidiomock.Request) (minutes []int) {
	let := 0
	for _, r := range log {
		if r.Status == http.StatusTooManyRequests {
			minutes[len(minutes)-1]++
			continue
		}
		if let%perMinute == 0 {
			minutes = append(minutes, 0)
		}
		let++
	}
	return minutes
}

// report reports a number, and fails if it is over its limit; the limit 0 is none.
func report(b *testing.B, measured, limit float64, unit string) {
	b.Helper()
	if limit > 0 {
		unit = fmt.Sprintf("%s≤%v", unit, limit)
		if !(measured <= limit) { // nor may it be NaN
			b.Errorf("%.4f %s", measured, unit)
		}
	}
	b.ReportMetric(0, "ns/op") // hides it
	b.ReportMetric(measured, unit)
}

// compare reports what two providers took in the same rounds.
func compare(b *testing.B, what string, took, over samples, limit float64) {
	b.Helper()
	ratios := make(samples, len(took))
	for i := range took {
		ratios[i] = took[i] / over[i]
	}
	report(b, ratios.median(), limit, what+"/empty")
	b.Logf("%s: %s over %s, in pairs %s", what, took, over, ratios)
}

// samples are what one thing took, an odd number of times.
type samples []float64

// median is what half of the samples are below: one slow run does not move it.
func (s samples) median() float64 { return slices.Sorted(slices.Values(s))[len(s)/2] }

// String is the median with its spread.
func (s samples) String() string {
	return fmt.Sprintf("%.2f (%.2f to %.2f)", s.median(), slices.Min(s), slices.Max(s))
}

// costs has what a command used in each round.
type costs struct {
	wall samples // seconds
	cpu  samples // seconds of the engine and the provider; of the engine alone if the provider is attached
	peak samples // peak memory of an attached provider, in megabytes
}

// inTurns measures all setups in each round. The first setup is for the provider, the others are for the empty one.
func (r rig) inTurns(b *testing.B, rounds int, setups ...setup) []costs {
	b.Helper()
	took := make([]costs, len(setups))
	for range rounds {
		for i, s := range setups {
			r.run(b, r.mirrors[min(i, empty)], s, &took[i])
		}
	}
	return took
}

// run makes a workspace of a setup and runs its command, which must succeed.
func (r rig) run(b *testing.B, mirror string, s setup, c *costs) {
	b.Helper()
	env := s.env
	var attached *exec.Cmd
	if s.attach {
		attached, env = startProvider(b, mirror, env)
	}
	w := acctest.EmptyWorkspace(b, r.tool, mirror, env...)
	w.WriteFile("main.tf", s.config)
	w.WriteFile("terraform.tfstate", s.state)
	w.Expect(0, "init")
	output := w.Run(strings.Fields(s.command)...)
	if output.ExitCode != 0 {
		b.Fatalf("exit code %d: %s", output.ExitCode, output.Text())
	}
	if s.attach {
		_ = attached.Process.Kill()
		_ = attached.Wait()                                                              // says that it was killed
		peak := float64(attached.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1e6 // as on every Unix
		if runtime.GOOS != "darwin" {
			peak *= 1024 // elsewhere it comes in KiB
		}
		c.peak = append(c.peak, peak)
	}
	c.wall = append(c.wall, output.Took.Seconds())
	c.cpu = append(c.cpu, output.CPU.Seconds())
}

// startProvider starts a provider that an engine can attach to, and returns the setting for that.
func startProvider(b *testing.B, mirror string, env []string) (*exec.Cmd, []string) {
	b.Helper()
	const name = "TF_REATTACH_PROVIDERS="
	cmd := exec.CommandContext(b.Context(), acctest.Installed(mirror), "-debug")
	cmd.Env = append(acctest.CleanEnv(), env...)
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, quoted, found := strings.Cut(lines.Text(), name); found {
			return cmd, []string{name + strings.Trim(quoted, "'")}
		}
	}
	b.Fatalf("%s ended instead of waiting for an engine: %v", cmd.Path, cmd.Wait())
	return nil, nil
}
