package acctest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// Listed is an object that a list block has found.
type Listed struct {
	DisplayName string
	ID          string         // of its identity
	Resource    map[string]any // as JSON has it; nil unless the block includes it

	typeName string
	schema   *tfprotov6.Schema
	value    cty.Value
}

// Query is `terraform query`: it returns what each list block of a configuration has found, by address. As the engine
// does, it takes no more results of a block than its limit, 100 unless it has one, and none of a block that failed.
func (c *Core) Query(config string, opts ...Option) (map[string][]Listed, *Result) {
	c.t.Helper()
	found := map[string][]Listed{}
	result := c.command(config, opts, func(r *run) {
		if !r.configure() {
			return
		}
		var wait sync.WaitGroup
		for _, block := range r.blocks {
			wait.Go(func() {
				if listed, ok := r.list(block); ok {
					r.mu.Lock()
					defer r.mu.Unlock()
					found["list."+strings.Join(block.Labels, ".")] = listed
				}
			})
		}
		wait.Wait()
	})
	return found, result
}

// list runs a list block.
func (r *run) list(block *hclsyntax.Block) (found []Listed, ok bool) {
	typeName, address := block.Labels[0], "list."+strings.Join(block.Labels, ".")
	config, ok := r.evaluate(address, innerBody(block), r.schemas.ListResourceSchemas[typeName], nil)
	if !ok {
		return nil, false
	}
	server := r.server.(tfprotov6.ListResourceServer)
	validated := must(server.ValidateListResourceConfig(r.ctx, &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: typeName, Config: pack(config),
	}))
	if !r.report(address, validated.Diagnostics) {
		return nil, false
	}
	limit, _ := attributeOf(block, "limit", cty.NumberIntVal(100)).AsBigFloat().Int64()
	include := attributeOf(block, "include_resource", cty.False).True()
	stream := must(server.ListResource(r.ctx, &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: pack(config), IncludeResource: include, Limit: limit,
	}))
	schema := r.schemas.ResourceSchemas[typeName]
	for result := range stream.Results {
		switch {
		case !r.report(address, result.Diagnostics):
			return nil, false
		case result.Identity == nil: // warnings alone
			continue
		}
		identity := unpack(result.Identity.IdentityData, cty.Object(map[string]cty.Type{"id": cty.String}))
		one := Listed{
			DisplayName: result.DisplayName, ID: identity.GetAttr("id").AsString(), typeName: typeName, schema: schema,
		}
		if include {
			one.value = unpack(result.Resource, typeOf(schema))
			encoded := must(ctyjson.Marshal(one.value, one.value.Type()))
			if err := json.Unmarshal(encoded, &one.Resource); err != nil {
				panic(err)
			}
		}
		if found = append(found, one); int64(len(found)) == limit {
			break
		}
	}
	return found, true
}

// innerBody is the body of the config block in a list or action block.
func innerBody(block *hclsyntax.Block) hcl.Body {
	for _, inner := range block.Body.Blocks {
		if inner.Type == "config" {
			return inner.Body
		}
	}
	return hcl.EmptyBody()
}

// attributeOf is the value of an attribute of a block, if it has it.
func attributeOf(block *hclsyntax.Block, name string, otherwise cty.Value) cty.Value {
	attribute, ok := block.Body.Attributes[name]
	if !ok {
		return otherwise
	}
	value, diags := attribute.Expr.Value(nil)
	if diags.HasErrors() {
		panic(diags)
	}
	return value
}

// Generate is -generate-config-out: it writes an import block, by identity, and a resource block for each result. The
// addresses are those that the engine chooses.
func Generate(name string, found []Listed) string {
	var config strings.Builder
	for i, one := range found {
		address := fmt.Sprintf("%s.%s_%d", one.typeName, name, i)
		literal := func(v cty.Value) string { return string(hclwrite.TokensForValue(v).Bytes()) }
		id := literal(cty.StringVal(one.ID))
		fmt.Fprintf(&config, "import {\n  to       = %s\n  identity = { id = %s }\n}\n", address, id)
		fmt.Fprintf(&config, "resource %q %q {\n", one.typeName, fmt.Sprintf("%s_%d", name, i))
		for _, a := range one.schema.Block.Attributes {
			if a.Optional || a.Required {
				fmt.Fprintf(&config, "  %s = %s\n", a.Name, literal(one.value.GetAttr(a.Name)))
			}
		}
		config.WriteString("}\n")
	}
	return config.String()
}
