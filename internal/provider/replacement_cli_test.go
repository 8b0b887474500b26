package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	aProperty        = "tidio_property.x"
	anAdopted        = "tidio_property.adopted"
	aContact         = "tidio_contact.x"
	untaint          = "run `terraform untaint`"
	leaveReplaceOut  = "Remove what forces the replacement"
	replaceSucceeded = ""
)

// replaceable is a resource that creates itself anew as createFirst says.
func replaceable(address string, createFirst bool, more string) string {
	return map[string]string{
		aProperty: "resource \"tidio_property\" \"x\" {\n  name = \"x\"\n  type = \"text\"\n",
		anAdopted: "resource \"tidio_property\" \"adopted\" {\n  name = \"x\"\n  type = \"text\"\n" +
			"  adopt_existing = true\n",
		aContact: "resource \"tidio_contact\" \"x\" {\n  email = \"x@example.com\"\n",
	}[address] + fmt.Sprintf("  lifecycle {\n    create_before_destroy = %t\n  }\n%s}\n", createFirst, more)
}

// However an object comes to be replaced, the account has it once afterwards, the state has nothing
// deposed, and the next plan is empty; or an error says how to get there.
func TestReplacement_leavesNothingBehind(t *testing.T) {
	for _, row := range []struct {
		address string
		tainted bool // else -replace
		says    string
	}{
		{aProperty, true, untaint},
		{aProperty, false, leaveReplaceOut},
		{anAdopted, true, replaceSucceeded},
		{anAdopted, false, leaveReplaceOut},
		{aContact, true, replaceSucceeded},
		{aContact, false, replaceSucceeded},
	} {
		for _, createFirst := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s tainted %t, create_before_destroy %t", row.address, row.tainted, createFirst), func(t *testing.T) {
				m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
				config := m.Config(replaceable(row.address, createFirst, ""))
				core.Converge(config)
				var options []acctest.Option
				if row.tainted {
					core.Taint(row.address)
				} else {
					options = append(options, acctest.Replacing(row.address))
				}
				if row.says == replaceSucceeded {
					options = append(options, acctest.Plans(row.address, acctest.Replace))
				} else {
					options = append(options, acctest.Fails(row.says))
				}
				core.Apply(config, options...)
				core.Untaint(row.address)
				core.Plan(config, acctest.Empty())
				if got := core.Addresses(); len(got) != 1 {
					t.Errorf("the state has %q", got)
				}
				if got := len(m.Properties()) + len(m.Contacts()); got != 1 {
					t.Errorf("the account has the object %d times", got)
				}
			})
		}
	}
}

// The same where the engine itself taints and deposes: a provisioner fails, also that of a replacement.
func TestCLIReplacement_leavesNothingBehind(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		address     string
		createFirst bool
		again       bool // is tainted, and the provisioner of its replacement fails
		says        string
	}{
		{aProperty, false, false, untaint},
		{aProperty, true, true, untaint},
		{anAdopted, true, true, replaceSucceeded},
		{aContact, false, false, replaceSucceeded},
		{aContact, true, true, replaceSucceeded},
	} {
		t.Run(fmt.Sprintf("%s, create_before_destroy %t, again %t", row.address, row.createFirst, row.again), func(t *testing.T) {
			t.Parallel()
			config := func(exitCode int) string {
				return replaceable(row.address, row.createFirst,
					fmt.Sprintf("  provisioner \"local-exec\" {\n    command = \"exit %d\"\n  }\n", exitCode))
			}
			m := acctest.NewMock(t, tidiomock.Config{})
			w := acctest.NewWorkspace(t, m, config(0))
			if row.again {
				w.Expect(0, "apply", "-auto-approve")
				w.Expect(0, "taint", row.address)
			}
			w.Write(config(1))
			failed := w.Expect(1, "apply", "-auto-approve")
			if !row.again {
				expectContains(t, failed, "provisioner error")
			}

			w.Write(config(0))
			if row.says == replaceSucceeded {
				w.Expect(0, "apply", "-auto-approve")
			} else {
				expectContains(t, w.Expect(1, "apply", "-auto-approve"), row.says)
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
