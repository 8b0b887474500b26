package acctest

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// parallelism is how many resources are visited at a time, as by default in Terraform.
const parallelism = 10

// run is one command over one configuration.
type run struct {
	ctx      context.Context
	serve    func() (tfprotov6.ProviderServer, error)
	server   tfprotov6.ProviderServer // of the current walk
	schemas  *tfprotov6.GetProviderSchemaResponse
	options  options
	provider *node
	nodes    []*node // resources and data sources
	others   []*node // list, ephemeral and action blocks
	applying bool

	mu     sync.Mutex // guards result
	result Result
}

// newRun starts a command over a configuration.
func newRun(c *Core, config string, o options) *run {
	r := &run{serve: c.serve, server: must(c.serve()), options: o}
	r.ctx = context.WithoutCancel(c.t.Context()) // the cleanup of a test also runs commands
	r.schemas = must(r.server.GetProviderSchema(r.ctx, &tfprotov6.GetProviderSchemaRequest{}))
	r.parse(config, c.state)
	r.provider.schema, r.provider.ty = r.schemas.Provider, typeOf(r.schemas.Provider)
	return r
}

// state returns the state after the command. A deposed object gets an address that is free.
func (r *run) state() map[string]*object {
	state := map[string]*object{}
	for _, n := range slices.Backward(r.nodes) { // first those that only the state has
		if n.stored != nil {
			state[n.address] = n.stored
		}
		if n.deposed != nil {
			at := n.address + " (deposed)"
			for state[at] != nil {
				at += "+"
			}
			state[at] = n.deposed
		}
	}
	return state
}

// configure starts a provider and configures it.
func (r *run) configure() bool {
	config, ok := r.evaluate(r.provider)
	if !ok {
		return false
	}
	r.server = must(r.serve())
	resp := must(r.server.ConfigureProvider(r.ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.15.0", Config: pack(config),
	}))
	return r.report(r.provider.address, resp.Diagnostics)
}

// walk visits the nodes, up to ten at a time, each after those it needs (backwards: after those that
// need it). A node that waits for a failed node also fails. It reports whether all succeeded.
func (r *run) walk(nodes []*node, backwards bool, visit func(*node) bool) bool {
	for _, n := range nodes {
		n.finished = make(chan struct{})
	}
	slots := make(chan struct{}, parallelism)
	var wait sync.WaitGroup
	for _, n := range nodes {
		wait.Go(func() {
			defer close(n.finished)
			for _, other := range nodes {
				from, to := n, other
				if backwards {
					from, to = other, n
				}
				if n.block != other.block && slices.Contains(from.needs, to.block) {
					<-other.finished
					n.failed = n.failed || other.failed
				}
			}
			if n.failed {
				return
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			n.failed = !visit(n)
		})
	}
	wait.Wait()
	return !r.result.failed()
}

// validateAll checks the configuration with a provider that is not configured.
func (r *run) validateAll() bool {
	if r.result.failed() {
		return false
	}
	for _, n := range slices.Concat([]*node{r.provider}, r.others, r.nodes) {
		if n.body == nil {
			continue
		}
		if config, ok := r.evaluate(n); ok {
			r.report(n.address, r.validate(n, config))
		}
	}
	return !r.result.failed()
}

func (r *run) validate(n *node, config cty.Value) []*tfprotov6.Diagnostic {
	packed := pack(config)
	switch n.kind {
	case "provider":
		return must(r.server.ValidateProviderConfig(r.ctx,
			&tfprotov6.ValidateProviderConfigRequest{Config: packed})).Diagnostics
	case "data":
		return must(r.server.ValidateDataResourceConfig(r.ctx,
			&tfprotov6.ValidateDataResourceConfigRequest{TypeName: n.typeName, Config: packed})).Diagnostics
	case "list":
		return must(r.server.(tfprotov6.ListResourceServer).ValidateListResourceConfig(r.ctx,
			&tfprotov6.ValidateListResourceConfigRequest{TypeName: n.typeName, Config: packed})).Diagnostics
	case "ephemeral":
		return must(r.server.ValidateEphemeralResourceConfig(r.ctx,
			&tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: n.typeName, Config: packed})).Diagnostics
	case "action":
		return must(r.server.(tfprotov6.ActionServer).ValidateActionConfig(r.ctx,
			&tfprotov6.ValidateActionConfigRequest{ActionType: n.typeName, Config: packed})).Diagnostics
	}
	return must(r.server.ValidateResourceConfig(r.ctx,
		&tfprotov6.ValidateResourceConfigRequest{TypeName: n.typeName, Config: packed})).Diagnostics
}

// evaluateAndValidate evaluates a node's configuration and validates it again, because more values may be known now.
func (r *run) evaluateAndValidate(n *node) (cty.Value, bool) {
	config, ok := r.evaluate(n)
	return config, ok && r.reportErrors(n, r.validate(n, config))
}

// reportErrors reports diagnostics only if one is an error: warnings alone have been reported before.
func (r *run) reportErrors(n *node, diags []*tfprotov6.Diagnostic) (ok bool) {
	isError := func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }
	return !slices.ContainsFunc(diags, isError) || r.report(n.address, diags)
}
