package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const seats = `
resource "tidio_property" "seats" {
  name  = "seats"
  label = "Seats bought"
  type  = "number"
}
`

// property is the resource at address, with these attributes.
func property(attributes string) string {
	return "resource \"tidio_property\" \"seats\" {\n  " + attributes + "\n}\n"
}

// seatsWith is the property seats with more attributes.
func seatsWith(attributes string) string {
	return property("name = \"seats\"\n  type = \"number\"\n  " + attributes)
}

const address = "tidio_property.seats"

func has(attribute string, value any) statecheck.StateCheck {
	check := knownvalue.Null()
	switch value := value.(type) {
	case string:
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(value))
	case bool:
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.Bool(value))
	}
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
}

func TestProperty_createReadImportDestroy(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{
			Config: m.Config(seats),
			ConfigStateChecks: []statecheck.StateCheck{
				has("name", "seats"), has("label", "Seats bought"), has("type", "number"),
				has("adopt_existing", nil),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
			},
			Check: check(func() { expectRequests(t, m, "POST", "/properties", 1) }),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateId: "seats"},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: "seats",
			ImportStateKind: resource.ImportBlockWithID, Config: m.Config(seats),
		},
		resource.TestStep{Config: m.Config()},
	)
	if _, stays := m.Property("seats"); !stays {
		t.Error("a destroy must leave the property in Tidio")
	}
}

func TestProperty_identity(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	resource.ParallelTest(t, resource.TestCase{
		IsUnitTest:               true,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: m.Config(seats),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestProperty_labelLeftOut(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(seatsWith("")))
	core.ExpectState(address, attributes{"label": "seats"})
	m.SetPropertyLabel("seats", "Seats")
	core.Converge(m.Config(seatsWith("")), acctest.Empty())
	core.ExpectState(address, attributes{"label": "Seats"})
}

func TestProperty_labelThatDiffersIsNoChange(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(seats))
	m.SetPropertyLabel("seats", "Edited in the panel")
	core.Converge(m.Config(seats), acctest.Empty(), acctest.Warns(`Labels differ from Tidio's`,
		`Configured: "Seats bought"`, `In Tidio: "Edited in the panel"`))

	// A change of what is Terraform's own goes through, and promises no label.
	core.Converge(m.Config(seatsWith(`label = "Seats bought"` + "\n  adopt_existing = true")))
	core.ExpectState(address, attributes{"label": "Edited in the panel", "adopt_existing": true})
}

func TestProperty_localAttributesCostNoWrite(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(seatsWith("")))
	m.ResetRequests()
	core.Converge(m.Config(seatsWith("adopt_existing = true")), acctest.Plans(address, acctest.Update))
	core.ExpectState(address, attributes{"adopt_existing": true})
	core.Converge(m.Config(seatsWith("")))
	core.ExpectState(address, attributes{"adopt_existing": nil})
	expectRequests(t, m, "POST", "/properties", 0)
}

func TestProperty_typeChangeFailsThePlan(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(seats))
	core.Plan(m.Config(property("name = \"seats\"\n  type = \"text\"")),
		acctest.Fails(`The type of property "seats" cannot change`))
}

func TestProperty_renameReplaces(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(seats))

	// Another name may come with a different type.
	renamed := m.Config(property("name = \"licences\"\n  type = \"text\""))
	core.Converge(renamed, acctest.Plans(address, acctest.Replace), acctest.Warns(stays))
	core.ExpectState(address, attributes{"name": "licences", "type": "text", "label": "licences"})

	// The old one stayed, so its name is taken.
	core.Apply(m.Config(seats), acctest.Fails(`Property "seats" already exists`))
	if got := len(m.Properties()); got != 2 {
		t.Errorf("%d properties in Tidio, want both", got)
	}
}

func TestProperty_replaceUnderTheSameNameIsRefused(t *testing.T) {
	const refused = `Property "seats" cannot be replaced under its own name`
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	stubborn := m.Config(seatsWith("adopt_existing = true\n  lifecycle {\n    create_before_destroy = true\n  }"))
	core.Converge(stubborn)
	core.Plan(stubborn, acctest.Replacing(address), acctest.Fails(refused, "Remove what forces the replacement"))

	core.Converge(m.Config(seats))
	core.Plan(m.Config(seats), acctest.Replacing(address), acctest.Fails(refused))
	core.Taint(address)
	core.Plan(m.Config(seats), acctest.Fails(`Property "seats" already exists`, "run `terraform untaint`"))
	core.Untaint(address)
	core.Plan(m.Config(seats), acctest.Empty())
}

