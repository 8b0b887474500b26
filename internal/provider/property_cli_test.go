package provider_test

import (
	"fmt"
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

// interruptDuring applies, interrupts while the API holds a request, and lets go of that then. It
// returns what the engine has said.
func interruptDuring(t *testing.T, m *acctest.Mock, w *acctest.Workspace, hold tidiomock.Fault) string {
	t.Helper()
	reached, release := make(chan struct{}, 1), make(chan struct{})
	hold.Reached, hold.Release = reached, release
	m.Arm(hold)
	apply := w.Start(t.Context(), "apply", "-auto-approve")
	<-reached
	if err := apply.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if !apply.WaitFor("Gracefully shutting down") {
		t.Error("the engine was not interrupted")
	}
	close(release)
	output := apply.Wait()
	return output.Text()
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
