package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// needsActions skips the test where a configuration with actions does not parse.
func needsActions(t *testing.T) {
	t.Helper()
	acctest.NeedsTerraform(t, "1.14.0", "an action block")
}

// triggering makes Jane's contact run an action at an event.
func triggering(event, attributes string) string {
	return fmt.Sprintf(`
resource "tidio_contact" "jane" {
  %s
  lifecycle {
    action_trigger {
      events  = [%s]
      actions = [action.tidio_create_conversation.this]
    }
  }
}
`, attributes, event)
}

func TestCLIAction_ofAContact(t *testing.T) {
	t.Parallel()
	needsActions(t)
	m := acctest.NewMock(t, tidiomock.Config{})
	welcome := actionBlock("create_conversation", "contact_id = tidio_contact.jane.id\nsubject = \"Welcome\"")
	w := acctest.NewWorkspace(t, m, triggering("after_create", `name = "Jane"`)+welcome)
	planned := w.Expect(0, "plan")
	expectContains(t, planned, "Actions to be invoked", `subject = "Welcome"`)
	said := w.Expect(0, "apply", "-auto-approve")
	contact, conversations := onlyContact(t, m), m.Conversations()
	if len(conversations) != 1 || conversations[0].ContactID != contact.ID {
		t.Fatalf("the account has %v", conversations)
	}
	expectContains(t, said, "Created conversation "+conversations[0].ID+".")
	w.Expect(0, "plan", "-detailed-exitcode")

	// Before an update, what fails blocks it.
	another := actionBlock("create_conversation", "contact_id = \"none\"")
	w.Write(triggering("before_update", `name = "Joan"`) + another)
	said = w.Expect(1, "apply", "-auto-approve")
	expectContains(t, said, "Could not create the conversation", "There is no such contact.")
	if name := onlyContact(t, m).Name; name != "Jane" {
		t.Errorf("the name is %q, in spite of the failed action", name)
	}
	w.Write(triggering("before_update", `name = "Joan"`) + strings.Replace(another, "none", contact.ID, 1))
	w.Expect(0, "apply", "-auto-approve")
	if got := len(m.Conversations()); got != 2 || onlyContact(t, m).Name != "Joan" {
		t.Errorf("there are %d conversations, and %v", got, m.Contacts())
	}

	// After a creation, what fails does not taint, and is not tried again.
	w.Write(triggering("after_create", `name = "Jim"`) + strings.ReplaceAll(another, "none", "nobody"))
	w.Expect(0, "destroy", "-auto-approve")
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), "There is no such contact.")
	w.Expect(0, "plan", "-detailed-exitcode")
}

// In bulk: one failure stops no other.
func TestCLIAction_invokeForEach(t *testing.T) {
	t.Parallel()
	needsActions(t)
	m := acctest.NewMock(t, tidiomock.Config{})
	for _, id := range []string{"a", "b", "c"} {
		m.AddConversation(tidiomock.Conversation{ID: id, Status: "open"})
	}
	w := acctest.NewWorkspace(t, m, `
action "tidio_update_conversation" "solve" {
  for_each = toset(["a", "b", "c", "none"])
  config {
    id     = each.key
    status = "solved"
  }
}
`)
	said := w.Expect(1, "apply", "-auto-approve", "-invoke=action.tidio_update_conversation.solve")
	expectContains(t, said, "Could not change conversation none", "Changed conversation a.")
	if got := strings.Count(said, "Error: "); got != 1 {
		t.Errorf("%d errors, want 1:\n%s", got, said)
	}
	for _, c := range m.Conversations() {
		if c.Status != "solved" {
			t.Errorf("%s is %s", c.ID, c.Status)
		}
	}
	expectSent(t, m, 4)
}

func TestCLIAction_unknownOutcome(t *testing.T) {
	t.Parallel()
	needsActions(t)
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddContact(tidiomock.Contact{ID: "c"})
	m.Arm(tidiomock.Fault{Method: "POST", Do: tidiomock.CutAfter})
	w := acctest.NewWorkspace(t, m, actionBlock("create_conversation", `contact_id = "c"`))
	said := w.Expect(1, "apply", "-auto-approve", "-invoke=action.tidio_create_conversation.this")
	expectContains(t, said, "The conversation may have been created", "was not sent again")
	if got := len(m.Conversations()); got != 1 {
		t.Errorf("there are %d conversations", got)
	}

	// Over the other API the plan says what to use.
	w = acctest.NewPublishedWorkspace(t, m, actionBlock("create_conversation", `contact_id = "c"`))
	said = w.Expect(1, "plan", "-invoke=action.tidio_create_conversation.this")
	expectContains(t, said, "The published API (client_id) has no conversations", "Use tidio_create_ticket")
}
