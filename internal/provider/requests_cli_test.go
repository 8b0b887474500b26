package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Requests are the cost: these tests count them, most over the real binary under the real engine.

// manyProperties configures n properties.
func manyProperties(n int) string {
	return fmt.Sprintf(`
resource "tidio_property" "many" {
  count = %d
  name  = "many_${count.index}"
  type  = "text"
}
`, n)
}

func expectSent(t *testing.T, m *acctest.Mock, want int) {
	t.Helper()
	if got := m.Requests(); len(got) != want {
		t.Errorf("%d requests, want %d:", len(got), want)
		for _, r := range got {
			t.Logf("%s %s?%s: %d", r.Method, r.Path, r.Query, r.Status)
		}
	}
}

func TestCLIRequests_ofManyProperties(t *testing.T) {
	t.Parallel()
	const n = 60
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 10})
	w := acctest.NewWorkspace(t, m, manyProperties(n))

	w.Expect(0, "apply", "-auto-approve")
	expectSent(t, m, 1+1+n) // a list in each process: plan and apply
	m.ResetRequests()
	w.Expect(0, "plan", "-detailed-exitcode")
	expectSent(t, m, n/10)

	// Data sources, and values of contacts that are held to the definitions, add nothing.
	w.Write(manyProperties(n) + `
data "tidio_properties" "all" {}
data "tidio_property" "one" { name = "many_7" }
resource "tidio_contact" "jane" {
  email      = "jane@example.com"
  properties = { many_3 = "gold" }
}
`)
	m.ResetRequests()
	w.Expect(2, "plan", "-detailed-exitcode")
	expectSent(t, m, n/10)
}

func TestCLIRequests_ofManyContacts(t *testing.T) {
	t.Parallel()
	const n, pages = 60, 6
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 10})
	ids := make([]string, n)
	for i := range ids {
		added := m.AddContact(tidiomock.Contact{Email: fmt.Sprintf("c%d@example.com", i)})
		ids[i] = fmt.Sprintf("    %q = %q", added.Email, added.ID)
	}
	w := acctest.NewWorkspace(t, m, `
locals {
  contacts = {
`+strings.Join(ids, "\n")+`
  }
}

resource "tidio_contact" "many" {
  for_each = local.contacts
  email    = each.key
}

import {
  for_each = local.contacts
  to       = tidio_contact.many[each.key]
  id       = each.value
}
`)
	const optimum = pages
	w.Expect(0, "plan")
	if got := len(m.Requests()); got > 2*optimum {
		t.Errorf("%d requests to import %d contacts of %d pages", got, n, pages)
	}
	w.Expect(0, "apply", "-auto-approve")
	m.ResetRequests()
	w.Expect(0, "plan", "-detailed-exitcode")
	if got := len(m.Requests()); got > 2*optimum {
		t.Errorf("%d requests for %d contacts of %d pages", got, n, pages)
	}
}

// What is wrong with all is found out once.
func TestRequests_thatAllFail(t *testing.T) {
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	jane := m.AddContact(tidiomock.Contact{Email: "jane@example.com"})
	config := m.Config(manyProperties(30), fmt.Sprintf(`
resource "tidio_contact" "jane" { email = "jane@example.com" }

import {
  to = tidio_contact.jane
  id = %q
}

data "tidio_operators" "all" {}
`, jane.ID))
	core.Converge(config)

	m.ResetRequests()
	core.Plan(strings.Replace(config, acctest.Key, "wrong", 1), acctest.Fails("Tidio does not accept the API key"))
	expectSent(t, m, 1)

	// That an API is down is found out by a few.
	m.ResetRequests()
	m.Arm(tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusServiceUnavailable, Times: -1})
	core.Plan(strings.Replace(config, "request_timeout", "max_retries = 1\n request_timeout", 1),
		acctest.Fails("The Tidio API has a problem"))
	if got := len(m.Requests()); got > 20 {
		t.Errorf("%d requests to an API that is down", got)
	}
	m.Disarm()
}

// Two aliases share neither a key nor a list nor a budget: the one that waits does not hold up the
// other.
func TestCLIRequests_twoAliasesShareNothing(t *testing.T) {
	t.Parallel()
	const allowed = 3
	first := acctest.NewMock(t, tidiomock.Config{})
	second := acctest.NewMock(t, tidiomock.Config{RequestsPerMinute: allowed})
	w := acctest.NewWorkspace(t, first, twoProviders(second, `max_retry_wait = "1s"`)+`
resource "tidio_property" "first" {
  count = 20
  name  = "first_${count.index}"
  type  = "text"
}

resource "tidio_property" "second" {
  count    = 20
  provider = tidio.second
  name     = "second_${count.index}"
  type     = "text"
}
`)
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), "The rate limit of the Tidio API is used up", "max_retry_wait")
	if got := len(first.Properties()); got != 20 {
		t.Errorf("the first account has %d properties, want 20", got)
	}
	if got := len(second.Properties()); got != allowed-2 { // a list in each process
		t.Errorf("the second account has %d properties, want %d", got, allowed-2)
	}
	expectSent(t, first, 2+20)
}

func TestCLIRequests_aWrongKeyOfOneAliasIsNotTheOthers(t *testing.T) {
	t.Parallel()
	first := acctest.NewMock(t, tidiomock.Config{})
	second := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, first, twoProviders(second, `api_key = "wrong"`)+`
resource "tidio_contact" "first" {
  email = "first@example.com"
}

resource "tidio_contact" "second" {
  count    = 20
  provider = tidio.second
  email    = "second${count.index}@example.com"
}
`)
	expectContains(t, w.Expect(1, "apply", "-auto-approve"), "Tidio does not accept the API key")
	if got := len(first.Contacts()); got != 1 {
		t.Errorf("the first account has %d contacts, want one", got)
	}
	expectSent(t, second, 1)
}
