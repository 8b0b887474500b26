package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// withoutRetries makes a configuration of [acctest.Mock] fail at the first error.
func withoutRetries(config string) string {
	return strings.Replace(config, "request_timeout", "max_retries = 0\n  request_timeout", 1)
}

func TestContact_clearingThatDidNotTake(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{IgnoreClears: true}), acctest.NewCore(t)
	core.Converge(m.Config(contact(`properties = { tier = "gold" }`)))
	core.Apply(m.Config(contact("")), acctest.Fails("were not cleared", `still has a value for: "tier"`))
	// The key is still in the state, so it is not forgotten.
	core.ExpectState(jane, attributes{"properties": attributes{"tier": "gold"}})
	core.Plan(m.Config(contact("")), acctest.Plans(jane, acctest.Update))
}

func TestContact_clearingThatCannotBeReadBack(t *testing.T) {
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}, IgnoreClears: true})
	core := acctest.NewCore(t)
	core.Converge(m.Config(contact(`properties = { tier = "gold" }`)))
	// The first GET is the plan's.
	m.Arm(tidiomock.Fault{Method: "GET", Route: "/contacts/{id}", Skip: 1, Do: tidiomock.FailBefore})
	core.Apply(withoutRetries(m.Config(contact(""))), acctest.Fails(`It may still have a value for: "tier"`))
	core.ExpectState(jane, attributes{"properties": attributes{"tier": "gold"}})
	core.Plan(m.Config(contact("")), acctest.Plans(jane, acctest.Update))
}

func TestContact_createdWithUnknownOutcome(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	before := m.AddContact(tidiomock.Contact{Email: "Jane@example.com"})
	m.Arm(tidiomock.Fault{Method: "POST", Route: "/contacts", Do: tidiomock.CutAfter})
	result := core.Apply(m.Config(contact("")), acctest.Fails())
	expectRequests(t, m, "POST", "/contacts", 1)
	all := m.Contacts()
	if len(all) != 2 {
		t.Fatalf("%d contacts, want a second one", len(all))
	}
	created := all[1].ID
	expectContains(t, result.Errors(), "The contact may have been created", before.ID, created+" created", "to = tidio_contact.<yours>")

	// The way out that it names.
	core.Converge(m.Config(contact("") + "import {\n  to = tidio_contact.jane\n  id = \"" + created + "\"\n}\n"))
}

func TestContact_createdWithoutAReply(t *testing.T) {
	m := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.EmptyBody}})
	acctest.NewCore(t).Apply(m.Config("resource \"tidio_contact\" \"jane\" {\n  name = \"Jane\"\n}\n"),
		acctest.Fails("The contact may have been created", "Look for it in Tidio"))
	onlyContact(t, m)
}

// A reply that has the id alone is as good as any: nothing is read back.
func TestContact_replyWithTheIDAlone(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}}), acctest.NewCore(t)
	config := m.Config(contact(`properties = { tier = "gold" }`))
	core.Apply(config)
	expectRequests(t, m, "GET", "/contacts/{id}", 0)
	core.Plan(config, acctest.Empty())
}

func TestContact_deletedAfterThePlan(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(contact(`name = "Jane"`)))
	id := onlyContact(t, m).ID
	config := m.Config(contact(`name = "Joan"`))
	core.Apply(config, acctest.AfterPlan(func() { m.DeleteContact(id) }),
		acctest.Fails("Could not update contact "+id, "Tidio has no such object"))
	core.Converge(config)
}

// A 404 of the collection is no sign that the contact is gone, however the plan was made.
func TestContact_destroyedAtTheWrongAddress(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(""))
	core.Converge(config)
	core.Destroy(strings.Replace(config, "/v1/", "/v2/", 1), acctest.WithoutRefresh(),
		acctest.Fails("base_url does not lead to the Tidio API"))
	core.ExpectState(jane, attributes{"id": onlyContact(t, m).ID})

	m.DeleteContact(onlyContact(t, m).ID)
	core.Destroy(config, acctest.WithoutRefresh(), acctest.Warns("was already deleted"))
}

// Another spelling that means the same is a change if the configuration makes it: the plan shows it.
func TestContact_changedSpellingIsSent(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Converge(m.Config(contact(`phone = "+12025550100"`)))
	core.Converge(m.Config(contact(`phone = "+1 202 555-0100"`)), acctest.Plans(jane, acctest.Update))
	if got := onlyContact(t, m).Phone; got != "+1 202 555-0100" {
		t.Errorf("the phone number is %q in Tidio", got)
	}
}

// A proxy's page is no proof that a contact is gone, whatever its status: the state keeps the contact,
// and nothing is deleted twice or made again.
func TestContact_pageOfAProxy(t *testing.T) {
	for name, fault := range map[string]tidiomock.Fault{
		"404 to a refresh":   {Method: "GET", Route: "/contacts/{id}", Do: tidiomock.HTML, Status: 404},
		"200 to a delete":    {Method: "DELETE", Do: tidiomock.HTML},
		"404 to a delete":    {Method: "DELETE", Do: tidiomock.HTML, Status: 404},
		"500s to the delete": {Method: "DELETE", Do: tidiomock.HTML, Status: 500, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := withoutRetries(m.Config(contact("")))
			core.Converge(config)
			m.Arm(fault)
			core.Destroy(config, acctest.Fails())
			core.ExpectState(jane, attributes{"id": onlyContact(t, m).ID})
			m.Disarm()
			core.Plan(config, acctest.Empty())
			core.Destroy(config)
			if left := len(m.Contacts()); left != 0 {
				t.Errorf("%d contacts are left", left)
			}
		})
	}
}

// 410 says that a contact is gone, as 404 does.
func TestContact_goneBy410(t *testing.T) {
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := m.Config(contact(""))
	core.Converge(config)
	m.Arm(tidiomock.Fault{Route: "/contacts/{id}", Do: tidiomock.FailBefore, Status: 410, Times: -1})
	core.Plan(config, acctest.Plans(jane, acctest.Create), acctest.Warns("is gone from Tidio"))
	core.Destroy(config)
}

// A firewall refuses in a page of its own; that says nothing about the account's plan.
func TestContact_firewall(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := a.config(m, a.person("jane", ""))
			core.Converge(config)
			m.Arm(tidiomock.Fault{Method: "GET", Route: "/contacts/{id}", Do: tidiomock.NotFoundHTML, Status: 403})
			core.Plan(config, acctest.Fails("refused, possibly not by Tidio.*status 403 .text/html.*a firewall or a proxy"))
			core.Plan(config, acctest.Empty())
		})
	}
}