func TestProperty_swapOfTwoNames(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	two := func(first, second, more string) string {
		one := "resource \"tidio_property\" %q {\n  name = %q\n  type = \"text\"\n  %s\n}\n"
		return m.Config(fmt.Sprintf(one, "a", first, more), fmt.Sprintf(one, "b", second, more))
	}
	core.Converge(two("one", "two", ""))
	core.Plan(two("two", "one", ""),
		acctest.Fails("to a name that is taken", "`terraform state mv`", "set adopt_existing = true"))
	core.Converge(two("two", "one", "adopt_existing = true"))
	if got := len(m.Properties()); got != 2 {
		t.Errorf("%d properties, want the two there were", got)
	}
}

func TestProperty_existsAlready(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	existing := m.AddProperty(tidiomock.Property{Name: "seats", Label: "Seats", Type: "number"})
	core.Apply(m.Config(seats),
		acctest.Fails(`Property "seats" already exists.*import \{ to = tidio_property\.<yours> id = "seats"`))

	// Adopted: the configured label is kept until the next read.
	config := m.Config(seatsWith("label = \"Seats bought\"\n  adopt_existing = true"))
	core.Apply(config, acctest.Warns(`Property "seats" is adopted`, `Its label in Tidio stays "Seats"`))
	core.ExpectState(address, attributes{"id": existing.ID, "label": "Seats bought"})
	core.Converge(config, acctest.Empty())
	core.ExpectState(address, attributes{"label": "Seats"})
	expectRequests(t, m, "POST", "/properties", 0)
}

func TestProperty_adoptOfAnotherTypeIsRefused(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "text"})
	acctest.NewCore(t).Apply(m.Config(seatsWith("adopt_existing = true")),
		acctest.Fails(`Property "seats" already exists, with a different type.*configured: "number"`))
}

func TestProperty_createdByTheOthersAfterThePlan(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.NewCore(t).Apply(m.Config(seats), acctest.AfterPlan(func() {
		m.AddProperty(tidiomock.Property{Name: "seats", Label: "Seats", Type: "number"})
	}), acctest.Fails(`Property "seats" already exists.*id = "seats"`))
	expectRequests(t, m, "POST", "/properties", 0)
}

func TestProperty_hidden(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	m.HideProperty("seats")
	acctest.NewCore(t).Apply(m.Config(seats), acctest.Fails("It may be hidden in Tidio"))
}

func TestProperty_plannedTwice(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	twin := "resource \"tidio_property\" \"twin\" {\n  name = \"seats\"\n  type = \"number\"\n}"
	core.Apply(m.Config(seats, twin), acctest.Fails(`Property "seats" is planned twice`))
	core.Converge(m.Config(seats))
	// Which of them is planned first is up to the engine.
	core.Apply(m.Config(seats, twin), acctest.Fails(`Property "seats" is planned twice|already exists`))
	core.Converge(m.Config(seats), acctest.Empty())
}

func TestProperty_renameIsNotPlannedTwice(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	two := func(first, second string) string {
		return m.Config(fmt.Sprintf("resource \"tidio_property\" \"p\" {\n  count = 2\n"+
			"  name = [%q, %q][count.index]\n  type = \"text\"\n}", first, second))
	}
	core.Converge(two("one", "two"))
	core.Converge(two("three", "four"))
	core.Plan(two("five", "five"), acctest.Fails(`Property "five" is planned twice`))
}

// Names that are not known yet may well differ.
func TestProperty_unknownNamesAreNotPlannedTwice(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	two := func(name string) string {
		return m.Config("resource \"tidio_property\" \"p\" {\n  count = 2\n  name = " + name + "\n  type = \"text\"\n}")
	}
	core.Apply(two(`later("p${count.index}")`))
	core.Apply(two(`later("p${count.index}")`), acctest.Warns("is not known yet"))
}

// What holds for all that a plan replaces or destroys is said once.
func TestProperty_staysIsSaidOnce(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	three := func(prefix string) string {
		return m.Config(fmt.Sprintf("resource \"tidio_property\" \"p\" {\n  count = 3\n"+
			"  name = \"%s${count.index}\"\n  type = \"text\"\n}", prefix))
	}
	core.Converge(three("a"))
	for what, config := range map[string]string{"renamed": three("b"), "taken out": m.Config()} {
		if got := core.Plan(config).Diagnostics; len(got) != 1 {
			t.Errorf("%s: %d warnings, want one: %v", what, len(got), got)
		}
	}
}

