package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// However an object comes to be replaced, the account has it once afterwards, the state has nothing
// deposed, and the next plan is empty; or an error says how to get there.
func TestCLIReplacement_leavesNothingBehind(t *testing.T) {
	t.Parallel()
	const (
		property = "tidio_property.x"
		adopted  = "tidio_property.adopted"
		contact  = "tidio_contact.x"

		tainted     = "is tainted"
		replaced    = "is replaced by -replace"
		failed      = "has a provisioner that fails"
		failedAgain = "is tainted and the provisioner of its replacement fails"

		succeeds = ""
		untaint  = "run `terraform untaint`"
		leaveOut = "Leave out -replace"
	)
	blocks := map[string]string{
		property: "resource \"tidio_property\" \"x\" {\n  name = \"x\"\n  type = \"text\"\n",
		adopted: "resource \"tidio_property\" \"adopted\" {\n  name = \"x\"\n  type = \"text\"\n" +
			"  adopt_existing = true\n",
		contact: "resource \"tidio_contact\" \"x\" {\n  email = \"x@example.com\"\n",
	}
	for _, row := range []struct{ address, cause, says string }{
		{property, tainted, untaint},
		{property, replaced, leaveOut},
		{property, failed, untaint},
		{property, failedAgain, untaint},

		{adopted, tainted, succeeds},
		{adopted, replaced, leaveOut},
		{adopted, failed, succeeds},
		{adopted, failedAgain, succeeds},

		{contact, tainted, succeeds},
		{contact, replaced, succeeds},
		{contact, failed, succeeds},
		{contact, failedAgain, succeeds},
	} {
		for _, createFirst := range []bool{false, true} {
			name := fmt.Sprintf("%s %s, create_before_destroy %t", row.address, row.cause, createFirst)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				config := func(exitCode int) string {
					return blocks[row.address] + fmt.Sprintf("  lifecycle {\n    create_before_destroy = %t\n  }\n"+
						"  provisioner \"local-exec\" {\n    command = \"exit %d\"\n  }\n}\n", createFirst, exitCode)
				}
				m := acctest.NewMock(t, tidiomock.Config{})
				w := acctest.NewWorkspace(t, m, config(0))
				apply := []string{"apply", "-auto-approve"}
				if row.cause != failed {
					w.Expect(0, apply...)
				}
				switch row.cause {
				case tainted:
					w.Expect(0, "taint", row.address)
				case replaced:
					apply = append(apply, "-replace="+row.address)
				case failed:
					w.Write(config(1))
					expectContains(t, w.Expect(1, apply...), "provisioner error")
				case failedAgain:
					w.Expect(0, "taint", row.address)
					w.Write(config(1))
					w.Expect(1, apply...)
				}

				w.Write(config(0))
				if row.says == succeeds {
					w.Expect(0, apply...)
				} else {
					expectContains(t, w.Expect(1, apply...), row.says)
				}
				if row.says == untaint {
					w.Expect(0, "untaint", row.address)
				}
				w.Expect(0, "plan", "-detailed-exitcode")

				editState(t, w, func(instance map[string]any) {
					if key, deposed := instance["deposed"]; deposed {
						t.Errorf("the state has the deposed object %v", key)
					}
				})
				if got := len(m.Properties()) + len(m.Contacts()); got != 1 {
					t.Errorf("the account has the object %d times", got)
				}
			})
		}
	}
}
