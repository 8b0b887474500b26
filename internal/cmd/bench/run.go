//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/bench/sample"
	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// bench is what the groups share.
type bench struct {
	tool      *engine.Engine
	mirrors   [2]string // of the provider, and of the empty one
	violation func(error)
	table     strings.Builder
	missed    int // limits
}

// What is measured side by side has these indices.
const (
	tidio = iota
	empty
	builtin
)

// setup is an account, what points a provider at it, what a workspace begins with, and what is run there.
type setup struct {
	*tidiomock.Mock
	env           []string
	config, state string
	command       string // what is measured; the exit code of a plan says that nothing is to change
	// attach is set if the provider is started by us and not by the engine, anew each time: then what
	// it used is known, and is of one command alone.
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
	s := b.account(tidiomock.Config{RequestsPerMinute: perMinute}, 0)
	s.config += fmt.Sprintf(`
resource "tidio_contact" "all" {
  count       = %d
  distinct_id = "customer-${count.index}"
  first_name  = "Customer ${count.index}"
  email       = "customer.${count.index}@example.com"
}
`, n)
	url := strings.TrimSuffix(s.env[1], "v1/")
	s.env = []string{"TIDIO_CLIENT_ID=ci_bench", "TIDIO_CLIENT_SECRET=cs_bench", url}
	s.command = fmt.Sprintf("apply -auto-approve -parallelism=%d", parallelism)
	return s
}

// contacts are n contacts that are configured and in the state, spread over an account that has more.
func (b *bench) contacts(n, of int) setup {
	return b.account(tidiomock.Config{}, of).with("tidio_contact", provider.Address, n, of/n, `
  email      = "visitor.N@example.com"
  properties = { plan_tier = "team" }`,
		`"id": "cont_k5n2xN", "email": "visitor.N@example.com", "properties": {"plan_tier": "team"}`)
}

// with adds a configuration of n resources and the state after its apply: to write it is much faster,
// and it is true, since a plan finds nothing to change. N stands for a number of each resource: they
// begin with a million, and are some steps apart.
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

// costs are what a command took in each round.
type costs struct {
	wall samples // seconds
	cpu  samples // seconds of the engine and the provider; if that is attached, of the provider
	peak samples // most megabytes of memory that an attached provider had
}

// inTurns measures the setups round after round: what else the machine does slows all of
// them down. The first setup is for the provider, the others are for the empty one.
func (b *bench) inTurns(ctx context.Context, rounds int, setups ...setup) ([]costs, error) {
	took := make([]costs, len(setups))
	for range rounds {
		for i, s := range setups {
			if err := b.run(ctx, b.mirrors[min(i, empty)], s, &took[i]); err != nil {
				return nil, err
			}
		}
	}
	return took, nil
}

// run makes a workspace of a setup and runs its command, which must succeed.
func (b *bench) run(ctx context.Context, mirror string, s setup, c *costs) error {
	var attached *exec.Cmd
	if s.attach {
		var err error
		if attached, s.env, err = startProvider(ctx, mirror, s.env); err != nil {
			return err
		}
		defer func() { _ = attached.Process.Kill() }()
	}
	space, err := b.tool.NewWorkspace(engine.Options{Config: s.config, Mirror: mirror, Env: s.env})
	if err == nil && s.state != "" {
		err = space.WriteFile("terraform.tfstate", s.state)
	}
	if err == nil {
		err = space.Init(ctx)
	}
	if err != nil {
		return err
	}
	result, err := space.Expect(ctx, 0, strings.Fields(s.command)...)
	if s.attach {
		_ = attached.Process.Kill()
		_ = attached.Wait() // says that it was killed
		used := attached.ProcessState
		result.CPU = used.UserTime() + used.SystemTime()
		peak := float64(used.SysUsage().(*syscall.Rusage).Maxrss) / 1e6 // as on every Unix
		if runtime.GOOS != "darwin" {
			peak *= 1024 // elsewhere it comes in KiB
		}
		c.peak = append(c.peak, peak)
	}
	c.wall = append(c.wall, result.Took.Seconds())
	c.cpu = append(c.cpu, result.CPU.Seconds())
	return err
}

// startProvider starts a provider that an engine can attach to, and returns the setting for that.
func startProvider(ctx context.Context, mirror string, env []string) (*exec.Cmd, []string, error) {
	const name = "TF_REATTACH_PROVIDERS="
	cmd := exec.CommandContext(ctx, engine.Installed(mirror), "-debug")
	cmd.Env = append(engine.CleanEnv(), env...)
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, nil, err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, quoted, found := strings.Cut(lines.Text(), name); found {
			return cmd, []string{name + strings.Trim(quoted, "'")}, nil
		}
	}
	return nil, nil, fmt.Errorf("%s ended instead of waiting for an engine: %w", cmd.Path, cmd.Wait())
}
