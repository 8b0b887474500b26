package acctest

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// change is what is planned for an object.
type change struct {
	action   Action
	after    cty.Value // of a resource
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

const invalidPlan, inconsistentPlan, inconsistentResult = "Provider produced invalid plan",
	"Provider produced inconsistent final plan", "Provider produced inconsistent result after apply"

// plan plans all nodes, after it has refreshed them.
func (r *run) plan() bool {
	return r.configure() && r.walk(r.nodes, false, func(n *node) bool {
		switch {
		case n.kind == "data":
			return r.readData(n)
		case n.byID != cty.NilVal && n.stored == nil:
			return r.importNode(n, n.byID) && r.planNode(n)
		case n.body != nil:
			return r.refreshNode(n) && r.planNode(n)
		}
		return r.refreshNode(n) && r.planDelete(n)
	})
}

// planDestroy plans to delete everything, after a plan has refreshed it.
func (r *run) planDestroy() bool {
	if !r.options.skipRefresh {
		if !r.plan() {
			return false
		}
		r.result.Diagnostics = nil // that plan succeeded, and its warnings are not shown
		for _, n := range r.nodes {
			n.change = nil
		}
	}
	return r.configure() && r.walk(r.nodes, true, r.planDelete)
}

// refreshAll reads everything in the state.
func (r *run) refreshAll() bool {
	return r.configure() && r.walk(r.nodes, false, func(n *node) bool {
		if n.kind == "data" {
			return r.readData(n)
		}
		return r.refreshNode(n)
	})
}

// readData reads a data source, or plans to read it later if its configuration is not known yet.
func (r *run) readData(n *node) bool {
	config, ok := r.evaluateAndValidate(n)
	if !ok {
		return false
	}
	if !config.IsWhollyKnown() {
		n.change = &change{action: Read}
		return true
	}
	resp := must(r.server.ReadDataSource(r.ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: n.typeName, Config: pack(config),
	}))
	if !r.report(n.address, resp.Diagnostics) {
		return false
	}
	n.value = unpack(resp.State, n.ty)
	n.stored = &object{typeName: n.typeName, value: n.value}
	return true
}

// refreshNode reads the object of a node, if it has one.
func (r *run) refreshNode(n *node) bool {
	return n.stored == nil || r.options.skipRefresh || r.readNode(n)
}

// readNode reads the object of a node, which may be gone.
func (r *run) readNode(n *node) bool {
	prior := n.stored
	resp := must(r.server.ReadResource(r.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: n.typeName, CurrentState: pack(prior.value), Private: prior.private, CurrentIdentity: prior.identity,
	}))
	if !r.report(n.address, resp.Diagnostics) {
		return false
	}
	n.stored = nil
	if value := unpack(resp.NewState, n.ty); !value.IsNull() {
		n.value = value
		n.stored = &object{
			typeName: n.typeName, value: value, private: resp.Private, identity: resp.NewIdentity, tainted: prior.tainted,
		}
	}
	return true
}

// importNode reads the object that by, an import id or an identity, leads to.
func (r *run) importNode(n *node, by cty.Value) bool {
	req := &tfprotov6.ImportResourceStateRequest{TypeName: n.typeName}
	if by.Type() == cty.String {
		req.ID = by.AsString()
	} else {
		req.Identity = &tfprotov6.ResourceIdentityData{IdentityData: pack(by)}
	}
	resp := must(r.server.ImportResourceState(r.ctx, req))
	if !r.report(n.address, resp.Diagnostics) {
		return false
	}
	imported := resp.ImportedResources[0]
	n.stored = &object{value: unpack(imported.State, n.ty), private: imported.Private, identity: imported.Identity}
	if !r.readNode(n) {
		return false
	}
	return n.stored != nil || r.fail(n.address, "Cannot import non-existent remote object", "")
}

// importObject is `terraform import`.
func (r *run) importObject(address string, by cty.Value) bool {
	if !r.configure() {
		return false
	}
	found := slices.IndexFunc(r.nodes, func(n *node) bool { return n.address == address })
	switch {
	case found < 0 || r.nodes[found].body == nil:
		return r.fail(address, "resource address does not exist in the configuration", "")
	case r.nodes[found].stored != nil:
		return r.fail(address, "Resource already managed by Terraform", "")
	}
	return r.importNode(r.nodes[found], by)
}

