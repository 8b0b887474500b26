package acctest

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// apply carries out what was planned, with another provider: what is to be deleted, then creates and
// updates, then the old halves of what was created before it is destroyed. Whatever fails, the state changes.
func (r *run) apply() bool {
	if r.options.afterPlan != nil {
		r.options.afterPlan()
	}
	r.applying = true
	if !r.configure() {
		return false
	}
	r.walk(r.nodes, true, func(n *node) bool {
		if n.change == nil || n.change.action != Delete && (n.change.action != Replace || n.createBeforeDestroy) {
			return true
		}
		return r.deleteObject(n, &n.stored, *n.change)
	})
	r.walk(r.nodes, false, func(n *node) bool {
		switch {
		case n.change == nil || n.change.action == NoOp || n.change.action == Delete:
			return true
		case n.change.action == Read:
			return r.readData(n)
		case n.change.action == Replace && n.createBeforeDestroy:
			n.deposed, n.stored = n.stored, nil
			ok := r.applyNode(n)
			if n.stored == nil {
				n.deposed, n.stored = nil, n.deposed
			}
			return ok
		}
		return r.applyNode(n)
	})
	r.walk(r.nodes, true, func(n *node) bool {
		if n.deposed == nil {
			return true
		}
		resp := r.planChange(n, n.deposed, cty.NullVal(n.ty))
		return r.report(n.address, resp.Diagnostics) && r.deleteObject(n, &n.deposed, change{
			private: resp.PlannedPrivate, identity: resp.PlannedIdentity,
		})
	})
	return true
}

// deleteObject deletes the current object of a node or its deposed one, as planned.
func (r *run) deleteObject(n *node, at **object, c change) bool {
	c.after = cty.NullVal(n.ty)
	return r.applyChange(n, at, c, c.after)
}

// applyNode plans a node again, with what is known by now, and applies that.
func (r *run) applyNode(n *node) bool {
	planned := *n.change
	config, ok := r.evaluateAndValidate(n)
	if !ok || !r.propose(n, config, false) {
		return false
	}
	final := *n.change
	n.change = &planned // what a test expects
	wasReplaced := planned.action == Replace && final.action == Create
	lostItsReason := planned.action == Update && final.action == NoOp
	switch {
	case final.action != planned.action && !wasReplaced && !lostItsReason:
		return r.fail(n.address, inconsistentPlan, fmt.Sprintf("%s became %s", planned.action, final.action))
	case !conforms(planned.after, final.after):
		return r.fail(n.address, inconsistentPlan, fmt.Sprintf("%#v became %#v", planned.after, final.after))
	}
	return lostItsReason || r.applyChange(n, &n.stored, final, config)
}

// applyChange changes the current object of a node or its deposed one.
func (r *run) applyChange(n *node, at **object, c change, config cty.Value) bool {
	prior := *at
	before := cty.NullVal(n.ty)
	if prior != nil {
		before = prior.value
	}
	resp := must(r.server.ApplyResourceChange(r.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: n.typeName, PriorState: pack(before), PlannedState: pack(c.after), Config: pack(config),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	}))
	ok := r.report(n.address, resp.Diagnostics)
	value := unpack(resp.NewState, n.ty)
	if ok && (!value.IsWhollyKnown() || !conforms(c.after, value)) {
		ok = r.fail(n.address, inconsistentResult, fmt.Sprintf("planned %#v, is %#v", c.after, value))
	}
	if value.IsNull() {
		if ok { // otherwise, the object stays in the state
			*at = nil
		}
		return ok
	}
	n.value = cty.UnknownAsNull(value)
	*at = &object{
		typeName: n.typeName, value: n.value, private: resp.Private, identity: resp.NewIdentity,
		tainted: !ok && (prior == nil || prior.tainted),
	}
	return ok
}

// conforms reports whether a value is what was planned, apart from what was unknown.
func conforms(planned, value cty.Value) bool {
	switch t := planned.Type(); {
	case !planned.IsKnown():
		return true
	case planned.IsNull() || value.IsNull() || !value.IsKnown() || !t.IsObjectType() && !t.IsMapType():
		return planned.RawEquals(value)
	}
	plannedValues, values := planned.AsValueMap(), value.AsValueMap()
	for name, v := range plannedValues {
		if other, ok := values[name]; !ok || !conforms(v, other) {
			return false
		}
	}
	return len(plannedValues) == len(values)
}
