package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const secret = "cs_chaos-7f20c1" // of both APIs

// campaign is the rounds of one seed over one API, in an account and a workspace of its own.
type campaign struct {
	seed    uint64
	report  *report
	w, log  io.Writer
	rounds  *rand.Rand // decides what happens
	choices *rand.Rand // decides between ways out: it is asked as often as there are errors

	mock             *tidiomock.Mock
	answering        sync.RWMutex // read-locked by each request that the mock has not answered yet
	third            *thirdParty
	space            *engine.Workspace
	raceDir          string        // where the race detector reports
	stopping         chan struct{} // receives when the engine says that it was interrupted
	desired          *desired
	file             *desired        // what the configuration file says
	known            map[string]bool // ids and property names that have been in the state
	current          *round
	round            int
	pending          []diagnostic    // errors that the recovery is following
	removedFromState map[string]bool // ids that were taken out of the state
}

func newCampaign(seed uint64, published bool, w, log io.Writer) *campaign {
	stream := uint64(1 + btoi(published)) //nolint:gosec // 1 or 2
	return &campaign{
		seed: seed, report: newReport(), w: w, log: log, stopping: make(chan struct{}, 1),
		rounds:  rand.New(rand.NewPCG(seed, stream)),   //nolint:gosec // it has to be repeatable
		choices: rand.New(rand.NewPCG(seed, 2+stream)), //nolint:gosec // as above
		desired: &desired{published: published}, file: &desired{}, known: map[string]bool{},
		removedFromState: map[string]bool{},
	}
}

func (c *campaign) api() string {
	if c.desired.published {
		return "the published API"
	}
	return "v1"
}

// Write receives what the engine prints.
func (c *campaign) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("Interrupt received")) {
		select {
		case c.stopping <- struct{}{}:
		default:
		}
	}
	return c.log.Write(p)
}

// run plays rounds until enough was changed, and destroys the contacts at the end. Violations are in the report;
// an error means that it could not go on.
func (c *campaign) run(ctx context.Context, tool *engine.Engine, mirror string, changes int) (err error) {
	ctx, cancel := context.WithCancelCause(ctx) // a request or reply that breaks the contract ends the campaign
	defer cancel(nil)
	c.mock = tidiomock.New(tidiomock.Config{
		APIKey: secret, ClientID: "ci_chaos", ClientSecret: secret, PageSize: 7, OnViolation: cancel,
	})
	c.third = newThirdParty(c.mock)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.answering.RLock()
		defer c.answering.RUnlock()
		c.mock.ServeHTTP(w, r)
	}))
	defer server.Close()
	if c.raceDir, err = os.MkdirTemp("", "tidio-races-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.raceDir)) }()
	// The engine does not show what a provider writes to its standard error.
	env := []string{"GORACE=log_path=" + filepath.Join(c.raceDir, "race")}
	if c.desired.published {
		env = append(env, "TIDIO_BASE_URL="+server.URL+"/", "TIDIO_CLIENT_ID=ci_chaos", "TIDIO_CLIENT_SECRET="+secret)
	} else {
		env = append(env, "TIDIO_BASE_URL="+server.URL+"/v1/", "TIDIO_API_KEY="+secret)
	}
	if c.space, err = tool.NewWorkspace(engine.Options{Mirror: mirror, Env: env, Output: c}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.space.Close()) }()
	if err := errors.Join(c.write(), c.space.Init(ctx)); err != nil {
		return err
	}
	for c.report.counts["resource changes"] < changes {
		if err := c.play(ctx, c.drawRound(changes-c.report.counts["resource changes"])); err != nil {
			return err
		}
	}
	c.desired.contacts, c.desired.imports, c.desired.forgotten = nil, nil, nil
	c.current = &round{}
	if err := c.write(); err != nil {
		return err
	}
	return c.recover(ctx, nil, false)
}

func (c *campaign) drawRound(most int) *round {
	r := &round{touched: map[string]bool{}, mayFailPlan: c.rounds.IntN(4) == 0, renames: c.rounds.IntN(2) == 0}
	if c.round > 0 && c.rounds.IntN(4) == 0 {
		r.first = pick(c.rounds, [][]string{{"plan"}, {"apply", "-refresh-only", "-auto-approve"}})
		r.faults[0] = draw(c.rounds, c.desired, r)
	}
	c.desired.change(c.rounds, r, min(18+c.rounds.IntN(13), most))
	r.faults[1] = draw(c.rounds, c.desired, r)
	return r
}

