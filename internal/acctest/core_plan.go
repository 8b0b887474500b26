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
	after    cty.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

const invalidPlan, inconsistentPlan, inconsistentResult = "Provider produced invalid plan",
	"Provider produced inconsistent final plan", "Provider produced inconsistent result after apply"

// validate checks the configuration with a provider that is not configured.
func (r *run) validate() {
	if r.result.failed() {
		return
	}
	if config, ok := r.evaluate("provider", r.provider, r.schemas.Provider, nil); ok {
		resp := must(r.server.ValidateProviderConfig(r.ctx, &tfprotov6.ValidateProviderConfigRequest{Config: pack(config)}))
		r.report("provider", resp.Diagnostics)
	}
	r.walk(false, func(n *node) bool {
		if n.body != nil {
			if config, ok := r.evaluate(n.address, n.body, n.schema, n); ok {
				r.report(n.address, r.validateNode(n, config))
			}
		}
		return true
	})
}

func (r *run) validateNode(n *node, config cty.Value) []*tfprotov6.Diagnostic {
	if n.isData {
		return must(r.server.ValidateDataResourceConfig(r.ctx, &tfprotov6.ValidateDataResourceConfigRequest{
			TypeName: n.typeName, Config: pack(config),
		})).Diagnostics
	}
	return must(r.server.ValidateResourceConfig(r.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: n.typeName, Config: pack(config),
	})).Diagnostics
}

// evaluateNode evaluates a node's configuration and validates what may be known only now.
func (r *run) evaluateNode(n *node) (cty.Value, bool) {
	config, ok := r.evaluate(n.address, n.body, n.schema, n)
	if ok {
		ok = r.reportErrors(n.address, r.validateNode(n, config))
	}
	return config, ok
}

// reportErrors leaves out warnings, which have been reported before, unless there are errors.
func (r *run) reportErrors(address string, diags []*tfprotov6.Diagnostic) (ok bool) {
	isError := func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }
	return !slices.ContainsFunc(diags, isError) || r.report(address, diags)
}

func (r *run) configure() (ok bool) {
	config, ok := r.evaluate("provider", r.provider, r.schemas.Provider, nil)
	if !ok {
		return false
	}
	resp := must(r.server.ConfigureProvider(r.ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.15.0", Config: pack(config),
	}))
	return r.report("provider", resp.Diagnostics)
}

// plan plans all nodes, after it has refreshed them.
func (r *run) plan() {
	if !r.configure() {
		return
	}
	r.walk(false, func(n *node) bool {
		switch {
		case n.isData:
			return r.planRead(n)
		case n.body == nil:
			return r.refreshNode(n) && r.planDelete(n)
		}
		return r.planNode(n)
	})
}

// planDestroy plans to delete everything, after a plan has refreshed it.
func (r *run) planDestroy() {
	if !r.options.skipRefresh {
		if r.plan(); r.result.failed() {
			return
		}
		r.result.Diagnostics, r.result.Actions = nil, map[string]Action{} // of that plan, only errors are shown
		r.changes = map[string]*change{}
		r.start()
	}
	if r.configure() {
		r.walk(true, r.planDelete)
	}
}

// refreshAll reads everything in the state.
func (r *run) refreshAll() {
	if r.configure() {
		r.walk(false, func(n *node) bool {
			if n.isData {
				return r.planRead(n)
			}
			return r.refreshNode(n)
		})
	}
}

// planRead reads a data source, or plans to read it when its configuration is known.
func (r *run) planRead(n *node) bool {
	config, ok := r.evaluateNode(n)
	if !ok {
		return false
	}
	if !config.IsWhollyKnown() {
		r.planned(n, &change{action: Read, after: cty.DynamicVal})
		return true
	}
	return r.read(n, config)
}

func (r *run) read(n *node, config cty.Value) bool {
	resp := must(r.server.ReadDataSource(r.ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: n.typeName, Config: pack(config),
	}))
	if !r.report(n.address, resp.Diagnostics) {
		return false
	}
	r.store(n.address, &object{typeName: n.typeName, value: unpack(resp.State, n.ty)})
	return true
}

// refreshNode reads the object of a node.
func (r *run) refreshNode(n *node) bool {
	prior := r.stored(n.address)
	if prior == nil || r.options.skipRefresh {
		return true
	}
	refreshed, ok := r.refresh(n, prior)
	if ok {
		r.store(n.address, refreshed)
	}
	return ok
}

