package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const day2Page = "docs/guides/day-2.md"

// onlyForGuides leaves out a test that runs many commands of the engine, unless `make guides` runs.
func onlyForGuides(t *testing.T) {
	t.Helper()
	if os.Getenv("TIDIO_GUIDES") == "" {
		t.Skip("`make guides` runs it")
	}
}

// inGuide returns a message that the guide quotes, with what stands there in angle brackets replaced.
func inGuide(t *testing.T, message string, with ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, day2Page))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "`"+message+"`") {
		t.Errorf("the guide does not say `%s`", message)
	}
	for _, name := range with {
		before, after, _ := strings.Cut(message, "<")
		_, after, _ = strings.Cut(after, ">")
		message = before + name + after
	}
	return message
}

// day2Guide is a workspace of either API, with what tests of this guide need.
type day2Guide struct {
	name     string
	creates  bool // properties
	contacts api
	new      func(*testing.T, *acctest.Mock, string, ...string) *acctest.Workspace
}

var (
	day2V1        = day2Guide{"v1", true, apis["v1"], acctest.NewWorkspace}
	day2Published = day2Guide{"published", false, apis["published"], acctest.NewPublishedWorkspace}
)

// typeOf is the type of a property in these tests.
func typeOf(name string) string {
	if name == "seats" || name == "seat_count" {
		return "number"
	}
	return "text"
}

// account is a mock with properties.
func account(t *testing.T, names ...string) *acctest.Mock {
	t.Helper()
	m := acctest.NewMock(t, tidiomock.Config{})
	for _, name := range names {
		m.AddProperty(tidiomock.Property{Name: name, Type: typeOf(name)})
	}
	return m
}

// single is the block of one property as account has it.
func single(name string) string {
	return block("property", name, fmt.Sprintf("name = %q\ntype = %q\n", name, typeOf(name)))
}

// each is one block with for_each for properties of the type text.
func each(names ...string) string {
	return fmt.Sprintf("resource \"tidio_property\" \"this\" {\n  for_each = toset([%s])\n\n  name = each.key\n  type = \"text\"\n}\n",
		`"`+strings.Join(names, `", "`)+`"`)
}

// recorded makes a workspace whose state has what a configuration names; the account has it already.
func (g day2Guide) recorded(t *testing.T, m *acctest.Mock, config string, names ...string) *acctest.Workspace {
	t.Helper()
	imports := ""
	for _, name := range names {
		to := "tidio_property." + name
		if strings.Contains(config, "for_each") {
			to = fmt.Sprintf("tidio_property.this[%q]", name)
		}
		imports += fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", to, name)
	}
	w := g.new(t, m, config+imports)
	w.Expect(0, "apply", "-auto-approve")
	w.Write(config)
	m.ResetRequests()
	return w
}

// expectShell runs a script and returns what it printed.
func expectShell(t *testing.T, w *acctest.Workspace, code int, script string) string {
	t.Helper()
	result := w.RunShell(script)
	if result.ExitCode != code {
		t.Fatalf("exit code %d, want %d\n%s%s", result.ExitCode, code, result.Stdout, result.Stderr)
	}
	return result.Stdout
}

// expectPrinted checks that each line of a block of the guide was printed, however it was wrapped.
func expectPrinted(t *testing.T, output, block string) {
	t.Helper()
	for line := range strings.SplitSeq(block, "\n") {
		expectContains(t, output, strings.Join(strings.Fields(line), " "))
	}
}

func expectNot(t *testing.T, output, unwanted string) {
	t.Helper()
	if strings.Contains(output, unwanted) {
		t.Errorf("%q is in:\n%s", unwanted, output)
	}
}

const nothing = "0 to add, 0 to change, 0 to destroy"

func needJQ(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	if w.RunShell("jq --version").ExitCode != 0 {
		t.Skip("there is no jq on this machine")
	}
}

