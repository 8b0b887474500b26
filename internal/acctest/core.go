package acctest

import (
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
// As under the real engine, every walk over a configuration (one to validate, one to plan, one to apply) has a
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
	last  string             // configuration of the last command that changed the state
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
	*tfprotov6.Diagnostic

	Address string // of the resource, or "provider"
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s with %s, %s %s", d.Summary, d.Address, pathOf(d.Attribute), d.Detail)
}

func (d Diagnostic) isError() bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

// Result is what a command has come to.
type Result struct{ Diagnostics []Diagnostic }

// Errors returns the text of all errors in one line: line breaks are blanks, so that a sentence can
// be searched for.
func (r *Result) Errors() string { return r.text(true) }

// Warnings returns the text of all warnings in one line.
func (r *Result) Warnings() string { return r.text(false) }

func (r *Result) text(isError bool) string {
	var words []string
	for _, d := range r.Diagnostics {
		if d.isError() == isError {
			words = append(words, strings.Fields(d.String())...)
		}
	}
	return strings.Join(words, " ")
}

func (r *Result) failed() bool { return slices.ContainsFunc(r.Diagnostics, Diagnostic.isError) }

// Option says more about a command, or what is expected of it. Without [Fails], a command must
// succeed.
type Option func(*options)

type options struct {
	fails       []string // nil = must succeed
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
	return c.command(config, opts, func(r *run) bool { r.plan(); return false })
}

// Apply plans, and applies the plan if it has no error.
func (c *Core) Apply(config string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) bool { return r.plan() && r.apply() })
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
	return c.command(config, opts, (*run).refreshAll)
}

// Destroy refreshes, plans the deletion of all objects, and deletes them.
func (c *Core) Destroy(config string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) bool { return r.planDestroy() && r.apply() })
}

// Import is `terraform import`: it reads the object with an import id into the state.
func (c *Core) Import(config, address, id string, opts ...Option) *Result {
	c.t.Helper()
	return c.command(config, opts, func(r *run) bool { return r.importObject(address, cty.StringVal(id)) })
}

// Taint marks an object as tainted.
func (c *Core) Taint(address string) { c.state[address].tainted = true }

// Untaint takes the mark away.
func (c *Core) Untaint(address string) { c.state[address].tainted = false }

// SetAttribute changes an attribute in the state, as if another version of the provider had written it.
func (c *Core) SetAttribute(address, name, value string) {
	values := c.state[address].value.AsValueMap()
	values[name] = cty.StringVal(value)
	c.state[address].value = cty.ObjectVal(values)
}

// ForgetPrivate drops the private state of an object, as if an earlier version of the provider had written it.
func (c *Core) ForgetPrivate(address string) { c.state[address].private = nil }

// Forget is `terraform state rm`.
func (c *Core) Forget(address string) { delete(c.state, address) }

// Addresses are those of the objects in the state, sorted. The address of a deposed object ends in
// " (deposed)".
func (c *Core) Addresses() []string { return slices.Sorted(maps.Keys(c.state)) }

// State returns the attributes of an object as JSON has them, or nil if there is no such object. The
// address of a data source begins with "data.".
func (c *Core) State(address string) map[string]any {
	if found, ok := c.state[address]; ok {
		return asJSON(found.value)
	}
	return nil
}

// asJSON returns the attributes of an object as JSON decodes them.
func asJSON(object cty.Value) (attributes map[string]any) {
	if err := json.Unmarshal(must(ctyjson.Marshal(object, object.Type())), &attributes); err != nil {
		panic(err)
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

// command parses and validates a configuration, runs a command over it, and checks the result. The body reports
// whether it has changed the state.
func (c *Core) command(config string, opts []Option, body func(*run) bool) *Result {
	c.t.Helper()
	o := options{plans: map[string]Action{}}
	for _, option := range opts {
		option(&o)
	}
	r := newRun(c, config, o)
	if r.validateAll() && body(r) {
		c.state, c.last = r.state(), config
	}
	c.check(r)
	return &r.result
}

func (c *Core) check(r *run) {
	c.t.Helper()
	if r.result.failed() != (len(r.options.fails) > 0) && !r.options.mayFail {
		c.t.Fatalf("errors: %q, want %q", r.result.Errors(), r.options.fails)
	}
	match := func(text string, patterns []string) {
		c.t.Helper()
		for _, pattern := range patterns {
			if !regexp.MustCompile("(?s)" + pattern).MatchString(text) {
				c.t.Errorf("%q does not match %q", pattern, text)
			}
		}
	}
	match(r.result.Errors(), r.options.fails)
	match(r.result.Warnings(), r.options.warns)
	planned := map[string]Action{}
	for _, n := range r.nodes {
		if n.change == nil {
			continue
		}
		planned[n.address] = n.change.action
		if r.options.empty && n.change.action != NoOp {
			c.t.Errorf("the plan is to %s %s, want no change", n.change.action, n.address)
		}
	}
	for address, want := range r.options.plans {
		if got := planned[address]; got != want {
			c.t.Errorf("the plan for %s is %q, want %q", address, got, want)
		}
	}
}
