package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// scene is an account where all is well: Terraform has a property and a contact, the others have
// written to that and made one of their own.
type scene struct {
	mock     *tidiomock.Mock
	before   snapshot
	state    map[string]instance // after
	answers  map[string]string   // of the outputs
	evidence evidence
}

const (
	contactID  = "cont_managed"
	propertyID = "prop_managed"
)

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{mock: tidiomock.New(tidiomock.Config{})}
	theirs := newOthers(s.mock)
	wanted := &desired{
		properties: []*property{{res: "tier", name: "tier", kind: "text"}},
		contacts: []*contact{{
			res: "jane", email: "jane@example.com", name: "Jane", values: []value{{of: "tier", text: "gold"}},
		}},
	}
	s.mock.AddProperty(tidiomock.Property{ID: propertyID, Name: "tier", Type: "text"})
	s.mock.AddContact(tidiomock.Contact{
		ID: contactID, Email: "jane@example.com", Name: "Jane", Properties: map[string]any{"tier": "gold"},
	})
	theirs.write(contactID, "bot_note", "likes tea")
	theirs.write(contactID, phoneKey, "555")
	theirs.makeContact(tidiomock.Contact{
		ID: "cont_twin", Email: "JANE@example.com", Properties: map[string]any{"bot_note": "a visitor"},
	})
	s.state = map[string]instance{
		"tidio_property.tier": {ID: propertyID, Name: "tier"},
		"tidio_contact.jane":  {ID: contactID, Name: "Jane"},
	}
	s.before = snapshot{state: maps.Clone(s.state), contacts: s.mock.Contacts(), properties: s.mock.Properties()}
	s.evidence = evidence{wanted: wanted, others: theirs, abandoned: map[string]bool{}}
	return s
}

// judge audits what the scene has become.
func (s *scene) judge() []finding {
	s.evidence.before = s.before
	s.evidence.after = snapshot{s.state, s.mock.Contacts(), s.mock.Properties(), s.answers}
	s.evidence.abandon()
	return audit(s.evidence)
}

func (s *scene) says(text string) {
	s.evidence.said = complaints(engine.Result{Stderr: "\nError: " + text + "\n"})
}

