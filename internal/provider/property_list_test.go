package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// list is a list block.
func list(noun, name, more string) string {
	return fmt.Sprintf("list \"tidio_%s\" %q {\n  provider = tidio\n%s}\n", noun, name, more)
}

const withResource = "  include_resource = true\n"

// listedNames are names that people have given to properties, and labels.
var listedNames = map[string]string{
	"plan.tier":           "Plan",
	`say "hi"`:            `A "label"`,
	"${x} and %{if true}": "${label}",
	"größe":               "Größe",
	decomposed + " 2":     decomposed,
	"a/b:c d":             "with\ta tab",
	`back\slash`:          "line\nbreak",
	"emoji 🙂":             "🙂",
	" tier ":              " blank ",
	"007":                 "true",
}

// All that an account has goes from a query into a configuration: the apply imports it and changes nothing.
func TestPropertyList_codifiesTheAccount(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := acctest.NewMock(t, tidiomock.Config{PageSize: 4}), acctest.NewCore(t)
			for name, label := range listedNames {
				m.AddProperty(tidiomock.Property{Name: name, Label: label, Type: "text"})
			}
			m.AddProperty(tidiomock.Property{Name: "no_label", Type: "number"})
			const pages = 3
			found, _ := core.Query(a.config(m, list("property", "all", withResource)))
			expectSent(t, m, pages)
			all := found["list.tidio_property.all"]
			if len(all) != len(listedNames)+1 {
				t.Fatalf("%d results: %v", len(all), all)
			}
			for _, one := range all {
				hasLabel := one.Resource["label"] != one.Resource["name"]
				if strings.ContainsAny(one.DisplayName, "\t\n") || strings.Contains(one.DisplayName, " (") != hasLabel {
					t.Errorf("it is displayed as %q: %v", one.DisplayName, one.Resource)
				}
				if one.ID != one.Resource["id"] || one.Resource["adopt_existing"] != nil {
					t.Errorf("with the identity %q: %v", one.ID, one.Resource)
				}
			}
			config := a.config(m, acctest.Generate("all", all))
			m.ResetRequests()
			core.Plan(config, acctest.Empty())
			expectSent(t, m, pages)
			m.ResetRequests()
			core.Converge(config)
			expectSent(t, m, 2*pages) // of the plan, and of another one: to import costs nothing more
			expectOnlyReads(t, m)
		})
	}
}

// newOddMock is a mock that may have properties of types that no contract has.
func newOddMock(t *testing.T, config tidiomock.Config) *acctest.Mock {
	t.Helper()
	mock := tidiomock.New(config)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	return &acctest.Mock{Mock: mock, URL: server.URL + "/v1/", Published: server.URL + "/"}
}

func TestPropertyList_filters(t *testing.T) {
	t.Parallel()
	m, core := newOddMock(t, tidiomock.Config{PageSize: 2}), acctest.NewCore(t)
	for name, kind := range map[string]string{
		"crm_id": "text", "crm_seats": "number", "CRM_x": "text", decomposed: "text", "crm_born": "date", "ok": "checkbox", "no": "checkbox",
	} {
		m.AddProperty(tidiomock.Property{Name: name, Type: kind})
	}
	filter := func(name, config string) string { return list("property", name, "  config {\n"+config+"  }\n") }
	found, _ := core.Query(m.PublishedConfig(
		filter("text", "type = \"text\"\n"), filter("crm", "name_prefix = \"crm_\"\ntype = \"number\"\n"),
		filter("composed", "name_prefix = \"Grö\"\n"), filter("date", "type = \"date\"\n"), filter("none", "type = \"none\"\n"),
	))
	expectSent(t, m, 4) // one list for all of them
	for name, want := range map[string]int{"text": 3, "crm": 1, "composed": 1, "date": 1, "none": 0} {
		if got := len(found["list.tidio_property."+name]); got != want {
			t.Errorf("%s has found %d, want %d", name, got, want)
		}
	}
	for _, one := range found["list.tidio_property.text"] {
		if one.Resource != nil {
			t.Errorf("the resource was not asked for: %v", one.Resource)
		}
	}

	// Of other types there is one warning. A resource can be imported, if somebody wants to.
	all, result := core.Query(m.Config(list("property", "all", "")))
	if got := len(all["list.tidio_property.all"]); got != 4 || len(result.Diagnostics) != 1 {
		t.Errorf("%d results, and %v", got, result.Diagnostics)
	}
	expectContains(t, result.Warnings(), "leaves out 3 of the account's properties", `to one of: "checkbox", "date".`)
	_, result = core.Query(m.Config(filter("seats", "name_prefix = \"crm_s\"\n")))
	if len(result.Diagnostics) != 0 {
		t.Errorf("it warns: %v", result.Diagnostics)
	}
	found, _ = core.Query(m.Config(list("property", "boxes", withResource+"  config {\n    type = \"checkbox\"\n  }\n")))
	core.Converge(m.Config(acctest.Generate("boxes", found["list.tidio_property.boxes"])))

	core.Query(m.Config(filter("empty", "type = \"\"\n")), acctest.Fails("Empty value .*type must not be empty"))
}

// A limit is the engine's, and silent: a warning says how many there are. It comes through only with the last result.
func TestPropertyList_limit(t *testing.T) {
	t.Parallel()
	m, core := newOddMock(t, tidiomock.Config{}), acctest.NewCore(t)
	for i := range 101 {
		m.AddProperty(tidiomock.Property{Name: fmt.Sprintf("p%d", i), Type: "text"})
	}
	m.AddProperty(tidiomock.Property{Name: "odd", Type: "date"})
	for limit, want := range map[string]string{
		"":                "has found 101 properties and lists 100: its limit, 100 unless set. To list all, set limit = 101",
		"  limit = 7\n":   "has found 101 properties and lists 7",
		"  limit = 101\n": "",
	} {
		found, result := core.Query(m.Config(list("property", "all", limit)), acctest.Warns(want, "leaves out 1 of"))
		if got := len(found["list.tidio_property.all"]); want == "" && got != 101 || got > 101 {
			t.Errorf("%d results with %q", got, limit)
		}
		if strings.Contains(result.Warnings(), "has found") != (want != "") {
			t.Errorf("with %q it warns: %s", limit, result.Warnings())
		}
	}
}

func TestPropertyList_fails(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	blocks := list("property", "a", "") + list("property", "b", "") + list("contact", "c", "")
	core.Query(strings.Replace(m.PublishedConfig(blocks), acctest.ClientSecret, "cs_wrong", 1),
		acctest.Fails("Tidio does not accept the client id and the client secret"))
	expectSent(t, m, 1)

	m.ResetRequests()
	m.Arm(tidiomock.Fault{Method: "GET", Route: "/properties", Do: tidiomock.FailBefore, Status: http.StatusBadRequest, Times: -1})
	m.AddContact(tidiomock.Contact{Name: "Jane"})
	found, _ := core.Query(m.Config(blocks), acctest.Fails("Could not list the account's properties.*status 400"))
	if len(found) != 1 || len(found["list.tidio_contact.c"]) != 1 {
		t.Errorf("what does not fail has found %v", found)
	}
	m.Disarm()
}
