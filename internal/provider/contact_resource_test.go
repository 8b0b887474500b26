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
	"github.com/hashicorp/terraform-plugin-testing/terraform"
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

// inTidio checks the value of a property of the only contact; nil means that there must be none.
func inTidio(t *testing.T, m *acctest.Mock, property string, want any) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		if got := onlyContact(t, m).Properties[property]; fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Errorf("%s is %v in Tidio, want %v", property, got, want)
		}
		return nil
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
			Check: inTidio(t, m, "seats", "7"),
		},
		resource.TestStep{Config: m.Config(full), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{
			ResourceName: jane, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"properties"},
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
			Check: resource.ComposeAggregateTestCheckFunc(
				inTidio(t, m, "seats", nil), inTidio(t, m, "tier", "silver"),
				func(*terraform.State) error {
					if c := onlyContact(t, m); c.Phone != "" || c.Name != "Jane Doe" {
						return fmt.Errorf("name or phone are not as planned")
					}
					return nil
				},
			),
		},
		resource.TestStep{Config: m.Config()},
	)
	if len(m.Contacts()) != 0 {
		t.Error("the contact is still there")
	}
}

func TestContact_foreignValuesAreNotOurs(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	config := m.Config(contact(`properties = { tier = "gold" }`))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{ // a bot writes beside ours, and an operator a name and something unreadable
			PreConfig: func() {
				id := onlyContact(t, m).ID
				m.SetContactValue(id, "note", "written by a bot")
				m.SetContactValue(id, "site", map[string]any{"odd": true})
				m.ChangeContact(id, func(c *tidiomock.Contact) { c.Name = "Jane" })
			},
			Config: config, ConfigPlanChecks: emptyPlan(),
			ConfigStateChecks: []statecheck.StateCheck{
				values(map[string]knownvalue.Check{"tier": knownvalue.StringExact("gold")}),
				statecheck.ExpectKnownValue(jane, tfjsonpath.New("name"), knownvalue.Null()),
			},
		},
		resource.TestStep{ // ours is changed: drift, and put right without touching the rest
			PreConfig: func() { m.SetContactValue(onlyContact(t, m).ID, "tier", "bronze") },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(jane, plancheck.ResourceActionUpdate),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(
				inTidio(t, m, "tier", "gold"), inTidio(t, m, "note", "written by a bot"),
				expectPatch(m, `{"properties":{"tier":"gold"}}`),
			),
		},
		resource.TestStep{ // given up: cleared, and what is foreign stays
			Config: m.Config(contact("")),
			Check: resource.ComposeAggregateTestCheckFunc(
				inTidio(t, m, "tier", nil), inTidio(t, m, "note", "written by a bot"),
			),
		},
		resource.TestStep{Config: m.Config(contact("")), ConfigPlanChecks: emptyPlan()},
	)
}

// expectPatch checks the body of the last PATCH.
func expectPatch(m *acctest.Mock, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var last string
		for _, r := range m.Requests() {
			if r.Method == "PATCH" {
				last = string(r.Body)
			}
		}
		if last != want {
			return fmt.Errorf("the last PATCH was %s, want %s", last, want)
		}
		return nil
	}
}

func TestContact_textsAreKept(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	texts := []string{
		"007", "123", "1e3", "true", "null", "[]", "{}", "🙂", `"quoted"`, "${not} a %{template}", strings.Repeat("é", 1000),
	}
	var attributes []string
	var asWritten []resource.TestCheckFunc
	for i, text := range texts {
		key := fmt.Sprintf("text%d", i)
		m.AddProperty(tidiomock.Property{Name: key, Type: "text"})
		attributes = append(attributes, key+" = "+quoted(text))
		asWritten = append(asWritten, inTidio(t, m, key, text))
	}
	config := m.Config(contact("properties = {\n" + strings.Join(attributes, "\n") + "\n}"))
	acctest.Test(t,
		resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(asWritten...)},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

func TestContact_thirtyDigits(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	thirty := strings.Repeat("12345", 6)
	acctest.Test(t,
		resource.TestStep{
			Config: m.Config(contact(`properties = { seats = "` + thirty + `" }`)),
			Check:  inTidio(t, m, "seats", thirty),
		},
		resource.TestStep{ // the same number, otherwise spelled by whoever wrote it
			PreConfig: func() {
				m.SetContactValue(onlyContact(t, m).ID, "seats", json.Number(thirty+".0"))
			},
			Config:           m.Config(contact(`properties = { seats = "` + thirty + `" }`)),
			ConfigPlanChecks: emptyPlan(),
		},
	)
}

func TestContact_equalSpellingsAreNoDrift(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	config := m.Config(contact(`phone = "+49 (30) 123-4567"`))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				m.ChangeContact(onlyContact(t, m).ID, func(c *tidiomock.Contact) {
					c.Email, c.Phone = "Jane@Example.COM", "+49301234567"
				})
			},
			Config: config, ConfigPlanChecks: emptyPlan(),
		},
	)
}

func TestContact_nullElementAndEmptyMap(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	null := m.Config(contact("properties = { tier = null }"))
	acctest.Test(t,
		resource.TestStep{
			Config:            null,
			ConfigStateChecks: []statecheck.StateCheck{values(map[string]knownvalue.Check{"tier": knownvalue.Null()})},
		},
		resource.TestStep{Config: null, ConfigPlanChecks: emptyPlan()},
		resource.TestStep{ // owned and cleared: somebody's value shows, and is cleared again
			PreConfig: func() { m.SetContactValue(onlyContact(t, m).ID, "tier", "gold") },
			Config:    null,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(jane, plancheck.ResourceActionUpdate),
			}},
			Check: inTidio(t, m, "tier", nil),
		},
		resource.TestStep{
			Config:            m.Config(contact("properties = {}")),
			ConfigStateChecks: []statecheck.StateCheck{values(map[string]knownvalue.Check{})},
		},
		resource.TestStep{Config: m.Config(contact("properties = {}")), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: m.Config(contact(""))},
	)
}