// An audit that cannot fail proves nothing: each kind of damage is done to the account, the state or
// the output, and must be found.
func TestAuditFindsDamage(t *testing.T) {
	made := func(s *scene, id, email string) {
		s.mock.AddContact(tidiomock.Contact{ID: id, Email: email})
	}
	for name, test := range map[string]struct {
		plant func(*scene)
		want  []damage
	}{
		"none": {func(*scene) {}, nil},
		"a contact made twice": {func(s *scene) {
			made(s, "cont_second", "Jane@example.com")
			s.state["tidio_contact.second"] = instance{ID: "cont_second"}
		}, []damage{duplicated}},
		"a contact made twice, and one of them forgotten": {func(s *scene) {
			made(s, "cont_second", "jane@example.com")
		}, []damage{duplicated, lost}},
		"a property under two addresses": {func(s *scene) {
			s.state["tidio_property.again"] = instance{ID: propertyID, Name: "tier"}
		}, []damage{duplicated}},
		"a contact that only Tidio knows": {func(s *scene) {
			made(s, "cont_lost", "lost@example.com")
		}, []damage{lost}},
		"a contact that an error denies": {func(s *scene) {
			made(s, "cont_lost", "lost@example.com")
			s.says(maybeContact + "\n\n  with tidio_contact.jane,\n\nNo contact has its e-mail address: apply again.")
		}, []damage{lost}},
		"a property that only Tidio knows": {func(s *scene) {
			s.mock.AddProperty(tidiomock.Property{Name: "lost", Type: "text"})
		}, []damage{lost}},
		"a contact imported, taken out of the configuration, forgotten and not deleted": {func(s *scene) {
			imported := tidiomock.Contact{ID: "cont_of_c1", Email: "c1@example.com"}
			s.evidence.others.makeContact(imported)
			s.before.contacts = append(s.before.contacts, imported)
			s.before.state["tidio_contact.c1"] = instance{ID: imported.ID, Policy: "DELETE"}
		}, []damage{lost}},
		"a foreign value changed": {func(s *scene) {
			s.mock.SetContactValue(contactID, "bot_note", "gone over")
		}, []damage{overwrote}},
		"a foreign value cleared": {func(s *scene) {
			s.mock.SetContactValue(contactID, "bot_note", nil)
		}, []damage{overwrote}},
		"a foreign field cleared": {func(s *scene) {
			s.mock.ChangeContact(contactID, func(c *tidiomock.Contact) { c.Phone = "" })
		}, []damage{overwrote}},
		"a value of a contact that is not managed": {func(s *scene) {
			s.mock.SetContactValue("cont_twin", "bot_note", "managed now")
		}, []damage{overwrote}},
		"the name of a contact that is not managed": {func(s *scene) {
			s.mock.ChangeContact("cont_twin", func(c *tidiomock.Contact) { c.Name = "Jane" })
		}, []damage{overwrote}},
		"a contact deleted that is wanted": {func(s *scene) {
			s.mock.DeleteContact(contactID)
			s.evidence.deleted = []string{contactID}
		}, []damage{overwrote}},
		"a contact deleted that was merged into another": {func(s *scene) {
			s.evidence.wanted.contacts = nil
			s.evidence.others.merge(contactID, "cont_twin")
			delete(s.state, "tidio_contact.jane")
			s.evidence.deleted = []string{contactID}
		}, []damage{overwrote}},
		"a contact deleted that was to be abandoned": {func(s *scene) {
			s.evidence.wanted.contacts = nil
			s.before.state["tidio_contact.jane"] = instance{ID: contactID, Policy: "ABANDON"}
			delete(s.state, "tidio_contact.jane")
			s.mock.DeleteContact(contactID)
			s.evidence.deleted = []string{contactID}
		}, []damage{overwrote}},
		"a contact dropped from the state": {func(s *scene) {
			delete(s.state, "tidio_contact.jane")
		}, []damage{lost, stateLost}},
		"a property dropped from the state": {func(s *scene) {
			delete(s.state, "tidio_property.tier")
		}, []damage{lost, stateLost}},
		"a contact that is another now": {func(s *scene) {
			s.state["tidio_contact.jane"] = instance{ID: "cont_twin"}
		}, []damage{duplicated, lost, stateLost}},
		"a tainted property": {func(s *scene) {
			s.state["tidio_property.tier"] = instance{ID: propertyID, Name: "tier", tainted: true}
		}, []damage{stateLost}},
		"an error that does not say what to do": {func(s *scene) {
			s.says("Could not update contact cont_managed\n\nSomething is wrong.")
		}, []damage{noWayOut}},
		"an error that does not say what it is about": {func(s *scene) {
			s.says("Something is wrong\n\nTry again later.")
		}, []damage{noWayOut}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			test.plant(s)
			expect(t, s.judge(), test.want...)
		})
	}
}