func TestProperty_deletedInThePanelIsPlannedAgain(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(seats))
	m.DeleteProperty("seats")
	core.Converge(m.Config(seats), acctest.Plans(address, acctest.Create),
		acctest.Warns(`Property "seats" is gone from Tidio`))
}

func TestProperty_unknownValuesAtPlan(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	config := func(name string) string {
		return m.Config(strings.ReplaceAll(`
resource "tidio_property" "seats" {
  name           = NAME
  label          = "Label of ${NAME}"
  type           = NAME == "" ? "text" : "number"
  adopt_existing = NAME == ""
}
`, "NAME", name))
	}
	core.Apply(config(`later("seats")`))
	core.ExpectState(address, attributes{"name": "seats", "label": "Label of seats", "type": "number"})
	core.Plan(config(`"seats"`), acctest.Empty())
	// The new name is known only after apply, when it can no longer become a replacement; nothing may
	// be lost.
	core.Apply(config(`later("licences")`), acctest.Fails(`inconsistent final plan`))
	core.Converge(config(`"licences"`), acctest.Plans(address, acctest.Replace))
}

func TestProperty_manyPages(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	acctest.NewCore(t).Converge(m.Config(`
resource "tidio_property" "p" {
  count = 5
  name  = "p${count.index}"
  type  = "text"
}`))
	expectRequests(t, m, "POST", "/properties", 5)
}

// What became of a create whose reply says nothing is found out: never twice, never lost.
func TestProperty_createWithUnknownOutcome(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]tidiomock.Fault{
		"error before":  {Do: tidiomock.FailBefore},
		"error after":   {Do: tidiomock.FailAfter},
		"cut before":    {Do: tidiomock.CutBefore},
		"cut after":     {Do: tidiomock.CutAfter},
		"half a reply":  {Do: tidiomock.CutBody},
		"half the JSON": {Do: tidiomock.TruncatedJSON},
		"garbage":       {Do: tidiomock.Garbage},
		"empty":         {Do: tidiomock.Garbage, Status: http.StatusCreated, Body: []byte(" ")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			fault.Method, fault.Route = http.MethodPost, "/properties"
			m.Arm(fault)
			acctest.NewCore(t).Converge(m.Config(seats))
			if got := len(m.Properties()); got != 1 {
				t.Errorf("%d properties, want one", got)
			}
		})
	}
}

// What may be ours, and may be somebody else's, is not taken; the error says that it may be ours.
func TestProperty_createWithUnknownOutcomeWithoutProof(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{PageSize: 2}), acctest.NewCore(t)
	for _, name := range []string{"one", "two", "three"} {
		m.AddProperty(tidiomock.Property{Name: name, Type: "text"})
	}
	core.Apply(m.Config(seats), acctest.Fails(`Property "seats" exists, and may be the one just created.*import`),
		acctest.AfterPlan(func() {
			m.Arm(tidiomock.Fault{Route: "/properties", Skip: 1, Do: tidiomock.InsertBetween}) // the list proves nothing
			m.Arm(tidiomock.Fault{Method: http.MethodPost, Route: "/properties", Do: tidiomock.FailAfter})
		}))
}

// A reply that has the id alone is as good as any: nothing is read back.
func TestProperty_replyWithTheIDAlone(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}}), acctest.NewCore(t)
	core.Converge(m.Config(seats))
	expectRequests(t, m, "GET", "/properties/{id}", 0)
}

func TestProperty_badInput(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	text := func(name string) string { return fmt.Sprintf("name = %q\n  type = \"text\"", name) }
	for name, c := range map[string]struct{ attributes, want string }{
		"empty name":      {text(""), `Empty value`},
		"long name":       {text(strings.Repeat("é", 129)), `has 129 characters; Tidio accepts at most 128`},
		"padded name":     {text(" seats"), `White space around a value`},
		"padded label":    {text("seats") + "\n label = \"Seats\\n\"", `White space around a value`},
		"empty label":     {text("seats") + "\n label = \"\"", `Empty value`},
		"unknown type":    {"name = \"seats\"\n type = \"date\"", `must be one of .*Got: "date"`},
		"no name":         {"type = \"text\"", `argument "name" is required`},
		"no type":         {"name = \"seats\"", `argument "type" is required`},
		"computed set":    {text("seats") + "\n id = \"x\"", `(?i)Invalid Configuration for Read-Only Attribute`},
		"wrong attribute": {text("seats") + "\n colour = \"red\"", `Unsupported argument`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.NewCore(t).Plan(m.Config(property(c.attributes)), acctest.Fails(c.want))
		})
	}
}
