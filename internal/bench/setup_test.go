//go:build unix

package bench

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/bench/sample"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// requirement names the host of the provider, so that it has the same address in the states for both engines.
const requirement = `terraform {
  required_providers {
    tidio = {
      source = "` + provider.Address + `"
    }
  }
}
`

// setup is an account, the environment that points a provider at it, the files of a workspace, and a command.
type setup struct {
	mock          *acctest.Mock
	env           []string
	config, state string
	command       string // what is measured; the exit code of a plan says that nothing is to change
	// attach is set if the bench starts the provider instead of the engine, anew for each command, so that
	// the provider's own usage is known.
	attach bool
}

// account opens an account with contacts.
func account(b *testing.B, config tidiomock.Config, contacts int) setup {
	b.Helper()
	mock := acctest.NewMock(b, config)
	mock.AddContacts(contacts, func(i int) tidiomock.Contact {
		c := sample.New(i)
		values := map[string]any{}
		for name, value := range c.Properties {
			values[name] = value
		}
		values["customer_id"] = json.Number(c.Properties["customer_id"])
		return tidiomock.Contact{
			ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, CreatedAt: c.CreatedAt, Properties: values,
		}
	})
	env := []string{"TIDIO_API_KEY=" + acctest.Key, "TIDIO_BASE_URL=" + mock.URL}
	return setup{mock: mock, env: env, config: requirement, command: "plan -detailed-exitcode"}
}

// withProperties are n properties that are configured and in the state, but not in the account.
func (s setup) withProperties(n int) setup {
	return s.with("tidio_property", provider.Address, n, 1, `
  name  = "property_N"
  label = "Property N"
  type  = "text"`,
		`"id": "property_N", "name": "property_N", "label": "Property N", "type": "text"`)
}

// properties are n properties that are configured, in the state and in the account.
func properties(n int) func(*testing.B) setup {
	return func(b *testing.B) setup {
		b.Helper()
		s := account(b, tidiomock.Config{}, 0)
		for i := range n {
			name := fmt.Sprintf("property_%d", 1_000_000+i)
			s.mock.AddProperty(tidiomock.Property{ID: name, Name: name, Label: fmt.Sprintf("Property %d", 1_000_000+i), Type: "text"})
		}
		return s.withProperties(n)
	}
}

// newProperties are n properties that are configured, and not yet in the account.
func newProperties(n int, config tidiomock.Config) func(*testing.B) setup {
	return func(b *testing.B) setup {
		b.Helper()
		s := account(b, config, 0).withProperties(n)
		s.state, s.command = "", "apply -auto-approve"
		return s
	}
}

// newContacts are n contacts that are configured, and not yet in the account, over the published API.
func newContacts(b *testing.B, n, parallelism int) setup {
	b.Helper()
	s := account(b, tidiomock.Config{RequestsPerMinute: perMinute}, 0).with("tidio_contact", provider.Address, n, 1, `
  distinct_id = "customer-N"
  first_name  = "Customer N"
  email       = "customer.N@example.com"`, "")
	s.env = []string{
		"TIDIO_CLIENT_ID=" + acctest.ClientID, "TIDIO_CLIENT_SECRET=" + acctest.ClientSecret, "TIDIO_BASE_URL=" + s.mock.Published,
	}
	s.state, s.command = "", fmt.Sprintf("apply -auto-approve -parallelism=%d", parallelism)
	return s
}

// contacts are n contacts that are configured and in the state, spread over an account that has more.
func contacts(n, of int) func(*testing.B) setup {
	return func(b *testing.B) setup {
		b.Helper()
		return account(b, tidiomock.Config{}, of).with("tidio_contact", provider.Address, n, of/n, `
  email      = "visitor.N@example.com"
  properties = { plan_tier = "team" }`,
			`"id": "cont_k5n2xN", "email": "visitor.N@example.com", "properties": {"plan_tier": "team"}`)
	}
}

// reading reads n contacts, which are all of an account.
func reading(b *testing.B, n int) setup {
	b.Helper()
	s := account(b, tidiomock.Config{}, n)
	s.attach, s.env = true, append(s.env, fmt.Sprintf("BENCH_CONTACTS=%d", n))
	s.config += fmt.Sprintf(`
data "tidio_contacts" "all" {
  lifecycle {
    postcondition {
      condition     = length(self.contacts) == %d
      error_message = "Not all contacts were read."
    }
  }
}
`, n)
	return s
}

// with adds a configuration of n resources and the state after its apply. Writing the state is much faster than
// applying, and it is correct, because a plan finds nothing to change. N stands for the number of each resource: the
// numbers begin at a million, and increase by step.
func (s setup) with(kind, address string, n, step int, arguments, attributes string) setup {
	number := fmt.Sprintf("${1000000 + count.index * %d}", step)
	s.config += fmt.Sprintf("resource %q \"all\" {\n  count = %d%s\n}\n",
		kind, n, strings.ReplaceAll(arguments, "N", number))
	var instances []string
	for i := range n {
		instances = append(instances, fmt.Sprintf(`{"index_key": %d, "schema_version": 0, "attributes": {%s}}`,
			i, strings.ReplaceAll(attributes, "N", strconv.Itoa(1_000_000+i*step))))
	}
	s.state = fmt.Sprintf(`{"version": 4, "serial": 1, "lineage": "bench", "resources": [{"mode": "managed", "type": %q,
		"name": "all", "provider": "provider[\"%s\"]", "instances": [%s]}]}`, kind, address, strings.Join(instances, ","))
	return s
}

func TestMedian_isNotMovedByOneSlowRun(t *testing.T) {
	if got := (samples{99, 1, 2}).median(); got != 2 {
		t.Errorf("got %v", got)
	}
}

func TestReport_failsOverTheLimit(t *testing.T) {
	for _, row := range []struct {
		measured, limit float64
		fails           bool
	}{{10, 10, false}, {1.3001, 1.3, true}, {math.NaN(), 1, true}, {21, 0, false}} {
		result := testing.Benchmark(func(b *testing.B) {
			b.Helper()
			report(b, row.measured, row.limit, "x")
		})
		if failed := result.N == 0; failed != row.fails {
			t.Errorf("%v of %v: failed %t", row.measured, row.limit, failed)
		}
	}
}

func TestRefused_countsByMinuteOfTheLimit(t *testing.T) {
	var log []tidiomock.Request
	for _, run := range [][2]int{ // one of the second minute is left over when the third begins
		{perMinute, 201}, {6, 429}, {perMinute - 1, 201}, {2, 201}, {1, 429},
	} {
		log = append(log, slices.Repeat([]tidiomock.Request{{Status: run[1]}}, run[0])...)
	}
	if got, want := refused(log), []int{6, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
