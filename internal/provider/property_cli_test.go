package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What a user reads: these tests run the real binary under the real engine and look at its output
// and exit codes.

const stays = "Properties stay in Tidio when Terraform destroys them"

func expectContains(t *testing.T, output string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(output, want) {
			t.Errorf("%q is not in:\n%s", want, output)
		}
	}
}

func TestCLIProperty_destroySaysThatThePropertyStays(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	two := seats + "resource \"tidio_property\" \"tier\" {\n  name = \"tier\"\n  type = \"text\"\n}\n"
	w := acctest.NewWorkspace(t, m, two)
	w.Expect(0, "apply", "-auto-approve")

	m.ResetRequests()
	planned := w.Expect(2, "plan", "-destroy", "-refresh=false", "-detailed-exitcode")
	expectContains(t, planned, stays, "its name stays taken", "2 to destroy", "lifecycle { prevent_destroy = true }",
		"removed { from = tidio_property.<yours> lifecycle { destroy = false } }")
	if strings.Count(planned, stays) != 1 {
		t.Errorf("it is said more than once:\n%s", planned)
	}
	if len(m.Requests()) != 0 {
		t.Errorf("a plan that destroys makes no request, got %v", m.Requests())
	}
}

func TestCLIProperty_renameSaysThatThePropertyStays(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "apply", "-auto-approve")
	w.Write(strings.Replace(seats, `"seats"`+"\n", `"licences"`+"\n", 1))
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), stays, "forces replacement")
}

// The engine's own protection, as documented; and forgetting without a planned destroy.
func TestCLIProperty_preventDestroy(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	protected := seatsWith("lifecycle {\n    prevent_destroy = true\n  }")
	w := acctest.NewWorkspace(t, m, protected)
	w.Expect(0, "apply", "-auto-approve")
	expectContains(t, w.Expect(1, "plan", "-destroy"), "prevent_destroy")
	w.Write(strings.Replace(protected, `"seats"`+"\n", `"licences"`+"\n", 1))
	expectContains(t, w.Expect(1, "plan"), "prevent_destroy")

	w.Write("removed {\n  from = tidio_property.seats\n  lifecycle {\n    destroy = false\n  }\n}\n")
	if said := w.Expect(0, "apply", "-auto-approve"); strings.Contains(said, stays) {
		t.Errorf("nothing is destroyed, so nothing needs to be said of it:\n%s", said)
	}
	if _, there := m.Property("seats"); !there {
		t.Error("the property is gone from Tidio")
	}
}

// Versions before the first release had deletion_policy: their states plan as any other.
func TestCLIProperty_stateWithDeletionPolicy(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "apply", "-auto-approve")
	editState(t, w, func(instance map[string]any) {
		instance["attributes"].(map[string]any)["deletion_policy"] = "PREVENT"
	})
	expectContains(t, w.ReadFile("terraform.tfstate"), "PREVENT")
	w.Expect(0, "plan", "-detailed-exitcode")
	expectContains(t, w.Expect(0, "destroy", "-auto-approve"), stays)
}

func TestCLIProperty_replaceUnderTheSameNameIsRefused(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	stubborn := seatsWith("adopt_existing = true\n  lifecycle {\n    create_before_destroy = true\n  }")
	w := acctest.NewWorkspace(t, m, stubborn)
	w.Expect(0, "apply", "-auto-approve")
	refused := `Property "seats" cannot be replaced under its own name`
	expectContains(t, w.Expect(1, "plan", "-replace=tidio_property.seats"), refused, "Leave out -replace")

	w.Write(seats)
	w.Expect(0, "apply", "-auto-approve")
	expectContains(t, w.Expect(1, "plan", "-replace=tidio_property.seats"), refused)
	w.Expect(0, "taint", "tidio_property.seats")
	expectContains(t, w.Expect(1, "plan"), `Property "seats" exists already`, "run `terraform untaint`")
	w.Expect(0, "untaint", "tidio_property.seats")
	w.Expect(0, "plan", "-detailed-exitcode")
}

func TestCLIProperty_swapOfTwoNames(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	two := func(first, second, more string) string {
		one := "resource \"tidio_property\" %q {\n  name = %q\n  type = \"text\"\n  %s\n}\n"
		return fmt.Sprintf(one, "a", first, more) + fmt.Sprintf(one, "b", second, more)
	}
	w := acctest.NewWorkspace(t, m, two("one", "two", ""))
	w.Expect(0, "apply", "-auto-approve")
	w.Write(two("two", "one", ""))
	expectContains(t, w.Expect(1, "plan"), "to a name that is taken", "`terraform state mv`", "set adopt_existing = true")
	w.Write(two("two", "one", "adopt_existing = true"))
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
	if got := len(m.Properties()); got != 2 {
		t.Errorf("%d properties, want the two there were", got)
	}
}

func TestCLIProperty_createdByTheOthersAfterThePlan(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "plan", "-out=saved.tfplan")
	m.AddProperty(tidiomock.Property{Name: "seats", Label: "Seats", Type: "number"})
	expectContains(t, w.Expect(1, "apply", "saved.tfplan"), `Property "seats" exists already`, `id = "seats"`)
	if got := m.Count("POST", "/properties"); got != 0 {
		t.Errorf("%d POSTs for a name that is taken", got)
	}
}

