package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// person is the resource jane over the published API, with these attributes.
func person(attributes string) string {
	return "resource \"tidio_contact\" \"jane\" {\n  " + attributes + "\n}\n"
}

// The life of a contact in each shape that the descriptions of the API leave open, and in two combinations.
func TestContactPublished_lifecycle(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]tidiomock.Config{
		"as documented":       {},
		"full replies":        {Published: tidiomock.Published{FullReplies: true}},
		"cleared as null":     {Published: tidiomock.Published{Cleared: tidiomock.ClearedNull}},
		"cleared as empty":    {Published: tidiomock.Published{Cleared: tidiomock.ClearedEmpty}},
		"400 for validation":  {Published: tidiomock.Published{ValidationStatus: http.StatusBadRequest}},
		"filter of this case": {Published: tidiomock.Published{EmailFilter: tidiomock.EmailExact}},
		"filter ignored":      {Published: tidiomock.Published{EmailFilter: tidiomock.EmailIgnored}},
		"short pages":         {PageSize: 1},
		"no rate headers":     {HideRateHeaders: true},
		"full, empty, filtered": {PageSize: 2, Published: tidiomock.Published{
			FullReplies: true, Cleared: tidiomock.ClearedEmpty, EmailFilter: tidiomock.EmailExact,
		}},
		"null, ignored, short": {PageSize: 1, Published: tidiomock.Published{
			Cleared: tidiomock.ClearedNull, EmailFilter: tidiomock.EmailIgnored,
			ValidationStatus: http.StatusBadRequest,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, config)
			m.AddContact(tidiomock.Contact{FirstName: "Joe", Email: "joe@example.com"})
			core := acctest.NewCore(t)
			full := m.PublishedConfig(person(`
  distinct_id = "u-7"
  first_name  = "Jane"
  last_name   = "Doe"
  email       = "jane@example.com"
  phone       = "+49 30 1234567"
  properties  = { tier = "gold", seats = "42" }`))
			core.Converge(full)
			id := core.State(jane)["id"].(string)
			created, _ := m.Contact(id)
			if created.DistinctID != "u-7" || created.FirstName != "Jane" || fmt.Sprint(created.Properties["seats"]) != "42" {
				t.Errorf("it was created as %+v", created)
			}

			m.ChangeContact(id, func(c *tidiomock.Contact) { c.City = "Berlin" }) // foreign drift
			m.SetContactValue(id, "note", "written by a bot")
			core.Plan(full, acctest.Empty())
			m.ChangeContact(id, func(c *tidiomock.Contact) { c.LastName = "Roe" }) // owned drift
			m.SetContactValue(id, "tier", "silver")
			core.Converge(full, acctest.Plans(jane, acctest.Update))

			for _, imported := range []string{id, "email:JANE@example.com", "distinct_id:u-7"} {
				if config.Published.EmailFilter == tidiomock.EmailExact {
					imported = strings.ToLower(imported)
				}
				core.Forget(jane)
				core.Import(full, jane, imported)
				core.Converge(full)
			}
			if now, _ := m.Contact(id); now.Properties["note"] != "written by a bot" || now.LastName != "Doe" {
				t.Errorf("after the imports it is %+v", now)
			}

			cleared := m.PublishedConfig(person("distinct_id = \"u-7\"\n  last_name = \"Doe\"\n  properties = { tier = \"gold\" }"))
			core.Converge(cleared)
			now, _ := m.Contact(id)
			if fmt.Sprint(now.Properties["seats"]) == "42" || now.FirstName != "" || now.Email != "" || now.Phone != "" {
				t.Errorf("after the clearing it is %+v", now)
			}
			core.Destroy(cleared)
			if len(m.Contacts()) != 1 {
				t.Errorf("%d contacts are left, want the other one", len(m.Contacts()))
			}
		})
	}
}

// Values of numbers are sent as strings. An account that wants JSON numbers refuses them, in its own words, and is
// read all the same.
func TestContactPublished_numbersAreDemanded(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{Published: tidiomock.Published{JSONNumbers: true}})
	core := acctest.NewCore(t)
	with := m.PublishedConfig(person("distinct_id = \"1\"\n  first_name = \"Jane\"\n  properties = { seats = \"42\" }"))
	core.Apply(with, acctest.Fails(`Could not create the contact .*status 422 with the message .*seats`))
	if got := len(m.Contacts()); got != 0 {
		t.Fatalf("%d contacts were created", got)
	}
	without := m.PublishedConfig(person("distinct_id = \"1\"\n  first_name = \"Jane\"\n  properties = { tier = \"gold\" }"))
	core.Converge(without)
	m.SetContactValue(onlyContact(t, m).ID, "seats", 42)
	core.Converge(with)
}

