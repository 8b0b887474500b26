package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
)

// Over the published API a recording expects of an account two properties (one of them of type text), an
// operator with an e-mail address and a ticket. It makes one contact, which it destroys, and nothing else:
// properties cannot be made over this API, so those that exist are used, whatever they are called.

func TestCassette_publishedProperties(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_properties")
	core := c.Core()
	all := theirProperties(c, core, "text", "email", "number", "phone", "url")
	if len(all) < 2 {
		t.Fatal("the account has less than two properties")
	}
	first, second := all[0], all[1]
	config := c.Config(fmt.Sprintf(`
resource "tidio_property" "first" {
  name = %q
  type = %q
}

resource "tidio_property" "second" {
  name  = %q
  type  = %q
  label = %q
}

data "tidio_property" "first" {
  name = tidio_property.first.name
}
`, first["name"], first["type"], second["name"], second["type"], second["label"]))
	core.Converge(config, acctest.Warns("Properties are recorded, not created"))
	core.ExpectState("tidio_property.first", first)
	core.ExpectState("tidio_property.second", second)
	core.ExpectState("data.tidio_property.first", first)
	core.Forget("tidio_property.second")
	core.Import(config, "tidio_property.second", second["name"].(string))
	core.Plan(config, acctest.Empty())
}

// theirProperties are the properties of some types that the account has, sorted by name.
func theirProperties(c *acctest.Cassette, core *acctest.Core, types ...string) []attributes {
	core.Apply(c.Config("data \"tidio_properties\" \"all\" {}\n"))
	byName := core.State("data.tidio_properties.all")["properties"].(attributes)
	var found []attributes
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if p := byName[name].(attributes); slices.Contains(types, p["type"].(string)) {
			found = append(found, p)
		}
	}
	return found
}

func TestCassette_publishedContacts(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_contacts")
	core := c.Core()
	const email = "tf_acc_jane@example.com"
	var property any // the value of which the contact has
	for _, p := range theirProperties(c, core, "text") {
		switch p["name"] {
		case "first_name", "last_name", "name", "distinct_id", "language", "country", "city":
			continue // it may be a field of the contact
		}
		property = p["name"]
	}
	if property == nil {
		t.Fatal("the account has no property of type text that is none of the contact's fields")
	}
	config := func(more, value string) string {
		return c.Config(person(fmt.Sprintf("distinct_id = \"tf_acc_1\"\n  email = %q\n  properties = { %q = %s }\n  %s",
			email, property, value, more)))
	}
	created := config("first_name = \"tf_acc_Jane\"\n  phone = \"+1 202 555 0123\"", `"tf_acc_gold"`)
	core.Converge(created)

	importing := c.Core()
	importing.Import(created, jane, "email:"+email)
	importing.Plan(created)
	importing.Forget(jane)

	core.Converge(config("first_name = \"tf_acc_Jane\"\n  last_name = \"tf_acc_Doe\"", `"tf_acc_silver"`))
	cleared := config("last_name = \"tf_acc_Doe\"", "null")
	core.Converge(cleared)
	core.Apply(cleared + `
data "tidio_contact" "by_id" {
  id = tidio_contact.jane.id
}

data "tidio_contact" "by_email" {
  email = data.tidio_contact.by_id.email
}

data "tidio_contacts" "some" {
  max_results = 1
}
`)
	for _, source := range []string{"by_id", "by_email"} {
		core.ExpectState("data.tidio_contact."+source, attributes{
			"id": core.State(jane)["id"], "distinct_id": "tf_acc_1", "email": email, "name": "tf_acc_Doe",
			"first_name": nil, "phone": nil, "properties": attributes{},
		})
	}
	firstOf(t, core, "tidio_contacts", "some", "contacts")
}

func TestCassette_publishedOperators(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_operators")
	core := c.Core()
	const all = "data \"tidio_operators\" \"all\" {}\n"
	core.Apply(c.Config(all))
	operators := core.State("data.tidio_operators.all")["operators"].([]any)
	i := slices.IndexFunc(operators, func(o any) bool { return o.(attributes)["email"] != nil })
	if i < 0 {
		t.Fatal("no operator has an e-mail address")
	}
	operator := operators[i].(attributes)
	core.Apply(c.Config(all, fmt.Sprintf(`
data "tidio_operator" "by_id" {
  id = %q
}

data "tidio_operator" "by_email" {
  email = %q
}
`, operator["id"], operator["email"])))
	core.ExpectState("data.tidio_operator.by_id", operator)
	core.ExpectState("data.tidio_operator.by_email", operator)
}

// What the first contact wrote, if anything.
func TestCassette_publishedMessages(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_messages")
	core := c.Core()
	core.Apply(c.Config(`
data "tidio_contacts" "some" {
  max_results = 1
}

data "tidio_messages" "said" {
  contact_id = data.tidio_contacts.some.contacts[0].id
}
`))
	said := core.State("data.tidio_messages.said")
	if messages := said["messages"].([]any); len(messages) > 0 && said["conversation_url"] == nil {
		t.Error("nothing says where they are shown")
	}
}

func TestCassette_publishedTickets(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_tickets")
	core := c.Core()
	core.Apply(c.Config(`
data "tidio_tickets" "some" {
  max_results = 1
}

data "tidio_ticket" "one" {
  id = data.tidio_tickets.some.tickets[0].id
}
`))
	core.ExpectState("data.tidio_ticket.one", firstOf(t, core, "tidio_tickets", "some", "tickets"))
	firstOf(t, core, "tidio_ticket", "one", "messages")
}

func TestCassette_publishedDepartments(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_departments")
	core := c.Core()
	core.Apply(c.Config(`
data "tidio_departments" "all" {}

data "tidio_department" "by_name" {
  name = data.tidio_departments.all.departments[0].name
}
`))
	core.ExpectState("data.tidio_department.by_name", firstOf(t, core, "tidio_departments", "all", "departments"))
}

func TestCassette_publishedProject(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "published_project")
	core := c.Core()
	core.Apply(c.Config("data \"tidio_project\" \"this\" {}\n"))
	if project := core.State("data.tidio_project.this"); project["id"] == nil || project["status"] == nil {
		t.Errorf("it is %v", project)
	}
}

// firstOf is the first object of a list of a data source.
func firstOf(t *testing.T, core *acctest.Core, typeName, name, list string) attributes {
	t.Helper()
	all, _ := core.State("data." + typeName + "." + name)[list].([]any)
	if len(all) == 0 {
		t.Fatalf("%s.%s.%s is empty", typeName, name, list)
	}
	return all[0].(attributes)
}
