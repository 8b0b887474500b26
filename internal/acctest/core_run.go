package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// parallelism is how many resources are visited at a time, as by default in Terraform.
const parallelism = 10

// run is one command over one configuration.
type run struct {
	ctx     context.Context
	serve   func() (tfprotov6.ProviderServer, error)
	options options
	result  *Result

	server   tfprotov6.ProviderServer // of the present walk
	schemas  *tfprotov6.GetProviderSchemaResponse
	applying bool

	provider hcl.Body
	nodes    []*node
	blocks   []*hclsyntax.Block // that are no nodes

	mu      sync.Mutex // guards result and what follows
	state   map[string]*object
	changes map[string]*change
	values  map[string]cty.Value // what expressions see
}

// node is an instance of a resource or a data source, in the configuration or only in the state.
type node struct {
	address   string
	block     string // address without the instance's key
	typeName  string
	isData    bool
	schema    *tfprotov6.Schema
	ty        cty.Type  // of the schema
	body      hcl.Body  // nil = no longer configured
	count     cty.Value // count.index; NilVal without count
	needs     []string  // blocks that it refers to
	importing cty.Value // import id, or identity; NilVal without import block

	createBeforeDestroy bool

	finished chan struct{} // closed in each walk
	failed   bool
}

// must returns the result of a call that fails only if a test, or the framework, is broken.
func must[T any](result T, err error) T {
	if err != nil {
		panic(err)
	}
	return result
}

// start starts a provider.
func (r *run) start() {
	r.server = must(r.serve())
	if r.schemas == nil {
		r.schemas = must(r.server.GetProviderSchema(r.ctx, &tfprotov6.GetProviderSchemaRequest{}))
	}
}

// walk visits the nodes, up to ten at a time, each after those it needs (backwards: after those that
// need it). One that waits for a node that failed fails, too.
func (r *run) walk(backwards bool, visit func(*node) bool) {
	for _, n := range r.nodes {
		n.finished = make(chan struct{})
	}
	slots := make(chan struct{}, parallelism)
	var wait sync.WaitGroup
	for _, n := range r.nodes {
		wait.Go(func() {
			defer close(n.finished)
			for _, other := range r.nodes {
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
}

// parse reads a configuration, and adds what is in the state alone.
func (r *run) parse(config string) {
	file, diags := hclsyntax.ParseConfig([]byte(config), "main.tf", hcl.InitialPos)
	if !r.reportHCL("", diags) {
		return
	}
	r.provider = hcl.EmptyBody()
	imports := map[string]cty.Value{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		switch block.Type {
		case "provider":
			r.provider = block.Body
		case "resource", "data":
			r.addBlock(block)
		case "import":
			to, diags := hcl.AbsTraversalForExpr(block.Body.Attributes["to"].Expr)
			r.reportHCL("import", diags)
			for _, by := range []string{"id", "identity"} {
				if attribute, ok := block.Body.Attributes[by]; ok {
					value, diags := attribute.Expr.Value(nil)
					r.reportHCL("import", diags)
					imports[addressOf(to)] = value
				}
			}
		case "list", "ephemeral", "action":
			r.blocks = append(r.blocks, block)
		default:
			r.fail(block.Type, "Unsupported block", "acctest.Core does not know blocks of this type.")
		}
	}
	for _, n := range r.nodes {
		n.importing = imports[n.address]
	}
	for address, o := range r.state {
		switch {
		case slices.ContainsFunc(r.nodes, func(n *node) bool { return n.address == address }):
		case strings.HasPrefix(address, "data."):
			delete(r.state, address)
		default:
			r.nodes = append(r.nodes, &node{
				address: address, block: address, typeName: o.typeName, schema: r.schemas.ResourceSchemas[o.typeName],
				ty: o.value.Type(),
			})
		}
	}
}

// addBlock adds the instances of a resource or data block.
func (r *run) addBlock(block *hclsyntax.Block) {
	n := node{
		block: strings.Join(block.Labels, "."), typeName: block.Labels[0], isData: block.Type == "data",
		schema: r.schemas.ResourceSchemas[block.Labels[0]],
	}
	if n.isData {
		n.block, n.schema = "data."+n.block, r.schemas.DataSourceSchemas[n.typeName]
	}
	if n.schema == nil {
		r.fail(n.block, "Invalid resource type", "The provider does not have "+n.typeName+".")
		return
	}
	n.ty = typeOf(n.schema)
	for _, attribute := range block.Body.Attributes {
		for _, traversal := range attribute.Expr.Variables() {
			n.needs = append(n.needs, blockOf(traversal))
		}
	}
	meta, body, diags := block.Body.PartialContent(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "count"}, {Name: "depends_on"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "lifecycle"}},
	})
	r.reportHCL(n.block, diags)
	n.body = body
	for _, lifecycle := range meta.Blocks {
		value, diags := hcldec.Decode(lifecycle.Body, &hcldec.AttrSpec{
			Name: "create_before_destroy", Type: cty.Bool, Required: true,
		}, nil)
		n.createBeforeDestroy = r.reportHCL(n.block, diags) && value.True()
	}
	count, counted := meta.Attributes["count"]
	if !counted {
		n.address = n.block
		r.nodes = append(r.nodes, &n)
		return
	}
	value, diags := count.Expr.Value(nil)
	if !r.reportHCL(n.block, diags) {
		return
	}
	instances, _ := value.AsBigFloat().Int64()
	for i := range instances {
		instance := n
		instance.address, instance.count = fmt.Sprintf("%s[%d]", n.block, i), cty.NumberIntVal(i)
		r.nodes = append(r.nodes, &instance)
	}
}

// blockOf is the address of the block that a traversal leads to.
func blockOf(t hcl.Traversal) string {
	length := 2
	if t.RootName() == "data" {
		length = 3
	}
	return addressOf(t[:min(length, len(t))])
}

func addressOf(t hcl.Traversal) string {
	var address strings.Builder
	address.WriteString(t.RootName())
	for _, step := range t[1:] {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			address.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			fmt.Fprintf(&address, "[%s]", must(ctyjson.Marshal(step.Key, step.Key.Type())))
		}
	}
	return address.String()
}