func TestCLIGuide_day2Add(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	for _, guide := range []day2Guide{day2Published, day2V1} {
		t.Run(guide.name, func(t *testing.T) {
			t.Parallel()
			m := account(t)
			w := guide.new(t, m, pageBlock(t, day2Page, "terraform", `label = "Seats"`))
			if !guide.creates {
				expectContains(t, w.Expect(1, "plan"), inGuide(t, `Property "seats" is not in Tidio`), "Settings > Contact Properties")
				m.AddProperty(tidiomock.Property{Name: "seats", Label: "Seats", Type: "number"})
			}
			expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 added")

			// Its label, first in the panel and then in the configuration, and the other way round.
			m.SetPropertyLabel("seats", "Licences")
			expectContains(t, w.Expect(0, "plan", "-detailed-exitcode"), inGuide(t, `Labels differ from Tidio's`), `"Seats"`, `"Licences"`)
			w.Write(strings.Replace(pageBlock(t, day2Page, "terraform", `label = "Seats"`), `"Seats"`, `"Licences"`, 1))
			expectNot(t, w.Expect(0, "plan", "-detailed-exitcode"), "Labels differ")
			w.Write(strings.Replace(pageBlock(t, day2Page, "terraform", `label = "Seats"`), `"Seats"`, `"Places"`, 1))
			expectContains(t, w.Expect(0, "plan", "-detailed-exitcode"), "Labels differ from Tidio's")
			m.SetPropertyLabel("seats", "Places")
			expectNot(t, w.Expect(0, "plan", "-detailed-exitcode"), "Labels differ")
		})
	}
}

// janeWith is a contact with one value for the property of tidio_property.tier, whose key is written as such.
func (g day2Guide) janeWith(key string) string {
	return g.contacts.person("jane", fmt.Sprintf("properties = {\n  %s = \"gold\"\n}\n", key))
}

const tierByReference = "(tidio_property.tier.name)"

func TestCLIGuide_day2RenamedInThePanelV1(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	labelled := tier("tier", "label = \"Tier\"\n")
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, labelled+day2V1.janeWith(tierByReference))
	w.Expect(0, "apply", "-auto-approve")
	before, _ := m.Property("tier")
	m.RenameProperty("tier", "level")
	m.ResetRequests()
	said := w.Expect(0, "plan")
	expectPrinted(t, said, pageBlock(t, day2Page, "text", "Properties have different names in Tidio"))
	expectContains(t, said, `- "tier" =`, `+ "level" = "gold"`, "0 to add, 1 to change, 0 to destroy")
	w.Expect(0, "apply", "-auto-approve")
	expectOnlyReads(t, m) // Tidio has the value already
	written := pageBlock(t, day2Page, "terraform", "resource \"tidio_property\" \"tier\" {\n  name  = \"level\"")
	w.Write(written + day2V1.janeWith(tierByReference))
	expectNot(t, w.Expect(0, "plan", "-detailed-exitcode"), "Warning")
	if after, _ := m.Property("level"); after.ID != before.ID {
		t.Errorf("it is another property: %q, and before %q", after.ID, before.ID)
	}
	expectInTidio(t, m, attributes{"level": "gold", "tier": nil})

	// A key that is written as a text.
	w.Write(written + day2V1.janeWith("tier"))
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), `Property "tier" is not in the account`, "Could not update contact")
}

func TestCLIGuide_day2RenamedInThePanelV1ForEach(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t, "tier", "plan")
	w := day2V1.recorded(t, m, each("tier", "plan"), "tier", "plan")
	m.RenameProperty("tier", "level")
	w.Write(each("level", "plan"))
	expectContains(t, w.Expect(1, "plan"), `Property "level" already exists`) // as two properties
	w.Write(each("level", "plan") + pageBlock(t, day2Page, "terraform", `to   = tidio_property.this["level"]`))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, "0 added, 0 changed, 0 destroyed")
	expectNot(t, said, "Properties have different names")
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
}

func TestCLIGuide_day2RenamedInThePanelPublished(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t)
	m.AddProperty(tidiomock.Property{Name: "tier", Label: "Tier", Type: "text"})
	labelled := tier("tier", "label = \"Tier\"\n")
	w := acctest.NewPublishedWorkspace(t, m, labelled+day2Published.janeWith(tierByReference))
	w.Expect(0, "apply", "-auto-approve")
	m.RenameProperty("tier", "level")
	m.ResetRequests()
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), inGuide(t, `Properties in the state are missing from Tidio`))

	// The name alone.
	w.Write(strings.Replace(labelled, `name = "tier"`, `name = "level"`, 1) + day2Published.janeWith(tierByReference))
	expectContains(t, w.Expect(0, "plan"), "must be replaced", "1 to add, 1 to change, 1 to destroy")
	w.Write(strings.Replace(tier("tier", protected), `name = "tier"`, `name = "level"`, 1))
	expectContains(t, w.Expect(1, "plan"), "nstance cannot be destroyed") // of each engine

	w.Write(pageBlock(t, day2Page, "terraform", "to = tidio_property.tier\n  id = \"level\"") + day2Published.janeWith(tierByReference))
	expectShell(t, w, 0, pageBlock(t, day2Page, "shell", "state rm tidio_property.tier"))
	expectContains(t, w.Expect(0, "plan"), inGuide(t, `1 to import, 0 to add`), `- "tier" =`, `+ "level" = "gold"`)
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
	expectInTidio(t, m, attributes{"level": "gold", "tier": nil})
}

