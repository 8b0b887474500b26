package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// A list that changed while it was read is used, with a warning; what max_results left out anyway
// needs none.
func TestCLIDataSource_listsThatChangeMeanwhile(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	for range 4 {
		m.AddContact(tidiomock.Contact{})
		m.AddOperator(tidiomock.Operator{})
		m.AddConversation(tidiomock.Conversation{})
	}
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddMessages("v1", slices.Repeat([]tidiomock.Message{{Content: "Hello"}}, 4)...)
	w := acctest.NewWorkspace(t, m, "")
	for _, c := range []struct{ kind, arguments, route, want string }{
		{"contacts", "", "/contacts", "The account's contacts changed while they were read"},
		{"contacts", "max_results = 3", "/contacts", ""},
		{"conversations", "", "/conversations", "The account's conversations changed while they were read"},
		{"conversations", "max_results = 3", "/conversations", ""},
		{"operators", "", "/operators", "The account's operators changed while they were read"},
		{
			"messages", `conversation_id = "v1"`, "/conversations/{id}/messages",
			`The messages of conversation "v1" changed while they were read`,
		},
	} {
		m.Arm(tidiomock.Fault{Route: c.route, Skip: 1, Do: tidiomock.InsertBetween})
		w.Write("data \"tidio_" + c.kind + "\" \"all\" {\n  " + c.arguments + "\n}\n")
		said := w.Expect(0, "plan")
		if c.want == "" && strings.Contains(said, "Warning") {
			t.Errorf("%s, %s: a warning that helps nobody:\n%s", c.kind, c.arguments, said)
		}
		expectContains(t, said, c.want)
	}
}

func TestCLIDataSource_transcript(t *testing.T) {
	t.Parallel()
	const text = "My order 4711 has not arrived"
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddMessages("v1", tidiomock.Message{Content: text, CreatedAt: "2026-03-01T00:00:00Z"})

	open := transcript + `
output "when" {
  value = nonsensitive(data.tidio_messages.transcript.messages[*].created_at)
}

output "said" {
  value     = data.tidio_messages.transcript.messages[*].content
  sensitive = false
}
`
	w := acctest.NewWorkspace(t, m, open)
	expectContains(t, w.Expect(1, "plan"), "Output refers to sensitive values")
	w.Write(strings.Replace(open, "sensitive = false", "sensitive = true", 1))
	if said := w.Expect(0, "apply", "-auto-approve"); strings.Contains(said, text) {
		t.Errorf("the text was printed:\n%s", said)
	}
	expectContains(t, w.Expect(0, "output", "when"), "2026-03-01T00:00:00Z")
	var said []string
	if err := json.Unmarshal([]byte(w.Expect(0, "output", "-json", "said")), &said); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(said, []string{text}) {
		t.Errorf("the output is %q", said)
	}
}

// A filter by what does not exist is said to be one.
func TestCLIDataSource_contactsFilterByUnknownProperty(t *testing.T) {
	t.Parallel()
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
	w := acctest.NewWorkspace(t, m, `
data "tidio_contacts" "gold" {
  properties = { tier = "gold" }
}

data "tidio_contacts" "misspelt" {
  properties = { teir = null }
}

output "gold" {
  value = length(data.tidio_contacts.gold.contacts)
}

output "misspelt" {
  value = length(data.tidio_contacts.misspelt.contacts)
}
`)
	planned := w.Expect(0, "plan")
	expectContains(t, planned, `Property "teir" is not in the account`, "+ gold = 2", "+ misspelt = 5")
	if strings.Contains(planned, `"tier" is not`) {
		t.Error("it warns of a property that is there")
	}
	expectSent(t, m, 2*3+1) // the pages of the contacts, and of the properties, which are shared
}