func TestContactPublished_badInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ attributes, fails string }{
		"name":               {"distinct_id = \"1\"\n  name = \"Jane\"", "does not support name .*, name Set first_name and last_name"},
		"no distinct_id":     {`first_name = "Jane"`, "Missing distinct_id .*, distinct_id .*import the contact if it already exists"},
		"empty distinct_id":  {"distinct_id = \"\"\n  first_name = \"Jane\"", "Empty value .*distinct_id"},
		"56 characters":      {fmt.Sprintf("distinct_id = %q\n  first_name = \"Jane\"", strings.Repeat("ü", 56)), "at most 55"},
		"128 characters":     {fmt.Sprintf("distinct_id = \"1\"\n  last_name = %q", strings.Repeat("a", 128)), "at most 127"},
		"none of the fields": {`distinct_id = "1"`, "Set at least one of first_name, last_name, email and phone"},
		"e-mail address":     {"distinct_id = \"1\"\n  email = \"jane\"", "must be an e-mail address"},
		"long phone": {
			fmt.Sprintf("distinct_id = \"1\"\n  phone = %q", strings.Repeat("1", 156)), "at most 155",
		},
		"twice": {
			"distinct_id = \"1\"\n  first_name = \"Jane\"\n}\nresource \"tidio_contact\" \"joe\" {\n  distinct_id = \"1\"\n" +
				"  first_name = \"Joe\"", "A distinct_id is planned twice .*, distinct_id",
		},
		"null, known only at apply": {
			"distinct_id = later(null)\n  first_name = \"Jane\"", "Missing distinct_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			config := m.PublishedConfig(person(c.attributes))
			core := acctest.NewCore(t)
			if strings.Contains(c.attributes, "later(") {
				core.Apply(config, acctest.Fails(c.fails))
			} else {
				core.Plan(config, acctest.Fails(c.fails))
			}
			if got := m.Count("POST", "/contacts"); got != 0 {
				t.Errorf("%d contacts were sent", got)
			}
		})
	}
}

// Over v1 the fields of the published API are refused, each by name.
func TestContact_fieldsOfThePublishedAPI(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	acctest.NewCore(t).Plan(m.Config(contact("distinct_id = \"1\"\n  first_name = \"Jane\"")),
		acctest.Fails("does not support distinct_id .*, distinct_id Remove distinct_id", "first_name Set name instead of"))
}

func TestContactPublished_clearingTheLastField(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	core := acctest.NewCore(t)
	some := m.PublishedConfig(person("distinct_id = \"1\"\n  first_name = \"Jane\"\n  email = \"jane@example.com\""))
	none := m.PublishedConfig(person(`distinct_id = "1"`))
	core.Converge(some)
	core.Plan(none, acctest.Fails("A contact needs .*This plan clears the last one"))

	// Another field, not ours, remains.
	m.ChangeContact(onlyContact(t, m).ID, func(c *tidiomock.Contact) { c.Phone = "+49 30 1234567" })
	core.Converge(none)
	if c := onlyContact(t, m); c.FirstName != "" || c.Email != "" || c.Phone == "" {
		t.Errorf("it is %+v", c)
	}
}

// What the account has is not refused: a contact may have none of the fields, and keep none.
func TestContactPublished_withoutAnyField(t *testing.T) {
	t.Parallel()
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	id := m.AddContact(tidiomock.Contact{DistinctID: "u-1"}).ID
	config := m.PublishedConfig(person("distinct_id = \"u-1\"\n  properties = { tier = \"gold\" }"))
	core.Import(config, jane, id)
	core.Converge(config, acctest.Plans(jane, acctest.Update))
}

// A distinct_id can be set, changed, and let go; it cannot be cleared.
func TestContactPublished_distinctID(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	id := m.AddContact(tidiomock.Contact{FirstName: "Jane"}).ID
	core := acctest.NewCore(t)
	without := m.PublishedConfig(person(`first_name = "Jane"`))
	core.Import(without, jane, id)
	core.Plan(without, acctest.Empty())

	for _, value := range []string{"u-1", "u-2"} {
		core.Converge(m.PublishedConfig(person(fmt.Sprintf("first_name = \"Jane\"\n  distinct_id = %q", value))))
		if got := onlyContact(t, m).DistinctID; got != value {
			t.Errorf("distinct_id is %q, want %q", got, value)
		}
	}
	core.Apply(without, acctest.Warns("A removed distinct_id stays in Tidio"))
	core.Plan(without, acctest.Empty())
	if got := onlyContact(t, m).DistinctID; got != "u-2" {
		t.Errorf("distinct_id is %q", got)
	}
}

