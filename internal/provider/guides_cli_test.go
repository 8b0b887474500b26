package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The configurations of the guides are run as they are written.

// pageBlock returns the block of a language in a page that contains a text.
func pageBlock(t *testing.T, page, language, text string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(content), "```"+language+"\n")[1:] {
		if block, _, _ := strings.Cut(part, "```"); strings.Contains(block, text) {
			return block
		}
	}
	t.Fatalf("%s has no block of %s with %q", page, language, text)
	return ""
}

// guideBlock returns the block of HCL in a guide that contains a text.
func guideBlock(t *testing.T, guide, text string) string {
	t.Helper()
	return pageBlock(t, "docs/guides/"+guide, "terraform", text)
}

// writeBlock makes a block the configuration.
func writeBlock(w *acctest.Workspace, block string) {
	if strings.Contains(block, "required_providers") {
		w.WriteFile("main.tf", block)
		return
	}
	w.Write(block)
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
	m.AddProperty(tidiomock.Property{Name: "email", Type: "email", Default: true})
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
	expectContains(t, moved.Expect(1, "plan"), `Property "plan_tier" was managed through the other API`)
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
	writeBlock(w, guideBlock(t, "several-accounts.md", "expected_project_id"))
	w.Expect(0, "init")
	said := w.Expect(1, "plan") // both are the one account of the mock: the guard of the second tells
	expectContains(t, said, "The credentials belong to another Tidio project", "1002")
}

// The blocks of the guide for an account that has properties already, one after the other.
func TestCLIGuide_codifyAnExistingAccount(t *testing.T) {
	t.Parallel()
	const guide = "codify-an-existing-account.md"
	m := acctest.NewMock(t, tidiomock.Config{})
	for _, p := range []tidiomock.Property{
		{Name: "plan", Label: "Plan", Type: "text"}, {Name: "seats", Type: "number"}, {Name: "007", Label: "yes", Type: "text"},
	} {
		m.AddProperty(p)
	}
	w := acctest.NewPublishedWorkspace(t, m, "")
	writeBlock(w, guideBlock(t, guide, "yamlencode"))
	w.Expect(0, "apply", "-auto-approve")
	written := w.Expect(0, "output", "-raw", "schema")
	expectContains(t, written, `"name": "007"`, `"label": "yes"`)
	w.Expect(0, "destroy", "-auto-approve")

	w.Write(guideBlock(t, guide, `to = tidio_property.plan`))
	expectContains(t, w.Expect(0, "plan", "-generate-config-out=properties.tf"), "2 to import, 0 to add")
	expectContains(t, w.ReadFile("properties.tf"), `resource "tidio_property" "plan"`)
	if err := os.Remove(filepath.Join(w.Dir, "properties.tf")); err != nil {
		t.Fatal(err)
	}

	w.WriteFile("contact-properties.yaml", "properties:\n  - {name: plan, label: Plan, type: text}\n")
	w.Write(guideBlock(t, guide, "import {\n  for_each = setintersection(keys(data.tidio_properties.account.properties), keys(local"))
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added")
	// The import block may stay when the file grows.
	w.WriteFile("contact-properties.yaml", "properties:\n  - {name: plan, label: Plan, type: text}\n  - {name: seats, type: number}\n")
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added")

	// The same as a spreadsheet writes it.
	w.WriteFile("contact-properties.csv", "\ufeffname,label,type\r\nplan,Plan,text\r\nseats,,number\r\n")
	w.Write(guideBlock(t, guide, "csvdecode"))
	w.Expect(0, "plan", "-detailed-exitcode")
	w.WriteFile("contact-properties.csv", "Name;Label;Type\nplan;Plan;text\n")
	expectContains(t, w.Expect(1, "plan"), `does not have an attribute named "name"`)
	expectOnlyReads(t, m)
}

func TestCLIGuide_contactOfAnExistingAccount(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	m.AddContact(tidiomock.Contact{
		FirstName: "Lena", LastName: "Varga", Email: "lena.varga@northwind.example.com", Phone: "+1 202 555 0143",
	})
	w := acctest.NewPublishedWorkspace(t, m, guideBlock(t, "codify-an-existing-account.md", "northwind"))
	expectContains(t, w.Expect(0, "plan"), `- phone = "+1 202 555 0143" -> null`, "1 to import, 0 to add, 1 to change, 0 to destroy")
}

