package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The blocks of the guides that need Terraform 1.14.

func TestCLIGuide_codifyInOneCommand(t *testing.T) {
	t.Parallel()
	const guide = "codify-an-existing-account.md"
	acctest.NeedsTerraform(t, "1.14.0", "terraform query")
	m := acctest.NewMock(t, tidiomock.Config{})
	for _, name := range []string{"plan_tier", "crm_record", "plan"} {
		m.AddProperty(tidiomock.Property{Name: name, Type: "text"})
	}
	m.AddContact(tidiomock.Contact{FirstName: "Lena", Phone: "1", Properties: map[string]any{"plan": "enterprise"}})
	m.AddContact(tidiomock.Contact{FirstName: "Somebody"})
	w := acctest.NewPublishedWorkspace(t, m, "")
	w.WriteFile("main.tf", guideBlock(t, guide, `required_version = ">= 1.14"`))
	w.WriteFile("account.tfquery.hcl", guideBlock(t, guide, `list "tidio_property" "account"`))
	// Its commands, but for the credentials, which the environment has.
	_, commands, _ := strings.Cut(pageBlock(t, "docs/guides/"+guide, "shell", "-generate-config-out=properties.tf"), "\n")
	said := runScript(t, w, commands)
	expectContains(t, said, "list.tidio_property.account id=plan_tier plan_tier", "3 to import, 0 to add, 0 to change, 0 to destroy")
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")

	w.WriteFile("account.tfquery.hcl", guideBlock(t, guide, `list "tidio_contact" "enterprise"`))
	runScript(t, w, pageBlock(t, "docs/guides/"+guide, "shell", "-generate-config-out=contacts.tf"))
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added, 1 changed, 0 destroyed")
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)

	w.WriteFile("contacts.tf", "") // the block is gone, and the contact is not
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "Contacts with deletion_policy ABANDON stay in Tidio")
	if got := len(m.Contacts()); got != 2 {
		t.Errorf("%d contacts are left", got)
	}
}

// runScript runs commands of a page, and returns what they print.
func runScript(t *testing.T, w *acctest.Workspace, script string) string {
	t.Helper()
	result := w.RunShell("set -e\n" + script)
	if result.ExitCode != 0 {
		t.Fatalf("exit code %d\n%s%s", result.ExitCode, result.Stdout, result.Stderr)
	}
	return result.Text()
}

func TestCLIGuide_conversationsInBulk(t *testing.T) {
	t.Parallel()
	const guide = "conversations-in-bulk.md"
	needsActions(t)
	m := acctest.NewMock(t, tidiomock.Config{})
	for id, updated := range map[string]string{"old": "2026-01-01T00:00:00Z", "older": "2025-01-01T00:00:00Z", "new": "2026-06-01T00:00:00Z", "odd": "then"} {
		m.AddConversation(tidiomock.Conversation{ID: id, Status: "open", UpdatedAt: updated})
	}
	w := acctest.NewWorkspace(t, m, guideBlock(t, guide, "timecmp"))
	said := runScript(t, w, pageBlock(t, "docs/guides/"+guide, "shell", "solve.tfplan"))
	expectContains(t, said, "Actions: 2 to invoke", "Changed conversation older.")
	for _, c := range m.Conversations() {
		if solved := c.Status == "solved"; solved != strings.HasPrefix(c.ID, "old") {
			t.Errorf("%s is %s", c.ID, c.Status)
		}
	}
	expectContains(t, w.Expect(0, "plan", "-invoke=action.tidio_update_conversation.solve"), "No changes") // all is done
}

func TestCLIGuide_ticketsInBulk(t *testing.T) {
	t.Parallel()
	const guide = "conversations-in-bulk.md"
	needsActions(t)
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddOperator(tidiomock.Operator{ID: "ines", Email: "ines.calder@example.com"})
	m.AddTicket(tidiomock.Ticket{Subject: "hers", OperatorID: "ines"})
	m.AddTicket(tidiomock.Ticket{Subject: "done", OperatorID: "ines", Status: "solved"})
	m.AddTicket(tidiomock.Ticket{Subject: "nobody's"})
	w := acctest.NewPublishedWorkspace(t, m, guideBlock(t, guide, "hand_over"))
	expectContains(t, runScript(t, w, pageBlock(t, "docs/guides/"+guide, "shell", "hand-over.tfplan")), "Changed ticket 1.")
	for _, ticket := range m.Tickets() {
		if ticket.Subject == "hers" && ticket.OperatorID != "" || ticket.Subject == "done" && ticket.OperatorID == "" {
			t.Errorf("%s is assigned to %q", ticket.Subject, ticket.OperatorID)
		}
	}
}
