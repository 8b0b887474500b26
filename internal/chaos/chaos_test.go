// Package chaos applies random changes of properties and contacts under random faults, through a real
// Terraform or OpenTofu with the provider of this checkout, against the mock, over both APIs. It recovers by following
// the errors, and when a plan is empty, it compares the account and the state with the desired state. It fails if
// anything was created twice, lost, overwritten or deleted unasked, or if the plan never became empty. A seed repeats
// the same changes and faults.
package chaos

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// `make chaos` sets larger numbers than `make test`.
var (
	seedFlag    = flag.Uint64("chaos.seed", 1, "first seed of the random choices")
	seedsFlag   = flag.Int("chaos.seeds", 1, "number of seeds to run")
	changesFlag = flag.Int("chaos.changes", 40, "number of resources to change for each seed, half of them over each API")
	raceFlag    = flag.Bool("chaos.race", false, "build the provider with the race detector")
	logFlag     = flag.String("chaos.log", "", "file for the rounds and everything that the engine prints")
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestCampaigns runs a campaign over each API for each seed, and reports them all.
func TestCampaigns(t *testing.T) {
	var flags []string
	if *raceFlag {
		flags = []string{"-race"}
	}
	mirror := acctest.BuildMirror(t, acctest.Module, flags...)
	log, err := os.Create(cmp.Or(*logFlag, filepath.Join(t.TempDir(), "log")))
	check(t, err)
	defer log.Close()
	r := &report{counts: map[string]int{"violations": 0}}
	for n := range *seedsFlag {
		for _, published := range []bool{false, true} {
			c := newCampaign(*seedFlag+uint64(n), published, r, log) //nolint:gosec // a count is not negative
			t.Run(c.name, func(t *testing.T) {
				c.t = t
				c.run(mirror, (*changesFlag+1)/2)
			})
		}
	}
	t.Log(r)
	unmet := slices.DeleteFunc(slices.Clone(allFaults), func(kind string) bool { return r.counts[kind] > 0 })
	if r.counts["resource changes"] >= 1500 && len(unmet) > 0 {
		t.Errorf("never met %q: these seeds prove less than they should", unmet)
	}
	if t.Failed() && *logFlag == "" {
		printed, err := os.ReadFile(log.Name())
		check(t, err)
		t.Logf("the end of the log (-chaos.log writes all of it to a file):\n%s", printed[max(0, len(printed)-50_000):])
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// report counts what campaigns did, and which kinds of faults they met.
type report struct {
	mu     sync.Mutex
	counts map[string]int // by row label
}

func (r *report) count(row string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[row] += n
}

func (r *report) String() string {
	var all strings.Builder
	for _, row := range slices.Sorted(maps.Keys(r.counts)) {
		fmt.Fprintf(&all, "\n%6d %s", r.counts[row], row)
	}
	return all.String()
}

func TestSeedDecides(t *testing.T) {
	schedule := func(seed uint64) string {
		c := newCampaign(seed, seed%2 == 0, &report{counts: map[string]int{}}, io.Discard)
		var all strings.Builder
		for range 20 {
			c.drawRound(100)
			r := c.current
			fmt.Fprintln(&all, r.before, r.args, r.taint, r.faults, c.desiredState.config())
		}
		return all.String()
	}
	first := schedule(7)
	if first != schedule(7) || first == schedule(9) {
		t.Error("the seed does not decide")
	}
	for _, kind := range allFaults {
		if !strings.Contains(first+schedule(8)+schedule(9)+schedule(10), kind) {
			t.Errorf("no fault of the kind %q in 80 rounds", kind)
		}
	}
}

// A check that cannot fail proves nothing: each violation is made by hand, and must be found; so must what only looks
// like one be left alone. In the account Terraform has a property and the contact cont_own, which the third party has
// written to; it has cont_theirs.
func TestViolations(t *testing.T) {
	for name, test := range map[string]struct {
		change func(s *situation)
		want   string // "" = nothing
	}{
		"nothing": {func(*situation) {}, ""},
		"a contact made twice": {func(s *situation) {
			s.mock.AddContact(tidiomock.Contact{ID: "cont_new", Email: "jane@example.com"})
		}, `"cont_new" was made`},
		"a property made twice": {func(s *situation) {
			s.mock.AddProperty(tidiomock.Property{Name: "tier 2", Type: "text"})
		}, `"tier 2" was made`},
		"inserted by a fault": {func(s *situation) {
			s.mock.AddContact(tidiomock.Contact{ID: "cont_x", Email: "cont_x@example.com"})
			s.mock.AddProperty(tidiomock.Property{ID: "prop_x", Name: "made_up_prop_x", Type: "text"})
		}, ""},
		"an id at two addresses": {func(s *situation) {
			s.now.instances[0] = instance{address: "tidio_contact.other", ID: "cont_own"}
		}, "1 objects"},
		"one too many": {func(s *situation) {
			s.now.instances = append(s.now.instances, instance{address: "tidio_contact.jane", ID: "cont_old", deposed: true})
		}, "3 instances"},
		"took over a contact": {func(s *situation) {
			s.now.instances[1].ID, s.before.instances[1].ID = "cont_theirs", "cont_theirs"
		}, "of the third party"},
		"tainted":         {func(s *situation) { s.now.instances[1].tainted = true }, "is tainted"},
		"lost":            {func(s *situation) { s.now.instances = s.now.instances[:1] }, "no longer in the state"},
		"a lost property": {func(s *situation) { s.now.instances = s.now.instances[1:] }, "no longer in the state"},
		"lost, and adopted": {func(s *situation) {
			s.later = &snapshot{instances: s.before.instances}
			s.now.instances = s.now.instances[1:]
		}, "no longer in the state"},
		"let go":           {func(s *situation) { s.takeOut("ABANDON") }, ""},
		"not let go":       {func(s *situation) { s.takeOut("") }, "no longer in the state"},
		"deleted unasked":  {func(s *situation) { s.sendDelete("cont_own") }, "nobody had asked for"},
		"deleted as asked": {func(s *situation) { s.takeOut(""); s.sendDelete("cont_own") }, ""},
		"and to be abandoned": {func(s *situation) {
			s.takeOut("ABANDON")
			s.sendDelete("cont_own")
		}, "nobody had asked for"},
		"deleted by the id of a merged one": {func(s *situation) {
			s.takeOut("")
			s.thirdParty.perform(s.thirdParty.merges("a", tidiomock.Contact{ID: "cont_kept"}), map[string]string{"a": "cont_own"})
			s.sendDelete("cont_own")
		}, "nobody had asked for"},
		"a foreign value changed": {func(s *situation) {
			s.mock.SetContactValue("cont_own", "bot_note", "x")
		}, "should be"},
		"a foreign value cleared": {func(s *situation) {
			s.mock.SetContactValue("cont_own", "bot_note", nil)
		}, "should be"},
		"a foreign contact changed": {func(s *situation) {
			s.mock.ChangeContact("cont_theirs", func(c *tidiomock.Contact) { c.Name = "x" })
		}, "the third party wrote"},
		"another value": {func(s *situation) { s.mock.SetContactValue("cont_own", "tier", "x") }, "should be"},
		"not written": {func(s *situation) {
			s.done = map[string]string{"tidio_contact.jane": "update"}
			s.mock.SetContactValue("cont_own", "tier", "x")
		}, `is done, and "tier" is "x"`},
		"not deleted": {func(s *situation) {
			s.takeOut("")
			s.done = map[string]string{"tidio_contact.jane": "delete"}
		}, "is deleted, and cont_own still exists"},
		"a stale key": {func(s *situation) { s.mock.SetContactValue("cont_own", "plan", "x") }, "should be"},
		"no contact":  {func(s *situation) { s.mock.DeleteContact("cont_own") }, "should be"},
		"no property": {func(s *situation) { s.mock.DeleteProperty("tier") }, `"tier"`},
		"the output":  {func(s *situation) { s.now.output = 7 }, "lists 7 contacts"},
		"a crash":     {func(s *situation) { s.result.Stderr = "panic: x" }, "printed"},
		"a secret":    {func(s *situation) { s.result.Stdout = "{" + secret }, "printed"},
		"a process":   {func(s *situation) { s.result.Left = true }, "process"},
		"a race": {func(s *situation) {
			_ = os.WriteFile(filepath.Join(s.raceDir, "race.1"), []byte("RACE"), 0o600)
		}, "RACE"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSituation(t)
			test.change(s)
			s.now.contacts, s.now.properties = s.mock.Contacts(), s.mock.Properties()
			if s.now.output == nil {
				s.now.output = len(s.now.contacts)
			}
			violations := append(s.check(s.before, s.now, s.result), s.checkDone(s.done, s.before, outcome{after: s.now})...)
			if s.later != nil {
				s.now.instances = s.later.instances
			}
			got := strings.Join(append(violations, s.compare(s.now)...), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("violations %q, want %q", got, test.want)
			}
		})
	}
}

// situation is a campaign before and after a command.
type situation struct {
	*campaign

	before, now snapshot
	done        map[string]string
	later       *snapshot // when the errors have been followed; nil = as now
	result      acctest.Output
}

func newSituation(t *testing.T) *situation {
	t.Helper()
	c := newCampaign(1, false, &report{counts: map[string]int{}}, io.Discard)
	c.raceDir = t.TempDir()
	c.desiredState.Properties["tier"] = &property{Name: "tier", Type: "text"}
	c.desiredState.Contacts["jane"] = &contact{
		Name: "Jane", Email: "jane@example.com", Values: map[string]string{reference("tier"): "gold"},
	}
	c.mock.AddProperty(tidiomock.Property{ID: "prop_own", Name: "tier", Type: "text"})
	c.mock.AddContact(tidiomock.Contact{
		ID: "cont_own", Email: "Jane@example.com", Name: "Jane", Properties: map[string]any{"tier": "gold"},
	})
	c.thirdParty.perform(c.thirdParty.writes("a", "bot_note", "likes tea"), map[string]string{"a": "cont_own"})
	c.thirdParty.perform(c.thirdParty.makesContact(tidiomock.Contact{ID: "cont_theirs", Email: "JANE@example.com", Name: "Jo"}), nil)
	state := func() snapshot {
		return snapshot{instances: []instance{
			{address: "tidio_property.tier", ID: "prop_own", Name: "tier"}, {address: "tidio_contact.jane", ID: "cont_own"},
		}}
	}
	c.check(state(), state(), acctest.Output{})
	return &situation{campaign: c, before: state(), now: state()}
}

// takeOut takes the contact out of the configuration, and out of the state, where it had a policy.
func (s *situation) takeOut(policy string) {
	delete(s.desiredState.Contacts, "jane")
	s.before.instances[1].Policy, s.now.instances = policy, s.now.instances[:1]
	s.seen["cont_own"] = s.before.instances[1]
}

// sendDelete deletes a contact as Terraform would.
func (s *situation) sendDelete(id string) {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodDelete, "/v1/contacts/"+id, nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	s.mock.ServeHTTP(httptest.NewRecorder(), r)
}
