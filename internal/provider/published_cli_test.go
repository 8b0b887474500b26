package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What a user of the published API sees of the real engine.

// Imports, by hand and with a generated configuration, of contacts with and without a distinct_id: nothing to
// change.
func TestCLIPublished_importedAndGenerated(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	with := m.AddContact(tidiomock.Contact{
		DistinctID: "u-1", FirstName: "Jane", LastName: "Doe", Email: "jane@example.com",
		Properties: map[string]any{"tier": "gold"},
	})
	without := m.AddContact(tidiomock.Contact{FirstName: "Joe", Phone: "+49 30 1234567"})
	w := acctest.NewPublishedWorkspace(t, m, `
import {
  to = tidio_contact.with
  id = "distinct_id:u-1"
}

import {
  to = tidio_contact.without
  id = "`+without.ID+`"
}

import {
  to = tidio_property.tier
  id = "tier"
}
`)
	expectContains(t, w.Expect(0, "plan", "-generate-config-out=generated.tf"), "3 to import, 0 to add, 0 to change")
	generated := w.ReadFile("generated.tf")
	expectContains(t, generated, `distinct_id     = "u-1"`, `last_name       = "Doe"`)
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")

	// By hand, with what a person writes.
	const written = `
resource "tidio_contact" "with" {
  distinct_id = "u-1"
  first_name  = "Jane"
  last_name   = "Doe"
  email       = "Jane@example.com"
}

resource "tidio_contact" "without" {
  first_name = "Joe"
  phone      = "+49 (30) 1234567"
}

resource "tidio_property" "tier" {
  name = "tier"
  type = "text"
}
`
	byHand := acctest.NewPublishedWorkspace(t, m, written)
	byHand.Expect(0, "import", "tidio_contact.with", "email:jane@example.com")
	byHand.Expect(0, "import", "tidio_contact.without", without.ID)
	byHand.Expect(0, "import", "tidio_property.tier", "tier")
	m.ResetRequests()
	changes := byHand.Expect(2, "plan", "-detailed-exitcode") // another spelling is a change that is shown
	expectContains(t, changes, "2 to change")
	byHand.Write(strings.NewReplacer("Jane@", "jane@", "+49 (30)", "+49 30").Replace(written))
	byHand.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
	if now, _ := m.Contact(with.ID); now.Properties["tier"] != "gold" {
		t.Errorf("the contact is %+v", now)
	}
}

// What a pipeline sees of a property that is gone: the plan has a change, the apply fails, all else goes on.
func TestCLIPublished_propertyGoneLater(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
	config := seatsWith("") + "resource \"tidio_property\" \"tier\" {\n  name = \"tier\"\n  type = \"text\"\n}\n"
	w := acctest.NewPublishedWorkspace(t, m, config)
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "Properties are recorded, not created", "2 added")

	m.DeleteProperty("seats")
	m.DeleteProperty("tier")
	planned := w.Expect(2, "plan", "-detailed-exitcode")
	expectContains(t, planned, "0 to add, 2 to change, 0 to destroy", "Properties in the state are missing from Tidio",
		"(and one more similar warning elsewhere)")
	joe := "resource \"tidio_contact\" \"joe\" {\n  distinct_id = \"u-2\"\n  first_name = \"Joe\"\n}\n"
	w.Write(config + joe)
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), `Property "seats" is not in Tidio`, "internal name: tier")
	if len(m.Contacts()) != 1 {
		t.Error("the contact was not created")
	}
	w.Expect(0, "destroy", "-auto-approve")
}
