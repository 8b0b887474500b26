package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
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

func emptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

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

// expectRequests checks how many requests to the collection the API was sent since the log was
// last cleared.
func expectRequests(m *acctest.Mock, method string, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := m.Count(method, "/properties"); got != want {
			return fmt.Errorf("%d requests %s, want %d: %v", got, method, want, m.Requests())
		}
		return nil
	}
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
			Check: expectRequests(m, "POST", 1),
		},
		resource.TestStep{Config: m.Config(seats), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateId: "seats"},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true}, // by id
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: "seats",
			ImportStateKind: resource.ImportBlockWithID, Config: m.Config(seats),
		},
		resource.TestStep{Config: m.Config(), Check: func(*terraform.State) error {
			if _, stays := m.Property("seats"); !stays {
				return fmt.Errorf("a destroy must leave the property in Tidio")
			}
			return nil
		}},
	)
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
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{
			Config:            m.Config(seatsWith("")),
			ConfigStateChecks: []statecheck.StateCheck{has("label", "seats")},
		},
		resource.TestStep{
			PreConfig:         func() { m.SetPropertyLabel("seats", "Seats") },
			Config:            m.Config(seatsWith("")),
			ConfigPlanChecks:  emptyPlan(),
			ConfigStateChecks: []statecheck.StateCheck{has("label", "Seats")},
		},
	)
}

func TestProperty_labelThatDiffersIsNoChange(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{Config: m.Config(seats)},
		resource.TestStep{
			PreConfig:        func() { m.SetPropertyLabel("seats", "Edited in the panel") },
			Config:           m.Config(seats),
			ConfigPlanChecks: emptyPlan(),
		},
		resource.TestStep{ // a change of what is Terraform's own goes through, and promises no label
			Config:            m.Config(seatsWith(`label = "Seats bought"` + "\n  adopt_existing = true")),
			ConfigStateChecks: []statecheck.StateCheck{has("label", "Edited in the panel"), has("adopt_existing", true)},
		},
	)
}

func TestProperty_localAttributesCostNoWrite(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{Config: m.Config(seatsWith(""))},
		resource.TestStep{
			PreConfig: m.ResetRequests,
			Config:    m.Config(seatsWith("adopt_existing = true")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: []statecheck.StateCheck{has("adopt_existing", true)},
			Check:             expectRequests(m, "POST", 0),
		},
		resource.TestStep{
			Config:            m.Config(seatsWith("")),
			ConfigStateChecks: []statecheck.StateCheck{has("adopt_existing", nil)},
		},
	)
}

func TestProperty_typeChangeFailsThePlan(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{Config: m.Config(seats)},
		resource.TestStep{
			Config:      m.Config(property("name = \"seats\"\n  type = \"text\"")),
			ExpectError: says(`The type of property "seats" cannot change`),
		},
	)
}

func TestProperty_renameReplaces(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	renamed := property("name = \"licences\"\n  type = \"text\"")
	acctest.Test(t,
		resource.TestStep{Config: m.Config(seats)},
		resource.TestStep{ // another name may come with another type
			Config: m.Config(renamed),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
			}},
			ConfigStateChecks: []statecheck.StateCheck{has("name", "licences"), has("type", "text"), has("label", "licences")},
		},
		resource.TestStep{ // the old one stayed, so its name is taken
			Config:      m.Config(seats),
			ExpectError: says(`Property "seats" exists already`),
		},
	)
	if got := len(m.Properties()); got != 2 {
		t.Errorf("%d properties in Tidio, want both", got)
	}
}

func TestProperty_existsAlready(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	existing := m.AddProperty(tidiomock.Property{Name: "seats", Label: "Seats", Type: "number"})
	acctest.Test(t,
		resource.TestStep{
			Config:      m.Config(seats),
			ExpectError: says(`Property "seats" exists already.*import \{ to = tidio_property\.<yours> id = "seats"`),
		},
		resource.TestStep{ // adopted: the configured label is kept until the next read
			Config:            m.Config(seatsWith("label = \"Seats bought\"\n  adopt_existing = true")),
			ConfigStateChecks: []statecheck.StateCheck{has("id", existing.ID), has("label", "Seats bought")},
			Check:             expectRequests(m, "POST", 0),
		},
		resource.TestStep{
			Config:            m.Config(seatsWith("label = \"Seats bought\"\n  adopt_existing = true")),
			ConfigPlanChecks:  emptyPlan(),
			ConfigStateChecks: []statecheck.StateCheck{has("label", "Seats")},
		},
	)
}

