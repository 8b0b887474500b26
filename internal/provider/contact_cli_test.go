package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What became of a create is found out although the user has interrupted.
func TestCLIContact_interruptDuringACreate(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.EmptyBody}})
	w := acctest.NewWorkspace(t, m, contact(""))
	said := interruptDuring(t, m, w, tidiomock.Fault{Method: "POST", Route: "/contacts", Do: tidiomock.HoldAfter})
	expectContains(t, said, "The contact may have been created", onlyContact(t, m).ID)
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

// What people typed does not stop the plan that generates a configuration, and the plan is one of imports only.
func TestCLIContact_generatedFromWhatPeopleTyped(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	odd, _ := typedByPeople(m)
	visitor := m.AddContact(tidiomock.Contact{}).ID
	m.AddProperty(tidiomock.Property{Name: "level ", Label: "Level ", Type: "text"})
	imports := importing("contact", "odd", odd) + importing("contact", "visitor", visitor) + importing("property", "level", "level ")
	for name, newWorkspace := range map[string]func(*testing.T, *acctest.Mock, string, ...string) *acctest.Workspace{
		"published": acctest.NewPublishedWorkspace, "v1": acctest.NewWorkspace,
	} {
		w := newWorkspace(t, m, imports)
		expectContains(t, w.Expect(0, "plan", "-generate-config-out=generated.tf"),
			"Plan: 3 to import, 0 to add, 0 to change, 0 to destroy.")
		if written := w.ReadFile("generated.tf"); !strings.Contains(written, `"Jane "`) {
			t.Errorf("%s: it has no name:\n%s", name, written)
		}
	}
	expectOnlyReads(t, m)
}
