package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// api is one of the two APIs, as tests that hold over both need it.
type api struct {
	config     func(m *acctest.Mock, blocks ...string) string
	distinctID string // attribute that a contact needs to be created, with a verb for a number
}

var apis = map[string]api{
	"v1":        {config: (*acctest.Mock).Config},
	"published": {config: (*acctest.Mock).PublishedConfig, distinctID: "distinct_id = \"u-%d\"\n"},
}

// person is a contact that can be created, with the address <name>@example.com.
func (a api) person(name string, attributes string) string {
	if a.distinctID != "" {
		attributes = fmt.Sprintf(a.distinctID, len(name)) + attributes
	}
	return block("contact", name, fmt.Sprintf("email = \"%s@example.com\"\n%s", name, attributes))
}

// block is a resource.
func block(noun, name, attributes string) string {
	return fmt.Sprintf("resource \"tidio_%s\" %q {\n%s}\n", noun, name, attributes)
}

// importing is an import block.
func importing(noun, name, id string) string {
	return fmt.Sprintf("import {\n  to = tidio_%s.%s\n  id = %q\n}\n", noun, name, id)
}

const seatsAlone = "name = \"seats\"\ntype = \"number\"\n"

// Two addresses of one object would undo each other's changes, and taking one of the blocks out would delete it.
func TestAddresses_oneObjectIsImportedTwice(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			id := m.AddContact(tidiomock.Contact{Email: "jane@example.com"}).ID
			email := "email = \"jane@example.com\"\n"
			core.Plan(a.config(m, block("contact", "a", email), block("contact", "b", email),
				importing("contact", "a", id), importing("contact", "b", "email:JANE@example.com")),
				acctest.Fails(fmt.Sprintf(`The contact %q has two resource addresses.*terraform state rm tidio_contact`, id)))
			property, _ := m.Property("seats")
			core.Plan(a.config(m, block("property", "a", seatsAlone), block("property", "b", seatsAlone),
				importing("property", "a", "seats"), importing("property", "b", "seats")),
				acctest.Fails(`The property "(seats|`+property.ID+`)" has two resource addresses`))
			expectOnlyReads(t, m)
		})
	}
}

// twice is a Core whose state has a contact at two addresses, as earlier versions allowed.
func (a api) twice(t *testing.T, m *acctest.Mock, more string) (core *acctest.Core, kept, other string) {
	t.Helper()
	core = acctest.NewCore(t)
	id := m.AddContact(tidiomock.Contact{Email: "jane@example.com"}).ID
	kept = block("contact", "a", "email = \"jane@example.com\"\n"+more)
	other = block("contact", "b", "email = \"jane@example.com\"\n"+more)
	core.Import(a.config(m, kept), "tidio_contact.a", id)
	core.Apply(a.config(m, kept))
	core.Import(a.config(m, kept, other), "tidio_contact.b", id)
	return core, kept, other
}

func TestAddresses_oneObjectIsInTheStateTwice(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			core, kept, other := a.twice(t, m, "")
			core.Plan(a.config(m, kept, other), acctest.Fails(`has two resource addresses`))
			for _, options := range [][]acctest.Option{nil, {acctest.WithoutRefresh()}} {
				core.Apply(a.config(m, kept), append(options, acctest.Fails(`is both kept and deleted`, `terraform state rm tidio_contact`))...)
				core.Apply(a.config(m, other), append(options, acctest.Fails(`is both kept and deleted`))...)
			}
			onlyContact(t, m)

			core.Forget("tidio_contact.b") // the way out that it names
			core.Converge(a.config(m, kept))
			onlyContact(t, m)
		})
	}
}

// To destroy everything is no mistake: the contact goes.
func TestAddresses_bothAreDestroyed(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			core, _, _ := a.twice(t, m, "")
			core.Apply(a.config(m))
			if got := len(m.Contacts()); got != 0 {
				t.Errorf("%d contacts are left", got)
			}
		})
	}
}

// What a destroy only forgets may be forgotten at one of its addresses.
func TestAddresses_oneIsForgotten(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			core, kept, other := a.twice(t, m, "deletion_policy = \"ABANDON\"\n")
			core.Forget("tidio_contact.b")
			core.Apply(a.config(m, kept))
			id := onlyContact(t, m).ID
			core.Import(a.config(m, kept, other), "tidio_contact.b", id)
			core.SetAttribute("tidio_contact.b", "deletion_policy", "ABANDON")
			core.Converge(a.config(m, kept))
			onlyContact(t, m)

			property := block("property", "a", seatsAlone)
			core.Import(a.config(m, kept, property), "tidio_property.a", "seats")
			core.Import(a.config(m, kept, property, block("property", "b", seatsAlone)), "tidio_property.b", "seats")
			core.Converge(a.config(m, kept, property))
		})
	}
}

// A replacement plans one object twice, and that of a contact created before its old half is destroyed three times.
func TestAddresses_aReplacementIsOneAddress(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, createFirst := range []bool{false, true} {
				m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
				config := a.config(m, a.person("jane", fmt.Sprintf("lifecycle {\n  create_before_destroy = %t\n}\n", createFirst)))
				core.Converge(config)
				before := onlyContact(t, m).ID
				core.Apply(config, acctest.Replacing(jane), acctest.Plans(jane, acctest.Replace))
				if onlyContact(t, m).ID == before {
					t.Error("it was not replaced")
				}
				core.Plan(config, acctest.Empty())
			}
		})
	}
}
