//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/bench/sample"
	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// requests counts what a first apply asks the API for, and a plan when everything is in the state and
// as it was. Lists have pages of 100.
func (b *bench) requests(ctx context.Context) error {
	const (
		created = "one for each property, and a list in each of the two processes"
		paged   = "one for each page of the list"
		single  = "one each, and one for the list's length"
		twice   = "twice the optimum of %d, and one for the list's length"
	)
	for _, c := range []struct {
		what   string
		setup  setup
		limit  float64
		detail string
	}{
		{"first apply of 300 properties", b.newProperties(tidiomock.Config{}), leastRequests, created},
		{"plan of 10 properties", b.properties(10), 1, paged},
		{"plan of 100 properties", b.properties(100), 1, paged},
		{"plan of 1,000 properties", b.properties(1_000), 10, paged},
		{"plan of 10 contacts, of 1,000 in the account", b.contacts(10, 1_000), 11, single},
		{"plan of 100 contacts, of 1,000 in the account", b.contacts(100, 1_000), 21, fmt.Sprintf(twice, 10)},
		{"plan of 1,000 contacts, of 1,000 in the account", b.contacts(1_000, 1_000), 21, fmt.Sprintf(twice, 10)},
		{"plan of 10 contacts, of 20,000 in the account", b.contacts(10, 20_000), 11, single},
		{"plan of 100 contacts, of 20,000 in the account", b.contacts(100, 20_000), 101, single},
		{"plan of 1,000 contacts, of 20,000 in the account", b.contacts(1_000, 20_000), 401, fmt.Sprintf(twice, 200)},
	} {
		if _, err := b.inTurns(ctx, 1, c.setup); err != nil {
			return err
		}
		b.add("requests of a "+c.what, float64(len(c.setup.Requests())), c.limit, count, c.detail)
	}
	return nil
}

const (
	perMinute = 60 // requests that the smallest plan allows

	// leastRequests are those of a first apply of 300 properties. The engine starts the provider
	// twice, to plan and to apply, and each time it reads the list, which has one page at most.
	leastRequests = 300 + 2
)

// firstApply creates properties in an account as strict as the smallest plan: once where replies
// tell how many requests are left, once where only a 429 tells that there were too many. Both run at
// the same time: they wait for nearly all of it.
func (b *bench) firstApply(ctx context.Context) error {
	const least = (leastRequests - 1) / perMinute * time.Minute // all minutes but the last are waited out
	setups := []setup{
		b.newProperties(tidiomock.Config{RequestsPerMinute: perMinute}),
		b.newProperties(tidiomock.Config{RequestsPerMinute: perMinute, HideRateHeaders: true}),
	}
	var (
		took    [2]costs
		errs    [2]error
		running sync.WaitGroup
	)
	for i, s := range setups {
		running.Go(func() { errs[i] = b.run(ctx, b.mirrors[tidio], s, &took[i]) })
	}
	running.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	for i, how := range []string{"with", "without"} {
		seconds := took[i].wall[0]
		b.add("first apply of 300 properties at 60 requests a minute, "+how+" rate headers: time over the least",
			seconds/least.Seconds(), 1.05, ratio, fmt.Sprintf("%.1f s over %.0f s, which %d requests need; %d were sent",
				seconds, least.Seconds(), leastRequests, len(setups[i].Requests())))
	}
	with, without := refused(setups[0].Requests()), refused(setups[1].Requests())
	b.add("the same with headers: most 429s in a minute", float64(slices.Max(with)), 1, count,
		fmt.Sprintf("by minute: %v", with))
	b.add("the same without headers: 429s in the first minute", float64(without[0]), 10, count,
		"as many as are in flight at a time")
	b.add("the same without headers: most 429s in a later minute", float64(slices.Max(without[1:])), 1, count,
		fmt.Sprintf("by minute: %v", without))
	return nil
}

// bulk creates contacts in an account as strict as the smallest plan: those that wait at the same time are one request.
func (b *bench) bulk(ctx context.Context) error {
	for _, c := range []struct {
		contacts, parallelism int
		requests, minutes     float64 // limits
	}{
		{300, 10, 45, 1},
		{300, 100, 15, 1},
		{1_000, 10, 130, 1.6},
		{1_000, 100, 40, 1},
	} {
		s := b.newContacts(c.contacts, c.parallelism)
		took, err := b.inTurns(ctx, 1, s)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("first apply of %d contacts, -parallelism=%d", c.contacts, c.parallelism)
		b.add(what+": requests", float64(len(s.Requests())), c.requests, count, "published API, 60 requests a minute")
		b.add(what+": time over a minute", took[0].wall[0]/60, c.minutes, ratio,
			fmt.Sprintf("%.1f s; singly at least %d minutes", took[0].wall[0], (c.contacts-1)/perMinute))
	}
	return nil
}

// refused counts the 429s in each of the limit's minutes. One comes only when the limit is used up:
// what was let through before it tells which minute it is, whatever the clock says.
func refused(log []tidiomock.Request) (minutes []int) {
	let := 0
	for _, r := range log {
		if r.Status == http.StatusTooManyRequests {
			minutes[len(minutes)-1]++
			continue
		}
		if let%perMinute == 0 {
			minutes = append(minutes, 0)
		}
		let++
	}
	return minutes
}

