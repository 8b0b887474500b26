package acctest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// node is a block of the configuration, one instance of a block with count, or a resource that only the state has.
type node struct {
	kind     string // type of the block
	block    string // address without the instance's key
	address  string
	typeName string
	schema   *tfprotov6.Schema
	ty       cty.Type         // of the schema
	body     hcl.Body         // nil = not configured
	source   *hclsyntax.Block // the block of body; nil for the provider's
	count    cty.Value        // count.index; NilVal without count
	needs    []string         // blocks that it refers to
	byID     cty.Value        // import id, or identity; NilVal without import block

	createBeforeDestroy bool

	stored  *object // nil = not in the state
	deposed *object // waits to be deleted
	change  *change
	value   cty.Value // what expressions see; NilVal = nothing yet

	finished chan struct{} // closed in each walk
	failed   bool
}

// parse reads a configuration, and adds the objects that only the state has.
func (r *run) parse(config string, state map[string]*object) {
	r.provider = &node{kind: "provider", address: "provider", body: hcl.EmptyBody()}
	file, diags := hclsyntax.ParseConfig([]byte(config), "main.tf", hcl.InitialPos)
	if !r.reportHCL("", diags) {
		return
	}
	imports := map[string]cty.Value{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		switch block.Type {
		case "provider":
			r.provider.body = block.Body
		case "resource", "data", "list", "ephemeral", "action":
			r.addBlock(block)
		case "import":
			to, diags := hcl.AbsTraversalForExpr(block.Body.Attributes["to"].Expr)
			r.reportHCL("import", diags)
			for _, by := range []string{"id", "identity"} {
				if value := r.attributeOf(block.Body, by, cty.NilVal); value != cty.NilVal {
					imports[addressOf(to)] = value
				}
			}
		default:
			r.fail(block.Type, "Unsupported block", "acctest.Core does not know blocks of this type.")
		}
	}
	configured := map[string]bool{}
	for _, n := range r.nodes {
		n.byID, n.stored, configured[n.address] = imports[n.address], state[n.address], true
	}
	for address, o := range state {
		if !configured[address] && !strings.HasPrefix(address, "data.") {
			r.nodes = append(r.nodes, &node{
				kind: "resource", address: address, block: address, typeName: o.typeName, ty: o.value.Type(), stored: o,
				schema: r.schemas.ResourceSchemas[o.typeName],
			})
		}
	}
}

// addBlock adds the instances of a block.
func (r *run) addBlock(block *hclsyntax.Block) {
	n := node{
		kind: block.Type, block: strings.Join(block.Labels, "."), typeName: block.Labels[0], source: block, body: block.Body,
	}
	if n.kind != "resource" {
		n.block = n.kind + "." + n.block
	}
	if n.schema = r.schemaOf(n.kind, n.typeName); n.schema == nil {
		r.fail(n.block, "Invalid "+n.kind+" type", "The provider does not have "+n.typeName+".")
		return
	}
	n.address, n.ty = n.block, typeOf(n.schema)
	if n.kind == "resource" || n.kind == "data" {
		r.addInstances(n)
		return
	}
	if n.kind != "ephemeral" { // the provider's attributes are in the nested config block
		n.body = hcl.EmptyBody()
		for _, inner := range block.Body.Blocks {
			if inner.Type == "config" {
				n.body = inner.Body
			}
		}
	}
	r.others = append(r.others, &n)
}

func (r *run) schemaOf(kind, typeName string) *tfprotov6.Schema {
	switch kind {
	case "data":
		return r.schemas.DataSourceSchemas[typeName]
	case "list":
		return r.schemas.ListResourceSchemas[typeName]
	case "ephemeral":
		return r.schemas.EphemeralResourceSchemas[typeName]
	case "action":
		if action := r.schemas.ActionSchemas[typeName]; action != nil {
			return action.Schema
		}
		return nil
	}
	return r.schemas.ResourceSchemas[typeName]
}

