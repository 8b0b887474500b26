package acctest

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// Listed is an object that a list block has found.
type Listed struct {
	DisplayName string
	ID          string         // of its identity
	Resource    map[string]any // as JSON decodes it; nil unless the block includes it

	typeName string
	schema   *tfprotov6.Schema
	value    cty.Value
}

// Query is `terraform query`: it returns what each list block of a configuration has found, by address. As the engine
// does, it takes no more results of a block than its limit, 100 unless it has one, and none of a block that failed.
func (c *Core) Query(config string, opts ...Option) (map[string][]Listed, *Result) {
	c.t.Helper()
	found := map[string][]Listed{}
	result := c.command(config, opts, func(r *run) bool {
		if r.configure() {
			r.walk(r.others, false, func(n *node) bool {
				listed, ok := r.list(n)
				if ok {
					r.mu.Lock()
					defer r.mu.Unlock()
					found[n.address] = listed
				}
				return ok
			})
		}
		return false
	})
	return found, result
}

// list runs a list block.
func (r *run) list(n *node) (found []Listed, ok bool) {
	config, ok := r.evaluateAndValidate(n)
	if !ok {
		return nil, false
	}
	limit, _ := r.attributeOf(n.source.Body, "limit", cty.NumberIntVal(100)).AsBigFloat().Int64()
	include := r.attributeOf(n.source.Body, "include_resource", cty.False).True()
	stream := must(r.server.(tfprotov6.ListResourceServer).ListResource(r.ctx, &tfprotov6.ListResourceRequest{
		TypeName: n.typeName, Config: pack(config), IncludeResource: include, Limit: limit,
	}))
	schema := r.schemas.ResourceSchemas[n.typeName]
	for result := range stream.Results {
		switch {
		case !r.report(n.address, result.Diagnostics):
			return nil, false
		case result.Identity == nil: // only warnings
			continue
		}
		identity := unpack(result.Identity.IdentityData, cty.Object(map[string]cty.Type{"id": cty.String}))
		one := Listed{
			DisplayName: result.DisplayName, ID: identity.GetAttr("id").AsString(), typeName: n.typeName, schema: schema,
		}
		if include {
			one.value = unpack(result.Resource, typeOf(schema))
			one.Resource = asJSON(one.value)
		}
		if found = append(found, one); int64(len(found)) == limit {
			break
		}
	}
	return found, true
}

// Generate is -generate-config-out: it writes an import block, by identity, and a resource block for each result. The
// addresses are those that the engine chooses.
func Generate(name string, found []Listed) string {
	var config strings.Builder
	literal := func(v cty.Value) string { return string(hclwrite.TokensForValue(v).Bytes()) }
	for i, one := range found {
		fmt.Fprintf(&config, "import {\n  to       = %s.%s_%d\n  identity = { id = %s }\n}\n", one.typeName, name, i,
			literal(cty.StringVal(one.ID)))
		fmt.Fprintf(&config, "resource \"%s\" \"%s_%d\" {\n", one.typeName, name, i)
		for _, a := range one.schema.Block.Attributes {
			if a.Optional || a.Required {
				fmt.Fprintf(&config, "  %s = %s\n", a.Name, literal(one.value.GetAttr(a.Name)))
			}
		}
		config.WriteString("}\n")
	}
	return config.String()
}

// Invoke is `terraform apply -invoke` for each action block of a configuration, one after the other. It plans them
// all and, if that succeeds, runs them with another provider. It returns the progress messages of the actions.
func (c *Core) Invoke(config string, opts ...Option) (progress []string, result *Result) {
	c.t.Helper()
	result = c.command(config, opts, func(r *run) bool {
		if !r.configure() {
			return false
		}
		r.eachBlock(func(n *node, config cty.Value) {
			r.report(n.address, must(r.server.(tfprotov6.ActionServer).PlanAction(r.ctx, &tfprotov6.PlanActionRequest{
				ActionType: n.typeName, Config: pack(config),
			})).Diagnostics)
		})
		if r.applying = true; !r.result.failed() && r.configure() {
			r.eachBlock(func(n *node, config cty.Value) { progress = append(progress, r.invoke(n, config)...) })
		}
		return false
	})
	return progress, result
}

// invoke runs an action, and returns its progress messages.
func (r *run) invoke(n *node, config cty.Value) (progress []string) {
	stream := must(r.server.(tfprotov6.ActionServer).InvokeAction(r.ctx, &tfprotov6.InvokeActionRequest{
		ActionType: n.typeName, Config: pack(config),
	}))
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			r.report(n.address, event.Diagnostics)
		}
	}
	return progress
}

// eachBlock calls do for each action or ephemeral block with a valid configuration, one after the other.
func (r *run) eachBlock(do func(n *node, config cty.Value)) {
	for _, n := range r.others {
		if config, ok := r.evaluateAndValidate(n); ok {
			do(n, config)
		}
	}
}

// Open opens the ephemeral blocks of a configuration, and returns their attributes as JSON has them, by address.
func (c *Core) Open(config string, opts ...Option) map[string]map[string]any {
	c.t.Helper()
	opened := map[string]map[string]any{}
	c.command(config, opts, func(r *run) bool {
		if r.configure() {
			r.eachBlock(func(n *node, config cty.Value) {
				resp := must(r.server.OpenEphemeralResource(r.ctx, &tfprotov6.OpenEphemeralResourceRequest{
					TypeName: n.typeName, Config: pack(config),
				}))
				if r.report(n.address, resp.Diagnostics) {
					opened[n.address] = asJSON(unpack(resp.Result, n.ty))
				}
			})
		}
		return false
	})
	return opened
}