func TestCLIGuide_day2RenamedInThePanelPublishedForEach(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t, "tier", "plan")
	w := day2Published.recorded(t, m, each("tier", "plan"), "tier", "plan")
	m.RenameProperty("tier", "level")
	w.Write(each("level", "plan") + pageBlock(t, day2Page, "terraform", "to   = tidio_property.tier_before"))
	expectContains(t, w.Expect(0, "plan"), "1 to import, 0 to add, 0 to change, 0 to destroy")
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added, 0 changed, 0 destroyed")
	w.Expect(0, "plan", "-detailed-exitcode")

	// A single block, at a new address.
	w.Write(each("level", "plan") + single("plan_tier"))
	m.AddProperty(tidiomock.Property{Name: "plan_tier", Label: "Subscription", Type: "text"})
	w.Expect(0, "apply", "-auto-approve")
	m.RenameProperty("plan_tier", "subscription")
	w.Write(each("level", "plan") + pageBlock(t, day2Page, "terraform", `"subscription"`) + importing("property", "subscription", "subscription"))
	expectContains(t, w.Expect(0, "plan"), "1 to import, 0 to add, 0 to change, 0 to destroy")
	expectOnlyReads(t, m)
}

const protected = "lifecycle {\n  prevent_destroy = true\n}\n"

func TestCLIGuide_day2RenamedInTheConfiguration(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	for _, guide := range []day2Guide{day2Published, day2V1} {
		t.Run(guide.name, func(t *testing.T) {
			t.Parallel()
			m := account(t, "tier")
			unmanaged := m.AddContact(tidiomock.Contact{Email: "joe@example.com", Properties: map[string]any{"tier": "silver"}})
			w := guide.new(t, m, tier("tier", "")+guide.janeWith(tierByReference)+importing("property", "tier", "tier"))
			w.Expect(0, "apply", "-auto-approve")
			w.Write(tier("level", "") + guide.janeWith(tierByReference))
			if !guide.creates {
				expectContains(t, w.Expect(1, "plan"), `Property "level" is not in Tidio`)
				m.AddProperty(tidiomock.Property{Name: "level", Type: "text"})
			}
			expectContains(t, w.Expect(0, "apply", "-auto-approve"), inGuide(t, stays), "must be replaced", "1 added, 1 changed, 1 destroyed")
			if _, there := m.Property("tier"); !there {
				t.Error("the old property is gone")
			}
			for _, c := range m.Contacts() {
				want := "map[level:gold]"
				if c.ID == unmanaged.ID {
					want = "map[tier:silver]"
				}
				if got := fmt.Sprint(c.Properties); got != want {
					t.Errorf("%s has %s, want %s", c.Email, got, want)
				}
			}
			w.Expect(0, "plan", "-detailed-exitcode")
		})
	}
}

// With prevent_destroy, on purpose.
func TestCLIGuide_day2RenamedAndProtected(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2V1
	m := account(t, "plan_tier")
	before := block("property", "plan_tier", "name = \"plan_tier\"\ntype = \"text\"\n"+protected)
	w := guide.recorded(t, m, before, "plan_tier")
	w.Write(strings.Replace(before, `name = "plan_tier"`, `name = "subscription"`, 1))
	expectContains(t, w.Expect(1, "plan"), inGuide(t, "Instance cannot be destroyed")[1:]) // of OpenTofu, in lower case
	w.Write(pageBlock(t, day2Page, "terraform", `"subscription"`))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, inGuide(t, "1 to add, 0 to change, 0 to destroy"))
	expectNot(t, said, stays)
	w.Expect(0, "plan", "-detailed-exitcode")
	if got := len(m.Properties()); got != 2 {
		t.Errorf("the account has %d properties, want both", got)
	}
}

