package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Somebody merges a contact into another: its id then leads to the other one, which is not ours. Whatever is planned,
// the other one is neither changed nor deleted.
func TestMerged_theOtherContactIsNotTouched(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := a.config(m, a.person("jane", "properties = { tier = \"gold\" }\n"))
			core.Converge(config)
			id := onlyContact(t, m).ID
			other := m.AddContact(tidiomock.Contact{Email: "other@example.com"})
			m.MergeContacts(id, other.ID)
			m.ResetRequests()

			says := fmt.Sprintf("contact %s.*whose id is %q.*terraform state rm.*import it.*id = %q", id, other.ID, other.ID)
			core.Plan(config, acctest.Fails(says))
			core.Plan(a.config(m), acctest.Fails(says))
			core.Destroy(config, acctest.Fails(says))
			core.Destroy(config, acctest.WithoutRefresh(), acctest.Fails(says))
			core.Apply(a.config(m), acctest.WithoutRefresh(), acctest.Fails(says))
			core.Apply(config, acctest.WithoutRefresh(), acctest.Replacing(jane), acctest.Fails(says))
			core.Import(a.config(m, a.person("jane", ""), block("contact", "x", "email = \"other@example.com\"\n")),
				"tidio_contact.x", id, acctest.Fails(says))
			expectOnlyReads(t, m)
			if got, _ := m.Contact(other.ID); got.Email != other.Email {
				t.Errorf("the other contact is %+v", got)
			}

			// The way out that it names.
			core.Forget(jane)
			core.Import(a.config(m, block("contact", "jane", "email = \"other@example.com\"\n")), jane, other.ID)
			core.Plan(a.config(m, block("contact", "jane", "email = \"other@example.com\"\n")), acctest.Empty())
		})
	}
}

// A saved plan deletes a contact that is merged before it is applied: the delete looks at it first.
func TestMerged_afterThePlan(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			core.Converge(a.config(m, a.person("jane", "")))
			id := onlyContact(t, m).ID
			other := m.AddContact(tidiomock.Contact{Email: "other@example.com"}).ID
			core.Apply(a.config(m), acctest.AfterPlan(func() { m.MergeContacts(id, other) }),
				acctest.Fails(fmt.Sprintf("delete contact %s.*whose id is %q", id, other)))
			expectRequests(t, m, "DELETE", "/contacts/{id}", 0)
			core.Forget(jane)
		})
	}
}