func TestProperty_adoptOfAnotherTypeIsRefused(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "text"})
	acctest.Test(t, resource.TestStep{
		Config:      m.Config(seatsWith("adopt_existing = true")),
		ExpectError: says(`Property "seats" exists already, with another type.*configured: "number"`),
	})
}

func TestProperty_plannedTwice(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	twin := "resource \"tidio_property\" \"twin\" {\n  name = \"seats\"\n  type = \"number\"\n}"
	acctest.Test(t,
		resource.TestStep{
			Config:      m.Config(seats, twin),
			ExpectError: says(`Property "seats" is planned twice`),
		},
		resource.TestStep{Config: m.Config(seats)},
		resource.TestStep{ // which of them is planned first is up to the engine
			Config:      m.Config(seats, twin),
			ExpectError: says(`Property "seats" is planned twice|exists already`),
		},
		resource.TestStep{Config: m.Config(seats), ConfigPlanChecks: emptyPlan()},
	)
}

func TestProperty_renameIsNotPlannedTwice(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	two := func(first, second string) string {
		return m.Config(fmt.Sprintf("resource \"tidio_property\" \"p\" {\n  count = 2\n"+
			"  name = [%q, %q][count.index]\n  type = \"text\"\n}", first, second))
	}
	acctest.Test(t,
		resource.TestStep{Config: two("one", "two")},
		resource.TestStep{Config: two("three", "four")},
		resource.TestStep{Config: two("five", "five"), ExpectError: says(`Property "five" is planned twice`)},
	)
}

func TestProperty_deletedInThePanelIsPlannedAgain(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{Config: m.Config(seats)},
		resource.TestStep{
			PreConfig: func() { m.DeleteProperty("seats") },
			Config:    m.Config(seats),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
			}},
		},
		resource.TestStep{Config: m.Config(seats), ConfigPlanChecks: emptyPlan()},
	)
}

func TestProperty_unknownValuesAtPlan(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	config := func(input string) string {
		return m.Config(fmt.Sprintf(`
resource "terraform_data" "later" {
  input = %q
}

resource "tidio_property" "seats" {
  name           = terraform_data.later.output
  label          = "Label of ${terraform_data.later.output}"
  type           = terraform_data.later.output == "" ? "text" : "number"
  adopt_existing = terraform_data.later.output == ""
}
`, input))
	}
	acctest.Test(t,
		resource.TestStep{
			Config: config("seats"),
			ConfigStateChecks: []statecheck.StateCheck{
				has("name", "seats"), has("label", "Label of seats"), has("type", "number"),
			},
		},
		resource.TestStep{Config: config("seats"), ConfigPlanChecks: emptyPlan()},
		// The new name is known only after apply, when it can no longer become a replacement;
		// nothing may be lost.
		resource.TestStep{Config: config("licences"), ExpectError: says(`inconsistent final plan`)},
		resource.TestStep{Config: config("licences")},
		resource.TestStep{Config: config("licences"), ConfigPlanChecks: emptyPlan()},
	)
}

func TestProperty_manyPages(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	config := m.Config(`
resource "tidio_property" "p" {
  count = 5
  name  = "p${count.index}"
  type  = "text"
}`)
	acctest.Test(t,
		resource.TestStep{Config: config, Check: expectRequests(m, "POST", 5)},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

func TestProperty_badInput(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	text := func(name string) string { return fmt.Sprintf("name = %q\n  type = \"text\"", name) }
	for name, c := range map[string]struct{ attributes, want string }{
		"empty name":      {text(""), `Empty value`},
		"long name":       {text(strings.Repeat("é", 129)), `has 129 characters; Tidio takes at most 128`},
		"padded name":     {text(" seats"), `White space around a value`},
		"padded label":    {text("seats") + "\n label = \"Seats\\n\"", `White space around a value`},
		"empty label":     {text("seats") + "\n label = \"\"", `Empty value`},
		"unknown type":    {"name = \"seats\"\n type = \"date\"", `type value must be one of.*got: "date"`},
		"no name":         {"type = \"text\"", `argument "name" is required`},
		"no type":         {"name = \"seats\"", `argument "type" is required`},
		"computed set":    {text("seats") + "\n id = \"x\"", `(?i)Invalid Configuration for Read-Only Attribute`},
		"wrong attribute": {text("seats") + "\n colour = \"red\"", `Unsupported argument`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.Test(t, resource.TestStep{
				Config:      m.Config(property(c.attributes)),
				ExpectError: says(c.want),
				PlanOnly:    true,
			})
		})
	}
}