func TestCLIGuide_day2ChangeAType(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2V1
	m := account(t)
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "text"})
	two := pageBlock(t, day2Page, "terraform", "seat_count")
	before := block("property", "seats", "name = \"seats\"\ntype = \"text\"\n")
	w := guide.recorded(t, m, before, "seats")
	w.Write(strings.Replace(before, `"text"`, `"number"`, 1))
	expectContains(t, w.Expect(1, "plan"), inGuide(t, `The type of property "seats" cannot change`))

	w.Write(two)
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 added, 0 changed, 0 destroyed")
	w.Write(two + guide.contacts.person("jane", "properties = {\n  seat_count = \"a dozen\"\n}\n"))
	expectContains(t, w.Expect(1, "plan"), `The value of property "seat_count" does not fit its type`)

	// Which values are left.
	left := m.AddContact(tidiomock.Contact{Email: "a@example.com", Properties: map[string]any{"seats": "12"}})
	m.AddContact(tidiomock.Contact{Email: "b@example.com", Properties: map[string]any{"seats": "7", "seat_count": 7}})
	m.AddContact(tidiomock.Contact{Email: "c@example.com"})
	list := guide.new(t, m, pageBlock(t, day2Page, "terraform", `data "tidio_contacts" "all"`))
	list.Expect(0, "apply", "-auto-approve")
	if got := list.Expect(0, "output", "-json", "left"); got != fmt.Sprintf("{%q:%q}", left.ID, "12") {
		t.Errorf("left is %s", got)
	}

	// Out of the configuration first, and hidden then.
	out := strings.Replace(pageBlock(t, day2Page, "terraform", "from = tidio_property.crm_record"), "crm_record", "seats", 1)
	w.Write(single("seat_count") + out)
	w.Expect(0, "apply", "-auto-approve")
	m.HideProperty("seats")
	w.Expect(0, "plan", "-detailed-exitcode")
	m.HideProperty("seat_count") // in the other order
	expectContains(t, w.Expect(0, "plan"), `Property "seat_count" is gone from Tidio`, "will be created")
}

func TestCLIGuide_day2TakeOut(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2Published
	m := account(t, "crm_record")
	jane := func(properties string) string {
		return guide.contacts.person("jane", "properties = {"+properties+"}\n")
	}
	w := guide.new(t, m, single("crm_record")+importing("property", "crm_record", "crm_record")+jane("\ncrm_record = \"x\"\n"))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(jane("\ncrm_record = \"x\"\n"))
	expectContains(t, w.Expect(0, "plan"), stays, "1 to destroy") // without anything in its place
	w.Write(pageBlock(t, day2Page, "terraform", "from = tidio_property.crm_record") + jane(""))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, "0 added, 1 changed, 0 destroyed")
	expectNot(t, said, stays)
	if _, there := m.Property("crm_record"); !there {
		t.Error("the property is gone")
	}
	expectInTidio(t, m, attributes{"crm_record": nil})
	w.Expect(0, "plan", "-detailed-exitcode")
}

func TestCLIGuide_day2OneInstance(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2Published
	m := account(t, "tier", "plan")
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "text"})
	w := guide.recorded(t, m, each("tier", "plan", "seats"), "tier", "plan", "seats")
	w.Write(each("tier", "plan"))
	expectContains(t, w.Expect(0, "plan"), stays, "1 to destroy")
	expectShell(t, w, 0, "cp terraform.tfstate before.tfstate")

	w.Write(each("tier", "plan") + pageBlock(t, day2Page, "terraform", "seats_released"))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, nothing)
	expectNot(t, said, stays)
	w.Write(each("tier", "plan"))
	w.Expect(0, "plan", "-detailed-exitcode")

	expectShell(t, w, 0, "cp before.tfstate terraform.tfstate")
	expectShell(t, w, 0, pageBlock(t, day2Page, "shell", `state rm 'tidio_property.this["seats"]'`))
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
}