// A contact has the distinct_id to itself, also against one that exists, but not against the one that it replaces.
func TestContactPublished_distinctIDOfAnother(t *testing.T) {
	t.Parallel()
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	config := func(of string) string {
		return m.PublishedConfig(person("distinct_id = \"u-1\"\n  first_name = \"Jane\""),
			fmt.Sprintf("resource \"tidio_contact\" \"joe\" {\n  distinct_id = %q\n  first_name = \"Joe\"\n}\n", of))
	}
	core.Converge(config("u-2"))
	core.Plan(config("u-1"), acctest.Fails("A distinct_id is planned twice"))
	core.Apply(config("u-2"), acctest.Replacing(jane), acctest.Plans(jane, acctest.Replace))
}

func TestContactPublished_importNeedsOne(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	one := m.AddContact(tidiomock.Contact{FirstName: "Jane", DistinctID: "twice"})
	two := m.AddContact(tidiomock.Contact{FirstName: "Joe", DistinctID: "twice"})
	core := acctest.NewCore(t)
	config := m.PublishedConfig(person(`first_name = "Jane"`))
	for id, fails := range map[string]string{
		"distinct_id:twice": "Several contacts have this distinct_id .*" + one.ID + ".*" + two.ID,
		"distinct_id:other": "No contact has this distinct_id",
		"distinct_id:":      `The import id is empty.*distinct_id:<distinct_id>`,
		"jane@example.com":  `An e-mail address is not the id of a contact`,
	} {
		core.Import(config, jane, id, acctest.Fails(fails))
	}
	core.Import(m.Config(contact("")), jane, "distinct_id:twice", acctest.Fails(`v1 \(api_key\) does not support distinct_id`))
}

func TestContactPublished_requests(t *testing.T) {
	t.Parallel()
	m := newTeam(t, tidiomock.Config{})
	m.AddContacts(2000, func(i int) tidiomock.Contact {
		return tidiomock.Contact{Email: fmt.Sprintf("c%d@example.com", i)}
	})
	all := m.Contacts()
	for n, most := range map[int]int{5: 6, 1000: 50} {
		core := acctest.NewCore(t)
		config := m.PublishedConfig(fmt.Sprintf("resource \"tidio_contact\" \"many\" {\n  count = %d\n"+
			"  email           = \"c${count.index}@example.com\"\n  deletion_policy = \"ABANDON\"\n}\n", n))
		imports := ""
		for i := range n {
			imports += fmt.Sprintf("import {\n  to = tidio_contact.many[%d]\n  id = %q\n}\n", i, all[i].ID)
		}
		core.Apply(config + imports)
		m.ResetRequests()
		core.Plan(config, acctest.Empty())
		if got := len(m.Requests()); got > most {
			t.Errorf("%d requests for %d contacts, want at most %d", got, n, most)
		}
	}
}

// Nothing that ends all costs more than one request, however many objects there are.
func TestPublished_whatEndsAllCostsOneRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults []tidiomock.Fault
		edit   func(config string) string
		fails  string
	}{
		"wrong secret": {
			edit:  func(s string) string { return strings.Replace(s, acctest.ClientSecret, "cs_wrong", 1) },
			fails: "Tidio does not accept the client id and the client secret .*TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET",
		},
		"no access": {
			faults: []tidiomock.Fault{{Do: tidiomock.FailBefore, Status: 403, Times: -1}},
			fails:  "may not do this through the API .*Plus or Premium plan",
		},
		"a proxy without Accept": {
			faults: []tidiomock.Fault{{Do: tidiomock.FailBefore, Status: 406, Times: -1}},
			fails:  "did not receive the Accept header .*HTTPS_PROXY",
		},
		"another project": {
			edit: func(s string) string {
				return strings.Replace(s, "base_url", "expected_project_id = \"4711\"\n  base_url", 1)
			},
			fails: "The credentials belong to another Tidio project .*4711",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			for _, fault := range c.faults {
				m.Arm(fault)
			}
			config := m.PublishedConfig(manyProperties(100))
			if c.edit != nil {
				config = c.edit(config)
			}
			acctest.NewCore(t).Plan(config, acctest.Fails(c.fails))
			expectSent(t, m, 1)
		})
	}
}

