package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const secret = "cs_chaos-7f20c1" // for both APIs

// campaign plays the rounds of one seed over one API, in its own account and workspace.
type campaign struct {
	t         *testing.T
	name      string // seed and API
	published bool   // over the published API, where properties can only be read
	report    *report
	log       io.Writer
	rng       *rand.Rand

	mock         *tidiomock.Mock
	answering    sync.RWMutex // read-locked by each request that the mock has not answered yet
	thirdParty   *thirdParty
	space        *acctest.Workspace
	raceDir      string // where the race detector reports
	desiredState *desiredState
	lastNumber   int
	round        int
	current      *round
	seen         map[string]instance // all instances that were ever in the state, by instance.key
	released     map[string]bool     // keys of those that Terraform has forgotten
}

func newCampaign(seed uint64, published bool, r *report, log io.Writer) *campaign {
	name, stream := fmt.Sprintf("seed %d over v1", seed), uint64(1)
	if published {
		name, stream = fmt.Sprintf("seed %d over the published API", seed), 2
	}
	c := &campaign{
		name: name, published: published, report: r, log: log,
		rng:          rand.New(rand.NewPCG(seed, stream)), //nolint:gosec // a seed must repeat the same numbers
		desiredState: &desiredState{Properties: map[string]*property{}, Contacts: map[string]*contact{}},
		seen:         map[string]instance{}, released: map[string]bool{}, current: &round{},
	}
	c.mock = tidiomock.New(tidiomock.Config{
		APIKey: secret, ClientID: "ci_chaos", ClientSecret: secret, PageSize: 7,
		OnViolation: func(err error) { c.violation("the contract is broken: %v", err) },
	})
	c.thirdParty = newThirdParty(c.mock)
	return c
}

// run plays rounds until there were enough changes, and destroys the contacts at the end.
func (c *campaign) run(mirror string, changes int) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.answering.RLock()
		defer c.answering.RUnlock()
		c.mock.ServeHTTP(w, r)
	}))
	defer server.Close()
	c.raceDir = c.t.TempDir()
	// The engine does not show what a provider writes to its standard error.
	env := []string{"GORACE=log_path=" + filepath.Join(c.raceDir, "race")}
	if c.published {
		env = append(env, "TIDIO_BASE_URL="+server.URL+"/", "TIDIO_CLIENT_ID=ci_chaos", "TIDIO_CLIENT_SECRET="+secret)
	} else {
		env = append(env, "TIDIO_BASE_URL="+server.URL+"/v1/", "TIDIO_API_KEY="+secret)
	}
	c.space = acctest.EmptyWorkspace(c.t, acctest.FindEngine(c.t), mirror, env...)
	c.write()
	c.space.Expect(0, "init")
	for changed := 0; changed < changes; changed += len(c.current.touched) {
		c.drawRound(changes - changed)
		c.play()
	}
	c.desiredState.Contacts, c.desiredState.Imports, c.desiredState.Forgotten, c.current = nil, nil, nil, &round{}
	c.write()
	c.recover(nil, false)
}

func (c *campaign) write() { c.space.WriteFile("main.tf.json", c.desiredState.config()) }

// play plays the current round: a command under faults, most often an apply, and then the recovery without faults.
func (c *campaign) play() {
	c.round++
	r := c.current
	args, applies := append([]string{"apply", "-auto-approve"}, r.args...), c.rng.IntN(6) > 0
	if !applies {
		args = pick(c.rng, [][]string{append([]string{"plan"}, r.args...), {"apply", "-refresh-only", "-auto-approve"}})
	}
	fmt.Fprintf(c.log, "\n== round %d\nthird party: %v\n%v\n", c.round, r.before, r.faults)
	ids, disturbed := c.snapshot().ids(), len(r.taint)+len(r.args) > 0
	for _, e := range r.before {
		c.thirdParty.perform(e, ids)
		disturbed = disturbed || strings.HasPrefix(e.text, "merges")
	}
	for _, address := range r.taint {
		c.command(nil, "taint", address)
	}
	c.write()
	o := c.command(r.faults, args...)
	c.report.count("resource changes", len(r.touched))
	c.report.count("commands under faults", 1)
	c.report.count("commands under faults that failed", min(o.code, 1))
	if r.calm && o.code != 0 {
		c.violation("failed under faults that retries mend: %v", o.errors)
	}
	commands := c.report.counts["commands"]
	c.recover(o.errors, applies && o.code == 0 && !disturbed && !o.disturbed)
	c.t.Logf("round %2d: %2d changes, exit code %d, %2d errors, %d commands to recover", c.round,
		len(r.touched), o.code, len(o.errors), c.report.counts["commands"]-commands)
}