func TestCLIGuide_day2BringBack(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	for _, guide := range []day2Guide{day2Published, day2V1} {
		t.Run(guide.name, func(t *testing.T) {
			t.Parallel()
			m := account(t, "unrelated")
			var names []string
			for i := range 30 {
				names = append(names, "field_"+strconv.Itoa(i))
				m.AddProperty(tidiomock.Property{Name: names[i], Type: "text"})
			}
			local := "locals {\n  properties = { for name in [\"" + strings.Join(names, `", "`) + "\"] : name => {} }\n}\n"
			config := strings.Replace(each(), `toset([""])`, "local.properties", 1) + local
			w := guide.new(t, m, config)
			if guide.creates {
				expectContains(t, w.Expect(1, "plan"), inGuide(t, `Property "<name>" already exists`, "field_29"))
			} else {
				expectContains(t, w.Expect(0, "plan"), "Properties are recorded, not created", "30 to add")
			}
			w.Write(config + pageBlock(t, day2Page, "terraform", "setintersection"))
			m.ResetRequests()
			expectContains(t, w.Expect(0, "plan"), "30 to import, 0 to add, 0 to change, 0 to destroy")
			if got := len(m.Requests()); got != 1 {
				t.Errorf("the plan cost %d requests, want one list", got)
			}
			expectContains(t, w.Expect(0, "apply", "-auto-approve"), "30 imported, 0 added, 0 changed, 0 destroyed")
			w.Expect(0, "plan", "-detailed-exitcode") // the block may stay
			expectOnlyReads(t, m)
		})
	}
}

func TestCLIGuide_day2IntoTheModule(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2Published
	m := account(t, "plan_tier", "seats")
	jane := func(key string) string {
		return guide.contacts.person("jane", fmt.Sprintf("properties = {\n  (%s) = \"12\"\n}\n", key))
	}
	w := guide.recorded(t, m, single("plan_tier")+single("seats"), "plan_tier", "seats")
	w.Write(single("plan_tier") + single("seats") + jane("tidio_property.seats.name"))
	w.Expect(0, "apply", "-auto-approve")
	m.ResetRequests()
	w.CopyTree(filepath.Join(root, "examples/modules/contact-schema"), "modules/contact-schema")
	w.WriteFile("contact-properties.yaml", "properties:\n  - {name: plan_tier, type: text}\n  - {name: seats, type: number}\n")
	call := pageBlock(t, day2Page, "terraform", `module "contact_schema"`)
	w.Write(call + jane(`module.contact_schema.names["seats"]`))
	w.Expect(0, "init")
	expectContains(t, w.Expect(0, "plan"), inGuide(t, nothing))
	expectShell(t, w, 0, "cp terraform.tfstate before.tfstate")
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed")
	w.Expect(0, "plan", "-detailed-exitcode")

	// Both files from the state.
	needJQ(t, w)
	expectShell(t, w, 0, "cp before.tfstate terraform.tfstate")
	expectShell(t, w, 0, pageBlock(t, day2Page, "shell", "jq"))
	call, _, _ = strings.Cut(call, "moved {")
	w.Write(call + jane(`module.contact_schema.names["seats"]`))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, "0 added, 0 changed, 0 destroyed", `tidio_property.seats has moved to module.contact_schema.tidio_property.this["seats"]`)
	expectNot(t, said, "Warning")
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
}

func TestCLIGuide_day2Split(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2Published
	m := account(t, "seats", "plan_tier")
	w := guide.recorded(t, m, single("seats")+single("plan_tier"), "seats", "plan_tier")
	expectShell(t, w, 0, "cp terraform.tfstate before.tfstate")
	w.Write(single("plan_tier") + pageBlock(t, day2Page, "terraform", "removed {\n  from = tidio_property.seats\n"))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, nothing)
	expectNot(t, said, stays)
	takesOver := pageBlock(t, day2Page, "terraform", "to = tidio_property.seats\n")
	other := guide.new(t, m, takesOver)
	expectContains(t, other.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added, 0 changed, 0 destroyed")
	other.Expect(0, "plan", "-detailed-exitcode")

	// Of local states.
	expectShell(t, w, 0, "cp before.tfstate terraform.tfstate && mkdir ../support")
	expectShell(t, w, 0, pageBlock(t, day2Page, "shell", "state mv -state-out=../support/terraform.tfstate"))
	w.Write(single("plan_tier"))
	w.Expect(0, "plan", "-detailed-exitcode")
	expectShell(t, w, 0, "cp terraform.tfstate left.tfstate && cp ../support/terraform.tfstate terraform.tfstate")
	w.Write(single("seats"))
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
}

