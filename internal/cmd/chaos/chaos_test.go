package main

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull) // one that is missing makes some engines unusable
	os.Exit(m.Run())
}

// The campaign of `make chaos`, but short and without the race detector in the provider.
func TestShortCampaign(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs a real engine: set TF_ACC=1, as `make test` does")
	}
	tool, err := engine.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mirror, err := engine.BuildMirror(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, published := range []bool{false, true} {
		var log strings.Builder
		c := newCampaign(52, published, io.Discard, &log)
		if err := c.run(t.Context(), tool, mirror, 20); err != nil {
			t.Fatal(err)
		}
		if len(c.report.violations) > 0 {
			t.Errorf("over %s:\n%s\n%s", c.api(), strings.Join(c.report.violations, "\n"), log.String())
		}
	}
}

func TestSeedDecides(t *testing.T) {
	schedule := func(seed uint64) string {
		c := newCampaign(seed, false, io.Discard, io.Discard)
		var all strings.Builder
		for range 20 {
			r := c.drawRound(100)
			fmt.Fprintln(&all, r.before, r.first, r.args, r.taint, r.faults, c.desired.hcl())
			c.round++
		}
		return all.String()
	}
	first := schedule(7)
	if first != schedule(7) || first == schedule(8) {
		t.Error("the seed does not decide")
	}
	for _, kind := range allFaults {
		if !strings.Contains(first+schedule(8)+schedule(9)+schedule(10), kind) {
			t.Errorf("no fault of the kind %q in 80 rounds", kind)
		}
	}
}

// A check that cannot fail proves nothing: each violation is made by hand, and must be found; so must what only looks
// like one be left alone.
func TestCheck(t *testing.T) {
	const contactID, propertyID = "cont_managed", "prop_managed"
	said := func(summary, detail, address string) func(*fixture) {
		return func(s *fixture) {
			s.mock.AddContact(tidiomock.Contact{ID: "cont_new", Email: "JANE@example.com"})
			s.o.errors = []diagnostic{{Summary: summary, Detail: detail, Address: address}}
		}
	}
	for name, test := range map[string]struct {
		change func(*fixture)
		want   string // "" = nothing
	}{
		"nothing": {func(*fixture) {}, ""},
		"a contact made twice": {func(s *fixture) {
			s.mock.AddContact(tidiomock.Contact{ID: "cont_new", Email: "jane@example.com"})
		}, "contact cont_new"},
		"one that an error names":  {said("The contact may have been created", "cont_new", "tidio_contact.jane"), ""},
		"one to look for":          {said("x", "Look for it in Tidio", "tidio_contact.jane"), ""},
		"one of another's address": {said("x", "Look for it in Tidio", "tidio_contact.other"), "contact cont_new"},
		"a property made twice": {func(s *fixture) {
			s.mock.AddProperty(tidiomock.Property{Name: "tier 2", Type: "text"})
		}, `property "tier 2"`},
		"inserted by a fault": {func(s *fixture) {
			s.mock.AddContact(tidiomock.Contact{ID: "cont_x", Email: "cont_x@example.com"})
			s.mock.AddProperty(tidiomock.Property{ID: "prop_x", Name: "made_up_prop_x", Type: "text"})
		}, ""},
		"an id at two addresses": {func(s *fixture) { s.put("tidio_contact.other", contactID) }, "both have the id"},
		"tainted": {func(s *fixture) {
			s.put("tidio_contact.jane", contactID).tainted = true
		}, "is tainted"},
		"lost from the state":          {func(s *fixture) { s.after("tidio_contact.jane") }, "no longer in the state"},
		"a property lost from it":      {func(s *fixture) { s.after("tidio_property.tier") }, "no longer in the state"},
		"a property that is forgotten": {func(s *fixture) { s.c.file.properties = nil; s.after("tidio_property.tier") }, ""},
		"deleted by the third party":   {func(s *fixture) { s.mock.DeleteContact(contactID); s.after("tidio_contact.jane") }, ""},
		"deleted unasked":              {func(s *fixture) { s.sends("DELETE", contactID) }, "nobody had asked for"},
		"deleted as configured":        {func(s *fixture) { s.c.file.contacts = nil; s.sends("DELETE", contactID); s.after("tidio_contact.jane") }, ""},
		"deleted, and to be abandoned": {func(s *fixture) {
			s.c.file.contacts, s.before.instances[1].Policy = nil, "ABANDON"
			s.sends("DELETE", contactID)
		}, "nobody had asked for"},
		"deleted by the id of a merged one": {func(s *fixture) {
			s.c.file.contacts = nil
			s.c.third.perform(event{do: mergeContact, address: "a", contact: tidiomock.Contact{ID: "cont_kept"}}, map[string]string{"a": contactID})
			s.sends("DELETE", contactID)
		}, "nobody had asked for"},
		"a foreign value changed": {func(s *fixture) { s.mock.SetContactValue(contactID, "bot_note", "x") }, "the third party wrote"},
		"a foreign value cleared": {func(s *fixture) { s.mock.SetContactValue(contactID, "bot_note", nil) }, "the third party wrote"},
		"a foreign contact changed": {func(s *fixture) {
			s.mock.ChangeContact("cont_theirs", func(c *tidiomock.Contact) { c.Name = "x" })
		}, "the third party wrote"},
		"a crash":          {func(s *fixture) { s.result.Stderr = "panic: x" }, "printed"},
		"a secret":         {func(s *fixture) { s.result.Stdout = "{" + secret }, "printed"},
		"a process left":   {func(s *fixture) { s.result.Left = true }, "process"},
		"a race was found": {func(s *fixture) { _ = os.WriteFile(filepath.Join(s.c.raceDir, "race.1"), []byte("RACE"), 0o600) }, "RACE"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFixture(t, contactID, propertyID)
			test.change(s)
			s.o.after.contacts, s.o.after.properties = s.mock.Contacts(), s.mock.Properties()
			got := strings.Join(s.c.check(s.before, s.o, s.result), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("violations %q, want %q", got, test.want)
			}
		})
	}
}