// Whatever becomes of a POST, no two contacts have one distinct id, and the second apply is done.
func TestContactPublished_unknownOutcomes(t *testing.T) {
	t.Parallel()
	const n = 60
	m := newTeam(t, tidiomock.Config{})
	core := acctest.NewCore(t, provider.WithRecheckAfter())
	config := m.PublishedConfig(fmt.Sprintf("resource \"tidio_contact\" \"many\" {\n  count = %d\n"+
		"  distinct_id = \"u-${count.index}\"\n  first_name = \"Jane\"\n}\n", n))
	for _, kind := range []tidiomock.FaultKind{tidiomock.FailAfter, tidiomock.FailBefore, tidiomock.CutAfter} {
		m.Arm(tidiomock.Fault{Method: "POST", Skip: 1, Do: kind}) // every second batch
	}
	core.Apply(config, acctest.MayFail())
	core.Converge(config)
	seen := map[string]bool{}
	for _, c := range m.Contacts() {
		if seen[c.DistinctID] {
			t.Errorf("two contacts have the distinct_id %s", c.DistinctID)
		}
		seen[c.DistinctID] = true
	}
	if len(seen) != n {
		t.Errorf("%d contacts, want %d", len(seen), n)
	}
}

// The new contact of a replacement is told from the old one, which has its distinct id as well.
func TestContactPublished_replacedBeforeItIsDeleted(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]tidiomock.Fault{
		"503, not done":  {Do: tidiomock.FailBefore, Status: http.StatusServiceUnavailable},
		"500, done":      {Do: tidiomock.FailAfter},
		"cut, done":      {Do: tidiomock.CutAfter},
		"cut, not done":  {Do: tidiomock.CutBefore},
		"nothing at all": {Do: tidiomock.FailAfter, Method: "PATCH"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTeam(t, tidiomock.Config{})
			core := acctest.NewCore(t, provider.WithRecheckAfter())
			config := m.PublishedConfig(person("distinct_id = \"u-1\"\n  email = \"jane@example.com\"\n" +
				"  lifecycle {\n    create_before_destroy = true\n  }"))
			core.Converge(config)
			old := onlyContact(t, m)
			m.ChangeContact(old.ID, func(c *tidiomock.Contact) { c.CreatedAt = "2026-01-01T00:00:00+00:00" })
			core.Taint(jane)
			if fault.Method == "" {
				fault.Method, fault.Route = "POST", "/contacts"
				m.Arm(fault)
			}
			core.Converge(config)
			now := onlyContact(t, m)
			if now.ID == old.ID || now.DistinctID != "u-1" || core.State(jane)["id"] != now.ID {
				t.Errorf("the account has %+v, the state %v", now, core.State(jane))
			}
		})
	}
}

// Terraform plans the replacement of a tainted object without its private state, and destroys it with what that plan
// has. A delete whose reply was lost must not pass for an object of another API, whether a retry succeeds or none does.
func TestContactPublished_taintedAndTheReplyToItsDeleteIsLost(t *testing.T) {
	for name, fault := range map[string]tidiomock.Fault{
		"once":   {Do: tidiomock.CutAfter},
		"always": {Do: tidiomock.FailAfter, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := m.PublishedConfig(person("distinct_id = \"u-1\"\n  email = \"jane@example.com\""))
			core.Converge(config)
			core.Taint(jane)
			fault.Method = "DELETE"
			m.Arm(fault)
			core.Apply(strings.Replace(config, "request_timeout", "max_retries = 1\n  request_timeout", 1), acctest.MayFail())
			m.Disarm()
			core.Converge(config)
			if got := onlyContact(t, m).ID; got != core.State(jane)["id"] {
				t.Errorf("the account has %s, the state %v", got, core.State(jane))
			}
		})
	}
}

// A tainted contact of v1 is not believed to be gone when the other API does not have its id: without a refresh, only
// the read before the delete can tell.
func TestContactPublished_taintedOverV1(t *testing.T) {
	m, other := newTeam(t, tidiomock.Config{}), newTeam(t, tidiomock.Config{})
	core := acctest.NewCore(t)
	core.Converge(m.Config(person("name = \"Jane\"")))
	id := core.State(jane)["id"]
	core.Taint(jane)
	core.Apply(other.PublishedConfig(person("distinct_id = \"u-1\"\n  first_name = \"Jane\"")), acctest.WithoutRefresh(),
		acctest.Fails("was managed through the other API"))
	if core.State(jane)["id"] != id {
		t.Errorf("the state has %v", core.State(jane))
	}
	core.Forget(jane)
}