// The table of two pull requests, and a saved plan that is stale.
func TestCLIGuide_day2TwoPullRequests(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t)
	w := acctest.NewWorkspace(t, m, single("seats"))
	w.Expect(0, "plan", "-out=tfplan")
	w.Expect(0, "apply", "-auto-approve")
	expectContains(t, w.Expect(1, "apply", "tfplan"), inGuide(t, "Saved plan is stale"))

	w.Write(single("seats") + single("seats"))
	expectContains(t, w.Expect(1, "plan"), inGuide(t, `Duplicate resource "tidio_property" configuration`))
	w.Write(single("seats") + strings.Replace(single("seats"), `"seats" {`, `"licences" {`, 1))
	expectContains(t, w.Expect(1, "plan"), inGuide(t, `Property "<name>" is planned twice`, "seats"))
	w.CopyTree(filepath.Join(root, "examples/modules/contact-schema"), "modules/contact-schema")
	w.WriteFile("contact-properties.yaml", "properties:\n  - {name: seats, type: number}\n  - {name: seats, type: number}\n")
	call, _, _ := strings.Cut(pageBlock(t, day2Page, "terraform", `module "contact_schema"`), "moved {")
	w.Write(call)
	w.Expect(0, "init")
	expectContains(t, w.Expect(1, "plan"), `"seats" appears 2 times`)

	// In another configuration.
	expectContains(t, acctest.NewWorkspace(t, m, single("seats")).Expect(1, "plan"),
		inGuide(t, `Property "<name>" already exists`, "seats"))
	for range 2 {
		acctest.NewPublishedWorkspace(t, m, single("seats")).Expect(0, "apply", "-auto-approve")
	}
}

func TestCLIGuide_day2Locked(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t)
	w := acctest.NewWorkspace(t, m, single("seats"))
	reached, release := make(chan struct{}, 1), make(chan struct{})
	m.Arm(tidiomock.Fault{Method: "POST", Route: "/properties", Do: tidiomock.HoldBefore, Reached: reached, Release: release})
	apply := w.Start(t.Context(), "apply", "-auto-approve")
	<-reached
	expectContains(t, w.Expect(1, "plan"), inGuide(t, "Error acquiring the state lock"), "Who:")
	close(release)
	if result := apply.Wait(); result.ExitCode != 0 {
		t.Error(result.Text())
	}
	w.Expect(0, "plan", "-lock-timeout=5m", "-detailed-exitcode")
}

// The table of what happens between a plan and its apply, all in one plan.
func TestCLIGuide_day2BetweenPlanAndApply(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	for _, guide := range []day2Guide{day2Published, day2V1} {
		t.Run(guide.name, func(t *testing.T) {
			t.Parallel()
			m := account(t, "plan", "level", "gone")
			m.AddProperty(tidiomock.Property{Name: "kept", Label: "Kept", Type: "text"})
			person := func(name, plan string) string {
				return guide.contacts.person(name, fmt.Sprintf("properties = {\n  plan  = %q\n  level = \"one\"\n}\n", plan))
			}
			stay := block("property", "kept", "name = \"kept\"\nlabel = \"Kept\"\ntype = \"text\"\n") + single("gone")
			w := guide.new(t, m, stay+importing("property", "kept", "kept")+importing("property", "gone", "gone")+
				person("jane", "silver")+person("ann", "silver")+person("jo", "silver"))
			w.Expect(0, "apply", "-auto-approve")
			ids := map[string]string{}
			for _, c := range m.Contacts() {
				name, _, _ := strings.Cut(c.Email, "@")
				ids[name] = c.ID
			}
			if !guide.creates {
				m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
			}
			after := stay + tier("tier", "") + person("jane", "gold") + person("ann", "gold")
			w.Write(after)
			w.Expect(0, "plan", "-out=tfplan")

			want := inGuide(t, `Property "<name>" already exists`, "tier")
			if guide.creates {
				m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
			} else {
				m.DeleteProperty("tier")
				want = inGuide(t, `Property "<name>" is not in Tidio`, "tier")
			}
			m.SetPropertyLabel("kept", "Edited")
			m.DeleteProperty("gone")
			m.SetContactValue(ids["jane"], "plan", "bronze")
			m.SetContactValue(ids["jane"], "level", "two")
			m.DeleteContact(ids["ann"])
			m.DeleteContact(ids["jo"])
			said := w.Expect(1, "apply", "tfplan")
			expectContains(t, said, want, inGuide(t, "Could not update contact <id>", ids["ann"]),
				inGuide(t, `Contact "<id>" was already deleted`, ids["jo"]))
			expectNot(t, said, "Labels differ")
			expectInTidio(t, m, attributes{"plan": "gold", "level": "two"})

			w.Write(strings.Replace(after, tier("tier", ""), "", 1)) // without what failed
			next := w.Expect(0, "plan")
			expectContains(t, next, "Labels differ from Tidio's", `~ "level" = "two" -> "one"`, "# tidio_contact.ann will be created")
			if guide.creates {
				expectContains(t, next, `Property "gone" is gone from Tidio`)
			} else {
				expectContains(t, next, "Properties in the state are missing from Tidio")
			}
		})
	}
}