// Tidio refuses to hear the name of a property that is gone; that must not keep a key in the
// configuration for good.
func TestContact_propertyOfAKeyIsGone(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	acctest.Test(t,
		resource.TestStep{Config: m.Config(contact(`properties = { tier = "gold", note = "x" }`))},
		resource.TestStep{
			PreConfig: func() {
				m.SetContactValue(onlyContact(t, m).ID, "tier", nil)
				m.DeleteProperty("tier")
			},
			Config: m.Config(contact(`properties = { note = "y" }`)),
			Check:  inTidio(t, m, "note", "y"),
		},
	)
}

func TestContact_unknownValuesAtPlan(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	config := m.Config(`
resource "terraform_data" "later" {
  input = "later"
}

resource "tidio_property" "new" {
  name = "new"
  type = "number"
}

resource "tidio_contact" "jane" {
  email = "${terraform_data.later.output}@example.com"
  name  = terraform_data.later.output
  properties = {
    tier                      = terraform_data.later.output
    (tidio_property.new.name) = "42"
  }
}
`)
	acctest.Test(t,
		resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(
			inTidio(t, m, "tier", "later"), inTidio(t, m, "new", "42"),
		)},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

func TestContact_deletedInThePanel(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	config := m.Config(contact(""))
	forget := func() { m.DeleteContact(onlyContact(t, m).ID) }
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: forget, Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(jane, plancheck.ResourceActionCreate),
			}},
		},
		resource.TestStep{PreConfig: forget, Config: m.Config()}, // a destroy of what is gone
	)
}

func TestContact_wrongAddressOfTheAPI(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	config := m.Config(contact(""))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			Config:      strings.Replace(config, "/v1/", "/v2/", 1),
			PlanOnly:    true,
			ExpectError: says(`base_url does not lead to the Tidio API`),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

func TestContact_shapesOfReplies(t *testing.T) {
	for name, replies := range map[string]tidiomock.Replies{
		"wrapped":             {WrapSingle: true},
		"nothing but id":      {Write: tidiomock.IDOnly},
		"nothing to a change": {Write: tidiomock.EmptyBody},
	} {
		t.Run(name, func(t *testing.T) {
			m := newTeam(t, tidiomock.Config{Replies: replies})
			first := m.Config(contact("name = \"Jane\"\n  properties = { tier = \"gold\" }"))
			if replies.Write == tidiomock.EmptyBody { // of a new contact it would leave the id unknown
				there := m.AddContact(tidiomock.Contact{Email: "jane@example.com"})
				first += "import {\n  to = tidio_contact.jane\n  id = \"" + there.ID + "\"\n}\n"
			}
			acctest.Test(t,
				resource.TestStep{Config: first},
				resource.TestStep{Config: m.Config(contact("name = \"Joan\"\n  properties = { note = \"x\" }"))},
				resource.TestStep{
					Config:           m.Config(contact("name = \"Joan\"\n  properties = { note = \"x\" }")),
					ConfigPlanChecks: emptyPlan(),
					Check: resource.ComposeAggregateTestCheckFunc(
						inTidio(t, m, "tier", nil), inTidio(t, m, "note", "x"),
					),
				},
			)
		})
	}
}

func TestContact_badInput(t *testing.T) {
	m := newTeam(t, tidiomock.Config{})
	value := func(key, value string) string { return fmt.Sprintf("properties = { %s = %q }", key, value) }
	for name, c := range map[string]struct{ attributes, want string }{
		"nobody":            {"resource \"tidio_contact\" \"jane\" {}", `(?i)at least one of these attributes must be configured`},
		"empty name":        {contact(`name = ""`), `Empty value`},
		"padded name":       {contact(`name = " Jane"`), `White space around a value`},
		"odd phone":         {contact(`phone = "none"`), `phone must be a phone number`},
		"empty value":       {contact(value("tier", "")), `Empty value`},
		"padded value":      {contact(value("tier", " gold")), `White space around a value`},
		"long value":        {contact(value("tier", strings.Repeat("é", 1001))), `has 1001 characters; Tidio takes at most 1000`},
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
			acctest.Test(t, resource.TestStep{Config: m.Config(c.attributes), ExpectError: says(c.want)})
		})
	}
}

func TestContact_importErrors(t *testing.T) {
	m := newTeam(t, tidiomock.Config{PageSize: 1})
	m.AddContact(tidiomock.Contact{ID: "c1", Email: "twin@example.com"})
	m.AddContact(tidiomock.Contact{ID: "c2", Email: "Twin@example.com"})
	m.AddContact(tidiomock.Contact{ID: "c3", Name: "Somebody without an address"})
	importing := func(id, want string) resource.TestStep {
		return resource.TestStep{
			Config: m.Config(contact("")), ResourceName: jane, ImportState: true, ImportStateId: id, ExpectError: says(want),
		}
	}
	acctest.Test(t,
		importing("c9", `There is no contact with the id "c9".*id = "email:jane@example.com"`),
		importing("email:", `The import id is empty`),
		importing("nobody@example.com", `An e-mail address is not the id of a contact.*id = "email:jane@example.com"`),
		importing("email:nobody@example.com", `No contact has this e-mail address`),
		importing("email:TWIN@example.com", `Several contacts have this e-mail address.*c1 created.*c2 created`),
	)
}
