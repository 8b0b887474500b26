package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// snake rewrites names as some APIs do.
func snake(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "_") }

const tierAddress = "tidio_property.tier"

func tier(name, more string) string {
	return block("property", "tier", fmt.Sprintf("name = %q\ntype = \"text\"\n%s", name, more))
}

// An API that rewrites names gets one property, however often it is applied.
func TestPropertyNames_rewrittenByTheAPI(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{Rewrite: snake}), acctest.NewCore(t)
	asked := m.Config(tier("Plan Tier", ""))
	core.Apply(asked, acctest.Warns(`"Plan Tier" has a different name in Tidio.*created it as "plan_tier".*name = "plan_tier"`))
	core.ExpectState(tierAddress, attributes{"name": "Plan Tier"})
	for range 2 {
		core.Apply(asked, acctest.Empty(), acctest.Warns(`different names in Tidio.*name = "plan_tier"`))
	}
	core.Apply(asked, acctest.WithoutRefresh(), acctest.Empty(), acctest.Warns(`different names in Tidio`))
	expectRequests(t, m, "POST", "/properties", 1)

	// An attribute of Terraform's own changes all the same.
	adopting := m.Config(tier("Plan Tier", "adopt_existing = true\n"))
	core.Converge(adopting, acctest.Plans(tierAddress, acctest.Update), acctest.Warns(`different names in Tidio`))

	// Whatever replaces it would create another one.
	core.Plan(asked, acctest.Replacing(tierAddress), acctest.Fails(`Its name in Tidio is "plan_tier".*name = "plan_tier".*-replace`))
	core.Plan(asked, acctest.Replacing(tierAddress), acctest.WithoutRefresh(), acctest.Fails(`Its name in Tidio is "plan_tier"`))
	core.Taint(tierAddress)
	core.Plan(asked, acctest.Fails(`Its name in Tidio is "plan_tier".*terraform untaint`))
	core.Untaint(tierAddress)

	// The name that it says; then another one is an ordinary replacement.
	taken := m.Config(tier("plan_tier", ""))
	if result := core.Converge(taken); len(result.Diagnostics) > 0 {
		t.Errorf("after the new name was set: %v", result.Diagnostics)
	}
	core.Converge(m.Config(tier("level", "")), acctest.Plans(tierAddress, acctest.Replace),
		acctest.Warns("Properties stay in Tidio"))
	expectRequests(t, m, "POST", "/properties", 2)
}

// A property that somebody renames is the same property.
func TestPropertyNames_renamedInThePanel(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]bool{"with private state": false, "of an earlier version": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := m.Config(block("property", "tier", "name = \"tier\"\ntype = \"text\"\n"), importing("property", "tier", "tier"))
			core.Apply(config)
			if forget {
				core.ForgetPrivate(tierAddress)
			}
			m.RenameProperty("tier", "level")
			config = m.Config(tier("tier", ""))
			core.Apply(config, acctest.Empty(), acctest.Warns(`different names in Tidio.*Configured: +"tier".*name = "level"`))
			if forget { // the refresh of before is in the state
				core.Plan(config, acctest.WithoutRefresh(), acctest.Warns(`different names`))
			}
			core.Converge(m.Config(tier("level", "")), acctest.Empty())
			core.Plan(m.Config(tier("other", "")), acctest.Plans(tierAddress, acctest.Replace))
			expectOnlyReads(t, m)
		})
	}
}

// A rename that has no private state to go by is an ordinary one.
func TestPropertyNames_renamedInTheConfiguration(t *testing.T) {
	t.Parallel()
	m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
	core.Apply(m.Config(tier("tier", ""), importing("property", "tier", "tier")))
	core.ForgetPrivate(tierAddress)
	core.Converge(m.Config(tier("level", "")), acctest.Plans(tierAddress, acctest.Replace))
}

func TestPropertyNames_importedUnderAnother(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			core.Plan(a.config(m, tier("Tier", ""), importing("property", "tier", "tier")),
				acctest.Fails(`The property to import is not named "Tier".*name = "tier"`))
			expectOnlyReads(t, m)
		})
	}
}

// Names that differ by the case of their letters are told apart by nobody.
func TestPropertyNames_clashByLetterCase(t *testing.T) {
	t.Parallel()
	for _, adopt := range []string{"", "adopt_existing = true\n"} {
		for name, a := range apis {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
				m.AddProperty(tidiomock.Property{Name: "Tier", Type: "text"})
				core.Plan(a.config(m, tier("tier", adopt)), acctest.Fails(`"Tier".*[Ss]et name = "Tier"`))
				expectOnlyReads(t, m)
			})
		}
	}
	t.Run("made since the plan", func(t *testing.T) {
		t.Parallel()
		m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
		core.Apply(m.Config(tier("tier", "adopt_existing = true\n")), acctest.Fails(`Property "Tier" already exists, in a different letter case.*set name = "Tier"`),
			acctest.AfterPlan(func() { m.AddProperty(tidiomock.Property{Name: "Tier", Type: "text"}) }))
	})
}
