package provider_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const jane = "tidio_contact.jane"

// contact is the resource jane, with an address and these attributes.
func contact(attributes string) string {
	return "resource \"tidio_contact\" \"jane\" {\n  email = \"jane@example.com\"\n  " + attributes + "\n}\n"
}

// newTeam is a mock whose account has the properties that the tests write values of.
func newTeam(t *testing.T, config tidiomock.Config) *acctest.Mock {
	t.Helper()
	m := acctest.NewMock(t, config)
	for name, kind := range map[string]string{
		"tier": "text", "seats": "number", "site": "url", "note": "text", "line": "phone", "boss": "email",
	} {
		m.AddProperty(tidiomock.Property{Name: name, Type: kind})
	}
	return m
}

func values(want map[string]knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(jane, tfjsonpath.New("properties"), knownvalue.MapExact(want))
}

// onlyContact is the account's one contact.
func onlyContact(t *testing.T, m *acctest.Mock) tidiomock.Contact {
	t.Helper()
	all := m.Contacts()
	if len(all) != 1 {
		t.Fatalf("%d contacts, want one", len(all))
	}
	return all[0]
}

// expectInTidio checks the values of the only contact; nil means that there must be none.
func expectInTidio(t *testing.T, m *acctest.Mock, want attributes) {
	t.Helper()
	for property, value := range want {
		if got := onlyContact(t, m).Properties[property]; fmt.Sprint(got) != fmt.Sprint(value) {
			t.Errorf("%s is %v in Tidio, want %v", property, got, value)
		}
	}
}

func TestContact_createReadUpdateImportDestroy(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	full := contact("name = \"Jane\"\n  phone = \"+49 30 1234567\"\n" +
		"  properties = {\n    tier = \"gold\"\n    seats = \"7\"\n  }")
	acctest.Test(t,
		resource.TestStep{
			Config: m.Config(full),
			ConfigStateChecks: []statecheck.StateCheck{
				values(map[string]knownvalue.Check{
					"tier": knownvalue.StringExact("gold"), "seats": knownvalue.StringExact("7"),
				}),
			},
			Check: check(func() { expectInTidio(t, m, attributes{"seats": "7"}) }),
		},
		resource.TestStep{
			ResourceName: jane, ImportState: true, ImportStateId: "email:JANE@example.com", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"properties"},
		},
		resource.TestStep{
			Config: m.Config(contact("name = \"Jane Doe\"\n  properties = { tier = \"silver\" }")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(jane, plancheck.ResourceActionUpdate),
			}},
			Check: check(func() {
				expectInTidio(t, m, attributes{"seats": nil, "tier": "silver"})
				if c := onlyContact(t, m); c.Phone != "" || c.Name != "Jane Doe" {
					t.Errorf("name or phone are not as planned: %q, %q", c.Name, c.Phone)
				}
			}),
		},
		resource.TestStep{Config: m.Config()},
	)
	if len(m.Contacts()) != 0 {
		t.Error("the contact is still there")
	}
}

func TestContact_foreignValuesAreNotOurs(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(`properties = { tier = "gold" }`))
	core.Converge(config)
	id := onlyContact(t, m).ID

	// A bot writes beside ours, and an operator a name and something unreadable.
	m.SetContactValue(id, "note", "written by a bot")
	m.SetContactValue(id, "site", map[string]any{"odd": true})
	m.ChangeContact(id, func(c *tidiomock.Contact) { c.Name = "Jane" })
	core.Converge(config, acctest.Empty())
	core.ExpectState(jane, attributes{"name": nil, "properties": attributes{"tier": "gold"}})

	// Ours is changed: drift, and put right without touching the rest.
	m.SetContactValue(id, "tier", "bronze")
	core.Converge(config, acctest.Plans(jane, acctest.Update))
	expectInTidio(t, m, attributes{"tier": "gold", "note": "written by a bot"})
	expectPatch(t, m, `{"properties":{"tier":"gold"}}`)

	// Given up: cleared, and what is foreign stays.
	core.Converge(m.Config(contact("")))
	expectInTidio(t, m, attributes{"tier": nil, "note": "written by a bot"})
}

// expectPatch checks the body of the last PATCH.
func expectPatch(t *testing.T, m *acctest.Mock, want string) {
	t.Helper()
	var last string
	for _, r := range m.Requests() {
		if r.Method == "PATCH" {
			last = string(r.Body)
		}
	}
	if last != want {
		t.Errorf("the last PATCH was %s, want %s", last, want)
	}
}

func TestContact_textsAreKept(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	texts := []string{
		"007", "123", "1e3", "true", "null", "[]", "{}", "🙂", `"quoted"`, "${not} a %{template}", strings.Repeat("é", 1000),
	}
	var written []string
	want := attributes{}
	for i, text := range texts {
		key := fmt.Sprintf("text%d", i)
		m.AddProperty(tidiomock.Property{Name: key, Type: "text"})
		written = append(written, key+" = "+quoted(text))
		want[key] = text
	}
	acctest.NewCore(t).Converge(m.Config(contact("properties = {\n" + strings.Join(written, "\n") + "\n}")))
	expectInTidio(t, m, want)
}

