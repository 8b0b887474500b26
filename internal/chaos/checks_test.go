package chaos

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestSeedDecides(t *testing.T) {
	schedule := func(seed uint64) string {
		c := newCampaign(seed, seed%2 == 0, newReport(), io.Discard)
		var all strings.Builder
		for range 20 {
			c.drawRound(100)
			r := c.current
			fmt.Fprintln(&all, r.before, r.args, r.taint, r.faults, c.desired.config())
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
		"tainted":          {func(s *situation) { s.now.instances[1].tainted = true }, "is tainted"},
		"lost":             {func(s *situation) { s.now.instances = s.now.instances[:1] }, "no longer in the state"},
		"a lost property":  {func(s *situation) { s.now.instances = s.now.instances[1:] }, "no longer in the state"},
		"let go":           {func(s *situation) { s.lets("ABANDON") }, ""},
		"not let go":       {func(s *situation) { s.lets("") }, "no longer in the state"},
		"deleted unasked":  {func(s *situation) { s.deletes("cont_own") }, "nobody had asked for"},
		"deleted as asked": {func(s *situation) { s.lets(""); s.deletes("cont_own") }, ""},
		"and to be abandoned": {func(s *situation) {
			s.lets("ABANDON")
			s.deletes("cont_own")
		}, "nobody had asked for"},
		"deleted by the id of a merged one": {func(s *situation) {
			s.lets("")
			s.third.perform(s.third.merges("a", tidiomock.Contact{ID: "cont_kept"}), map[string]string{"a": "cont_own"})
			s.deletes("cont_own")
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
		"a stale key":   {func(s *situation) { s.mock.SetContactValue("cont_own", "plan", "x") }, "should be"},
		"no contact":    {func(s *situation) { s.mock.DeleteContact("cont_own") }, "should be"},
		"no property":   {func(s *situation) { s.mock.DeleteProperty("tier") }, `"tier"`},
		"the output":    {func(s *situation) { s.now.output = 7 }, "lists 7 contacts"},
		"a crash":       {func(s *situation) { s.result.Stderr = "panic: x" }, "printed"},
		"a secret":      {func(s *situation) { s.result.Stdout = "{" + secret }, "printed"},
		"a process":     {func(s *situation) { s.result.Left = true }, "process"},
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
			got := strings.Join(append(s.check(s.before, s.now, s.result), s.compare(s.now)...), "\n")
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
	result      engine.Result
}

func newSituation(t *testing.T) *situation {
	t.Helper()
	c := newCampaign(1, false, newReport(), io.Discard)
	c.raceDir = t.TempDir()
	c.desired.Properties["tier"] = &property{Name: "tier", Type: "text"}
	c.desired.Contacts["jane"] = &contact{
		Name: "Jane", Email: "jane@example.com", Values: map[string]string{reference("tier"): "gold"},
	}
	c.mock.AddProperty(tidiomock.Property{ID: "prop_own", Name: "tier", Type: "text"})
	c.mock.AddContact(tidiomock.Contact{
		ID: "cont_own", Email: "Jane@example.com", Name: "Jane", Properties: map[string]any{"tier": "gold"},
	})
	c.third.perform(c.third.writes("a", "bot_note", "likes tea"), map[string]string{"a": "cont_own"})
	c.third.perform(c.third.makesContact(tidiomock.Contact{ID: "cont_theirs", Email: "JANE@example.com", Name: "Jo"}), nil)
	state := func() snapshot {
		return snapshot{instances: []instance{
			{address: "tidio_property.tier", ID: "prop_own", Name: "tier"}, {address: "tidio_contact.jane", ID: "cont_own"},
		}}
	}
	c.check(state(), state(), engine.Result{})
	return &situation{campaign: c, before: state(), now: state()}
}

// lets takes the contact out of the configuration, and out of the state, where it had a policy.
func (s *situation) lets(policy string) {
	delete(s.desired.Contacts, "jane")
	s.before.instances[1].Policy, s.now.instances = policy, s.now.instances[:1]
	s.seen["cont_own"] = s.before.instances[1]
}

// deletes deletes a contact as Terraform would.
func (s *situation) deletes(id string) {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodDelete, "/v1/contacts/"+id, nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	s.mock.ServeHTTP(httptest.NewRecorder(), r)
}
