package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// setPolicy writes a deletion_policy into the state of a workspace.
func setPolicy(t *testing.T, w *acctest.Workspace, policy string) {
	t.Helper()
	editState(t, w, func(instance map[string]any) {
		instance["attributes"].(map[string]any)["deletion_policy"] = policy
	})
}

func TestCLIContact_abandonKeepsIt(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, contact(`deletion_policy = "ABANDON"`))
	w.Expect(0, "apply", "-auto-approve")
	const kept = "Contacts with deletion_policy ABANDON stay in Tidio"
	expectContains(t, w.Expect(0, "plan", "-destroy"), kept)

	// The engine does not tell the plan of a replacement that the old contact goes: the apply says it.
	replaced := w.Expect(0, "apply", "-auto-approve", "-replace="+jane)
	expectContains(t, replaced, kept, `set deletion_policy = "DELETE" and apply that before`)
	if got := len(m.Contacts()); got != 2 {
		t.Errorf("%d contacts, want the old one and the new one", got)
	}
	expectContains(t, w.Expect(0, "destroy", "-auto-approve"), kept)
	if got := m.Count("DELETE", "/contacts/{id}"); got != 0 {
		t.Errorf("%d contacts were deleted", got)
	}
}

// Only DELETE and null delete: another word, of another version, may have been meant to protect.
func TestCLIContact_unknownPolicyInTheStateKeepsIt(t *testing.T) {
	t.Parallel()
	const kept = "Contacts with an unknown deletion_policy stay in Tidio"
	for name, c := range map[string]struct {
		policy string
		end    []string // what destroys it
		warns  string
		left   int
	}{
		"PREVENT, destroyed": {"PREVENT", []string{"destroy"}, kept, 1},
		"another, destroyed": {"ARCHIVE", []string{"destroy"}, kept, 1},
		"PREVENT, replaced":  {"PREVENT", []string{"apply", "-refresh=false", "-replace=" + jane}, kept, 2},
		"DELETE, destroyed":  {"DELETE", []string{"destroy"}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			w := acctest.NewWorkspace(t, m, contact(""))
			w.Expect(0, "apply", "-auto-approve")
			setPolicy(t, w, c.policy)
			said := w.Expect(0, append(c.end, "-auto-approve")...)
			expectContains(t, said, c.warns)
			if c.warns == "" && strings.Contains(said, "stay in Tidio") {
				t.Errorf("it says that a contact stays that was deleted:\n%s", said)
			}
			if got := len(m.Contacts()); got != c.left {
				t.Errorf("%d contacts are left, want %d", got, c.left)
			}
			w.Expect(0, "apply", "-auto-approve")
			w.Expect(0, "plan", "-detailed-exitcode")
		})
	}
}

func TestCLIContact_undefinedKeyIsAWarning(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, contact(`properties = { teir = "gold" }`))
	expectContains(t, w.Expect(0, "plan"), `Property "teir" is not in the account`, "(tidio_property.<its resource>.name) = ...")
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), "Could not create the contact", "teir")
}

func TestCLIContact_clearingThatDidNotTake(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{IgnoreClears: true})
	w := acctest.NewWorkspace(t, m, contact(`properties = { tier = "gold" }`))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(contact(""))
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), "was not cleared", `still has a value for: "tier"`)
	// The key is still in the state, so it is not forgotten.
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), `- "tier" = "gold"`)
}

func TestCLIContact_withUnknownOutcome(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	before := m.AddContact(tidiomock.Contact{Email: "Jane@example.com"})
	m.Arm(tidiomock.Fault{Method: "POST", Route: "/contacts", Do: tidiomock.CutAfter})
	w := acctest.NewWorkspace(t, m, contact(""))
	said := w.Expect(1, "apply", "-auto-approve")
	all := m.Contacts()
	if len(all) != 2 || m.Count("POST", "/contacts") != 1 {
		t.Fatalf("%d contacts after %d POSTs, want a second one after one", len(all), m.Count("POST", "/contacts"))
	}
	created := all[1].ID
	expectContains(t, said, "The contact may have been created", before.ID, created+" created", "to = tidio_contact.<yours>")

	// The way out that it names.
	w.Write(contact("") + "import {\n  to = tidio_contact.jane\n  id = \"" + created + "\"\n}\n")
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
}

