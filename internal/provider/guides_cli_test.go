package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The configurations of the guides are run as they are written.

// guideBlock returns the block of HCL in a guide that contains a text.
func guideBlock(t *testing.T, guide, text string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "guides", guide))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(page), "```terraform\n")[1:] {
		if block, _, _ := strings.Cut(part, "```"); strings.Contains(block, text) {
			return block
		}
	}
	t.Fatalf("%s has no block with %q", guide, text)
	return ""
}

func TestCLIGuide_strictContract(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "plan_tier", Type: "number"})
	w := acctest.NewPublishedWorkspace(t, m, guideBlock(t, "property-contract.md", "postcondition"))
	expectContains(t, w.Expect(1, "plan"), "The account lacks these properties", "plan_tier (text)", "seats (number)")
	m.DeleteProperty("plan_tier")
	m.AddProperty(tidiomock.Property{Name: "plan_tier", Type: "text"})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	w.Expect(0, "plan", "-detailed-exitcode")
}

func TestCLIGuide_importOfTheContract(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "plan_tier", Type: "text", Label: "Plan"})
	w := acctest.NewPublishedWorkspace(t, m, guideBlock(t, "property-contract.md", "import {"))
	expectContains(t, w.Expect(0, "plan"), "1 to import, 0 to add, 0 to change, 0 to destroy")
}

func TestCLIGuide_nothingElseInTheAccount(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddDefaultProperty(tidiomock.Property{Name: "email", Type: "email"})
	m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
	w := acctest.NewPublishedWorkspace(t, m, "")
	w.WriteFile("contact-properties.yaml", "properties:\n  - name: tier\n    type: text\n")
	w.Write(guideBlock(t, "codify-an-existing-account.md", "nothing_else_in_the_account"))
	if said := w.Expect(0, "plan", "-detailed-exitcode"); strings.Contains(said, "Warning") {
		t.Errorf("it warns:\n%s", said)
	}
	m.AddProperty(tidiomock.Property{Name: "extra", Type: "text"})
	expectContains(t, w.Expect(0, "plan", "-detailed-exitcode"), "Not in contact-properties.yaml: extra")
}

func TestCLIGuide_moveBetweenAPIs(t *testing.T) {
	t.Parallel()
	before, after := acctest.NewMock(t, tidiomock.Config{}), acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, before, `
resource "tidio_property" "plan_tier" {
  name = "plan_tier"
  type = "text"
}

resource "tidio_contact" "example_ltd" {
  name  = "Ada Example"
  email = "support@example.com"
}
`)
	w.Expect(0, "apply", "-auto-approve")
	after.AddProperty(tidiomock.Property{Name: "plan_tier", Type: "text"})
	after.AddContact(tidiomock.Contact{FirstName: "Ada", LastName: "Example", Email: "support@example.com"})

	moved := acctest.NewPublishedWorkspace(t, after, "")
	moved.WriteFile("terraform.tfstate", w.ReadFile("terraform.tfstate"))
	moved.Write(guideBlock(t, "move-between-apis.md", "email:support@example.com") + `
resource "tidio_property" "plan_tier" {
  name = "plan_tier"
  type = "text"
}

resource "tidio_contact" "example_ltd" {
  first_name = "Ada"
  last_name  = "Example"
  email      = "support@example.com"
}
`)
	expectContains(t, moved.Expect(1, "plan"), `Property "plan_tier" was managed over another API`)
	moved.Expect(0, "state", "rm", "tidio_property.plan_tier", "tidio_contact.example_ltd")
	expectContains(t, moved.Expect(0, "apply", "-auto-approve"), "2 imported, 0 added, 0 changed, 0 destroyed")
	moved.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, after)
}

func TestCLIGuide_severalAccounts(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.SetProject(tidiomock.Project{ID: 1001, Status: "online"})
	w := acctest.NewPublishedWorkspace(t, m, "", "TIDIO_CLIENT_ID=", "TIDIO_CLIENT_SECRET=",
		`TF_VAR_tidio={"europe":{"client_id":"`+acctest.ClientID+`","client_secret":"`+acctest.ClientSecret+`"},`+
			`"america":{"client_id":"`+acctest.ClientID+`","client_secret":"`+acctest.ClientSecret+`"}}`)
	w.CopyTree(filepath.Join(root, "examples/modules/contact-schema"), "modules/contact-schema")
	w.WriteFile("contact-properties.yaml", "properties:\n  - name: tier\n    type: text\n")
	m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
	w.Write(guideBlock(t, "several-accounts.md", "expected_project_id"))
	if err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	said := w.Expect(1, "plan") // both are the one account of the mock: the guard of the second tells
	expectContains(t, said, "The credentials belong to another Tidio project", "1002")
}