// What looks like damage, and is none.
func TestAuditLetsBe(t *testing.T) {
	for name, plant := range map[string]func(*scene){
		"a contact that the error lists": func(s *scene) {
			s.mock.AddContact(tidiomock.Contact{ID: "cont_new", Email: "new@example.com"})
			s.says(maybeContact + "\n\nThese have its e-mail address:\n\n  cont_new\n\nIf one was created just now, import it:")
		},
		"a contact that the error says to look for": func(s *scene) {
			s.evidence.wanted.contacts = append(s.evidence.wanted.contacts, &contact{res: "new", email: "new@example.com"})
			s.mock.AddContact(tidiomock.Contact{ID: "cont_new", Email: "new@example.com"})
			s.says(maybeContact + "\n\n  with tidio_contact.new,\n\n" + lookYourself + ". If it is there, import it:")
		},
		"a property that the error names": func(s *scene) {
			s.mock.AddProperty(tidiomock.Property{Name: "new", Type: "text"})
			s.says("Property \"new\" exists, and may be the one just created\n\nIf it is yours, import it:")
		},
		"a contact deleted as the configuration says": func(s *scene) {
			s.evidence.wanted.contacts = nil
			delete(s.state, "tidio_contact.jane")
			s.mock.DeleteContact(contactID)
			s.evidence.deleted = []string{contactID}
		},
		"a property forgotten": func(s *scene) {
			s.evidence.wanted.contacts[0].values = nil
			s.evidence.wanted.properties = nil
			delete(s.state, "tidio_property.tier")
		},
		"a property renamed": func(s *scene) {
			s.evidence.wanted.properties[0].name = "level"
			s.mock.AddProperty(tidiomock.Property{ID: "prop_level", Name: "level", Type: "text"})
			s.state["tidio_property.tier"] = instance{ID: "prop_level", Name: "level"}
		},
		"a contact deleted by others": func(s *scene) {
			delete(s.state, "tidio_contact.jane")
			s.mock.DeleteContact(contactID)
		},
		"what a fault inserts": func(s *scene) {
			s.mock.AddProperty(tidiomock.Property{ID: "prop_x", Name: "made_up_prop_x", Type: "text"})
			s.mock.AddContact(tidiomock.Contact{ID: "cont_x", Email: "cont_x@example.com"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			plant(s)
			expect(t, s.judge())
		})
	}
}

func TestUnreachedFindsWhatIsNotAsConfigured(t *testing.T) {
	for name, test := range map[string]struct {
		plant func(*scene)
		want  []damage
	}{
		"nothing":                 {func(*scene) {}, nil},
		"a value":                 {func(s *scene) { s.mock.SetContactValue(contactID, "tier", "lead") }, []damage{notReached}},
		"a key that was given up": {func(s *scene) { s.mock.SetContactValue(contactID, "plan", "x") }, []damage{notReached}},
		"a contact":               {func(s *scene) { s.mock.DeleteContact(contactID) }, []damage{notReached}},
		"a property":              {func(s *scene) { s.mock.DeleteProperty("tier") }, []damage{notReached}},
		"an address": {func(s *scene) {
			s.state["tidio_contact.old"] = instance{ID: "cont_old"}
		}, []damage{notReached}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			test.plant(s)
			s.judge()
			expect(t, s.evidence.unreached(), test.want...)
		})
	}
}

func TestCrashesAreFound(t *testing.T) {
	dir := t.TempDir()
	c := &campaign{races: dir}
	expect(t, c.crashes(engine.Result{Stdout: "Apply complete!"}))
	expect(t, c.crashes(engine.Result{Stderr: "Error: Plugin did not respond"}), crashed)
	expect(t, c.crashes(engine.Result{Stderr: "panic: runtime error"}), crashed)
	expect(t, c.crashes(engine.Result{Left: true}), leftBehind)
	if err := os.WriteFile(filepath.Join(dir, "race.123"), []byte("WARNING: DATA RACE"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, c.crashes(engine.Result{}), crashed)
	expect(t, c.crashes(engine.Result{})) // each report once
}

func TestGoroutinesThatAreLeftAreFound(t *testing.T) {
	before, release, ended := runtime.NumGoroutine(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		<-release
	}()
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	expect(t, goroutinesLeft(impatient, before), lingering)
	close(release)
	<-ended
	expect(t, goroutinesLeft(t.Context(), before))
}

func TestDamageIsCountedAndReported(t *testing.T) {
	r := newReport(1)
	c := &campaign{report: r, w: io.Discard}
	c.found(finding{lost, "one"})
	var out bytes.Buffer
	total := table(&out, []*report{r, newReport(2)})
	if total.harmed() != 1 || !strings.Contains(out.String(), string(lost)) {
		t.Errorf("%d findings, want 1:\n%s", total.harmed(), out.String())
	}
}

func expect(t *testing.T, found []finding, want ...damage) {
	t.Helper()
	got := map[damage]bool{}
	for _, f := range found {
		got[f.damage] = true
	}
	for _, kind := range damages {
		if got[kind] != slices.Contains(want, kind) {
			t.Errorf("%s: found %v, want %v: %v", kind, got[kind], !got[kind], found)
		}
	}
}
