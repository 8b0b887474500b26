package provider_test

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func object(id, name, label, kind string) attributes {
	return attributes{"id": id, "name": name, "label": label, "type": kind}
}

func TestPropertyDataSource(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{ID: "p1", Name: "company", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p2", Name: "plan tier", Label: "Plan", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p3", Name: "seats", Label: "Seats bought", Type: "number"})
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_property" "by_name" { name = "seats" }
data "tidio_property" "by_id" { id = "p1" }
data "tidio_property" "later" { id = later("p2") }
`))
	core.ExpectState("data.tidio_property.by_name", object("p3", "seats", "Seats bought", "number"))
	core.ExpectState("data.tidio_property.by_id", object("p1", "company", "company", "text"))
	core.ExpectState("data.tidio_property.later", object("p2", "plan tier", "Plan", "text"))
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
			acctest.NewCore(t).Apply(m.Config("data \"tidio_property\" \"p\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
		})
	}
}

func TestPropertiesDataSource(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{ID: "p1", Name: "company", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p2", Name: "plan.tier", Label: "Plan", Type: "text"})
	m.AddProperty(tidiomock.Property{ID: "p3", Name: "seats", Label: "Seats bought", Type: "number"})
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_properties" "all" {}
data "tidio_properties" "numbers" { type = "number" }
data "tidio_properties" "none" { type = "phone" }
`))
	numbers := attributes{"seats": object("p3", "seats", "Seats bought", "number")}
	for source, want := range map[string]attributes{
		"all": {
			"company":   object("p1", "company", "company", "text"),
			"plan.tier": object("p2", "plan.tier", "Plan", "text"),
			"seats":     numbers["seats"],
		},
		"numbers": numbers,
		"none":    {},
	} {
		core.ExpectState("data.tidio_properties."+source, attributes{"properties": want})
	}
}