// addInstances adds a resource or data source, as often as its count says.
func (r *run) addInstances(n node) {
	for _, attribute := range n.source.Body.Attributes {
		for _, traversal := range attribute.Expr.Variables() {
			n.needs = append(n.needs, blockOf(traversal))
		}
	}
	meta, body, diags := n.body.PartialContent(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "count"}, {Name: "depends_on"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "lifecycle"}},
	})
	r.reportHCL(n.block, diags)
	n.body = body
	for _, lifecycle := range meta.Blocks {
		n.createBeforeDestroy = r.attributeOf(lifecycle.Body, "create_before_destroy", cty.False).True()
	}
	count := r.attributeOf(n.source.Body, "count", cty.NilVal)
	if count == cty.NilVal {
		r.nodes = append(r.nodes, &n)
		return
	}
	instances, _ := count.AsBigFloat().Int64()
	for i := range instances {
		instance := n
		instance.address, instance.count = fmt.Sprintf("%s[%d]", n.block, i), cty.NumberIntVal(i)
		r.nodes = append(r.nodes, &instance)
	}
}

// attributeOf returns the value of an attribute of a block, or otherwise. The value must not contain references.
func (r *run) attributeOf(body hcl.Body, name string, otherwise cty.Value) cty.Value {
	attribute, ok := body.(*hclsyntax.Body).Attributes[name]
	if !ok {
		return otherwise
	}
	value, diags := attribute.Expr.Value(nil)
	if !r.reportHCL(name, diags) {
		return otherwise
	}
	return value
}

// blockOf is the address of the block that a traversal leads to.
func blockOf(t hcl.Traversal) string {
	length := 2
	if t.RootName() == "data" {
		length = 3
	}
	return addressOf(t[:min(length, len(t))])
}

func addressOf(t hcl.Traversal) string { return string(hclwrite.TokensForTraversal(t).Bytes()) }

// evaluate decodes the body of a node. A reference to a node without a value is unknown.
func (r *run) evaluate(n *node) (cty.Value, bool) {
	spec := hcldec.ObjectSpec{}
	for _, a := range n.schema.Block.Attributes {
		spec[a.Name] = &hcldec.AttrSpec{Name: a.Name, Type: n.ty.AttributeType(a.Name), Required: a.Required}
	}
	value, diags := hcldec.Decode(n.body, spec, r.scope(n))
	ok := r.reportHCL(n.address, diags)
	return must(cty.Transform(value, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.UnknownVal(v.Type()), nil // without HCL's refinements of the unknown value
		}
		return v, nil
	})), ok
}

// scope returns the values and functions that the expressions of a node can use.
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
	if n.count != cty.NilVal {
		scope.Variables["count"] = cty.ObjectVal(map[string]cty.Value{"index": n.count})
	}
	instances := map[string][]cty.Value{} // by block
	for _, other := range r.nodes {
		if n.block == other.block || !slices.Contains(n.needs, other.block) {
			continue
		}
		value := other.value
		if value == cty.NilVal {
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

// report adds a provider's diagnostics, and reports whether they have no error.
func (r *run) report(address string, diags []*tfprotov6.Diagnostic) (ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ok = true
	for _, d := range diags {
		reported := Diagnostic{Diagnostic: d, Address: address}
		ok = ok && !reported.isError()
		r.result.Diagnostics = append(r.result.Diagnostics, reported)
	}
	return ok
}

func (r *run) reportHCL(address string, diags hcl.Diagnostics) (ok bool) {
	for _, d := range diags {
		r.fail(address, d.Summary, d.Detail)
	}
	return len(diags) == 0
}

// fail adds an error that Core itself has found. It returns false.
func (r *run) fail(address, summary, detail string) bool {
	return r.report(address, []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail},
	})
}

// pathOf is an attribute's path as an engine prints it.
func pathOf(path *tftypes.AttributePath) string {
	var text strings.Builder
	for _, step := range path.Steps() {
		if name, ok := step.(tftypes.AttributeName); ok {
			text.WriteString("." + string(name))
		} else {
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

// must returns the result of a call that fails only if a test, or the framework, is broken.
func must[T any](result T, err error) T {
	if err != nil {
		panic(err)
	}
	return result
}