func TestUnconverged(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*fixture)
		want   string
	}{
		"nothing":       {func(*fixture) {}, ""},
		"a value":       {func(s *fixture) { s.mock.SetContactValue("c", "tier", "x") }, "should be"},
		"a stale key":   {func(s *fixture) { s.mock.SetContactValue("c", "plan", "x") }, "should be"},
		"no contact":    {func(s *fixture) { s.mock.DeleteContact("c") }, "does not exist"},
		"no property":   {func(s *fixture) { s.mock.DeleteProperty("tier") }, `"tier"`},
		"an old object": {func(s *fixture) { s.put("tidio_contact.old", "x") }, "instances"},
		"the output":    {func(s *fixture) { s.o.after.output = 7 }, "lists 7 contacts"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFixture(t, "c", "p")
			test.change(s)
			s.o.after.contacts = s.mock.Contacts()
			if s.o.after.output == nil {
				s.o.after.output = len(s.o.after.contacts)
			}
			got := strings.Join(s.c.unconverged(s.o.after), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("violations %q, want %q", got, test.want)
			}
		})
	}
}

// fixture is an account in which Terraform has a property and a contact, and the third party has written to it.
type fixture struct {
	c      *campaign
	mock   *tidiomock.Mock
	before snapshot
	o      outcome
	result engine.Result
}

func newFixture(t *testing.T, contactID, propertyID string) *fixture {
	t.Helper()
	c := newCampaign(1, false, io.Discard, io.Discard)
	c.mock, c.raceDir, c.current = tidiomock.New(tidiomock.Config{}), t.TempDir(), &round{}
	c.third = newThirdParty(c.mock)
	c.file = &desired{
		properties: []*property{{res: "tier", name: "tier", kind: "text"}},
		contacts:   []*contact{{res: "jane", email: "jane@example.com", name: "Jane", values: map[string]string{"tier": "gold"}}},
	}
	c.mock.AddProperty(tidiomock.Property{ID: propertyID, Name: "tier", Type: "text"})
	c.mock.AddContact(tidiomock.Contact{ID: contactID, Email: "Jane@example.com", Name: "Jane", Properties: map[string]any{"tier": "gold"}})
	c.third.perform(event{do: writeForeign, address: "a", key: "bot_note", text: "likes tea"}, map[string]string{"a": contactID})
	c.third.perform(event{do: makeContact, contact: tidiomock.Contact{ID: "cont_theirs", Email: "JANE@example.com", Name: "Jo"}}, nil)
	state := []instance{{address: "tidio_property.tier", ID: propertyID, Name: "tier"}, {address: "tidio_contact.jane", ID: contactID}}
	s := &fixture{c: c, mock: c.mock, before: snapshot{instances: state}}
	s.after("")
	return s
}

// after makes the state what it was before, without an address.
func (s *fixture) after(without string) {
	s.o.after.instances = nil
	for _, i := range s.before.instances {
		if i.address != without {
			s.o.after.instances = append(s.o.after.instances, i)
		}
	}
}

// put adds an instance to the state, or replaces the one at its address.
func (s *fixture) put(address, id string) *instance {
	s.after(address)
	s.o.after.instances = append(s.o.after.instances, instance{address: address, ID: id})
	return &s.o.after.instances[len(s.o.after.instances)-1]
}

// sends sends a request to the mock, as Terraform would.
func (s *fixture) sends(method, id string) {
	r := httptest.NewRequestWithContext(context.Background(), method, "/v1/contacts/"+id, nil)
	r.Header.Set("Authorization", "Bearer x")
	s.mock.ServeHTTP(httptest.NewRecorder(), r)
}