func TestCLIContact_createdWithoutAReply(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.EmptyBody}})
	w := acctest.NewWorkspace(t, m, "resource \"tidio_contact\" \"jane\" {\n  name = \"Jane\"\n}\n")
	expectContains(t, w.Expect(1, "apply", "-auto-approve"),
		"The contact may have been created", "Look for it in Tidio")
	onlyContact(t, m)
}

func TestCLIContact_deletedAfterThePlan(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, contact(`name = "Jane"`))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(contact(`name = "Joan"`))
	w.Expect(0, "plan", "-out=saved.tfplan")
	id := onlyContact(t, m).ID
	m.DeleteContact(id)
	expectContains(t, w.Expect(1, "apply", "saved.tfplan"), "Could not update contact "+id, "Tidio has no such object")
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
}

// A 404 of the collection is no sign that the contact is gone, however the plan was made.
func TestCLIContact_destroyedAtTheWrongAddress(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, contact(""))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(fmt.Sprintf("provider \"tidio\" {\n  base_url = %q\n}\n", strings.Replace(m.URL, "/v1/", "/v2/", 1)) + contact(""))
	expectContains(t, w.Expect(1, "destroy", "-auto-approve", "-refresh=false"), "base_url does not lead to the Tidio API")
	expectContains(t, w.ReadFile("terraform.tfstate"), onlyContact(t, m).ID)

	w.Write(contact(""))
	m.DeleteContact(onlyContact(t, m).ID)
	expectContains(t, w.Expect(0, "destroy", "-auto-approve", "-refresh=false"), "was already gone")
}

// Another spelling that means the same is a change if the configuration makes it: the plan shows it.
func TestCLIContact_changedSpellingIsSent(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, contact(`phone = "+12025550100"`))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(contact(`phone = "+1 202 555-0100"`))
	w.Expect(0, "apply", "-auto-approve")
	if got := onlyContact(t, m).Phone; got != "+1 202 555-0100" {
		t.Errorf("the phone number is %q in Tidio", got)
	}
}

func TestCLIContact_clearingThatCannotBeReadBack(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}, IgnoreClears: true})
	settings := "provider \"tidio\" {\n  max_retries = 0\n}\n"
	w := acctest.NewWorkspace(t, m, settings+contact(`properties = { tier = "gold" }`))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(settings + contact(""))
	// The first GET is the plan's.
	m.Arm(tidiomock.Fault{Method: "GET", Route: "/contacts/{id}", Skip: 1, Do: tidiomock.FailBefore})
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), `It may still have a value for: "tier"`)
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), `- "tier" = "gold"`)
}

// What became of a create is found out although the user has interrupted.
func TestCLIContact_interruptDuringACreate(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.EmptyBody}})
	w := acctest.NewWorkspace(t, m, contact(""))
	said := interruptDuring(t, m, w, tidiomock.Fault{Method: "POST", Route: "/contacts", Do: tidiomock.HoldAfter})
	expectContains(t, said, "The contact may have been created", onlyContact(t, m).ID)
}

// A reply that has the id alone is as good as any: nothing is read back.
func TestCLIContact_replyWithTheIDAlone(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}})
	w := acctest.NewWorkspace(t, m, contact(`properties = { tier = "gold" }`))
	w.Expect(0, "apply", "-auto-approve")
	if got := m.Count("GET", "/contacts/{id}"); got != 0 {
		t.Errorf("it was read back %d times", got)
	}
	w.Expect(0, "plan", "-detailed-exitcode")
}

// A proxy's page is no proof that a contact is gone, whatever its status: the state keeps the contact,
// and nothing is deleted twice or made again.
func TestCLIContact_pageOfAProxy(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]tidiomock.Fault{
		"404 to a refresh":   {Method: "GET", Route: "/contacts/{id}", Do: tidiomock.HTML, Status: 404},
		"200 to a delete":    {Method: "DELETE", Do: tidiomock.HTML},
		"404 to a delete":    {Method: "DELETE", Do: tidiomock.HTML, Status: 404},
		"500s to the delete": {Method: "DELETE", Do: tidiomock.HTML, Status: 500, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			w := acctest.NewWorkspace(t, m, "provider \"tidio\" {\n  max_retries = 0\n}\n"+contact(""))
			w.Expect(0, "apply", "-auto-approve")
			m.Arm(fault)
			w.Expect(1, "destroy", "-auto-approve")
			if !strings.Contains(w.ReadFile("terraform.tfstate"), onlyContact(t, m).ID) {
				t.Error("the contact is no longer in the state")
			}
			m.Disarm()
			w.Expect(0, "plan", "-detailed-exitcode")
			w.Expect(0, "destroy", "-auto-approve")
			if left := len(m.Contacts()); left != 0 {
				t.Errorf("%d contacts are left", left)
			}
		})
	}
}

