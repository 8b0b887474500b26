package provider_test

import (
	"testing"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// lag is how long reads tell what was before a write, and patience is longer.
const lag = 300 * time.Millisecond

var patience = provider.WithRecheckAfter(50*time.Millisecond, 150*time.Millisecond, time.Second)

func lagging(replies tidiomock.Replies) tidiomock.Config {
	return tidiomock.Config{ReadLag: lag, Replies: replies}
}

// Replicas show a write late. What was just created is not gone, and what was just cleared is cleared.
func TestLag_createAndClear(t *testing.T) {
	t.Parallel()
	for name, replies := range map[string]tidiomock.Replies{
		"replies tell": {}, "replies have the id alone": {Write: tidiomock.IDOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for name, a := range apis {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					m, core := newTeam(t, lagging(replies)), acctest.NewCore(t, patience)
					full := a.config(m, a.person("jane", "phone = \"1\"\nproperties = { tier = \"gold\", note = \"x\" }\n"))
					if result := core.Converge(full); len(result.Diagnostics) > 0 {
						t.Errorf("creating: %v", result.Diagnostics)
					}
					m.SetReadLag(lag) // the values that are cleared now are to be seen
					less := a.config(m, a.person("jane", ""))
					if result := core.Converge(less); len(result.Diagnostics) > 0 {
						t.Errorf("clearing: %v", result.Diagnostics)
					}
					expectInTidio(t, m, attributes{"tier": nil, "note": nil})
					core.Destroy(less)
				})
			}
		})
	}
}

func TestLag_propertyIsCreated(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, lagging(tidiomock.Replies{})), acctest.NewCore(t, patience)
	config := m.Config(block("property", "seats", seatsAlone))
	core.Converge(config)
	expectRequests(t, m, "POST", "/properties", 1)
}

// Any other difference is somebody's edit, and planned at once.
func TestLag_anEditIsDrift(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t, provider.WithRecheckAfter(time.Hour))
			config := a.config(m, a.person("jane", "properties = { tier = \"gold\" }\n"))
			core.Converge(config)
			m.SetContactValue(onlyContact(t, m).ID, "tier", "silver")
			core.Plan(config, acctest.Plans(jane, acctest.Update))
			m.SetContactValue(onlyContact(t, m).ID, "tier", nil)
			core.Plan(config, acctest.Plans(jane, acctest.Update))
		})
	}
}

// What is deleted right after it was created is believed to be gone after some time.
func TestLag_deletedByOthers(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t, patience)
			config := a.config(m, a.person("jane", ""))
			core.Converge(config)
			m.DeleteContact(onlyContact(t, m).ID)
			m.ResetRequests()
			core.Plan(config, acctest.Plans(jane, acctest.Create), acctest.Warns("is gone from Tidio"))
			if got := len(m.Requests()); got > 5 {
				t.Errorf("%d requests, want one for each look and one for the base URL", got)
			}
		})
	}
}