func (c *campaign) violation(format string, args ...any) {
	c.report.count("violations", 1)
	text := fmt.Sprintf(format, args...)
	c.t.Errorf("%s, round %d: %s", c.name, c.round, text)
	fmt.Fprintln(c.log, "!!", text)
}

// outcome is what a command did.
type outcome struct {
	code        int
	errors      []diagnostic
	outputsOnly bool // the plan changes only outputs
	disturbed   bool // others changed, or may have changed, something that Terraform manages
	after       snapshot
}

// command runs a command under faults, and looks for violations.
func (c *campaign) command(faults []fault, args ...string) (o outcome) {
	before := c.snapshot()
	c.mock.ResetRequests()
	if args[0] == "plan" || args[0] == "apply" {
		args = append(args, "-json")
	}
	fmt.Fprintf(c.log, "\n$ terraform %s\n", strings.Join(args, " "))
	result := c.underFaults(faults, before.ids(), args)
	// A request that the client has abandoned may still arrive.
	c.answering.Lock()
	c.answering.Unlock() //nolint:staticcheck // locking waits for the readers
	c.report.count("commands", 1)
	c.report.count("requests", len(c.mock.Requests()))
	o.code = result.ExitCode
	printed := read(result.Stdout)
	o.errors, o.outputsOnly = printed.errors, printed.outputsOnly
	o.disturbed = c.thirdParty.afterDeletes(before.properties) || slices.ContainsFunc(faults, fault.disturbs)
	o.after = c.snapshot()
	for _, v := range append(c.check(before, o.after, result), c.checkDone(printed.done, before, o)...) {
		c.violation("%s: %s", strings.Join(args, " "), v)
	}
	return o
}

// underFaults runs a command with the faults armed, and counts those that occurred.
func (c *campaign) underFaults(faults []fault, ids map[string]string, args []string) acctest.Output {
	running, ended := context.WithCancel(c.t.Context())
	defer ended()
	var command *acctest.Command
	var acting sync.WaitGroup
	started := make(chan struct{})
	for _, f := range faults {
		if f.lag {
			c.mock.SetReadLag(lag)
			c.report.count(readLag, 1)
			continue
		}
		c.report.count(f.Message, f.Times)
		if f.interrupts || f.events != nil {
			reached, release := make(chan struct{}, 1), make(chan struct{})
			f.Reached, f.Release = reached, release
			acting.Go(func() {
				defer close(release)
				select {
				case <-reached:
				case <-running.Done():
					return
				}
				<-started
				for _, e := range f.events {
					c.thirdParty.perform(e, ids)
				}
				if f.interrupts && command.Interrupt() == nil {
					command.WaitFor("Interrupt received")
				}
			})
		}
		c.mock.Arm(f.Fault)
	}
	command = c.space.Start(running, args...)
	close(started)
	result := command.Wait()
	fmt.Fprint(c.log, result.Stdout, result.Stderr)
	ended()
	acting.Wait()
	for _, f := range c.mock.Unfired() {
		c.report.count(f.Message, -f.Times)
	}
	c.mock.Disarm()
	if !slices.ContainsFunc(faults, func(f fault) bool { return f.lag }) { // otherwise, the next command's reads lag, too
		c.mock.SetReadLag(0)
	}
	return result
}

// recover does what the errors say, as a user would, until an apply succeeds and the plan after it is empty.
// If clean is set, this must be the case at once.
func (c *campaign) recover(said []diagnostic, clean bool) {
	for try := range 5 {
		if try > 0 || !clean {
			c.follow(said)
			o := c.command(nil, "apply", "-auto-approve")
			if said = o.errors; o.code != 0 {
				continue
			}
		}
		o := c.command(nil, "plan", "-detailed-exitcode")
		said = o.errors
		switch {
		case o.code == 2 && o.outputsOnly: // something was added or removed after the data source was read
		case o.code == 0:
			for _, v := range c.compare(o.after) {
				c.violation("%s", v)
			}
			c.thirdParty.addForeignValues(c.desiredState, o.after.ids())
			return
		default:
			c.violation("the plan after an apply is not empty (exit code %d): %v", o.code, said)
		}
	}
	c.violation("no error said how to converge; the last ones: %v", said)
}