// refresh returns what has become of an object, nil if it is gone.
func (r *run) refresh(n *node, o *object) (*object, bool) {
	resp := must(r.server.ReadResource(r.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: n.typeName, CurrentState: pack(o.value), Private: o.private, CurrentIdentity: o.identity,
	}))
	if !r.report(n.address, resp.Diagnostics) {
		return nil, false
	}
	value := unpack(resp.NewState, n.ty)
	if value.IsNull() {
		return nil, true
	}
	return &object{
		typeName: n.typeName, value: value, private: resp.Private, identity: resp.NewIdentity, tainted: o.tainted,
	}, true
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
	o, ok := r.refresh(n, &object{
		value: unpack(imported.State, n.ty), private: imported.Private, identity: imported.Identity,
	})
	if ok && o == nil {
		return r.fail(n.address, "Cannot import non-existent remote object", "")
	}
	if ok {
		r.store(n.address, o)
	}
	return ok
}

// importObject is `terraform import`.
func (r *run) importObject(address string, by cty.Value) {
	if !r.configure() {
		return
	}
	found := slices.IndexFunc(r.nodes, func(n *node) bool { return n.address == address })
	switch {
	case found < 0 || r.nodes[found].body == nil:
		r.fail(address, "resource address does not exist in the configuration", "")
	case r.stored(address) != nil:
		r.fail(address, "Resource already managed by Terraform", "")
	default:
		r.importNode(r.nodes[found], by)
	}
}

// planNode plans a resource of the configuration.
func (r *run) planNode(n *node) bool {
	if n.importing != cty.NilVal && r.stored(n.address) == nil {
		if !r.importNode(n, n.importing) {
			return false
		}
	} else if !r.refreshNode(n) {
		return false
	}
	config, ok := r.evaluateNode(n)
	if !ok {
		return false
	}
	c, ok := r.propose(n, config, slices.Contains(r.options.replace, n.address))
	if ok {
		r.planned(n, c)
	}
	return ok
}

// propose plans a change of the object of a node to its configuration.
func (r *run) propose(n *node, config cty.Value, forced bool) (*change, bool) {
	null := &object{value: cty.NullVal(n.ty)}
	stored := r.stored(n.address)
	prior := stored
	if stored == nil || stored.tainted {
		prior = null
	}
	resp := r.planChange(n, prior, config)
	if !r.report(n.address, resp.Diagnostics) {
		return nil, false
	}
	after := unpack(resp.PlannedState, n.ty)
	for _, a := range n.schema.Block.Attributes {
		if !isValidPlan(a, attribute(prior.value, a.Name), attribute(config, a.Name), attribute(after, a.Name)) {
			return nil, r.fail(n.address, invalidPlan, fmt.Sprintf("%s: %#v", a.Name, after))
		}
	}
	action := Update
	switch {
	case prior == null && stored != nil:
		action = Replace // is tainted
	case prior == null:
		action = Create
	case forced || requiresReplace(resp, prior.value, after):
		// The second half is planned as a create, but knows what the first half left in private state.
		action = Replace
		null.private, null.identity = resp.PlannedPrivate, resp.PlannedIdentity
		resp = r.planChange(n, null, config)
		if !r.reportErrors(n.address, resp.Diagnostics) {
			return nil, false
		}
		after = unpack(resp.PlannedState, n.ty)
	case after.RawEquals(prior.value):
		action = NoOp
	}
	return &change{action: action, after: after, private: resp.PlannedPrivate, identity: resp.PlannedIdentity}, true
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
	prior := r.stored(n.address)
	switch {
	case n.isData:
		r.store(n.address, nil)
		return true
	case prior == nil:
		return true
	}
	resp := r.planChange(n, prior, cty.NullVal(prior.value.Type()))
	if !r.report(n.address, resp.Diagnostics) {
		return false
	}
	after := unpack(resp.PlannedState, n.ty)
	r.planned(n, &change{action: Delete, after: after, private: resp.PlannedPrivate, identity: resp.PlannedIdentity})
	return true
}

// isValidPlan holds a planned value to the rules of Terraform.
func isValidPlan(a *tfprotov6.SchemaAttribute, prior, config, planned cty.Value) bool {
	return planned.RawEquals(config) || a.Computed && (config.IsNull() || !a.Optional) ||
		planned.RawEquals(prior) && !prior.IsNull() && !config.IsNull()
}

// requiresReplace reports whether an attribute has changed whose change requires a replacement.
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

// planned records a change.
func (r *run) planned(n *node, c *change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes[n.address], r.values[n.address], r.result.Actions[n.address] = c, c.after, c.action
}

// stored returns the object at an address, or nil.
func (r *run) stored(address string) *object {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state[address]
}

// store puts an object into the state, or takes it out if it is nil.
func (r *run) store(address string, o *object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o == nil {
		delete(r.state, address)
		return
	}
	r.state[address], r.values[address] = o, o.value
}