// 410 says that a contact is gone, as 404 does.
func TestCLIContact_goneBy410(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, contact(""))
	w.Expect(0, "apply", "-auto-approve")
	m.Arm(tidiomock.Fault{Route: "/contacts/{id}", Do: tidiomock.FailBefore, Status: 410, Times: -1})
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), "is gone from Tidio", "will be created")
	w.Expect(0, "destroy", "-auto-approve")
}

func TestCLIContact_sensitiveValues(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, `variable "secret" {
  sensitive = true
  default   = "hush-hush"
}
`+contact("properties = {\n    tier = \"gold\"\n    note = var.secret\n  }"))
	planned := w.Expect(0, "plan")
	expectContains(t, planned, `"note" = (sensitive value)`, `"tier" = "gold"`)
	w.Expect(0, "apply", "-auto-approve")
	m.SetContactValue(onlyContact(t, m).ID, "note", "written by a bot")
	drifted := w.Expect(2, "plan", "-detailed-exitcode")
	expectContains(t, drifted, `"note" = (sensitive value)`)
	if strings.Contains(drifted, "hush-hush") || strings.Contains(drifted, "by a bot") {
		t.Errorf("a sensitive value is shown:\n%s", drifted)
	}
}

// The story of the issue, end to end, for many contacts: what others write stays theirs.
func TestCLIContact_importTakesOwnership(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{PageSize: 10})
	const people = `
resource "tidio_property" "all" {
  count          = 20
  name           = "field${count.index}"
  type           = "text"
  adopt_existing = true
}

resource "tidio_contact" "all" {
  count = 30
  name  = "Customer ${count.index}"
  email = "customer${count.index}@example.com"
  properties = {
    tier                          = "gold"
    seats                         = tostring(count.index)
    (tidio_property.all[3].name) = "x"
  }
}
`
	w := acctest.NewWorkspace(t, m, people)
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")

	target := m.Contacts()[0].ID
	m.SetContactValue(target, "tier", "silver")
	m.SetContactValue(target, "note", "by a bot")
	drift := w.Expect(2, "plan", "-detailed-exitcode")
	expectContains(t, drift, `"tier" = "silver" -> "gold"`, "0 to add, 1 to change, 0 to destroy")
	if strings.Contains(drift, "by a bot") {
		t.Error("a foreign value is shown")
	}
	w.Expect(0, "apply", "-auto-approve")

	var imports strings.Builder
	imports.WriteString(people)
	for _, c := range m.Contacts() {
		index := strings.TrimSuffix(strings.TrimPrefix(c.Email, "customer"), "@example.com")
		imports.WriteString("import {\n  to = tidio_contact.all[" + index + "]\n  id = \"" + c.ID + "\"\n}\n")
	}
	w.WriteFile("terraform.tfstate", "{\"version\": 4, \"serial\": 100, \"lineage\": \"\", \"resources\": []}")
	w.Write(imports.String())
	m.ResetRequests()
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), "30 to import, 20 to add, 30 to change, 0 to destroy")
	w.Expect(0, "apply", "-auto-approve")
	if got := m.Count("PATCH", "/contacts/{id}"); got != 0 {
		t.Errorf("%d PATCH requests although nothing differs", got)
	}
	w.Expect(0, "plan", "-detailed-exitcode")

	// A key that is given up is cleared, and nothing else.
	w.Write(strings.Replace(people, "    tier                          = \"gold\"\n", "", 1))
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
	if given, _ := m.Contact(target); given.Properties["tier"] != nil || given.Properties["note"] != "by a bot" {
		t.Errorf("tier should be cleared, and note left alone: %v", given.Properties)
	}

	expectContains(t, w.Expect(0, "destroy", "-auto-approve"), stays)
	if contacts, properties := len(m.Contacts()), len(m.Properties()); contacts != 0 || properties != 26 {
		t.Errorf("%d contacts and %d properties are left, want none and 26", contacts, properties)
	}
}