// follow changes the configuration or the state as the errors say. It does nothing for errors that say to apply again.
func (c *campaign) follow(said []diagnostic) {
	now := c.snapshot()
	var commands [][]string
	for _, e := range said {
		p, contact := c.desiredState.property(e.Address), c.desiredState.contact(e.Address)
		id, isManaged := now.ids()[e.Address]
		switch {
		case strings.Contains(e.text(), "may have been merged"):
			commands = append(commands, []string{"state", "rm", e.Address})
			c.released[id] = true
		case strings.Contains(e.text(), "terraform untaint") && now.isTainted(e.Address):
			commands = append(commands, []string{"untaint", e.Address})
		case contact != nil && strings.Contains(e.Summary, "may have been created"):
			for n, made := range c.madeNow(e, contact, now) {
				if n > 0 {
					c.violation("made twice, as an error says: %s", e.text())
				}
				switch {
				case isManaged || n > 0: // a replacement of a contact that still exists, or a duplicate
					c.thirdParty.perform(c.thirdParty.deletes(e.Address), map[string]string{e.Address: made})
				case c.round%4 == 0:
					commands = append(commands, []string{"import", e.Address, made})
				default:
					c.desiredState.Imports[e.Address] = made
				}
			}
		case p != nil && c.published: // "create it in the Tidio panel"
			if _, exists := c.mock.Property(p.Name); !exists {
				c.thirdParty.perform(c.thirdParty.makesProperty(tidiomock.Property{Name: p.Name, Type: p.Type}), nil)
			}
		case p != nil && strings.Contains(e.text(), "adopt_existing = true"):
			if isManaged || c.round%2 == 0 { // what is in the state cannot be imported
				p.Adopt = true
			} else {
				c.desiredState.Imports[e.Address] = p.Name
			}
		}
	}
	// An object that is gone cannot be imported, and an e-mail address may now belong to several contacts.
	for address, id := range c.desiredState.Imports {
		if strings.HasPrefix(id, "email:") {
			id = "cont_of_" + strings.TrimPrefix(address, "tidio_contact.")
			c.desiredState.Imports[address] = id
		}
		_, isProperty := c.mock.Property(id)
		if _, isContact := c.mock.Contact(id); !isProperty && !isContact {
			delete(c.desiredState.Imports, address)
		}
	}
	c.write()
	for _, args := range commands {
		if o := c.command(nil, args...); o.code != 0 {
			c.violation("advised by an error, and failed: %s", strings.Join(args, " "))
		}
	}
}

// madeNow returns the ids of the new contacts that a user finds in the error's list or, if it has none, by the e-mail
// address.
func (c *campaign) madeNow(e diagnostic, wanted *contact, now snapshot) (ids []string) {
	for _, there := range now.contacts {
		_, seen := c.seen[there.ID]
		listed := strings.Contains(e.text(), there.ID)
		alike := strings.EqualFold(there.Email, wanted.Email) && strings.Contains(e.text(), "Look for it in Tidio")
		if !seen && !c.thirdParty.made[there.ID] && (listed || alike) {
			ids = append(ids, there.ID)
		}
	}
	return ids
}

// diagnostic is an error that the engine printed.
type diagnostic struct{ Severity, Summary, Detail, Address string }

func (d diagnostic) text() string { return d.Summary + "\n" + d.Detail }

// events are what the engine reports in lines of JSON.
type events struct {
	errors      []diagnostic
	done        map[string]string // the last action that is complete, by address
	outputsOnly bool              // the plan changes only outputs
}

func read(printed string) (all events) {
	all.done = map[string]string{}
	for line := range strings.Lines(printed) {
		var event struct {
			Type       string
			Diagnostic diagnostic
			Changes    struct{ Add, Change, Import, Remove, Forget int }
			Hook       struct {
				Action   string
				Resource struct{ Addr string }
			}
		}
		if json.Unmarshal([]byte(line), &event) != nil {
			continue
		}
		switch n := event.Changes; {
		case event.Type == "change_summary":
			all.outputsOnly = n.Add+n.Change+n.Import+n.Remove+n.Forget == 0
		case event.Type == "apply_complete":
			all.done[event.Hook.Resource.Addr] = event.Hook.Action
		case event.Diagnostic.Severity == "error":
			all.errors = append(all.errors, event.Diagnostic)
		}
	}
	return all
}