// evaluate decodes a body. References to what has no value yet are unknown.
func (r *run) evaluate(address string, body hcl.Body, schema *tfprotov6.Schema, n *node) (cty.Value, bool) {
	var ty cty.Type
	if n != nil {
		ty = n.ty
	} else {
		ty = typeOf(schema)
	}
	spec := hcldec.ObjectSpec{}
	for _, a := range schema.Block.Attributes {
		spec[a.Name] = &hcldec.AttrSpec{Name: a.Name, Type: ty.AttributeType(a.Name), Required: a.Required}
	}
	value, diags := hcldec.Decode(body, spec, r.scope(n))
	ok := r.reportHCL(address, diags)
	return must(cty.Transform(value, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.UnknownVal(v.Type()), nil // without what HCL may know of it
		}
		return v, nil
	})), ok
}

// scope is what the expressions of a node see.
func (r *run) scope(n *node) *hcl.EvalContext {
	later := function.New(&function.Spec{
		Params: []function.Parameter{{Name: "value", Type: cty.String, AllowNull: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if r.applying {
				return args[0], nil
			}
			return cty.UnknownVal(cty.String), nil
		},
	})
	scope := &hcl.EvalContext{
		Variables: map[string]cty.Value{}, Functions: map[string]function.Function{"later": later},
	}
	if n == nil {
		return scope
	}
	if n.count != cty.NilVal {
		scope.Variables["count"] = cty.ObjectVal(map[string]cty.Value{"index": n.count})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	instances := map[string][]cty.Value{} // by block
	for _, other := range r.nodes {
		if n.block == other.block || !slices.Contains(n.needs, other.block) {
			continue
		}
		value, ok := r.values[other.address]
		if !ok {
			value = cty.DynamicVal
		}
		instances[other.block] = append(instances[other.block], value)
		if other.count != cty.NilVal {
			value = cty.TupleVal(instances[other.block])
		}
		nest(scope.Variables, strings.Split(other.block, "."), value)
	}
	return scope
}

// nest puts a value into objects within objects.
func nest(objects map[string]cty.Value, path []string, value cty.Value) {
	if len(path) > 1 {
		inner := map[string]cty.Value{}
		if outer, ok := objects[path[0]]; ok {
			inner = outer.AsValueMap()
		}
		nest(inner, path[1:], value)
		value = cty.ObjectVal(inner)
	}
	objects[path[0]] = value
}

// report adds a provider's diagnostics, and returns whether none is an error.
func (r *run) report(address string, diags []*tfprotov6.Diagnostic) (ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ok = true
	for _, d := range diags {
		isError := d.Severity == tfprotov6.DiagnosticSeverityError
		ok = ok && !isError
		r.result.Diagnostics = append(r.result.Diagnostics, Diagnostic{
			IsError: isError, Address: address, Summary: d.Summary, Detail: d.Detail, Attribute: pathOf(d.Attribute),
		})
	}
	return ok
}

func (r *run) reportHCL(address string, diags hcl.Diagnostics) (ok bool) {
	for _, d := range diags {
		r.fail(address, d.Summary, d.Detail)
	}
	return len(diags) == 0
}

// fail reports what Core finds wrong itself. It returns false.
func (r *run) fail(address, summary, detail string) bool {
	return r.report(address, []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail},
	})
}

func pathOf(path *tftypes.AttributePath) string {
	var text strings.Builder
	for _, step := range path.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			text.WriteString("." + string(step))
		default:
			fmt.Fprintf(&text, "[%#v]", step)
		}
	}
	return strings.TrimPrefix(text.String(), ".")
}

// typeOf is the type of a schema's values. The protocol and cty write types in JSON in the same way.
func typeOf(schema *tfprotov6.Schema) cty.Type {
	return must(ctyjson.UnmarshalType(must(json.Marshal(schema.ValueType()))))
}

func pack(v cty.Value) *tfprotov6.DynamicValue {
	return &tfprotov6.DynamicValue{MsgPack: must(msgpack.Marshal(v, v.Type()))}
}

func unpack(v *tfprotov6.DynamicValue, ty cty.Type) cty.Value {
	return must(msgpack.Unmarshal(v.MsgPack, ty))
}
