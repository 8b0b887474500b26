package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// attributes are what an object must have, all of them: a text, a bool, a map of texts, or nil for
// null.
type attributes map[string]any

func (a attributes) check() knownvalue.Check {
	all := map[string]knownvalue.Check{}
	for name, want := range a {
		all[name] = known(want)
	}
	return knownvalue.ObjectExact(all)
}

func known(want any) knownvalue.Check {
	switch want := want.(type) {
	case string:
		return knownvalue.StringExact(want)
	case bool:
		return knownvalue.Bool(want)
	case map[string]string:
		all := map[string]knownvalue.Check{}
		for key, value := range want {
			all[key] = knownvalue.StringExact(value)
		}
		return knownvalue.MapExact(all)
	}
	return knownvalue.Null()
}

// expectData checks a whole singular data source.
func expectData(source string, want attributes) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for name, value := range want {
		checks = append(checks, statecheck.ExpectKnownValue("data."+source, tfjsonpath.New(name), known(value)))
	}
	return checks
}

// expectList checks the ids in a list of a plural data source, and their order.
func expectList(source, list string, ids ...string) statecheck.StateCheck {
	checks := []knownvalue.Check{}
	for _, id := range ids {
		checks = append(checks, knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": known(id)}))
	}
	return statecheck.ExpectKnownValue("data."+source, tfjsonpath.New(list), knownvalue.ListExact(checks))
}

func expectTruncated(source string, want bool) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+source, tfjsonpath.New("truncated"), known(want))
}

// expectReads checks how often a route was read.
func expectReads(m *acctest.Mock, route string, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := m.Count("GET", route); got != want {
			return fmt.Errorf("%d reads of %s, want %d: %v", got, route, want, m.Requests())
		}
		return nil
	}
}

const digits30 = "123456789012345678901234567890.5"

// newContacts is the mock of an account with five contacts.
func newContacts(t *testing.T, config tidiomock.Config) *acctest.Mock {
	t.Helper()
	m := acctest.NewMock(t, config)
	m.AddContact(tidiomock.Contact{
		ID: "c5", Name: "Jane Doe", Email: "Jane@Example.com", Phone: "+49 30 1",
		CreatedAt: "2026-01-01T00:00:00Z",
		Properties: map[string]any{
			"tier": "gold", "seats": json.Number(digits30), "vip": true, "code": "007", "was": nil, "🙂": "null",
		},
	})
	m.AddContact(tidiomock.Contact{ID: "c4", Name: "Twin", Email: "twin@example.com"})
	m.AddContact(tidiomock.Contact{ID: "c3", Name: "Twin", Email: "TWIN@example.com"})
	m.AddContact(tidiomock.Contact{ID: "c2", Properties: map[string]any{"tier": "gold", "seats": 12}})
	m.AddContact(tidiomock.Contact{ID: "c1", Name: "Odd", Properties: map[string]any{"tier": "silver"}})
	return m
}

func TestContactDataSource(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	jane := attributes{
		"id": "c5", "name": "Jane Doe", "email": "Jane@Example.com", "phone": "+49 30 1",
		"created_at": "2026-01-01T00:00:00Z",
		"properties": map[string]string{
			"tier": "gold", "seats": digits30, "vip": "true", "code": "007", "🙂": "null",
		},
	}
	asWritten := maps.Clone(jane)
	asWritten["email"] = "jane@EXAMPLE.com"
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_contact" "by_id" { id = "c5" }
data "tidio_contact" "by_email" {
  email      = "jane@EXAMPLE.com"
  depends_on = [data.tidio_contact.by_id] # else the one who is faster decides what is read
}
data "tidio_contact" "again" {
  email      = "Jane@example.com"
  depends_on = [data.tidio_contact.by_id]
}
data "tidio_contact" "later" { id = terraform_data.id.output }
resource "terraform_data" "id" { input = "c2" }
`),
		ConfigStateChecks: slices.Concat(
			expectData("tidio_contact.by_id", jane),
			expectData("tidio_contact.by_email", asWritten),
			expectData("tidio_contact.later", attributes{
				"id": "c2", "name": nil, "email": nil, "phone": nil,
				"properties": map[string]string{"tier": "gold", "seats": "12"},
			}),
		),
		Check: resource.ComposeTestCheckFunc(
			expectReads(m, "/contacts", 3),      // all pages, once: another might have the address, too
			expectReads(m, "/contacts/{id}", 2), // one request each
		),
	})
}

// An API that leaves out all that it may, and wraps single objects.
func TestContactDataSource_bareReplies(t *testing.T) {
	m := newContacts(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true, WrapSingle: true}})
	bare := attributes{
		"id": "c5", "name": nil, "email": nil, "phone": nil, "created_at": nil, "properties": map[string]string{},
	}
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_contact" "one" { id = "c5" }
data "tidio_contacts" "all" {}
`),
		ConfigStateChecks: append(expectData("tidio_contact.one", bare),
			expectList("tidio_contacts.all", "contacts", "c5", "c4", "c3", "c2", "c1"),
			statecheck.ExpectKnownValue("data.tidio_contacts.all",
				tfjsonpath.New("contacts").AtSliceIndex(0), bare.check()),
		),
	})
}

