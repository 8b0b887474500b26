package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// expectList checks the ids in a list of a plural data source, and their order. It returns the list.
func expectList(t *testing.T, core *acctest.Core, source, list string, ids ...string) []attributes {
	t.Helper()
	var items []attributes
	var got []string
	for _, item := range core.State("data." + source)[list].([]any) {
		items = append(items, item.(attributes))
		got = append(got, item.(attributes)["id"].(string))
	}
	if !slices.Equal(got, ids) {
		t.Errorf("data.%s has %q, want %q", source, got, ids)
	}
	return items
}

func expectTruncated(core *acctest.Core, source string, want bool) {
	core.ExpectState("data."+source, attributes{"truncated": want})
}

func expectReads(t *testing.T, m *acctest.Mock, route string, want int) {
	t.Helper()
	expectRequests(t, m, "GET", route, want)
}

// expectEqual checks one object of a list.
func expectEqual(t *testing.T, got, want attributes) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
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
		"properties": attributes{
			"tier": "gold", "seats": digits30, "vip": "true", "code": "007", "🙂": "null",
		},
	}
	asWritten := maps.Clone(jane)
	asWritten["email"] = "jane@EXAMPLE.com"
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_contact" "by_id" { id = "c5" }
data "tidio_contact" "by_email" {
  email      = "jane@EXAMPLE.com"
  depends_on = [data.tidio_contact.by_id] # else the one who is faster decides what is read
}
data "tidio_contact" "again" {
  email      = "Jane@example.com"
  depends_on = [data.tidio_contact.by_id]
}
data "tidio_contact" "later" { id = later("c2") }
`))
	core.ExpectState("data.tidio_contact.by_id", jane)
	core.ExpectState("data.tidio_contact.by_email", asWritten)
	core.ExpectState("data.tidio_contact.later", attributes{
		"id": "c2", "name": nil, "email": nil, "phone": nil,
		"properties": attributes{"tier": "gold", "seats": "12"},
	})
	expectReads(t, m, "/contacts", 3)      // all pages, once: another might have the address, too
	expectReads(t, m, "/contacts/{id}", 2) // one request each
}

// An API that leaves out all that it may, and wraps single objects.
func TestContactDataSource_bareReplies(t *testing.T) {
	m := newContacts(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true, WrapSingle: true}})
	bare := attributes{
		"id": "c5", "name": nil, "email": nil, "phone": nil, "created_at": nil, "properties": attributes{},
		"distinct_id": nil, "first_name": nil, "last_name": nil, "language": nil, "country": nil, "city": nil,
		"email_consent": nil,
	}
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_contact" "one" { id = "c5" }
data "tidio_contacts" "all" {}
`))
	core.ExpectState("data.tidio_contact.one", bare)
	all := expectList(t, core, "tidio_contacts.all", "contacts", "c5", "c4", "c3", "c2", "c1")
	expectEqual(t, all[0], bare)
}