// planNode plans a resource of the configuration.
func (r *run) planNode(n *node) bool {
	config, ok := r.evaluateAndValidate(n)
	return ok && r.propose(n, config, slices.Contains(r.options.replace, n.address))
}

// propose plans a change of the object of a node to its configuration.
func (r *run) propose(n *node, config cty.Value, forced bool) bool {
	null := &object{value: cty.NullVal(n.ty)}
	prior := n.stored
	if prior == nil || prior.tainted {
		prior = null
	}
	resp := r.planChange(n, prior, config)
	if !r.report(n.address, resp.Diagnostics) {
		return false
	}
	after := unpack(resp.PlannedState, n.ty)
	for _, a := range n.schema.Block.Attributes {
		if !isValidPlan(a, attribute(prior.value, a.Name), attribute(config, a.Name), attribute(after, a.Name)) {
			return r.fail(n.address, invalidPlan, fmt.Sprintf("%s: %#v", a.Name, after))
		}
	}
	action := Update
	switch {
	case prior == null && n.stored != nil:
		action = Replace // is tainted
	case prior == null:
		action = Create
	case forced || requiresReplace(resp, prior.value, after):
		// The second half is planned as a create, but knows what the first half left in private state.
		action = Replace
		null.private, null.identity = resp.PlannedPrivate, resp.PlannedIdentity
		resp = r.planChange(n, null, config)
		if !r.reportErrors(n, resp.Diagnostics) {
			return false
		}
		after = unpack(resp.PlannedState, n.ty)
	case after.RawEquals(prior.value):
		action = NoOp
	}
	n.change = &change{action: action, after: after, private: resp.PlannedPrivate, identity: resp.PlannedIdentity}
	n.value = after
	return true
}

// planChange asks the provider for a plan. A config that is null means to delete the object.
func (r *run) planChange(n *node, prior *object, config cty.Value) *tfprotov6.PlanResourceChangeResponse {
	proposed := config
	if !config.IsNull() {
		values := config.AsValueMap()
		for _, a := range n.schema.Block.Attributes {
			if a.Computed && values[a.Name].IsNull() {
				values[a.Name] = attribute(prior.value, a.Name)
			}
		}
		proposed = cty.ObjectVal(values)
	}
	return must(r.server.PlanResourceChange(r.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: n.typeName, PriorState: pack(prior.value), ProposedNewState: pack(proposed), Config: pack(config),
		PriorPrivate: prior.private, PriorIdentity: prior.identity,
	}))
}

// planDelete plans to delete the object of a node, if there is one. A data source is just forgotten.
func (r *run) planDelete(n *node) bool {
	if n.kind == "data" || n.stored == nil {
		n.stored = nil
		return true
	}
	resp := r.planChange(n, n.stored, cty.NullVal(n.ty))
	n.change = &change{
		action: Delete, after: cty.NullVal(n.ty), private: resp.PlannedPrivate, identity: resp.PlannedIdentity,
	}
	return r.report(n.address, resp.Diagnostics)
}

// isValidPlan checks a planned value against Terraform's rules.
func isValidPlan(a *tfprotov6.SchemaAttribute, prior, config, planned cty.Value) bool {
	return planned.RawEquals(config) || a.Computed && (config.IsNull() || !a.Optional) ||
		planned.RawEquals(prior) && !prior.IsNull() && !config.IsNull()
}

// requiresReplace reports whether a changed attribute requires a replacement.
func requiresReplace(resp *tfprotov6.PlanResourceChangeResponse, prior, after cty.Value) bool {
	return slices.ContainsFunc(resp.RequiresReplace, func(path *tftypes.AttributePath) bool {
		name := string(path.Steps()[0].(tftypes.AttributeName))
		return !attribute(after, name).RawEquals(attribute(prior, name))
	})
}

// attribute is an attribute of an object; it is null if the object is.
func attribute(object cty.Value, name string) cty.Value {
	if object.IsNull() {
		return cty.NullVal(object.Type().AttributeType(name))
	}
	return object.GetAttr(name)
}
