package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// newModuleWorkspace is a workspace with the examples as they are beside each other, and the path of
// one of them installed. On an engine that is too old for the modules the test is skipped, and says so.
func newModuleWorkspace(t *testing.T, m *acctest.Mock, example string) (w *acctest.Workspace, chdir string) {
	t.Helper()
	const oldest = "1.11" // what the modules' required_version asks for; `test` and mocks came before
	w = acctest.NewWorkspace(t, m, "")
	printed := regexp.MustCompile(`(Terraform|OpenTofu) v([0-9.]+)`).FindStringSubmatch(w.Expect(0, "version"))
	if printed == nil {
		t.Fatal("the engine does not say its version")
	}
	if version.Must(version.NewVersion(printed[2])).LessThan(version.Must(version.NewVersion(oldest))) {
		t.Skipf("%s is too old for the modules: they need %s or newer", printed[0], oldest)
	}
	w.CopyTree(filepath.Join(root, "examples"), "examples")
	chdir = "-chdir=" + filepath.Join("examples", example)
	w.Expect(0, chdir, "init")
	return w, chdir
}

// The module's own tests, by the engine's test command: all of them run, and they leave what the API
// cannot delete.
func TestModules_contactSchema(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w, chdir := newModuleWorkspace(t, m, "modules/contact-schema")

	said := w.Expect(0, chdir, "test")
	runs := regexp.MustCompile(`(?m)^run "(\w+)"`)
	files, err := filepath.Glob(filepath.Join(root, "examples/modules/contact-schema/tests/*.tftest.hcl"))
	if err != nil || len(files) < 2 {
		t.Fatalf("tests: %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range runs.FindAllStringSubmatch(string(content), -1) {
			expectContains(t, said, `run "`+run[1]+`"... pass`)
		}
	}
	expectContains(t, said, "Properties stay in Tidio when Terraform destroys them")
	if left := m.Properties(); len(left) != 3 {
		t.Errorf("the account holds %d properties, want the 3 of the file", len(left))
	}

	// So a second run meets them.
	expectContains(t, w.Expect(1, chdir, "test"), `Property "seats" already exists`)
	w.Expect(0, chdir, "test", "-var=adopt_existing=true")
}

func TestModules_contactSchemaRefuses(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w, chdir := newModuleWorkspace(t, m, "modules/contact-schema")
	for name, c := range map[string]struct {
		content string
		want    []string
	}{
		"a name twice, an unknown type and key": {
			"properties:\n  - {name: seats, type: integer}\n  - {name: seats, type: text, lable: Seats}\n",
			[]string{
				`"seats" appears 2 times; names are unique in an account`,
				`"seats" (entry 1) has the type "integer"; the types are text, email, number, phone, url`,
				`"seats" (entry 2) has unknown keys: lable; the known ones are name, label, type, adopt_existing`,
			},
		},
		"every entry that is wrong": {
			"properties:\n  - {name: seats, type: number}\n  - {name: yes, type: text}\n  - {name: a, label: no, type: text}\n" +
				"  - {name: 007, type: text}\n  - {name: 1.10, type: text}\n  - {name: 2026-01-02, type: text}\n" +
				"  - {name: b, label: 12, type: text}\n  - {name: c}\n  - tier\n  - {name: , type: text}\n" +
				"  - {name: d, type: text, adopt_existing: \"yes\"}\n  - {name: \"\", type: 7}\n",
			[]string{
				`"true" (entry 2): YAML reads its name as true; put the intended value in quotes`,
				`"a" (entry 3): YAML reads its label as false; put the intended value in quotes`,
				`"7" (entry 4): YAML reads its name as 7; put the intended value in quotes`,
				`"1.1" (entry 5): YAML reads its name as 1.1; put the intended value in quotes`,
				`"2026-01-02T00:00:00Z" (entry 6): YAML reads its name as "2026-01-02T00:00:00Z"; put the intended value in quotes`,
				`"b" (entry 7): YAML reads its label as 12; put the intended value in quotes`,
				`"c" (entry 8) has no type; the types are`,
				`entry 9 is not a set of keys such as name and type`,
				`entry 10 has no name`,
				`"d" (entry 11): adopt_existing is "yes"; it must be true or false, without quotes`,
				`"" (entry 12) has no name`, `"" (entry 12) has the type 7; the types are`,
			},
		},
		"a map":          {"properties:\n  seats: number\n", []string{"it has no list `properties` of entries such as"}},
		"a list alone":   {"- {name: seats, type: number}\n", []string{"it has no list `properties`"}},
		"CSV":            {"name;label;type\nseats;Seats;number\n", []string{"it has no list `properties`"}},
		"nothing at all": {"", []string{"missing start of", "document"}},
		"no YAML":        {"properties:\n  - name: seats\n   type: number\n", []string{`on line 2, column 4`}},
	} {
		w.WriteFile("examples/modules/contact-schema/schema.yaml", c.content)
		said := w.Expect(1, chdir, "plan", "-var=file=schema.yaml")
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the plan does not say %q:\n%s", name, want, said)
			}
		}
	}
	expectContains(t, w.Expect(1, chdir, "plan", "-var=file=missing.yaml"), "There is no file missing.yaml")
}

// The example that calls the module: the contact waits for its properties, and a second plan is empty.
func TestModules_contactSchemaApplies(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w, chdir := newModuleWorkspace(t, m, "contact-schema-yaml")
	w.Expect(0, chdir, "apply", "-auto-approve")
	w.Expect(0, chdir, "plan", "-detailed-exitcode")
	if got := m.Contacts()[0].Properties["plan_tier"]; got != "gold" {
		t.Errorf("plan_tier is %v, want gold", got)
	}
}
