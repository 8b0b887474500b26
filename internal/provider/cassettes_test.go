package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
)

// The tests named TestCassette_* replay the cassettes under testdata, and `make record` makes these
// anew with them, from whatever account it is: so those of v1 expect no more of it than an operator with
// an e-mail address and a conversation with a message. What they create has the prefix tf_acc_. The
// contact is destroyed at the end. The properties cannot be, as the API has no way to: they stay in
// the account and are adopted by the next recording, which then holds no POST of them.
const ownProperties = `
resource "tidio_property" "tier" {
  name           = "tf_acc_tier"
  label          = "tf_acc_Tier"
  type           = "text"
  adopt_existing = true
}

resource "tidio_property" "seats" {
  name           = "tf_acc_seats"
  label          = "tf_acc_Seats"
  type           = "number"
  adopt_existing = true
  depends_on     = [tidio_property.tier] # one request after the other, always in this order
}
`

func TestCassette_properties(t *testing.T) {
	c := acctest.NewCassette(t, "v1_properties")
	config := c.Config(ownProperties)
	withSources := c.Config(ownProperties, `
data "tidio_property" "tier" {
  id = tidio_property.tier.id
}

data "tidio_properties" "all" {}
`)
	c.Test(
		resource.TestStep{Config: config},
		resource.TestStep{Config: withSources, ConfigStateChecks: []statecheck.StateCheck{
			equal("data.tidio_property.tier", "name", "tidio_property.tier", "name"),
			equal("data.tidio_property.tier", "label", "tidio_property.tier", "label"),
			statecheck.ExpectKnownValue("data.tidio_properties.all",
				tfjsonpath.New("properties").AtMapKey("tf_acc_seats").AtMapKey("type"),
				knownvalue.StringExact("number")),
		}},
		resource.TestStep{
			ResourceName: "tidio_property.seats", ImportState: true, ImportStateId: "tf_acc_seats",
			ImportStateVerify: true, ImportStateVerifyIgnore: []string{"adopt_existing"},
		},
	)
}

func TestCassette_contacts(t *testing.T) {
	c := acctest.NewCassette(t, "v1_contacts")
	config := func(attributes string) string {
		return c.Config(ownProperties, "resource \"tidio_contact\" \"jane\" {\n"+attributes+"\n}\n")
	}
	created := config(`
  name  = "tf_acc_Jane"
  email = "tf_acc_jane@example.com"
  phone = "+1 202 555 0123"
  properties = {
    (tidio_property.tier.name)  = "tf_acc_gold"
    (tidio_property.seats.name) = "7"
  }`)
	updated := config(`
  name  = "tf_acc_Jane Doe"
  email = "tf_acc_jane@example.com"
  properties = {
    (tidio_property.tier.name) = "tf_acc_silver"
  }`)
	read := updated + `
data "tidio_contact" "jane" {
  id = tidio_contact.jane.id
}

data "tidio_contacts" "some" {
  max_results = 1
}
`
	c.Test(
		resource.TestStep{Config: created, ConfigStateChecks: []statecheck.StateCheck{
			values(map[string]knownvalue.Check{
				"tf_acc_tier": knownvalue.StringExact("tf_acc_gold"), "tf_acc_seats": knownvalue.StringExact("7"),
			}),
		}},
		resource.TestStep{
			ResourceName: jane, ImportState: true,
			ImportStateVerify: true, ImportStateVerifyIgnore: []string{"properties"},
		},
		resource.TestStep{Config: updated, ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(jane, plancheck.ResourceActionUpdate)},
		}},
		resource.TestStep{Config: read, ConfigStateChecks: []statecheck.StateCheck{
			equal("data.tidio_contact.jane", "name", jane, "name"),
			statecheck.ExpectKnownValue("data.tidio_contact.jane", tfjsonpath.New("phone"), knownvalue.Null()),
			statecheck.ExpectKnownValue("data.tidio_contacts.some", tfjsonpath.New("contacts"),
				knownvalue.ListSizeExact(1)),
		}},
	)
}

func TestCassette_operators(t *testing.T) {
	c := acctest.NewCassette(t, "v1_operators")
	c.Test(resource.TestStep{
		Config: c.Config(`
data "tidio_operators" "all" {}

locals {
  reachable = [for o in data.tidio_operators.all.operators : o if o.email != null][0]
}

data "tidio_operator" "by_id" {
  id = local.reachable.id
}

data "tidio_operator" "by_email" {
  email = local.reachable.email
}
`),
		ConfigStateChecks: []statecheck.StateCheck{
			equal("data.tidio_operator.by_id", "email", "data.tidio_operator.by_email", "email"),
			equal("data.tidio_operator.by_id", "role", "data.tidio_operator.by_email", "role"),
		},
	})
}

const someConversation = `
data "tidio_conversations" "some" {
  max_results = 1
}
`

func TestCassette_conversations(t *testing.T) {
	c := acctest.NewCassette(t, "v1_conversations")
	c.Test(resource.TestStep{
		Config: c.Config(someConversation, `
data "tidio_conversation" "one" {
  id = data.tidio_conversations.some.conversations[0].id
}
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.CompareValuePairs("data.tidio_conversation.one", tfjsonpath.New("status"),
				"data.tidio_conversations.some", tfjsonpath.New("conversations").AtSliceIndex(0).AtMapKey("status"),
				compare.ValuesSame()),
		},
	})
}

func TestCassette_messages(t *testing.T) {
	c := acctest.NewCassette(t, "v1_messages")
	c.Test(resource.TestStep{
		Config: c.Config(someConversation, `
data "tidio_messages" "said" {
  conversation_id = data.tidio_conversations.some.conversations[0].id
}
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.tidio_messages.said",
				tfjsonpath.New("messages").AtSliceIndex(0).AtMapKey("id"), knownvalue.NotNull()),
		},
	})
}

// equal expects one attribute to have the value of another.
func equal(address, attribute, otherAddress, other string) statecheck.StateCheck {
	return statecheck.CompareValuePairs(address, tfjsonpath.New(attribute),
		otherAddress, tfjsonpath.New(other), compare.ValuesSame())
}

func TestCassettes_holdNoSecrets(t *testing.T) {
	for _, name := range acctest.Cassettes(t) {
		t.Run(name, func(t *testing.T) { acctest.CheckCassette(t, name) })
	}
}

// Whatever account a cassette was recorded from: the mock answers in the same shape.
func TestCassettes_areAnsweredAlikeByTheMock(t *testing.T) {
	for _, name := range acctest.Cassettes(t) {
		t.Run(name, func(t *testing.T) { acctest.CompareWithMock(t, name) })
	}
}