// plans times a plan of 1,000 properties, all of them in the state.
func (b *bench) plans(ctx context.Context) error {
	made := b.properties(1_000)
	own := setup{command: made.command}.with("terraform_data", "terraform.io/builtin/terraform", 1_000, 1, `
  input = "Property N"`, `"id": "N", "input": {"value": "Property N", "type": "string"}`)
	took, err := b.inTurns(ctx, 9, made, made, own)
	if err != nil {
		return err
	}
	b.compare("plan of 1,000 properties, CPU time of engine and provider", took[tidio].cpu, took[empty].cpu, 0.82, "")
	b.compare("plan of 1,000 properties, time", took[tidio].wall, took[empty].wall, 0.95, "")
	b.compare("plan of 1,000 terraform_data, time", took[builtin].wall, took[empty].wall, 0, "")
	return nil
}

// readings times and weighs the reading of all contacts of an account.
func (b *bench) readings(ctx context.Context) error {
	const limit = 1.3
	var none []costs
	for _, thousands := range []int{0, 20, 100} {
		all := b.reading(thousands * 1_000)
		read, err := b.inTurns(ctx, 3, all, all)
		if err != nil {
			return err
		}
		if thousands == 0 {
			none = read
			continue
		}
		took, over := read[tidio], read[empty]
		each := func(i int) float64 { return (read[i].peak.median() - none[i].peak.median()) / float64(thousands) }
		what := fmt.Sprintf("%d,000 contacts by `tidio_contacts`", thousands)
		b.compare(what+", time", took.wall, over.wall, limit,
			fmt.Sprintf("; the provider's CPU: %s over %s", took.cpu, over.cpu))
		b.add(what+", memory over an empty provider's", took.peak.median()/over.peak.median(), limit, ratio,
			fmt.Sprintf("peak of the provider's process: %.1f MB over %.1f MB; median of %d",
				took.peak.median(), over.peak.median(), len(took.peak)))
		b.add(what+", memory for each", each(tidio), 0, "%.2f kB",
			fmt.Sprintf("peak without that of reading none (%.1f MB), by contacts; the empty provider: %.2f kB",
				none[tidio].peak.median(), each(empty)))
	}
	return nil
}

// start times the shortest command for which an engine starts the provider, and weighs the binary.
func (b *bench) start(ctx context.Context) error {
	shortest := setup{config: engine.Requirement, command: "providers schema -json"}
	took, err := b.inTurns(ctx, 9, shortest, shortest)
	if err != nil {
		return err
	}
	binary, err := os.Stat(engine.Installed(b.mirrors[tidio]))
	if err != nil {
		return err
	}
	b.compare("start (`providers schema`), time", took[tidio].wall, took[empty].wall, 0, "")
	b.add("size of the binary", float64(binary.Size())/1e6, 0, "%.1f MB", "as released, not compressed")
	return nil
}

// setup is an account, the environment that points a provider at it, the files of a workspace, and a command.
type setup struct {
	*tidiomock.Mock
	env           []string
	config, state string
	command       string // what is measured; the exit code of a plan says that nothing is to change
	// attach is set if the bench starts the provider instead of the engine, anew for each command, so that
	// the provider's own usage is known.
	attach bool
}

// account opens an account with contacts. It stays open until the end.
func (b *bench) account(config tidiomock.Config, contacts int) setup {
	config.OnViolation = b.violation
	mock := tidiomock.New(config)
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
	env := []string{"TIDIO_API_KEY=bench", "TIDIO_BASE_URL=" + httptest.NewServer(mock).URL + "/v1/"}
	return setup{Mock: mock, env: env, config: engine.Requirement, command: "plan -detailed-exitcode"}
}

// properties are n properties that are configured, in the state and in the account.
func (b *bench) properties(n int) setup {
	s := b.account(tidiomock.Config{}, 0)
	for i := range n {
		name := fmt.Sprintf("property_%d", 1_000_000+i)
		s.AddProperty(tidiomock.Property{ID: name, Name: name, Label: fmt.Sprintf("Property %d", 1_000_000+i), Type: "text"})
	}
	return s.with("tidio_property", provider.Address, n, 1, `
  name  = "property_N"
  label = "Property N"
  type  = "text"`,
		`"id": "property_N", "name": "property_N", "label": "Property N", "type": "text"`)
}

// newProperties are 300 properties that are configured, and not yet in the account.
func (b *bench) newProperties(config tidiomock.Config) setup {
	s := b.account(config, 0)
	s.config, s.command = b.properties(300).config, "apply -auto-approve"
	return s
}

// newContacts are n contacts that are configured, and not yet in the account, over the published API.
func (b *bench) newContacts(n, parallelism int) setup {
	s := b.account(tidiomock.Config{RequestsPerMinute: perMinute}, 0).with("tidio_contact", provider.Address, n, 1, `
  distinct_id = "customer-N"
  first_name  = "Customer N"
  email       = "customer.N@example.com"`, "")
	s.env = []string{"TIDIO_CLIENT_ID=ci_bench", "TIDIO_CLIENT_SECRET=cs_bench", strings.TrimSuffix(s.env[1], "v1/")}
	s.state, s.command = "", fmt.Sprintf("apply -auto-approve -parallelism=%d", parallelism)
	return s
}

// contacts are n contacts that are configured and in the state, spread over an account that has more.
func (b *bench) contacts(n, of int) setup {
	return b.account(tidiomock.Config{}, of).with("tidio_contact", provider.Address, n, of/n, `
  email      = "visitor.N@example.com"
  properties = { plan_tier = "team" }`,
		`"id": "cont_k5n2xN", "email": "visitor.N@example.com", "properties": {"plan_tier": "team"}`)
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

// reading reads n contacts, which are all of an account.
func (b *bench) reading(n int) setup {
	s := b.account(tidiomock.Config{}, n)
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