func TestContactDataSource_errors(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddContact(tidiomock.Contact{ID: "c6", Properties: map[string]any{
		"tags": []any{"a"}, "address": map[string]any{"city": "Berlin"}, "tier": "gold",
	}})
	const one = `(?i)exactly one of these attributes must be configured`
	for name, c := range map[string]struct{ arguments, want string }{
		"none by id":    {`id = "c9"`, `There is no contact with the id "c9".*this account's`},
		"none by email": {`email = "nobody@example.com"`, `No contact has this e-mail address`},
		"several": {
			`email = "twin@example.com"`, `Several contacts have this e-mail address.*c4 created 2.*c3 created 2`,
		},
		"unreadable":    {`id = "c6"`, `A value of contact "c6" cannot be read.*contact "c6": "address", "tags"`},
		"neither":       {``, one},
		"both":          {"id = \"c5\"\n email = \"jane@example.com\"", one},
		"empty id":      {`id = ""`, `Empty value`},
		"address as id": {`id = "jane@example.com"`, `An e-mail address is not an id.*set email instead of id`},
		"padded":        {`email = " jane@example.com"`, `White space around a value`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.Test(t, resource.TestStep{
				Config:      m.Config("data \"tidio_contact\" \"c\" {\n" + c.arguments + "\n}"),
				ExpectError: says(c.want),
			})
		})
	}
}

// A contact that is not found while the list changes may exist all the same; and one that is not
// found where nothing is says that the address is wrong.
func TestContactDataSource_badLists(t *testing.T) {
	for name, c := range map[string]struct {
		fault           tidiomock.Fault
		arguments, want string
	}{
		"changed meanwhile": {
			tidiomock.Fault{Route: "/contacts", Skip: 1, Do: tidiomock.InsertBetween},
			`email = "nobody@example.com"`, `No contact has this e-mail address.*may have been missed: try again`,
		},
		"wrong address by email": {
			tidiomock.Fault{Times: -1, Do: tidiomock.FailBefore, Status: 404},
			`email = "jane@example.com"`, `base_url does not lead to the Tidio API`,
		},
		"wrong address by id": {
			tidiomock.Fault{Times: -1, Do: tidiomock.FailBefore, Status: 404},
			`id = "c5"`, `base_url does not lead to the Tidio API`,
		},
		"no permission": {
			tidiomock.Fault{Times: -1, Do: tidiomock.FailBefore, Status: 403}, `id = "c5"`, `may not do this`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newContacts(t, tidiomock.Config{PageSize: 2})
			m.Arm(c.fault)
			acctest.Test(t, resource.TestStep{
				Config:      m.Config("data \"tidio_contact\" \"c\" {\n" + c.arguments + "\n}"),
				ExpectError: says(c.want),
			})
		})
	}
}

func TestContactsDataSource(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"}) // so that its values compare as numbers
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_contacts" "all" {}
data "tidio_contacts" "email" { email = "Twin@Example.com" }
data "tidio_contacts" "name" { name = "Twin" }
data "tidio_contacts" "value" { properties = { tier = "gold" } }
data "tidio_contacts" "values" { properties = { tier = "gold", seats = "1.2e1" } }
data "tidio_contacts" "no_value" { properties = { tier = null } }
data "tidio_contacts" "none" { name = "twin" }
data "tidio_contacts" "later" { name = terraform_data.name.output }
resource "terraform_data" "name" { input = "Odd" }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			expectList("tidio_contacts.all", "contacts", "c5", "c4", "c3", "c2", "c1"),
			expectTruncated("tidio_contacts.all", false),
			expectList("tidio_contacts.email", "contacts", "c4", "c3"),
			expectList("tidio_contacts.name", "contacts", "c4", "c3"),
			expectList("tidio_contacts.value", "contacts", "c5", "c2"),
			expectList("tidio_contacts.values", "contacts", "c2"),
			expectList("tidio_contacts.no_value", "contacts", "c4", "c3"),
			expectList("tidio_contacts.none", "contacts"),
			expectList("tidio_contacts.later", "contacts", "c1"),
			statecheck.ExpectKnownValue("data.tidio_contacts.email",
				tfjsonpath.New("email"), known("Twin@Example.com")),
			statecheck.ExpectKnownValue("data.tidio_contacts.values",
				tfjsonpath.New("contacts").AtSliceIndex(0).AtMapKey("properties"),
				known(map[string]string{"tier": "gold", "seats": "12"})),
		},
	})
}