// The module with the block that imports into it.
func TestCLIGuide_importIntoTheModule(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "plan_tier", Label: "Plan", Type: "text"})
	const text = "to = module.contact_schema"
	imports := guideBlock(t, "codify-an-existing-account.md", text)
	if readme := pageBlock(t, "examples/modules/contact-schema/README.md", "terraform", text); readme != imports {
		t.Errorf("the module's README has another block:\n%s", readme)
	}
	w, chdir := newModuleWorkspace(t, m, "contact-schema-yaml")
	w.WriteFile("examples/contact-schema-yaml/imports.tf", imports)
	expectContains(t, w.Expect(0, chdir, "plan"), "1 to import, 5 to add")
}

// A module and its tests, against the mock and with the provider mocked.
func TestCLIGuide_testYourModuleOffline(t *testing.T) {
	t.Parallel()
	const guide = "test-your-module-offline.md"
	m := acctest.NewMock(t, tidiomock.Config{})
	m.Seed()
	w := acctest.NewWorkspace(t, m, "")
	writeBlock(w, guideBlock(t, guide, `data "tidio_operator" "account"`))
	if err := os.Mkdir(filepath.Join(w.Dir, "tests"), 0o755); err != nil {
		t.Fatal(err)
	}
	w.WriteFile("tests/account.tftest.hcl", guideBlock(t, guide, "creates_property_and_contact"))
	w.WriteFile("tests/plan.tftest.hcl", guideBlock(t, guide, "labels_the_property"))
	expectContains(t, w.Expect(0, "test"), "3 passed, 0 failed")

	// A mocked list has no elements, unless a test gives it some.
	w.Write("data \"tidio_properties\" \"account\" {}\n\noutput \"n\" {\n  value = length(data.tidio_properties.account.properties)\n}\n")
	said := "\nrun \"counts\" {\n  command = plan\n\n  assert {\n    condition     = output.n == 1\n    error_message = \"n: ${output.n}\"\n  }\n}\n"
	w.WriteFile("tests/account.tftest.hcl", "")
	w.WriteFile("tests/plan.tftest.hcl", "mock_provider \"tidio\" {}\n"+said)
	expectContains(t, w.Expect(1, "test"), "n: 0")
	w.WriteFile("tests/plan.tftest.hcl", guideBlock(t, guide, "mock_data \"tidio_properties\"")+said)
	if strings.Contains(w.Expect(0, "version"), "OpenTofu") {
		expectContains(t, w.Expect(0, "test"), "1 passed, 0 failed")
	} else {
		expectContains(t, w.Expect(1, "test"), "n: 0")
	}
}

// What is exported without a trace is in the file, and nowhere else.
func TestCLIGuide_exportWithoutATrace(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	contact := m.AddContact(tidiomock.Contact{FirstName: "Jane"})
	m.AddConversation(tidiomock.Conversation{ID: "v1", ContactID: contact.ID})
	const secret, many = "the-word-that-was-said", 2000
	messages := make([]tidiomock.Message, many)
	for i := range messages {
		messages[i].Content = fmt.Sprintf("%s: %d", secret, i)
	}
	m.AddMessages("v1", messages...)
	w := acctest.NewPublishedWorkspace(t, m, "", "TF_LOG=TRACE", "TF_LOG_PATH=trace.log", "TF_VAR_contact_id="+contact.ID)
	writeBlock(w, guideBlock(t, "export-transcripts.md", "ephemeral"))
	w.Expect(0, "init")
	w.Expect(0, "plan", "-out=saved.tfplan")
	w.Expect(0, "apply", "saved.tfplan")
	if got := strings.Count(w.ReadFile("transcript.json"), secret); got != many {
		t.Errorf("%d messages were exported, want %d", got, many)
	}
	for what, text := range map[string]string{
		"the log": w.ReadFile("trace.log"), "the state": w.ReadFile("terraform.tfstate"),
		"what was printed": w.Transcript, "the saved plan": unzip(t, filepath.Join(w.Dir, "saved.tfplan")),
	} {
		if strings.Contains(text, secret) || strings.Contains(text, "H4sI") { // how base64gzip begins
			t.Errorf("the text is in %s", what)
		}
	}
}

