package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Every contact goes from a query into a configuration, whatever it lacks.
func TestContactList_codifiesTheAccount(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{PageSize: 2}), acctest.NewCore(t)
			for _, c := range []tidiomock.Contact{
				{Name: "Jane\tDoe", FirstName: "Jane\t", LastName: "Doe", Email: "jane@example.com", DistinctID: "u-1"},
				{Name: "${x}", FirstName: "${x}", Properties: map[string]any{"tier": "gold", "seats": 7}},
				{Email: "joe@example.com", Phone: "ask my assistant"},
				{Phone: "+1 202 555 0143"},
				{Properties: map[string]any{"note": "a visitor"}},
			} {
				m.AddContact(c)
			}
			const pages = 3
			found, _ := core.Query(a.config(m, list("contact", "all", withResource), list("contact", "again", "")))
			expectSent(t, m, pages)
			all := found["list.tidio_contact.all"]
			if len(all) != 5 || len(found["list.tidio_contact.again"]) != 5 {
				t.Fatalf("found: %v", found)
			}
			for i, want := range []string{"Jane Doe <jane@example.com>", "${x}", "joe@example.com", "+1 202 555 0143", all[4].ID} {
				if all[i].DisplayName != want || all[i].Resource["properties"] != nil {
					t.Errorf("%q, want %q: %v", all[i].DisplayName, want, all[i].Resource)
				}
			}
			config := a.config(m, acctest.Generate("all", all))
			m.ResetRequests()
			core.Apply(config, acctest.Empty())
			if got := len(m.Requests()); got > 2*pages {
				t.Errorf("%d requests to import a list of %d pages", got, pages)
			}
			core.Plan(config, acctest.Empty())
			expectOnlyReads(t, m)
			for _, address := range core.Addresses() {
				core.Forget(address) // or they would be deleted
			}
		})
	}
}

func TestContactList_filters(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{PageSize: 1}), acctest.NewCore(t)
			for _, address := range []string{"a@example.com", "b@example.com", "c@example.com"} {
				m.AddContact(tidiomock.Contact{Email: address, Properties: map[string]any{"seats": "1e1", "tier": address[:1]}})
			}
			query := func(filter string, opts ...acctest.Option) ([]acctest.Listed, string) {
				t.Helper()
				m.ResetRequests()
				found, result := core.Query(a.config(m, list("contact", "some", "  config {\n"+filter+"\n  }\n")), opts...)
				return found["list.tidio_contact.some"], result.Warnings()
			}
			if found, _ := query(`email = "B@EXAMPLE.com"`); len(found) != 1 || found[0].DisplayName != "b@example.com" {
				t.Errorf("by e-mail: %v", found)
			}
			if got := len(m.Requests()); got != map[string]int{"v1": 3, "published": 1}[name] {
				t.Errorf("%d requests to find one by e-mail", got)
			}
			if found, warned := query(`properties = { seats = "10", tier = "c" }`); len(found) != 1 || warned != "" {
				t.Errorf("by values: %v, %s", found, warned)
			}
			found, warned := query(`properties = { color = null }`)
			if len(found) != 3 || !strings.Contains(warned, `Property "color" is not in the account`) {
				t.Errorf("by a property that is not there: %v, %s", found, warned)
			}
			if found, warned = query(`properties = { color = "red" }`); len(found) != 0 || warned == "" {
				t.Errorf("%v, %s", found, warned)
			}
			query(`email = ""`, acctest.Fails("Empty value"))
		})
	}
}

// Two blocks that find the same contact give it two addresses, which the plan of what they generate refuses.
func TestContactList_overlappingBlocks(t *testing.T) {
	t.Parallel()
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	m.AddContact(tidiomock.Contact{Name: "Jane"})
	found, _ := core.Query(m.Config(list("contact", "a", withResource), list("contact", "b", withResource)))
	generated := acctest.Generate("a", found["list.tidio_contact.a"]) + acctest.Generate("b", found["list.tidio_contact.b"])
	core.Plan(m.Config(generated), acctest.Fails("has two resource addresses"))
}