// play plays a round: its commands under faults, and the recovery without.
func (c *campaign) play(ctx context.Context, r *round) error {
	c.round++
	c.current = r
	fmt.Fprintf(c.log, "\n== round %d\nthird party: %v\n%v\n  %v\n", c.round, r.before, r.first, r.faults[1])
	disturbed := len(r.taint)+len(r.args) > 0
	if r.first != nil {
		o, err := c.command(ctx, r.faults[0], r.first...)
		if err != nil {
			return err
		}
		disturbed = disturbed || o.disturbed
	}
	ids, err := c.ids()
	if err != nil {
		return err
	}
	for _, a := range r.before {
		c.third.perform(a, ids)
		disturbed = disturbed || a.do == mergeContact
	}
	for _, address := range r.taint {
		if _, err := c.command(ctx, nil, "taint", address); err != nil {
			return err
		}
	}
	if err := c.write(); err != nil {
		return err
	}
	o, err := c.command(ctx, r.faults[1], append([]string{"apply", "-auto-approve"}, r.args...)...)
	if err != nil {
		return err
	}
	c.report.counts["resource changes"] += len(r.touched)
	c.report.counts["applies under faults"]++
	c.report.counts["applies under faults, ended by an error"] += btoi(o.code != 0)
	commands := c.report.counts["commands"]
	if err := c.recover(ctx, o.errors, o.code == 0 && !disturbed && !o.disturbed); err != nil {
		return err
	}
	c.desired.imports, c.desired.forgotten = nil, nil
	if ids, err = c.ids(); err != nil {
		return err
	}
	c.third.addForeignValues(c.desired, ids)
	fmt.Fprintf(c.w, "round %2d: %2d changes, exit code %d, %2d errors, %d commands to recover\n", c.round,
		len(r.touched), o.code, len(o.errors), c.report.counts["commands"]-commands)
	return nil
}

// outcome is what a command did.
type outcome struct {
	code        int
	errors      []diagnostic
	outputsOnly bool // of a plan with changes: of outputs
	disturbed   bool // something of Terraform's own was changed by others, or may have been
	after       snapshot
}

// command runs a command under faults, and looks for violations.
func (c *campaign) command(ctx context.Context, s schedule, args ...string) (o outcome, err error) {
	before, err := c.snapshot()
	if err != nil {
		return o, err
	}
	c.third.takeOwnership(c.file, before.ids())
	c.mock.ResetRequests()
	if args[0] == "plan" || args[0] == "apply" {
		args = append(args, "-json")
	}
	result, err := c.underFaults(ctx, s, before.ids(), args)
	if err != nil {
		return o, err
	}
	// A request that the client has given up may still arrive.
	c.answering.Lock()
	c.answering.Unlock() //nolint:staticcheck // it waits for the readers
	c.report.counts["commands"]++
	c.report.counts["requests"] += len(c.mock.Requests())
	o.code, o.disturbed = result.ExitCode, s.disturbs()
	o.errors, o.outputsOnly = read(result.Stdout)
	o.disturbed = c.third.afterDeletes(before.properties) || o.disturbed
	if o.after, err = c.snapshot(); err != nil {
		return o, err
	}
	for _, v := range c.check(before, o, result) {
		c.violation(strings.Join(args, " ") + ": " + v)
	}
	return o, nil
}

// underFaults runs a command with the faults armed, and counts those that it met.
func (c *campaign) underFaults(
	ctx context.Context, s schedule, ids map[string]string, args []string,
) (engine.Result, error) {
	fmt.Fprintf(c.log, "\n$ terraform %s\n", strings.Join(args, " "))
	select { // left by a command that ended before anybody waited for it
	case <-c.stopping:
	default:
	}
	running, ended := context.WithCancel(ctx)
	defer ended()
	var command *engine.Command
	var acting sync.WaitGroup
	started := make(chan struct{})
	for _, f := range s {
		if f.lag {
			c.mock.SetReadLag(lag)
			c.report.faults[readLag]++
			continue
		}
		c.report.faults[f.kind] += f.Times
		if f.events != nil {
			reached, release := make(chan struct{}, 1), make(chan struct{})
			f.Reached, f.Release = reached, release
			f.Message = f.kind
			acting.Go(func() {
				defer close(release)
				select {
				case <-reached:
				case <-running.Done():
					return
				}
				<-started
				for _, a := range f.events {
					if a.do != interrupt {
						c.third.perform(a, ids)
					} else if command.Interrupt() == nil {
						select {
						case <-c.stopping:
						case <-running.Done():
						}
					}
				}
			})
		}
		c.mock.Arm(f.Fault)
	}
	command, err := c.space.Start(ctx, args...)
	close(started)
	var result engine.Result
	if err == nil {
		result, err = command.Wait()
	}
	ended()
	acting.Wait()
	for _, f := range c.mock.Unfired() {
		kind := string(f.Do)
		if f.Message != "" {
			kind = f.Message
		} else if f.Header != nil {
			kind = withHint
		}
		c.report.faults[kind] -= f.Times
	}
	c.mock.Disarm()
	c.mock.SetReadLag(0)
	return result, err
}

func (c *campaign) violation(text string) {
	text = fmt.Sprintf("seed %d over %s, round %d: %s", c.seed, c.api(), c.round, text)
	c.report.violations = append(c.report.violations, text)
	fmt.Fprintln(c.w, "!!", text)
	fmt.Fprintln(c.log, "!!", text)
}

func (c *campaign) write() error {
	c.file = c.desired.clone()
	return os.WriteFile(filepath.Join(c.space.Dir, "main.tf"), []byte(c.file.hcl()), 0o600)
}

func (c *campaign) ids() (map[string]string, error) {
	s, err := c.snapshot()
	return s.ids(), err
}