func TestCLIGuide_day2TwoAddresses(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t, "tier")
	id := m.AddContact(tidiomock.Contact{ID: "cont_7k2m9q", FirstName: "Jane", Email: "jane@example.com"}).ID
	jane := func(name string) string {
		return block("contact", name, "email = \"jane@example.com\"\nfirst_name = \"Jane\"\n")
	}
	w := acctest.NewPublishedWorkspace(t, m, jane("jane")+importing("contact", "jane", id))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(jane("jane") + jane("copy") + importing("contact", "copy", id))
	expectPrinted(t, w.Expect(1, "plan"), pageBlock(t, day2Page, "text", "has two resource addresses"))
	for _, wayOut := range []func(){
		func() {
			w.Write(jane("jane") + pageBlock(t, day2Page, "terraform", "tidio_contact.copy"))
			w.Expect(0, "apply", "-auto-approve")
		},
		func() { expectShell(t, w, 0, pageBlock(t, day2Page, "shell", "tidio_contact.copy")) },
	} {
		w.Write(jane("jane") + jane("copy"))
		w.Expect(0, "import", "tidio_contact.copy", id)
		expectPrinted(t, w.Expect(1, "plan"), pageBlock(t, day2Page, "text", "has two resource addresses"))
		w.Write(jane("jane"))
		expectPrinted(t, w.Expect(1, "plan"), pageBlock(t, day2Page, "text", "is both kept and deleted"))
		wayOut()
		w.Write(jane("jane"))
		w.Expect(0, "plan", "-detailed-exitcode")
		onlyContact(t, m)
	}
	expectOnlyReads(t, m)

	// A property.
	other := strings.Replace(single("tier"), `"tier" {`, `"copy" {`, 1)
	w.Write(jane("jane") + single("tier") + other)
	w.Expect(0, "import", "tidio_property.tier", "tier")
	w.Expect(0, "import", "tidio_property.copy", "tier")
	expectContains(t, w.Expect(1, "plan"), `The property "tier" has two resource addresses`)
	w.Write(jane("jane") + single("tier"))
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
}

func TestCLIGuide_day2ReviewersCheck(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	guide := day2Published
	m := account(t, "plan_tier", "crm_record", "subscription")
	config := single("plan_tier") + single("crm_record")
	w := guide.recorded(t, m, config, "plan_tier", "crm_record")
	needJQ(t, w)
	script := pageBlock(t, day2Page, "shell", "resource_changes")
	const fine = "No property is destroyed or replaced.\n"
	for _, c := range []struct {
		config string
		code   int
		says   string
	}{
		{config, 0, fine},
		{single("plan_tier") + pageBlock(t, day2Page, "terraform", "from = tidio_property.crm_record"), 0, fine},
		{
			strings.Replace(single("plan_tier"), `name = "plan_tier"`, `name = "subscription"`, 1), 1,
			pageBlock(t, day2Page, "text", "would stay in Tidio without a resource"),
		},
		{ // Terraform plans a destroy
			single("plan_tier") + "removed {\n  from = tidio_property.crm_record\n}\n", -1,
			"These properties would stay in Tidio without a resource:\n  tidio_property.crm_record: delete\n",
		},
	} {
		w.Write(c.config)
		w.Expect(0, "plan", "-out=tfplan")
		if c.code < 0 { // OpenTofu forgets
			if c.code = 1; strings.Contains(w.Expect(0, "version"), "OpenTofu") {
				c.code, c.says = 0, fine
			}
		}
		if got := expectShell(t, w, c.code, script); got != c.says {
			t.Errorf("it prints:\n%s\nand not\n%s", got, c.says)
		}
	}
	w.WriteFile("tfplan", "no plan")
	expectShell(t, w, 2, script)
}
