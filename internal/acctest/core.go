package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
)

// Core stands in for Terraform Core: it runs commands over configurations and keeps a state, but
// speaks the plugin protocol with a provider in this process, so a command takes milliseconds. Use
// it for whatever depends on the provider alone; use the real engine ([Test], [Workspace]) for what
// Terraform itself contributes, such as its output, modules, outputs and generated configuration.
//
//	m := acctest.NewMock(t, tidiomock.Config{})
//	core := acctest.NewCore(t)
//	core.Converge(m.Config(seats))
//	core.Apply(m.Config(renamed), acctest.Plans("tidio_property.seats", acctest.Replace))
//	core.Plan(m.Config(broken), acctest.Fails(`Property "seats" exists already`))
//	core.ExpectState("tidio_property.seats", map[string]any{"name": "licences"})
//
// As under the real engine, every walk over a configuration (one to plan, another to apply) has a
// provider process of its own, resources are visited ten at a time and after those they refer to,
// and a provider that breaks the protocol's promises (an invalid plan, a result that differs from
// the plan) is an error. The state keeps values as they are: it is never upgraded.
//
// A configuration has provider, resource, data, import, list, ephemeral and action blocks. Expressions may refer to
// other resources and to count.index, and call later("x"), a value that is known only after apply. There
// are no variables, modules, for_each, provisioners or aliases.
//
// When the test ends, what is left in the state is destroyed, and that must succeed.
type Core struct {
	t     *testing.T
	serve func() (tfprotov6.ProviderServer, error)
	state map[string]*object // by address
	last  string             // configuration
}

// object is one object in a state.
type object struct {
	typeName string
	value    cty.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

// NewCore returns a Core with an empty state.
func NewCore(t *testing.T, options ...provider.Option) *Core {
	t.Helper()
	c := &Core{t: t, state: map[string]*object{}}
	c.serve = func() (tfprotov6.ProviderServer, error) { return Factories(options...)["tidio"]() }
	t.Cleanup(func() {
		if len(c.state) > 0 && (!t.Failed() || recording()) { // a live account is left as it was
			c.Destroy(c.last, WithoutRefresh())
		}
	})
	return c
}

// Action is what a plan does to an object.
type Action string

// The actions.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
	Read    Action = "read" // a data source, during apply
)

// Diagnostic is an error or a warning.
type Diagnostic struct {
	IsError         bool
	Address         string // of the resource, "" for the provider
	Summary, Detail string
	Attribute       string // path
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s\nwith %s,\n%s\n%s\n", d.Summary, d.Address, d.Attribute, d.Detail)
}

// Result is what a command has come to.
type Result struct {
	Diagnostics []Diagnostic
	Actions     map[string]Action // planned, by address
}

// Errors returns the text of all errors in one line: line breaks are blanks, so that a sentence can
// be searched for.
func (r *Result) Errors() string { return r.text(true) }

// Warnings returns the text of all warnings in one line.
func (r *Result) Warnings() string { return r.text(false) }

func (r *Result) text(isError bool) string {
	var all []string
	for _, d := range r.Diagnostics {
		if d.IsError == isError {
			all = append(all, d.String())
		}
	}
	return strings.Join(strings.Fields(strings.Join(all, "\n")), " ")
}

func (r *Result) failed() bool {
	return slices.ContainsFunc(r.Diagnostics, func(d Diagnostic) bool { return d.IsError })
}

// Option says more about a command, or what is expected of it. Without [Fails], a command must
// succeed.
type Option func(*options)

type options struct {
	fails       []string
	mayFail     bool
	warns       []string
	plans       map[string]Action
	empty       bool
	replace     []string
	skipRefresh bool
	afterPlan   func()
}

// Fails expects errors. Each pattern is a regular expression that the text of all errors must match;
// "." is any character.
func Fails(patterns ...string) Option {
	return func(o *options) { o.fails = append(append(o.fails, ""), patterns...) }
}

// MayFail accepts errors as well as success.
func MayFail() Option { return func(o *options) { o.mayFail = true } }

// Warns expects warnings, as [Fails] expects errors.
func Warns(patterns ...string) Option {
	return func(o *options) { o.warns = append(o.warns, patterns...) }
}

// Plans expects an action of an object.
func Plans(address string, action Action) Option {
	return func(o *options) { o.plans[address] = action }
}

// Empty expects a plan without changes.
func Empty() Option { return func(o *options) { o.empty = true } }

// Replacing is -replace=address.
func Replacing(address string) Option {
	return func(o *options) { o.replace = append(o.replace, address) }
}

// WithoutRefresh is -refresh=false.
func WithoutRefresh() Option { return func(o *options) { o.skipRefresh = true } }

// AfterPlan calls a function when the plan is made and not yet applied, as if it had been saved.
func AfterPlan(f func()) Option { return func(o *options) { o.afterPlan = f } }

// Plan plans, and changes nothing.
func (c *Core) Plan(config string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) { r.plan() })
}

// Apply plans, and applies the plan if it has no error.
func (c *Core) Apply(config string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) { c.apply(r, r.plan) })
}