func TestContact_thirtyDigits(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	thirty := strings.Repeat("12345", 6)
	config := m.Config(contact(`properties = { seats = "` + thirty + `" }`))
	core.Converge(config)
	expectInTidio(t, m, attributes{"seats": thirty})

	// The same number, otherwise spelled by whoever wrote it.
	m.SetContactValue(onlyContact(t, m).ID, "seats", json.Number(thirty+".0"))
	core.Plan(config, acctest.Empty())
}

func TestContact_equalSpellingsAreNoDrift(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(`phone = "+49 (30) 123-4567"`))
	core.Converge(config)
	m.ChangeContact(onlyContact(t, m).ID, func(c *tidiomock.Contact) {
		c.Email, c.Phone = "Jane@Example.COM", "+49301234567"
	})
	core.Converge(config, acctest.Empty())
}

func TestContact_nullElementAndEmptyMap(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	null := m.Config(contact("properties = { tier = null }"))
	core.Converge(null)
	core.ExpectState(jane, attributes{"properties": attributes{"tier": nil}})

	// Owned and cleared: somebody's value shows, and is cleared again.
	m.SetContactValue(onlyContact(t, m).ID, "tier", "gold")
	core.Converge(null, acctest.Plans(jane, acctest.Update))
	expectInTidio(t, m, attributes{"tier": nil})

	core.Converge(m.Config(contact("properties = {}")))
	core.ExpectState(jane, attributes{"properties": attributes{}})
	core.Converge(m.Config(contact("")))
	core.ExpectState(jane, attributes{"properties": nil})
}

// Tidio refuses to hear the name of a property that is gone; that must not keep a key in the
// configuration for good.
func TestContact_propertyOfAKeyIsGone(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(contact(`properties = { tier = "gold", note = "x" }`)))
	m.SetContactValue(onlyContact(t, m).ID, "tier", nil)
	m.DeleteProperty("tier")
	core.Converge(m.Config(contact(`properties = { note = "y" }`)))
	expectInTidio(t, m, attributes{"note": "y"})
}

func TestContact_unknownValuesAtPlan(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(`
resource "tidio_property" "new" {
  name = "new"
  type = "number"
}

resource "tidio_contact" "jane" {
  email = "${later("later")}@example.com"
  name  = later("later")
  properties = {
    tier                      = later("later")
    (tidio_property.new.name) = "42"
  }
}
`)
	core.Apply(config)
	expectInTidio(t, m, attributes{"tier": "later", "new": "42"})
	core.Plan(strings.ReplaceAll(config, `later("later")`, `"later"`), acctest.Empty())
}

func TestContact_deletedInThePanel(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(""))
	core.Converge(config)
	m.DeleteContact(onlyContact(t, m).ID)
	core.Converge(config, acctest.Plans(jane, acctest.Create))
	m.DeleteContact(onlyContact(t, m).ID)
	core.Converge(m.Config()) // a destroy of what is gone
}

func TestContact_wrongAddressOfTheAPI(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(""))
	core.Converge(config)
	core.Plan(strings.Replace(config, "/v1/", "/v2/", 1), acctest.Fails(`base_url does not lead to the Tidio API`))
	core.Converge(config, acctest.Empty())
}

func TestContact_shapesOfReplies(t *testing.T) {
	for name, replies := range map[string]tidiomock.Replies{
		"wrapped":             {WrapSingle: true},
		"nothing but id":      {Write: tidiomock.IDOnly},
		"nothing to a change": {Write: tidiomock.EmptyBody},
	} {
		t.Run(name, func(t *testing.T) {
			m, core := newTeam(t, tidiomock.Config{Replies: replies}), acctest.NewCore(t)
			first := m.Config(contact("name = \"Jane\"\n  properties = { tier = \"gold\" }"))
			if replies.Write == tidiomock.EmptyBody { // of a new contact it would leave the id unknown
				there := m.AddContact(tidiomock.Contact{Email: "jane@example.com"})
				first += "import {\n  to = tidio_contact.jane\n  id = \"" + there.ID + "\"\n}\n"
			}
			core.Converge(first)
			core.Converge(m.Config(contact("name = \"Joan\"\n  properties = { note = \"x\" }")))
			expectInTidio(t, m, attributes{"tier": nil, "note": "x"})
		})
	}
}

func TestContact_undefinedKeyIsAWarning(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(`properties = { teir = "gold" }`))
	core.Plan(config, acctest.Warns(`Property "teir" is not in the account`, `\(tidio_property.<its resource>.name\) = ...`))
	core.Apply(config, acctest.Fails("Could not create the contact.*teir"))
}

func TestContact_abandonKeepsIt(t *testing.T) {
	const kept = "Contacts with deletion_policy ABANDON stay in Tidio"
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(`deletion_policy = "ABANDON"`))
	core.Converge(config)
	core.Plan(m.Config(), acctest.Plans(jane, acctest.Delete), acctest.Warns(kept))

	// The engine does not tell the plan of a replacement that the old contact goes: the apply says it.
	core.Apply(config, acctest.Replacing(jane),
		acctest.Warns(kept, `set deletion_policy = "DELETE" and apply that change before`))
	if got := len(m.Contacts()); got != 2 {
		t.Errorf("%d contacts, want the old one and the new one", got)
	}
	core.Destroy(config, acctest.Warns(kept))
	expectRequests(t, m, "DELETE", "/contacts/{id}", 0)
}

