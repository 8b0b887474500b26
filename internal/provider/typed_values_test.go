package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// typedByPeople is a contact with what people type, and its attributes over each API.
func typedByPeople(m *acctest.Mock) (id string, written map[string]string) {
	id = m.AddContact(tidiomock.Contact{
		Name: "Jane ", FirstName: "Jane ", Email: "a..b.@docomo.example.com", Phone: "ask my assistant",
		DistinctID: strings.Repeat("x", 56), Properties: map[string]any{"site": "www.example.com", "tier ": " gold"},
	}).ID
	fields := "email = \"a..b.@docomo.example.com\"\nphone = \"ask my assistant\"\n" +
		"properties = {\n  site = \"www.example.com\"\n  \"tier \" = \" gold\"\n}\n"
	return id, map[string]string{
		"v1":        "name = \"Jane \"\n" + fields,
		"published": "distinct_id = \"" + strings.Repeat("x", 56) + "\"\nfirst_name = \"Jane \"\n" + fields,
	}
}

// Whatever a contact has is accepted: imported, planned, and managed from then on. Only what would be written is
// checked.
func TestTypedValues_ofAContactAreAccepted(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			m.AddProperty(tidiomock.Property{Name: "tier ", Type: "text"})
			id, written := typedByPeople(m)
			config := a.config(m, block("contact", "jane", written[name]))
			core.Apply(config+importing("contact", "jane", id), acctest.Plans(jane, acctest.Update))
			core.Plan(config, acctest.Empty())
			core.Plan(config, acctest.Empty(), acctest.WithoutRefresh())
			expectOnlyReads(t, m)

			odd := strings.NewReplacer("ask my", "ask an", "www.example.com", "example.com", "\"Jane \"", "\" Jane\"")
			fails := []string{
				"value of phone must be a phone number", `value of property "site" does not fit`, "begins or ends with white space",
			}
			core.Plan(a.config(m, block("contact", "jane", odd.Replace(written[name]))), acctest.Fails(fails...))
			core.Plan(config, acctest.Replacing(jane), acctest.Fails(fails...)) // a replacement writes it all
			core.Taint(jane)
			core.Plan(config, acctest.Fails(fails...))
			core.Untaint(jane)

			// Written by us once, it may be what the account has by now.
			core.Apply(a.config(m, block("contact", "jane", strings.Replace(written[name], "ask my assistant", "1", 1))))
			m.ChangeContact(id, func(c *tidiomock.Contact) { c.Phone = "ask my assistant" })
			core.Plan(config, acctest.WithoutRefresh(), acctest.Plans(jane, acctest.Update))
		})
	}
}

// A visitor who left nothing can be imported.
func TestTypedValues_ofAVisitor(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			id := m.AddContact(tidiomock.Contact{}).ID
			core.Converge(a.config(m, block("contact", "jane", ""), importing("contact", "jane", id)))
			expectOnlyReads(t, m)
		})
	}
}

// The same of properties: a name or label that ends in a blank, a type that cannot be created.
func TestTypedValues_ofAProperty(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
			m.AddProperty(tidiomock.Property{Name: "tier ", Label: "Tier ", Type: "text"})
			attributes := "name = \"tier \"\nlabel = \"Tier \"\ntype = \"text\"\n"
			core.Converge(a.config(m, block("property", "tier", attributes), importing("property", "tier", "tier ")))

			adopted := acctest.NewCore(t)
			adopted.Converge(a.config(m, block("property", "tier", attributes+"adopt_existing = true\n")))
			expectOnlyReads(t, m)
		})
	}
	t.Run("is created", func(t *testing.T) {
		t.Parallel()
		m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
		core.Plan(m.Config(block("property", "tier", "name = \"tier \"\nlabel = \" Tier\"\ntype = \"date\"\n")),
			acctest.Fails("value of name begins or ends", "value of label begins or ends", `must be one of .*Got: "date"`))
	})
}

// An API that keeps doubles changes the digits that it cannot keep, not the number.
func TestTypedValues_doubles(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := a.config(m, a.person("jane", "properties = { seats = 1/3 }\n"))
			core.Converge(config)
			m.SetContactValue(onlyContact(t, m).ID, "seats", 1.0/3)
			core.Plan(config, acctest.Empty())
			m.SetContactValue(onlyContact(t, m).ID, "seats", 0.34)
			core.Plan(config, acctest.Plans(jane, acctest.Update))
		})
	}
}

// A value that is neither a text nor a number is drift like any other: it is shown, put right, or cleared.
func TestTypedValues_anObjectInAManagedKey(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := a.config(m, a.person("jane", "properties = { tier = \"gold\" }\n"))
			core.Converge(config)
			id := onlyContact(t, m).ID
			object := map[string]any{"level": 1}
			m.SetContactValue(id, "tier", object)
			core.Converge(config, acctest.Plans(jane, acctest.Update))
			expectInTidio(t, m, attributes{"tier": "gold"})
			m.SetContactValue(id, "tier", object)
			core.Converge(a.config(m, a.person("jane", "")), acctest.Plans(jane, acctest.Update))
			expectInTidio(t, m, attributes{"tier": nil})
			m.SetContactValue(id, "tier", object)
			core.Destroy(config)
		})
	}
}
