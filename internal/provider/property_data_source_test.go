package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func object(id, name, label, kind string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.StringExact(id), "name": knownvalue.StringExact(name),
		"label": knownvalue.StringExact(label), "type": knownvalue.StringExact(kind),
	})
}

func TestPropertyDataSource(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{ID: "p1", Name: "company", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p2", Name: "plan tier", Label: "Plan", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p3", Name: "seats", Label: "Seats bought", Type: "number"})
	attribute := func(source, name, want string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.tidio_property."+source, tfjsonpath.New(name),
			knownvalue.StringExact(want))
	}
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_property" "by_name" { name = "seats" }
data "tidio_property" "by_id" { id = "p1" }
data "tidio_property" "later" { id = terraform_data.id.output }
resource "terraform_data" "id" { input = "p2" }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("by_name", "id", "p3"), attribute("by_name", "label", "Seats bought"),
			attribute("by_name", "type", "number"),
			attribute("by_id", "name", "company"), attribute("by_id", "label", "company"),
			attribute("later", "name", "plan tier"),
		},
	})
}

func TestPropertyDataSource_errors(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	for name, c := range map[string]struct{ arguments, want string }{
		"none by name": {`name = "Seats"`, `No such property to read.*is named "Seats"`},
		"none by id":   {`id = "p9"`, `No such property to read.*has the id "p9"`},
		"neither":      {``, `(?i)exactly one of these attributes must be configured`},
		"both":         {`name = "seats"` + "\n id = \"p1\"", `(?i)exactly one of these attributes must be configured`},
		"empty":        {`name = ""`, `Empty value`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.Test(t, resource.TestStep{
				Config:      m.Config("data \"tidio_property\" \"p\" {\n" + c.arguments + "\n}"),
				ExpectError: says(c.want),
			})
		})
	}
}

func TestPropertiesDataSource(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{ID: "p1", Name: "company", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p2", Name: "plan.tier", Label: "Plan", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p3", Name: "seats", Label: "Seats bought", Type: "number"})
	properties := func(source string, want map[string]knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.tidio_properties."+source, tfjsonpath.New("properties"),
			knownvalue.MapExact(want))
	}
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_properties" "all" {}
data "tidio_properties" "numbers" { type = "number" }
data "tidio_properties" "none" { type = "phone" }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			properties("all", map[string]knownvalue.Check{
				"company":   object("p1", "company", "company", "text"),
				"plan.tier": object("p2", "plan.tier", "Plan", "text"),
				"seats":     object("p3", "seats", "Seats bought", "number"),
			}),
			properties("numbers", map[string]knownvalue.Check{"seats": object("p3", "seats", "Seats bought", "number")}),
			properties("none", map[string]knownvalue.Check{}),
		},
	})
}