func TestCLIGuide_exportTranscripts(t *testing.T) {
	t.Parallel()
	const guide = "export-transcripts.md"
	m := acctest.NewMock(t, tidiomock.Config{})
	m.Seed()
	w := acctest.NewPublishedWorkspace(t, m, "")
	writeBlock(w, guideBlock(t, guide, `data "tidio_contact" "customer"`))
	w.Expect(0, "apply", "-auto-approve", "-var", "email=anneke.ruiz@tidepool.example.com")
	expectContains(t, w.Expect(0, "output", "-json", "transcript"), `"content"`)
	expectContains(t, w.Expect(0, "output", "-raw", "text"), "operator: ")

	over := acctest.NewWorkspace(t, m, guideBlock(t, guide, "tidio_conversations"))
	over.Expect(0, "apply", "-auto-approve")
	expectContains(t, over.Expect(0, "output", "-json", "transcripts"), `"messages"`)
}

// The blocks that protect, let go of and import a single object.
func TestCLIGuide_blocksOfTheResources(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	for _, name := range []string{"customer_id", "plan_tier", "plan", "on_call_phone"} {
		m.AddProperty(tidiomock.Property{Name: name, Type: "text"})
	}
	w := acctest.NewPublishedWorkspace(t, m, "")
	w.Expect(0, "init")
	protected := pageBlock(t, "README.md", "terraform", "prevent_destroy")
	writeBlock(w, protected)
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added")
	w.Write(pageBlock(t, "docs/resources/property.md", "terraform", `  name = "customer_id"`))
	w.Expect(0, "plan", "-detailed-exitcode")
	expectContains(t, w.Expect(1, "plan", "-destroy"), "nstance cannot be destroyed") // of each engine

	w.Write(`
resource "tidio_property" "plan_tier" {
  name = "plan_tier"
  type = "text"
}

import {
  to = tidio_property.plan_tier
  id = "plan_tier"
}
`)
	expectContains(t, w.Expect(0, "plan"), "1 to destroy") // the block is gone, and its protection with it
	w.Expect(0, "state", "rm", "tidio_property.customer_id")
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 imported")
	w.Write(pageBlock(t, "docs/resources/property.md", "terraform", "removed {"))
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "0 destroyed")

	w.Write(guideBlock(t, "personal-data-and-state.md", "escalation_phone"))
	said := w.Expect(0, "apply", "-auto-approve", "-var", "escalation_phone=+1 202 555 0143")
	if strings.Contains(said, "555 0143") {
		t.Errorf("it shows the phone number:\n%s", said)
	}
	w.Write(guideBlock(t, "personal-data-and-state.md", "removed {"))
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "0 destroyed")
	if len(m.Contacts()) != 1 {
		t.Error("the contact is gone")
	}
}

func TestCLIGuide_guardOfTheAccount(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddOperator(tidiomock.Operator{ID: "op1", Email: "ines.calder@example.com"})
	w := acctest.NewWorkspace(t, m, guideBlock(t, "run-in-ci.md", "account_owner"))
	w.Expect(0, "plan", "-var", "account_owner=ines.calder@example.com")
	expectContains(t, w.Expect(1, "plan", "-var", "account_owner=somebody@example.com"), "No operator has this e-mail address")
	m.SetProject(tidiomock.Project{ID: 1001, Status: "online"})
	published := acctest.NewPublishedWorkspace(t, m, guideBlock(t, "run-in-ci.md", "expected_project_id")+
		"data \"tidio_operators\" \"all\" {}\n")
	published.Expect(0, "plan")
	m.SetProject(tidiomock.Project{ID: 1002, Status: "online"})
	expectContains(t, published.Expect(1, "plan"), "another Tidio project")
}

// The script of the guide for CI, as it is written.
func TestCLIGuide_drift(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "tier", Label: "Tier", Type: "text"})
	w := acctest.NewPublishedWorkspace(t, m, tier("tier", "label = \"Tier\"\n"))
	w.Expect(0, "apply", "-auto-approve")
	w.WriteFile("drift.sh", pageBlock(t, "docs/guides/run-in-ci.md", "shell", "detailed-exitcode"))
	for _, step := range []struct {
		happens func()
		code    int
		says    string
	}{
		{func() {}, 0, "No changes"},
		{func() { m.SetPropertyLabel("tier", "Level") }, 3, "Warning: Labels differ"},
		{func() { m.DeleteProperty("tier") }, 2, "# tidio_property.tier will be updated in-place"},
	} {
		step.happens()
		result := w.RunShell("sh drift.sh")
		if result.ExitCode != step.code || !strings.Contains(result.Stdout, step.says) {
			t.Errorf("exit code %d, want %d and %q:\n%s%s", result.ExitCode, step.code, step.says, result.Stdout, result.Stderr)
		}
	}
}