// What became of a create whose reply says nothing is found out: never twice, never lost.
func TestCLIProperty_createWithUnknownOutcome(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]tidiomock.Fault{
		"error before":  {Do: tidiomock.FailBefore},
		"error after":   {Do: tidiomock.FailAfter},
		"cut before":    {Do: tidiomock.CutBefore},
		"cut after":     {Do: tidiomock.CutAfter},
		"half a reply":  {Do: tidiomock.CutBody},
		"half the JSON": {Do: tidiomock.TruncatedJSON},
		"garbage":       {Do: tidiomock.Garbage},
		"empty":         {Do: tidiomock.Garbage, Status: http.StatusCreated, Body: []byte(" ")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			fault.Method, fault.Route = http.MethodPost, "/properties"
			m.Arm(fault)
			w := acctest.NewWorkspace(t, m, seats)
			w.Expect(0, "apply", "-auto-approve")
			w.Expect(0, "plan", "-detailed-exitcode")
			if got := len(m.Properties()); got != 1 {
				t.Errorf("%d properties, want one", got)
			}
		})
	}
}

func TestCLIProperty_hiddenProperty(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	m.HideProperty("seats")
	w := acctest.NewWorkspace(t, m, seats)
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), "the property may be hidden in Tidio")
}

// twoProviders configures the account of the environment, and another one under the alias "second".
func twoProviders(second *acctest.Mock, settings string) string {
	return fmt.Sprintf(`
provider "tidio" {}

provider "tidio" {
  alias    = "second"
  base_url = %q
  %s
}
`, second.URL, settings)
}

func TestCLIProperty_twoAccounts(t *testing.T) {
	t.Parallel()
	first := acctest.NewMock(t, tidiomock.Config{})
	second := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, first, twoProviders(second, "")+`
resource "tidio_property" "first" {
  name = "seats"
  type = "number"
}

resource "tidio_property" "second" {
  provider = tidio.second
  name     = "seats"
  type     = "number"
}
`)
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
	for i, m := range []*acctest.Mock{first, second} {
		if got := len(m.Properties()); got != 1 {
			t.Errorf("account %d has %d properties, want one", i+1, got)
		}
	}
}

func TestCLIProperty_labelEditedInThePanelIsAWarningAndNoChange(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "apply", "-auto-approve")
	m.SetPropertyLabel("seats", "Licences")
	expectContains(t, w.Expect(0, "plan", "-detailed-exitcode"),
		`The label of property "seats" differs from Tidio's`, `Configured: "Seats bought"`, `In Tidio: "Licences"`)
}

func TestCLIProperty_adoptIsAWarning(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Label: "Licences", Type: "number"})
	w := acctest.NewWorkspace(t, m, seatsWith("label = \"Seats bought\"\n  adopt_existing = true"))
	expectContains(t, w.Expect(0, "plan"),
		`Property "seats" is adopted`, `Its label in Tidio stays "Licences"`)
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-detailed-exitcode")
}

func TestCLIProperty_goneIsAWarning(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "apply", "-auto-approve")
	m.DeleteProperty("seats")
	expectContains(t, w.Expect(2, "plan", "-detailed-exitcode"), `Property "seats" is gone from Tidio`, "1 to add")
}

// State that an engine without resource identity has written, such as Terraform 1.11, has none: a
// removal needs it all the same.
func TestCLIProperty_goneFromStateWithoutIdentity(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "apply", "-auto-approve")

	editState(t, w, func(instance map[string]any) {
		delete(instance, "identity")
		delete(instance, "identity_schema_version")
	})
	m.DeleteProperty("seats")
	w.Expect(0, "apply", "-refresh-only", "-auto-approve")
	if strings.Contains(w.ReadFile("terraform.tfstate"), "tidio_property") {
		t.Error("the property is still in the state")
	}
}

// A reply that has the id alone is as good as any: nothing is read back.
func TestCLIProperty_replyWithTheIDAlone(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}})
	w := acctest.NewWorkspace(t, m, seats)
	w.Expect(0, "apply", "-auto-approve")
	if got := m.Count("GET", "/properties/{id}"); got != 0 {
		t.Errorf("it was read back %d times", got)
	}
	w.Expect(0, "plan", "-detailed-exitcode")
}

// interruptDuring applies, interrupts while the API holds a request, and lets go of that then. It
// returns what the engine has said.
func interruptDuring(t *testing.T, m *acctest.Mock, w *acctest.Workspace, hold tidiomock.Fault) string {
	t.Helper()
	reached, release := make(chan struct{}, 1), make(chan struct{})
	hold.Reached, hold.Release = reached, release
	m.Arm(hold)
	apply, err := w.Start(t.Context(), "apply", "-auto-approve")
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := apply.Interrupt(); err != nil {
		t.Fatal(err)
	}
	w.Transcript.WaitFor("Gracefully shutting down")
	close(release)
	result, err := apply.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return result.Text()
}

func TestCLIProperty_interruptDuringASlowCreate(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, seats)
	interruptDuring(t, m, w, tidiomock.Fault{Method: "POST", Route: "/properties", Do: tidiomock.HoldBefore})
	created, there := m.Property("seats")
	if !there {
		t.Fatal("the property was not created")
	}
	expectContains(t, w.ReadFile("terraform.tfstate"), created.ID)
	w.Expect(0, "plan", "-detailed-exitcode")
}