func TestContactDataSource_errors(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddContact(tidiomock.Contact{ID: "c6", Properties: map[string]any{
		"tags": []any{"a"}, "address": map[string]any{"city": "Berlin"}, "tier": "gold",
	}})
	const one = `(?i)exactly one of these attributes must be configured`
	for name, c := range map[string]struct{ arguments, want string }{
		"none by id":    {`id = "c9"`, `There is no contact with the id "c9".*the right account`},
		"none by email": {`email = "nobody@example.com"`, `No contact has this e-mail address`},
		"several": {
			`email = "twin@example.com"`, `Several contacts have this e-mail address.*c4 created 2.*c3 created 2`,
		},
		"neither":       {``, one},
		"both":          {"id = \"c5\"\n email = \"jane@example.com\"", one},
		"empty id":      {`id = ""`, `Empty value`},
		"address as id": {`id = "jane@example.com"`, `An e-mail address is not an id.*set email instead of id`},
		"padded":        {`email = " jane@example.com"`, `No contact in the account has it. Check the spelling`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.NewCore(t).Apply(m.Config("data \"tidio_contact\" \"c\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
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
			acctest.NewCore(t).Apply(m.Config("data \"tidio_contact\" \"c\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
		})
	}
}

func TestContactsDataSource(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"}) // so that its values compare as numbers
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_contacts" "all" {}
data "tidio_contacts" "email" { email = "Twin@Example.com" }
data "tidio_contacts" "name" { name = "Twin" }
data "tidio_contacts" "value" { properties = { tier = "gold" } }
data "tidio_contacts" "values" { properties = { tier = "gold", seats = "1.2e1" } }
data "tidio_contacts" "no_value" { properties = { tier = null } }
data "tidio_contacts" "none" { name = "twin" }
data "tidio_contacts" "later" { name = later("Odd") }
`))
	expectList(t, core, "tidio_contacts.all", "contacts", "c5", "c4", "c3", "c2", "c1")
	expectTruncated(core, "tidio_contacts.all", false)
	expectList(t, core, "tidio_contacts.email", "contacts", "c4", "c3")
	expectList(t, core, "tidio_contacts.name", "contacts", "c4", "c3")
	expectList(t, core, "tidio_contacts.value", "contacts", "c5", "c2")
	values := expectList(t, core, "tidio_contacts.values", "contacts", "c2")
	expectList(t, core, "tidio_contacts.no_value", "contacts", "c4", "c3")
	expectList(t, core, "tidio_contacts.none", "contacts")
	expectList(t, core, "tidio_contacts.later", "contacts", "c1")
	core.ExpectState("data.tidio_contacts.email", attributes{"email": "Twin@Example.com"})
	expectEqual(t, values[0]["properties"].(attributes), attributes{"tier": "gold", "seats": "12"})
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
			core := acctest.NewCore(t)
			core.Apply(m.Config("data \"tidio_contacts\" \"some\" {\n" + c.arguments + "\n}"))
			expectList(t, core, "tidio_contacts.some", "contacts", c.ids...)
			expectTruncated(core, "tidio_contacts.some", c.truncated)
			expectReads(t, m, "/contacts", c.pages)
		})
	}
}

func TestContactsDataSource_maxResultsOfMany(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddContacts(20_000, func(i int) tidiomock.Contact {
		return tidiomock.Contact{ID: fmt.Sprintf("c%d", i), Email: fmt.Sprintf("c%d@example.com", i)}
	})
	core := acctest.NewCore(t)
	core.Apply(m.Config("data \"tidio_contacts\" \"some\" {\n  max_results = 50\n}"))
	if got := core.State("data.tidio_contacts.some")["contacts"].([]any); len(got) != 50 {
		t.Errorf("%d contacts, want 50", len(got))
	}
	expectTruncated(core, "tidio_contacts.some", true)
	expectReads(t, m, "/contacts", 1)
}

func TestContactsDataSource_errors(t *testing.T) {
	m := newContacts(t, tidiomock.Config{PageSize: 2})
	m.AddContact(tidiomock.Contact{ID: "c6", Properties: map[string]any{"tags": []any{"a"}, "tier": "bronze"}})
	m.AddContact(tidiomock.Contact{ID: "c7", Properties: map[string]any{"tier": map[string]any{"a": 1}}})
	for name, c := range map[string]struct{ arguments, want string }{
		"no results":           {`max_results = 0`, `max_results value must be at least 1`},
		"fewer than no result": {`max_results = -1`, `max_results value must be at least 1`},
		"empty name":           {`name = ""`, `Empty value`},
		"empty address":        {`email = ""`, `Empty value`},
		"empty value":          {`properties = { tier = "" }`, `Empty value`},
		"empty key":            {`properties = { "" = "gold" }`, `Empty value`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.NewCore(t).Apply(m.Config("data \"tidio_contacts\" \"c\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
		})
	}
	t.Run("odd values", func(t *testing.T) { // an object or a list is shown as it is
		core := acctest.NewCore(t)
		core.Apply(m.Config("data \"tidio_contacts\" \"all\" {}\ndata \"tidio_contact\" \"one\" {\n  id = \"c7\"\n}"))
		all := expectList(t, core, "tidio_contacts.all", "contacts", "c5", "c4", "c3", "c2", "c1", "c6", "c7")
		expectEqual(t, all[5]["properties"].(attributes), attributes{"tags": `["a"]`, "tier": "bronze"})
		core.ExpectState("data.tidio_contact.one", attributes{"properties": attributes{"tier": `{"a":1}`}})
	})
}

// A filter by what does not exist is said to be one.
func TestContactsDataSource_filterByUnknownProperty(t *testing.T) {
	m, core := newContacts(t, tidiomock.Config{PageSize: 2}), acctest.NewCore(t)
	m.AddProperty(tidiomock.Property{Name: "tier", Type: "text"})
	warnings := core.Apply(m.Config(`
data "tidio_contacts" "gold" {
  properties = { tier = "gold" }
}

data "tidio_contacts" "misspelt" {
  properties = { teir = null }
}
`)).Warnings()
	expectContains(t, warnings, `Property "teir" is not in the account`)
	if strings.Contains(warnings, `"tier" is not`) {
		t.Error("it warns of a property that is there")
	}
	expectList(t, core, "tidio_contacts.gold", "contacts", "c5", "c2")
	expectList(t, core, "tidio_contacts.misspelt", "contacts", "c5", "c4", "c3", "c2", "c1")
	expectSent(t, m, 2*3+1) // the pages of the contacts, and of the properties, which are shared
}

// A list that changed while it was read is used, with a warning; what max_results left out anyway
// needs none.
func TestDataSources_listsThatChangeMeanwhile(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{PageSize: 2}), acctest.NewCore(t)
	for range 4 {
		m.AddContact(tidiomock.Contact{})
		m.AddOperator(tidiomock.Operator{})
		m.AddConversation(tidiomock.Conversation{})
	}
	m.AddContact(tidiomock.Contact{Email: "jane@example.com"})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddMessages("v1", slices.Repeat([]tidiomock.Message{{Content: "Hello"}}, 4)...)
	for _, c := range []struct{ kind, arguments, route, want string }{
		{"contacts", "", "/contacts", "The account's contacts changed while they were read"},
		{"contacts", "max_results = 3", "/contacts", ""},
		{"conversations", "", "/conversations", "The account's conversations changed while they were read"},
		{"conversations", "max_results = 3", "/conversations", ""},
		{"operators", "", "/operators", "The account's operators changed while they were read"},
		{"contact", `email = "jane@example.com"`, "/contacts", "The account's contacts changed while they were read"},
		{
			"messages", `conversation_id = "v1"`, "/conversations/{id}/messages",
			`The messages of conversation "v1" changed while they were read`,
		},
	} {
		m.Arm(tidiomock.Fault{Route: c.route, Skip: 1, Do: tidiomock.InsertBetween})
		said := core.Plan(m.Config("data \"tidio_" + c.kind + "\" \"all\" {\n  " + c.arguments + "\n}\n")).Warnings()
		if c.want == "" && said != "" {
			t.Errorf("%s, %s: a warning that helps nobody: %s", c.kind, c.arguments, said)
		}
		expectContains(t, said, c.want)
	}
}