func TestContactsDataSource_maxResults(t *testing.T) {
	for name, c := range map[string]struct {
		arguments string
		ids       []string
		truncated bool
		pages     int
	}{
		"within a page":     {"max_results = 1", []string{"c5"}, true, 1},
		"a whole page":      {"max_results = 2", []string{"c5", "c4"}, true, 1},
		"two pages":         {"max_results = 3", []string{"c5", "c4", "c3"}, true, 2},
		"as many as exist":  {"max_results = 5", []string{"c5", "c4", "c3", "c2", "c1"}, false, 3},
		"more than exist":   {"max_results = 6", []string{"c5", "c4", "c3", "c2", "c1"}, false, 3},
		"of those that fit": {"max_results = 1\n properties = { tier = \"silver\" }", []string{"c1"}, false, 3},
		"some of what fits": {"max_results = 1\n properties = { tier = \"gold\" }", []string{"c5"}, true, 1},
		"none fits":         {"max_results = 1\n name = \"Nobody\"", nil, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			m := newContacts(t, tidiomock.Config{PageSize: 2})
			acctest.Test(t, resource.TestStep{
				Config: m.Config("data \"tidio_contacts\" \"some\" {\n" + c.arguments + "\n}"),
				ConfigStateChecks: []statecheck.StateCheck{
					expectList("tidio_contacts.some", "contacts", c.ids...),
					expectTruncated("tidio_contacts.some", c.truncated),
				},
				Check: expectReads(m, "/contacts", c.pages),
			})
		})
	}
}

func TestContactsDataSource_maxResultsOfMany(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddContacts(20_000, func(i int) tidiomock.Contact {
		return tidiomock.Contact{ID: fmt.Sprintf("c%d", i), Email: fmt.Sprintf("c%d@example.com", i)}
	})
	acctest.Test(t, resource.TestStep{
		Config: m.Config("data \"tidio_contacts\" \"some\" {\n  max_results = 50\n}"),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.tidio_contacts.some",
				tfjsonpath.New("contacts"), knownvalue.ListSizeExact(50)),
			expectTruncated("tidio_contacts.some", true),
		},
		Check: expectReads(m, "/contacts", 1),
	})
}

func TestContactsDataSource_errors(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddContact(tidiomock.Contact{ID: "c6", Properties: map[string]any{"tags": []any{"a"}, "tier": "bronze"}})
	m.AddContact(tidiomock.Contact{ID: "c7", Properties: map[string]any{"tier": map[string]any{"a": 1}}})
	for name, c := range map[string]struct{ arguments, want string }{
		"unreadable":           {``, `A value of contact "c6" cannot be read.*"c6": "tags"`},
		"unreadable no value":  {`properties = { tier = null }`, `contact "c7" cannot be read.*"c7": "tier"`},
		"no results":           {`max_results = 0`, `max_results value must be at least 1`},
		"fewer than no result": {`max_results = -1`, `max_results value must be at least 1`},
		"empty name":           {`name = ""`, `Empty value`},
		"empty address":        {`email = ""`, `Empty value`},
		"empty value":          {`properties = { tier = "" }`, `Empty value`},
		"empty key":            {`properties = { "" = "gold" }`, `Empty value`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.Test(t, resource.TestStep{
				Config:      m.Config("data \"tidio_contacts\" \"c\" {\n" + c.arguments + "\n}"),
				ExpectError: says(c.want),
			})
		})
	}
	t.Run("not asked for", func(t *testing.T) { // what is filtered out cannot fail
		acctest.Test(t, resource.TestStep{
			Config: m.Config("data \"tidio_contacts\" \"c\" {\n  properties = { tier = \"gold\" }\n}"),
			ConfigStateChecks: []statecheck.StateCheck{
				expectList("tidio_contacts.c", "contacts", "c5", "c2"),
			},
		})
	})
}

// What cannot be returned is not read to its end.
func TestContactsDataSource_unreadableStopsReading(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 1})
	m.AddContact(tidiomock.Contact{Properties: map[string]any{"tags": []any{"a"}}})
	m.AddContact(tidiomock.Contact{})
	acctest.Test(t, resource.TestStep{
		Config:      m.Config("data \"tidio_contacts\" \"all\" {}"),
		ExpectError: says(`cannot be read`),
	})
	if err := expectReads(m, "/contacts", 1)(nil); err != nil {
		t.Error(err)
	}
}
