package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Over the published API a tidio_property is a contract that is checked: whatever happens, nothing but GET is
// sent.

func expectOnlyReads(t *testing.T, m *acctest.Mock) {
	t.Helper()
	for _, r := range m.Requests() {
		if r.Method != "GET" {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

func TestPropertyContract_lifecycle(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	core := acctest.NewCore(t)
	config := m.PublishedConfig(seats)

	core.Plan(config, acctest.Fails(`Property "seats" is not in Tidio .*, name .*Settings > Contact Properties.*`+
		`internal name: seats type: number label: Seats bought.*remove its resource block, or plan the rest with -target`))

	core.Import(config, address, "seats",
		acctest.Fails(`No such property to import .*create it in the Tidio panel, under Settings > Contact Properties`))

	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number", Label: "Seats bought"})
	core.Converge(config, acctest.Plans(address, acctest.Create), acctest.Warns("Properties are recorded, not created"))
	core.ExpectState(address, map[string]any{"id": "seats", "name": "seats", "label": "Seats bought", "type": "number"})

	core.Forget(address)
	core.Import(config, address, "seats")
	core.Plan(config, acctest.Empty())
	core.Taint(address)
	core.Converge(config)
	core.Converge(config, acctest.Replacing(address), acctest.Plans(address, acctest.Replace))
	core.Destroy(config, acctest.Warns(stays))
	if _, there := m.Property("seats"); !there {
		t.Error("the property is gone from Tidio")
	}
	expectOnlyReads(t, m)
}

func TestPropertyContract_doesNotMatch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		there tidiomock.Property
		fails string
		warns string
	}{
		"type": {
			there: tidiomock.Property{Name: "seats", Type: "text"},
			fails: `Property "seats" has a different type .*type = "text" \(configured: "number"\).*Neither this API nor the ` +
				`Tidio panel.*Set type = "text"`,
		},
		"letter case": {
			there: tidiomock.Property{Name: "Seats", Type: "number"},
			fails: `Property "seats" is not in Tidio .*a property named "Seats".*Set name = "Seats"`,
		},
		"label": {
			there: tidiomock.Property{Name: "seats", Type: "number", Label: "Licences"},
			warns: `Labels differ from Tidio's .*Configured: "Seats bought" In Tidio: "Licences"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			m.AddProperty(c.there)
			core := acctest.NewCore(t)
			if c.fails != "" {
				core.Plan(m.PublishedConfig(seats), acctest.Fails(c.fails))
			} else {
				core.Apply(m.PublishedConfig(seats), acctest.Warns(c.warns))
				core.Plan(m.PublishedConfig(seats), acctest.Warns(c.warns), acctest.Empty())
			}
			expectOnlyReads(t, m)
		})
	}
}

// The type of a property that is managed is checked as over v1, but nothing says that one is created.
func TestPropertyContract_anotherType(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number", Label: "Seats bought"})
	core := acctest.NewCore(t)
	core.Converge(m.PublishedConfig(seats))
	core.Plan(m.PublishedConfig(property(`name = "seats"`+"\n  type = \"text\"")),
		acctest.Fails(`The type of property "seats" cannot change.*Choose a different name for the property .*, and create that one in Tidio. The existing`))
	core.Plan(m.PublishedConfig(seats), acctest.Empty())
	expectOnlyReads(t, m)
}

func TestPropertyContract_goneLater(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	thing := tidiomock.Property{Name: "seats", Type: "number", Label: "Seats bought"}
	m.AddProperty(thing)
	m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
	core := acctest.NewCore(t)
	other := "resource \"tidio_contact\" \"jane\" {\n  distinct_id = \"u1\"\n  email = \"jane@example.com\"\n}\n"
	config := m.PublishedConfig(seats, other)
	core.Converge(m.PublishedConfig(seats))

	m.DeleteProperty("seats")
	const missing = `Properties in the state are missing from Tidio.*One is "seats".*Create them again`
	core.Plan(m.PublishedConfig(seats), acctest.Plans(address, acctest.Update), acctest.Warns(missing))
	// Everything else goes on.
	core.Apply(config, acctest.Plans(address, acctest.Update),
		acctest.Fails(`Property "seats" is not in Tidio.*internal name: seats`))
	if len(m.Contacts()) != 1 {
		t.Errorf("%d contacts, want the one of the configuration", len(m.Contacts()))
	}
	core.ExpectState(address, map[string]any{"id": "seats", "label": "Seats bought"})

	m.AddProperty(thing)
	core.Plan(config, acctest.Empty())

	// Made again between plan and apply.
	m.DeleteProperty("seats")
	core.Apply(config, acctest.Plans(address, acctest.Update), acctest.AfterPlan(func() { m.AddProperty(thing) }))
	core.Plan(config, acctest.Empty())

	// The block is taken out.
	m.DeleteProperty("seats")
	core.Apply(m.PublishedConfig(other), acctest.Plans(address, acctest.Delete))
	for _, r := range m.Requests() {
		if r.Method != "GET" && r.Path != "/contacts" {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

// What is known only after apply cannot be missing before.
func TestPropertyContract_unknownName(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	config := m.PublishedConfig("resource \"tidio_property\" \"seats\" {\n  name = later(\"seats\")\n  type = \"number\"\n}")
	core := acctest.NewCore(t)
	core.Apply(config, acctest.Plans(address, acctest.Create))
	core.ExpectState(address, attributes{"name": "seats", "id": "seats"})
	expectOnlyReads(t, m)
}

// A hundred properties to a page.
func TestPropertyContract_requests(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	const n = 1000
	for i := range n {
		m.AddProperty(tidiomock.Property{Name: fmt.Sprintf("many_%d", i), Type: "text"})
	}
	core := acctest.NewCore(t)
	config := m.PublishedConfig(manyProperties(n))
	core.Apply(config)
	m.ResetRequests()
	core.Plan(config, acctest.Empty())
	expectSent(t, m, n/100)
}
