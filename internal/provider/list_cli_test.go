package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// newQueryWorkspace is a workspace for `terraform query` over one of the APIs, with list blocks; it skips the test where
// the engine has no such command.
func newQueryWorkspace(t *testing.T, api string, m *acctest.Mock, blocks ...string) *acctest.Workspace {
	t.Helper()
	acctest.NeedsTerraform(t, "1.14.0", "terraform query")
	newWorkspace := acctest.NewWorkspace
	if api == "published" {
		newWorkspace = acctest.NewPublishedWorkspace
	}
	w := newWorkspace(t, m, "")
	w.WriteFile("account.tfquery.hcl", strings.Join(blocks, "\n"))
	return w
}

// What an older engine leaves out of the tests, for make test to print: a passing package prints nothing.
func TestNewerEngine(t *testing.T) {
	t.Run("query", func(t *testing.T) { acctest.NeedsTerraform(t, "1.14.0", "what runs terraform query") })
	t.Run("actions", func(t *testing.T) { acctest.NeedsTerraform(t, "1.14.0", "what has action blocks") })
}

// The whole way: an account of 150 properties and 30 contacts becomes code with one command, and an apply imports it.
func TestCLIList_codifiesAnAccount(t *testing.T) {
	t.Parallel()
	const limit = "  limit = 200\n"
	const most = 15 + 5 + 3 // requests: one list of properties; five contacts one by one, then a list of them
	for name := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{PageSize: 10})
			for name, label := range listedNames {
				m.AddProperty(tidiomock.Property{Name: name, Label: label, Type: "text"})
			}
			for i := range 150 - len(listedNames) {
				m.AddProperty(tidiomock.Property{Name: fmt.Sprintf("p%d", i), Label: fmt.Sprintf("Label %d", i), Type: "number"})
			}
			for i := range 30 {
				c := tidiomock.Contact{Email: fmt.Sprintf("c%d@example.com", i), Properties: map[string]any{"p1": i}}
				if i == 3 {
					c = tidiomock.Contact{} // who came by and left nothing
				}
				m.AddContact(c)
			}
			w := newQueryWorkspace(t, name, m, list("property", "all", limit), list("contact", "all", limit))
			said := w.Expect(0, "query", "-generate-config-out=generated.tf")
			expectContains(t, said, "list.tidio_property.all", "c7@example.com", "Label 7 (p7)")
			expectSent(t, m, 15+3)
			expectOnlyReads(t, m)

			m.ResetRequests()
			expectContains(t, w.Expect(0, "plan", "-out=saved"), "180 to import, 0 to add, 0 to change, 0 to destroy.")
			expectAtMost := func() {
				t.Helper()
				if got := len(m.Requests()); got > most {
					t.Errorf("%d requests, want %d at most", got, most)
				}
				m.ResetRequests()
			}
			expectAtMost()
			w.Expect(0, "apply", "saved")
			expectAtMost()
			w.Expect(0, "plan", "-detailed-exitcode")
			expectAtMost()
		})
	}
}

// What the engine does with results, warnings and errors.
func TestCLIList_output(t *testing.T) {
	t.Parallel()
	m := newOddMock(t, tidiomock.Config{PageSize: 2})
	for _, name := range []string{"a1", "a2", "a3", "b1"} {
		m.AddProperty(tidiomock.Property{Name: name, Type: "text"})
	}
	m.AddProperty(tidiomock.Property{Name: "odd", Type: "date"})
	some := list("property", "some", "  limit = 2\n")
	w := newQueryWorkspace(t, "v1", m, some, list("property", "a", "  config {\n    name_prefix = \"a\"\n  }\n"))
	said := w.Expect(0, "query")
	expectContains(t, said, "list.tidio_property.some", "There are more properties than the limit of a list block",
		"This block has found 4 properties and lists 2", "Properties of other types are left out",
		"leaves out 1 of the account's properties")
	expectSent(t, m, 3) // both share one list

	said = w.Expect(0, "query", "-json")
	expectContains(t, said, `"type":"list_resource_found"`, `"display_name":"a3"`, `"severity":"warning"`)

	// One object at two addresses: the plan says so.
	w.Expect(0, "query", "-generate-config-out=generated.tf")
	expectContains(t, w.Expect(1, "plan"), "has two resource addresses")

	// One block fails, the other is there all the same.
	m.Arm(tidiomock.Fault{Method: "GET", Route: "/contacts", Do: tidiomock.FailBefore, Status: http.StatusBadRequest, Times: -1})
	w.WriteFile("account.tfquery.hcl", some+list("contact", "all", ""))
	expectContains(t, w.Expect(1, "query"), "Could not list the account's contacts", "list.tidio_property.some", "status 400")
	m.Disarm()
}

func TestCLIList_wrongKeyAndInterrupt(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 1})
	for _, name := range []string{"a", "b"} {
		m.AddProperty(tidiomock.Property{Name: name, Type: "text"})
		m.AddContact(tidiomock.Contact{Name: name})
	}
	w := newQueryWorkspace(t, "v1", m, list("property", "all", ""), list("contact", "all", ""))
	w.Write("provider \"tidio\" {\n  api_key = \"wrong\"\n}\n")
	expectContains(t, w.Expect(1, "query"), "Tidio does not accept the API key")
	expectSent(t, m, 1)

	w.Write("")
	reached, release := make(chan struct{}, 1), make(chan struct{})
	m.Arm(tidiomock.Fault{Method: "GET", Do: tidiomock.HoldBefore, Reached: reached, Release: release})
	query := w.Start(t.Context(), "query")
	<-reached
	if err := query.Interrupt(); err != nil {
		t.Fatal(err)
	}
	result := query.Wait()
	close(release)
	if result.Left {
		t.Errorf("the query ended with %d, and left a process behind\n%s%s", result.ExitCode, result.Stdout, result.Stderr)
	}
	// The SDK may drop the provider's error, because the query has ended. What it has found is all or nothing.
	for _, noun := range []string{"property", "contact"} {
		if got := strings.Count(result.Stdout, "list.tidio_"+noun+".all   id="); got == 1 {
			t.Errorf("it shows a part of what there is:\n%s", result.Stdout)
		}
	}
}