// Only DELETE and null delete: another word, of another version, may have been meant to protect.
func TestContact_unknownPolicyInTheStateKeepsIt(t *testing.T) {
	const kept = "Contacts with an unknown deletion_policy stay in Tidio"
	for name, c := range map[string]struct {
		policy  string
		replace bool // else destroy
		warns   string
		left    int
	}{
		"PREVENT, destroyed": {"PREVENT", false, kept, 1},
		"another, destroyed": {"ARCHIVE", false, kept, 1},
		"PREVENT, replaced":  {"PREVENT", true, kept, 2},
		"DELETE, destroyed":  {"DELETE", false, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := m.Config(contact(""))
			core.Converge(config)
			core.SetAttribute(jane, "deletion_policy", c.policy)
			var said string
			if c.replace {
				said = core.Apply(config, acctest.WithoutRefresh(), acctest.Replacing(jane)).Warnings()
			} else {
				said = core.Destroy(config).Warnings()
			}
			expectContains(t, said, c.warns)
			if c.warns == "" && said != "" {
				t.Errorf("it warns of a contact that was deleted: %s", said)
			}
			if got := len(m.Contacts()); got != c.left {
				t.Errorf("%d contacts are left, want %d", got, c.left)
			}
			core.Converge(config)
		})
	}
}

func TestContact_badInput(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	value := func(key, value string) string { return fmt.Sprintf("properties = { %s = %q }", key, value) }
	for name, c := range map[string]struct{ attributes, want string }{
		"nobody":            {"resource \"tidio_contact\" \"jane\" {}", `A contact needs a name.*Set at least one of name, email and phone`},
		"empty name":        {contact(`name = ""`), `Empty value`},
		"padded name":       {contact(`name = " Jane"`), `White space around a value`},
		"odd phone":         {contact(`phone = "none"`), `phone must be a phone number`},
		"empty value":       {contact(value("tier", "")), `Empty value`},
		"padded value":      {contact(value("tier", " gold")), `White space around a value`},
		"long value":        {contact(value("tier", strings.Repeat("é", 1001))), `has 1001 characters; Tidio accepts at most 1000`},
		"no number":         {contact(value("seats", "007")), `The value of property "seats" does not fit its type`},
		"no url":            {contact(value("site", "example.com")), `must be a URL with its scheme`},
		"no phone":          {contact(value("line", "none")), `must be a phone number`},
		"no address":        {contact(value("boss", "jane")), `must be an e-mail address`},
		"deletion policy":   {contact(`deletion_policy = "PREVENT"`), `must be one of.*DELETE.*ABANDON`},
		"an undefined key":  {contact(value("teir", "gold")), `Could not create the contact.*teir`},
		"an odd address":    {"resource \"tidio_contact\" \"jane\" {\n  email = \"jane\"\n}", `email must be an e-mail address`},
		"an address and co": {"resource \"tidio_contact\" \"jane\" {\n  email = \"J <j@example.com>\"\n}", `email must be an e-mail`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.NewCore(t).Apply(m.Config(c.attributes), acctest.Fails(c.want))
		})
	}
}

func TestContact_importFillsTheFields(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact("name = \"Jane\"\n  phone = \"+49 30 1234567\"\n  properties = { tier = \"gold\" }"))
	core.Converge(config)
	want := core.State(jane)
	want["properties"] = nil // owned from the first apply on
	for _, id := range []string{onlyContact(t, m).ID, "email:JANE@example.com"} {
		other := acctest.NewCore(t)
		other.Import(config, jane, id)
		other.ExpectState(jane, want)
		m.ResetRequests()
		other.Converge(config, acctest.Plans(jane, acctest.Update))
		expectRequests(t, m, "PATCH", "/contacts/{id}", 0) // nothing differs
		other.Forget(jane)
	}
}

func TestContact_importErrors(t *testing.T) {
	m := newTeam(t, tidiomock.Config{PageSize: 1})
	m.AddContact(tidiomock.Contact{ID: "c1", Email: "twin@example.com"})
	m.AddContact(tidiomock.Contact{ID: "c2", Email: "Twin@example.com"})
	m.AddContact(tidiomock.Contact{ID: "c3", Name: "Somebody without an address"})
	core := acctest.NewCore(t)
	for id, want := range map[string]string{
		"c9":                       `There is no contact with the id "c9".*id = "email:jane@example.com"`,
		"email:":                   `The import id is empty`,
		"nobody@example.com":       `An e-mail address is not the id of a contact.*id = "email:jane@example.com"`,
		"email:nobody@example.com": `No contact has this e-mail address`,
		"email:TWIN@example.com":   `Several contacts have this e-mail address.*c1 created.*c2 created`,
	} {
		core.Import(m.Config(contact("")), jane, id, acctest.Fails(want))
	}
}
