package provider_test

import (
	"net/http"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Only the API itself says that a contact is gone: a page of something before it proves nothing.
func TestAbsence_aPageOfAProxy(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := a.config(m, a.person("jane", ""))
			core.Converge(config)
			for _, status := range []int{http.StatusNotFound, http.StatusGone} {
				m.Arm(tidiomock.Fault{Method: "GET", Route: "/contacts/{id}", Do: tidiomock.NotFoundHTML, Status: status})
				core.Apply(config, acctest.Fails("base_url does not lead to the Tidio API.*The state was not changed"))
				core.Plan(config, acctest.Empty())
			}
			for _, status := range []int{http.StatusOK, http.StatusNotFound} {
				m.Arm(tidiomock.Fault{Method: "DELETE", Route: "/contacts/{id}", Do: tidiomock.NotFoundHTML, Status: status})
				core.Destroy(config, acctest.Fails())
				core.Plan(config, acctest.Empty())
			}
			onlyContact(t, m)
		})
	}
}

// 410 is gone, as 404 is.
func TestAbsence_goneByAnotherStatus(t *testing.T) {
	t.Parallel()
	for name, a := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := newTeam(t, tidiomock.Config{}), acctest.NewCore(t)
			config := a.config(m, a.person("jane", ""))
			core.Converge(config)
			gone := tidiomock.Fault{Route: "/contacts/{id}", Do: tidiomock.FailBefore, Status: http.StatusGone, Times: 4}
			gone.Method = "GET" // one for each look at what was just created
			m.Arm(gone)
			core.Plan(config, acctest.Plans(jane, acctest.Create), acctest.Warns("is gone from Tidio"))
			m.Disarm()
			gone.Method, gone.Times = "DELETE", 1
			m.Arm(gone)
			core.Destroy(config, acctest.Warns("was already deleted"))
		})
	}
}
