package provider_test

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// One name in two Unicode forms: an account has whatever somebody typed, and Terraform knows the composed one only.
const (
	composed   = "Gr\u00f6\u00dfe"
	decomposed = "Gro\u0308\u00dfe"
)

func TestUnicode_property(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			m.AddProperty(tidiomock.Property{Name: decomposed, Type: "text"})
			config := a.config(m, tier(composed, ""), importing("property", "tier", decomposed))
			core := acctest.NewCore(t)
			core.Converge(config)
			core.Forget(tierAddress)
			core.Import(a.config(m, tier(composed, "")), tierAddress, composed)
			core.Converge(a.config(m, tier(composed, "")), acctest.Empty())

			other := acctest.NewCore(t)
			adopting := a.config(m, tier(composed, "adopt_existing = true\n"))
			other.Converge(adopting)
			sources := a.config(m, "data \"tidio_property\" \"one\" {\n  name = \""+composed+"\"\n}\n")
			other.Converge(sources)
			expectOnlyReads(t, m)
		})
	}
	t.Run("is not created again", func(t *testing.T) {
		t.Parallel()
		m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
		m.AddProperty(tidiomock.Property{Name: decomposed, Type: "text"})
		core.Plan(m.Config(tier(composed, "")), acctest.Fails("already exists"))
	})
}

func TestUnicode_contact(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
			m.AddProperty(tidiomock.Property{Name: decomposed, Type: "number"})
			config := a.config(m, a.person("jane", "properties = { \""+composed+"\" = \"42\" }\n"))
			core.Converge(config)
			expectInTidio(t, m, attributes{decomposed: "42"})

			m.SetContactValue(onlyContact(t, m).ID, decomposed, 43)
			core.Converge(config, acctest.Plans(jane, acctest.Update))
			found := a.config(m, a.person("jane", "properties = { \""+composed+"\" = \"42\" }\n"),
				"data \"tidio_contacts\" \"all\" {\n  properties = { \""+composed+"\" = \"42.0\" }\n}\n")
			core.Apply(found)
			expectList(t, core, "tidio_contacts.all", "contacts", onlyContact(t, m).ID)

			core.Converge(a.config(m, a.person("jane", "")))
			expectInTidio(t, m, attributes{decomposed: nil})
			core.Converge(a.config(m, a.person("jane", "properties = { \""+composed+"\" = null }\n")))
		})
	}
}

func TestUnicode_fields(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	m.AddContact(tidiomock.Contact{DistinctID: decomposed, FirstName: decomposed, Email: "jo@example.com"})
	config := m.PublishedConfig(block("contact", "jane", "distinct_id = \""+composed+"\"\nfirst_name = \""+composed+
		"\"\nemail = \"jo@example.com\"\n"))
	core.Import(config, jane, "distinct_id:"+composed)
	core.Plan(config, acctest.Empty())
	core.Apply(config + "data \"tidio_contact\" \"one\" {\n  distinct_id = \"" + composed + "\"\n}\n")
	expectOnlyReads(t, m)
}

// Data sources find what the account has in the other form.
func TestUnicode_dataSources(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	m.AddDepartment(tidiomock.Department{Name: decomposed})
	m.AddContact(tidiomock.Contact{ID: "c1", FirstName: decomposed})
	core.Apply(m.PublishedConfig("data \"tidio_department\" \"one\" {\n  name = \"" + composed + "\"\n}\n" +
		"data \"tidio_contacts\" \"all\" {\n  name = \"" + composed + "\"\n}\n"))
	expectList(t, core, "tidio_contacts.all", "contacts", "c1")
}
