package main

import (
	"bytes"
	"context"
	"encoding/json"
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

// recover does what the errors say, as a user would, until an apply succeeds and the plan after it is empty.
// clean says that this must be so at once.
func (c *campaign) recover(ctx context.Context, said []diagnostic, clean bool) error {
	for try := range 5 {
		if try > 0 || !clean {
			if err := c.follow(ctx, said); err != nil {
				return err
			}
			o, err := c.command(ctx, nil, "apply", "-auto-approve")
			if err != nil {
				return err
			}
			if said = o.errors; o.code != 0 {
				continue
			}
		}
		o, err := c.command(ctx, nil, "plan", "-detailed-exitcode")
		if err != nil {
			return err
		}
		said = o.errors
		if o.code == 2 && o.outputsOnly {
			continue // something came or went after the data source was read
		}
		if o.code == 0 {
			for _, v := range c.unconverged(o.after) {
				c.violation(v)
			}
			return nil
		}
		c.violation(fmt.Sprintf("the plan after an apply is not empty (exit code %d): %v", o.code, said))
	}
	c.violation(fmt.Sprintf("no error said how to converge; the last ones: %v", said))
	return nil
}

// follow changes the configuration or the state as errors say. Where they say to apply again there is nothing to
// change.
func (c *campaign) follow(ctx context.Context, said []diagnostic) error {
	now, err := c.snapshot()
	if err != nil {
		return err
	}
	var commands [][]string
	for _, e := range said {
		p, contact := c.desired.property(e.Address), c.desired.contact(e.Address)
		_, managed := now.ids()[e.Address]
		switch {
		case strings.Contains(e.text(), "may have been merged"):
			commands = append(commands, []string{"state", "rm", e.Address})
			c.removedFromState[now.ids()[e.Address]] = true
		case strings.Contains(e.text(), "terraform untaint"):
			commands = append(commands, []string{"untaint", e.Address})
		case contact != nil && strings.Contains(e.Summary, "may have been created"):
			id := c.createdNow(e, contact, now)
			switch {
			case id == "":
			case managed: // the contact that it was to replace
				c.third.perform(event{do: deleteContact, address: id}, map[string]string{id: id})
			case c.choices.IntN(4) == 0:
				commands = append(commands, []string{"import", e.Address, id})
			default:
				c.desired.imports[e.Address] = id
			}
		case p != nil && c.desired.published: // "create it in the Tidio panel"
			if _, exists := c.mock.Property(p.name); !exists {
				c.third.perform(event{do: makeProperty, property: tidiomock.Property{Name: p.name, Type: p.kind}}, nil)
			}
		case p != nil && !managed && strings.Contains(e.text(), "adopt_existing = true"):
			if c.choices.IntN(2) == 0 {
				p.adopt = true
			} else {
				c.desired.imports[e.Address] = p.name
			}
		}
	}
	c.dropImports()
	c.pending = said
	defer func() { c.pending = nil }()
	if err := c.write(); err != nil {
		return err
	}
	for _, args := range commands {
		o, err := c.command(ctx, nil, args...)
		if err != nil {
			return err
		}
		if o.code != 0 {
			c.violation("advised by an error, and failed: " + strings.Join(args, " "))
		}
	}
	return nil
}

// dropImports takes out the import blocks of what is gone, and of addresses that have become ambiguous.
func (c *campaign) dropImports() {
	for address, id := range c.desired.imports {
		if strings.HasPrefix(id, "email:") {
			id = "cont_of_" + c.desired.contact(address).res
			c.desired.imports[address] = id
		}
		_, isProperty := c.mock.Property(id)
		if _, isContact := c.mock.Contact(id); !isProperty && !isContact {
			delete(c.desired.imports, address)
		}
	}
}

// createdNow returns the id that a user finds among the contacts that the error lists or, where it lists none,
// by the address.
func (c *campaign) createdNow(e diagnostic, wanted *contact, now snapshot) string {
	for _, contact := range now.contacts {
		if !c.known[contact.ID] && !c.third.made[contact.ID] && e.names(contact, wanted) {
			return contact.ID
		}
	}
	return ""
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

// diagnostic is an error that the engine printed.
type diagnostic struct{ Severity, Summary, Detail, Address string }

func (d diagnostic) text() string { return d.Summary + "\n" + d.Detail }

// names reports whether an error names a contact as one that it may have created.
func (d diagnostic) names(there tidiomock.Contact, wanted *contact) bool {
	return strings.Contains(d.text(), there.ID) ||
		wanted != nil && strings.EqualFold(there.Email, wanted.email) && strings.Contains(d.text(), "Look for it in Tidio")
}

// read reads the errors from the lines of JSON that the engine printed, and whether a plan changes outputs only.
func read(printed string) (failures []diagnostic, outputsOnly bool) {
	for line := range strings.Lines(printed) {
		var event struct {
			Type       string
			Diagnostic diagnostic
			Changes    struct{ Add, Change, Import, Remove, Forget int }
		}
		if json.Unmarshal([]byte(line), &event) != nil {
			continue
		}
		switch {
		case event.Type == "change_summary":
			n := event.Changes
			outputsOnly = n.Add+n.Change+n.Import+n.Remove+n.Forget == 0
		case event.Diagnostic.Severity == "error":
			failures = append(failures, event.Diagnostic)
		}
	}
	return failures, outputsOnly
}