// Converge applies a configuration, then expects an empty plan of it. It returns the result of the
// apply.
func (c *Core) Converge(config string, opts ...Option) *Result {
	c.t.Helper()
	result := c.Apply(config, opts...)
	c.Plan(config, Empty())
	return result
}

// Refresh is apply -refresh-only.
func (c *Core) Refresh(config string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) {
		if r.refreshAll(); !r.result.failed() {
			c.state = r.state
		}
	})
}

// Destroy refreshes, plans the deletion of all objects, and deletes them.
func (c *Core) Destroy(config string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) { c.apply(r, r.planDestroy) })
}

// Import is `terraform import`: it reads the object with an import id into the state.
func (c *Core) Import(config, address, id string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) {
		if r.importObject(address, cty.StringVal(id)); !r.result.failed() {
			c.state = r.state
		}
	})
}

// Taint marks an object as tainted.
func (c *Core) Taint(address string) { c.state[address].tainted = true }

// Untaint takes the mark away.
func (c *Core) Untaint(address string) { c.state[address].tainted = false }

// SetAttribute changes an attribute in the state, as if another version of the provider had written it.
func (c *Core) SetAttribute(address, name, value string) {
	edited := *c.state[address]
	values := edited.value.AsValueMap()
	values[name] = cty.StringVal(value)
	edited.value = cty.ObjectVal(values)
	c.state[address] = &edited
}

// ForgetPrivate drops the private state of an object, as if an earlier version of the provider had written it.
func (c *Core) ForgetPrivate(address string) {
	edited := *c.state[address]
	edited.private = nil
	c.state[address] = &edited
}

// Forget is `terraform state rm`.
func (c *Core) Forget(address string) { delete(c.state, address) }

// Addresses are those of the objects in the state, sorted. The address of a deposed object ends in
// " (deposed)".
func (c *Core) Addresses() []string { return slices.Sorted(maps.Keys(c.state)) }

// State returns the attributes of an object as JSON has them, or nil if there is no such object. The
// address of a data source begins with "data.".
func (c *Core) State(address string) map[string]any {
	c.t.Helper()
	found, ok := c.state[address]
	if !ok {
		return nil
	}
	encoded, err := ctyjson.Marshal(found.value, found.value.Type())
	if err != nil {
		c.t.Fatal(err)
	}
	var attributes map[string]any
	if err := json.Unmarshal(encoded, &attributes); err != nil {
		c.t.Fatal(err)
	}
	return attributes
}

// ExpectState checks the attributes of an object that want has; others may be anything.
func (c *Core) ExpectState(address string, want map[string]any) {
	c.t.Helper()
	got := c.State(address)
	if got == nil {
		c.t.Errorf("%s is not in the state, which has %q", address, c.Addresses())
		return
	}
	for name, value := range want {
		if actual, ok := got[name]; !ok || !reflect.DeepEqual(actual, value) {
			c.t.Errorf("%s.%s is %#v, want %#v", address, name, actual, value)
		}
	}
}

// command parses and validates a configuration, runs a command over it, and checks the result.
func (c *Core) command(config string, opts []Option, body func(*run)) *Result {
	c.t.Helper()
	o := options{plans: map[string]Action{}}
	for _, option := range opts {
		option(&o)
	}
	c.last = config
	r := c.newRun(config, o)
	if r.validate(); !r.result.failed() {
		body(r)
	}
	c.check(r.result, o)
	return r.result
}

// apply makes a plan and applies it.
func (c *Core) apply(r *run, plan func()) {
	c.t.Helper()
	if plan(); r.result.failed() {
		return
	}
	if r.options.afterPlan != nil {
		r.options.afterPlan()
	}
	r.apply()
	c.state = r.state
}

func (c *Core) check(result *Result, o options) {
	c.t.Helper()
	if result.failed() != (len(o.fails) > 0) && !o.mayFail {
		c.t.Fatalf("errors: %q, want %q", result.Errors(), o.fails)
	}
	match := func(text string, patterns []string) {
		c.t.Helper()
		for _, pattern := range patterns {
			if !regexp.MustCompile("(?s)" + pattern).MatchString(text) {
				c.t.Errorf("%q does not match %q", pattern, text)
			}
		}
	}
	match(result.Errors(), o.fails)
	match(result.Warnings(), o.warns)
	for address, want := range o.plans {
		if got := result.Actions[address]; got != want {
			c.t.Errorf("the plan for %s is %q, want %q", address, got, want)
		}
	}
	for address, action := range result.Actions {
		if o.empty && action != NoOp {
			c.t.Errorf("the plan is to %s %s, want no change", action, address)
		}
	}
}

// newRun starts a provider for a command over a configuration.
func (c *Core) newRun(config string, o options) *run {
	r := &run{
		// The clean-up of a test runs commands, too.
		ctx: context.WithoutCancel(c.t.Context()), serve: c.serve, options: o, result: &Result{Actions: map[string]Action{}},
		state: maps.Clone(c.state), changes: map[string]*change{}, values: map[string]cty.Value{},
	}
	r.start()
	r.parse(config)
	return r
}
