package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// oddNames are property names that break what splits, escapes or interpolates them.
var oddNames = []string{
	"with.dots.in.it", "a/path/like/one", "colon:separated", "several words here", `with "quotes"`, "it's",
	"${interpolated}", "%{ directive }", "$${twice}", `back\slash`, "Größe — 尺码 🙂", "a?b=c&d#e",
	"100%", "..", "~", "-x",
}

func TestProperty_oddNames(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	config := func(name string) string {
		return m.Config("resource \"tidio_property\" \"seats\" {\n  name = " + quoted(name) + "\n  type = \"number\"\n}\n")
	}
	for _, name := range oddNames {
		t.Run(name, func(t *testing.T) {
			core := acctest.NewCore(t)
			core.Converge(config(name))
			want := core.State(address)
			for _, id := range []string{name, want["id"].(string)} {
				other := acctest.NewCore(t)
				other.Import(config(name), address, id)
				other.ExpectState(address, want)
				other.Plan(config(name), acctest.Empty())
			}
		})
	}
}

// What the provider's own error says to copy is copied: for every odd name, the import block it
// shows yields, with -generate-config-out, a configuration that plans empty.
func TestProperty_importBlockOfTheErrorWorks(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	var resources strings.Builder
	for i, name := range oddNames {
		m.AddProperty(tidiomock.Property{Name: name, Label: "Label of " + name, Type: "text"})
		fmt.Fprintf(&resources, "resource \"tidio_property\" \"p%d\" {\n  name = %s\n  type = \"text\"\n}\n",
			i, quoted(name))
	}
	w := acctest.NewWorkspace(t, m, resources.String())

	shown := importBlock.FindAllStringSubmatch(w.Expect(1, "plan"), -1)
	if len(shown) != len(oddNames) {
		t.Fatalf("%d import blocks are shown, want %d", len(shown), len(oddNames))
	}
	var imports strings.Builder
	for _, block := range shown {
		fmt.Fprintf(&imports, "import {\n  to = tidio_property.%s\n  id = %s\n}\n", block[1], block[2])
	}
	w.Write(imports.String())
	w.Expect(0, "plan", "-generate-config-out=generated.tf", "-out=import.tfplan")
	w.Expect(0, "apply", "import.tfplan")
	w.Expect(0, "plan", "-detailed-exitcode")

	generated := w.ReadFile("generated.tf")
	for i, name := range oddNames {
		if want := fmt.Sprintf("= %s\n", quoted(name)); !strings.Contains(generated, want) {
			t.Errorf("property %d: %q is not in the generated configuration:\n%s", i, want, generated)
		}
	}
	if got := m.Count("POST", "/properties"); got != 0 {
		t.Errorf("%d properties were created by an import", got)
	}
}

var importBlock = regexp.MustCompile(
	`with tidio_property\.(p\d+),.*?import \{ to = tidio_property\.<yours> id = (".*?") \} or set adopt`)

// quoted is a name as HCL writes it.
func quoted(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", "$${", "%{", "%%{").Replace(name) + `"`
}

func TestProperty_importByIdentity(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	existing := m.AddProperty(tidiomock.Property{Name: "seats", Label: "Seats bought", Type: "number"})
	block := "import {\n  to = tidio_property.seats\n  identity = { id = %q }\n}\n"
	core.Plan(m.Config(seats, fmt.Sprintf(block, "seats")), acctest.Fails(`needs its id: "`+existing.ID+`"`))
	core.Converge(m.Config(seats, fmt.Sprintf(block, existing.ID)), acctest.Empty())
	core.ExpectState(address, attributes{"id": existing.ID, "name": "seats"})
}

func TestProperty_importErrors(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{ID: "twin", Name: "seats", Type: "number"})
	m.AddProperty(tidiomock.Property{ID: "other", Name: "twin", Type: "number"})
	core := acctest.NewCore(t)
	for id, want := range map[string]string{
		"sets":  `No such property to import.*None of the account's 2 properties has the name or id "sets"`,
		"Seats": `No such property to import`,
		"twin":  `"twin" names two properties`,
		"":      `import id is empty`,
	} {
		core.Import(m.Config(seats), address, id, acctest.Fails(want))
	}
}
