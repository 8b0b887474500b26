package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// attributes are those of an object in the state, or the values of a map: as JSON has them.
type attributes = map[string]any

// check makes a step of the real engine's tests run what fails the test itself.
func check(body func()) resource.TestCheckFunc {
	return func(*terraform.State) error {
		body()
		return nil
	}
}

// expectRequests checks how many requests to a collection the API was sent since the log was last
// cleared.
func expectRequests(t *testing.T, m *acctest.Mock, method, route string, want int) {
	t.Helper()
	if got := m.Count(method, route); got != want {
		t.Errorf("%d requests %s %s, want %d: %v", got, method, route, want, m.Requests())
	}
}
