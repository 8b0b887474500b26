package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestWrongAnswersAreFound(t *testing.T) {
	for name, test := range map[string]struct {
		plant func(*scene)
		want  []damage
	}{
		"none": {func(*scene) {}, nil},
		"a contact is missing from the list": {func(s *scene) {
			s.answers[countOutput] = "1"
		}, []damage{misanswered}},
		"a contact that is deleted is in the list": {func(s *scene) {
			s.mock.DeleteContact("cont_twin")
		}, []damage{misanswered}},
		"the list was not read": {func(s *scene) {
			delete(s.answers, countOutput)
		}, []damage{misanswered}},
		"another contact is looked up": {func(s *scene) {
			s.answers[lookUpOutput] = "cont_twin"
		}, []damage{misanswered}},
		"there is nothing to look up": {func(s *scene) {
			s.evidence.wanted.lookUp = nil
			delete(s.answers, lookUpOutput)
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.evidence.wanted.lookUp = s.evidence.wanted.contacts[0]
			s.answers = map[string]string{countOutput: "2", lookUpOutput: contactID}
			test.plant(s)
			s.judge()
			expect(t, s.evidence.misanswered(), test.want...)
		})
	}
}

// Only a contact whose address is its own is looked up, and the copy of the configuration that is
// judged knows it.
func TestWhatIsLookedUp(t *testing.T) {
	first, second := &contact{res: "c1", email: "c1@example.com"}, &contact{res: "c2", email: "c2@example.com"}
	d := &desired{contacts: []*contact{first, second, {res: "c3"}}}
	account := []tidiomock.Contact{{Email: "c1@example.com"}, {Email: "c2@example.com"}}
	if got := d.unambiguous(account); got != second {
		t.Errorf("got %+v, want the newest that has an address", got)
	}
	d.lookUp = d.unambiguous(append(account, tidiomock.Contact{Email: "C2@example.com"}))
	if d.lookUp != first {
		t.Errorf("got %+v, want the one that has its address alone", d.lookUp)
	}
	if copied := d.clone(); copied.lookUp == nil || copied.lookUp != copied.contacts[0] {
		t.Errorf("the copy looks up %+v", copied.lookUp)
	}
	if got := (&desired{}).unambiguous(account); got != nil {
		t.Errorf("got %+v of no contacts", got)
	}
	for _, part := range []string{
		`depends_on = [tidio_contact.c1, tidio_contact.c2, tidio_contact.c3]`, `email = "c1@example.com"`,
	} {
		if !strings.Contains(d.hcl(), part) {
			t.Errorf("no %s in\n%s", part, d.hcl())
		}
	}
}

func TestStateIsReadWithItsOutputs(t *testing.T) {
	dir := t.TempDir()
	const file = `{
		"outputs": {"contacts": {"value": 12, "type": "number"}, "looked_up": {"value": "cont_1", "type": "string"}},
		"resources": [
			{"mode": "data", "type": "tidio_contact", "name": "c1", "instances": [{"attributes": {"id": "cont_2"}}]},
			{"mode": "managed", "type": "tidio_contact", "name": "c1", "instances": [{"attributes": {"id": "cont_1"}}]},
			{"mode": "data", "type": "tidio_contacts", "name": "all", "instances": [{"attributes": {"contacts": []}}]}
		]
	}`
	if err := os.WriteFile(filepath.Join(dir, "terraform.tfstate"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	state, answers, err := readState(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(state) != 1 || state["tidio_contact.c1"].ID != "cont_1" {
		t.Errorf("the state is %v", state)
	}
	if answers[countOutput] != "12" || answers[lookUpOutput] != "cont_1" {
		t.Errorf("the outputs are %v", answers)
	}
}

func TestPlanOfOutputsOnly(t *testing.T) {
	const text = "You can apply this plan to save these new output values to the Terraform\n" +
		"state, without changing any real infrastructure.\n"
	if !onlyOutputs(engine.Result{ExitCode: 2, Stdout: text}) {
		t.Error("nothing but outputs changes")
	}
	if onlyOutputs(engine.Result{ExitCode: 2, Stdout: "Plan: 1 to add, 0 to change, 0 to destroy."}) ||
		onlyOutputs(engine.Result{ExitCode: 1, Stdout: text}) {
		t.Error("something else changes, or the plan failed")
	}
}
