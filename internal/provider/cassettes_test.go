package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
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
	t.Parallel()
	c := acctest.NewCassette(t, "v1_properties")
	core := c.Core()
	config := c.Config(ownProperties, `
data "tidio_property" "tier" {
  id = tidio_property.tier.id
}

data "tidio_properties" "all" {
  type = "number"
}
`)
	core.Converge(c.Config(ownProperties))
	core.Apply(config)
	core.ExpectState("data.tidio_property.tier", attributes{"name": "tf_acc_tier", "type": "text"})
	numbers := core.State("data.tidio_properties.all")["properties"].(attributes)
	if numbers["tf_acc_seats"] == nil {
		t.Errorf("tf_acc_seats is not among %v", numbers)
	}
	core.Forget("tidio_property.seats")
	core.Import(config, "tidio_property.seats", "tf_acc_seats")
	core.Apply(config) // adopt_existing concerns Terraform alone
	core.Plan(config, acctest.Empty())
}

func TestCassette_contacts(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "v1_contacts")
	core := c.Core()
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
	core.Converge(created)
	core.ExpectState(jane, attributes{"properties": attributes{"tf_acc_tier": "tf_acc_gold", "tf_acc_seats": "7"}})

	id := core.State(jane)["id"].(string)
	core.Forget(jane)
	core.Import(created, jane, id)
	updated := config(`
  name  = "tf_acc_Jane Doe"
  email = "tf_acc_jane@example.com"
  properties = {
    (tidio_property.tier.name) = "tf_acc_silver"
  }`)
	core.Converge(updated, acctest.Plans(jane, acctest.Update))
	core.Apply(updated + `
data "tidio_contact" "jane" {
  id = tidio_contact.jane.id
}

data "tidio_contacts" "some" {
  max_results = 1
}
`)
	core.ExpectState("data.tidio_contact.jane", attributes{"name": "tf_acc_Jane Doe", "phone": nil})
	firstOf(t, core, "tidio_contacts", "some", "contacts")
}

func TestCassette_operators(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "v1_operators")
	core := c.Core()
	core.Apply(c.Config("data \"tidio_operators\" \"all\" {}\n"))
	for _, item := range core.State("data.tidio_operators.all")["operators"].([]any) {
		operator := item.(attributes)
		if operator["email"] == nil {
			continue
		}
		core.Apply(c.Config(fmt.Sprintf("data \"tidio_operator\" \"by_id\" {\n  id = %q\n}\n\n"+
			"data \"tidio_operator\" \"by_email\" {\n  email = %q\n}\n", operator["id"], operator["email"])))
		core.ExpectState("data.tidio_operator.by_id", operator)
		core.ExpectState("data.tidio_operator.by_email", operator)
		return
	}
	t.Fatal("no operator of the account has an e-mail address")
}

const someConversation = `
data "tidio_conversations" "some" {
  max_results = 1
}
`

func TestCassette_conversations(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "v1_conversations")
	core := c.Core()
	core.Apply(c.Config(someConversation))
	listed := firstOf(t, core, "tidio_conversations", "some", "conversations")
	core.Apply(c.Config(fmt.Sprintf("data \"tidio_conversation\" \"one\" {\n  id = %q\n}\n", listed["id"])))
	core.ExpectState("data.tidio_conversation.one", listed)
}

func TestCassette_messages(t *testing.T) {
	t.Parallel()
	c := acctest.NewCassette(t, "v1_messages")
	core := c.Core()
	core.Apply(c.Config(someConversation))
	listed := firstOf(t, core, "tidio_conversations", "some", "conversations")
	core.Apply(c.Config(fmt.Sprintf("data \"tidio_messages\" \"said\" {\n  conversation_id = %q\n}\n", listed["id"])))
	if first := firstOf(t, core, "tidio_messages", "said", "messages"); first["id"] == nil {
		t.Errorf("a message has no id: %v", first)
	}
}

// Whatever account a cassette was recorded from: the contract that the mock keeps to allows it.
func TestCassettes_keepTheContract(t *testing.T) {
	files, err := filepath.Glob("testdata/cassettes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no cassette: %v", err)
	}
	mock := tidiomock.New(tidiomock.Config{})
	for _, file := range files {
		recorded, err := cassette.Load(strings.TrimSuffix(file, ".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		root := "/"
		if strings.HasPrefix(filepath.Base(file), "v1_") {
			root = "/v1/"
		}
		for _, i := range recorded.Interactions {
			sent, got := i.Request, i.Response
			req := httptest.NewRequestWithContext(t.Context(), sent.Method, root+sent.URL, http.NoBody)
			req.Header = sent.Headers
			if err := mock.CheckExchange(req, sent.Body, got.Code, got.Headers, got.Body); err != nil {
				t.Errorf("%s: %d: %s %s: %v", file, i.ID, sent.Method, sent.URL, err)
			}
		}
	}
}
