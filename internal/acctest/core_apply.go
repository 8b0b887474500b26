package acctest

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// apply carries out what was planned, with another provider: what is to be deleted, then creates and
// updates, then the old halves of what was created before it is destroyed.
func (r *run) apply() {
	r.applying = true
	if r.start(); !r.configure() {
		return
	}
	r.walk(true, func(n *node) bool {
		c := r.changes[n.address]
		if c == nil || c.action != Delete && (c.action != Replace || n.createBeforeDestroy) {
			return true
		}
		return r.applyChange(n, n.address, &change{
			action: Delete, after: cty.NullVal(c.after.Type()), private: c.private, identity: c.identity,
		}, cty.NullVal(c.after.Type()))
	})
	deposed := map[*node]string{} // their addresses; the walk that reads has ended
	r.walk(false, func(n *node) bool {
		c := r.changes[n.address]
		switch {
		case c == nil || c.action == NoOp || c.action == Delete:
			return true
		case c.action == Read:
			config, ok := r.evaluateNode(n)
			return ok && r.read(n, config)
		case c.action == Replace && n.createBeforeDestroy:
			at := r.depose(n.address)
			if ok := r.applyNode(n, c); ok || r.stored(n.address) != nil {
				r.mu.Lock()
				deposed[n] = at
				r.mu.Unlock()
				return ok
			}
			r.store(n.address, r.stored(at))
			r.store(at, nil)
			return false
		}
		return r.applyNode(n, c)
	})
	r.walk(true, func(n *node) bool {
		at, ok := deposed[n]
		if !ok {
			return true
		}
		prior := r.stored(at)
		null := cty.NullVal(prior.value.Type())
		resp := r.planChange(n, prior, null)
		return r.report(at, resp.Diagnostics) && r.applyChange(n, at, &change{
			action: Delete, after: null, private: resp.PlannedPrivate, identity: resp.PlannedIdentity,
		}, null)
	})
}

// depose makes room for a new object at an address. It returns where the old one is now.
func (r *run) depose(address string) string {
	at := address + " (deposed)"
	for r.stored(at) != nil {
		at += "+"
	}
	r.store(at, r.stored(address))
	r.store(address, nil)
	return at
}

// applyNode plans a node again, with what is known by now, and applies that.
func (r *run) applyNode(n *node, before *change) bool {
	config, ok := r.evaluateNode(n)
	if !ok {
		return false
	}
	c, ok := r.propose(n, config, false)
	if !ok {
		return false
	}
	wasReplaced := before.action == Replace && c.action == Create
	lostItsReason := before.action == Update && c.action == NoOp
	if c.action != before.action && !wasReplaced && !lostItsReason {
		return r.fail(n.address, inconsistentPlan, fmt.Sprintf("%s became %s", before.action, c.action))
	}
	if !conforms(before.after, c.after) {
		return r.fail(n.address, inconsistentPlan, fmt.Sprintf("%#v became %#v", before.after, c.after))
	}
	return lostItsReason || r.applyChange(n, n.address, c, config)
}

// applyChange changes the object at an address, which may be a deposed one of the node.
func (r *run) applyChange(n *node, address string, c *change, config cty.Value) bool {
	prior := r.stored(address)
	before := cty.NullVal(c.after.Type())
	if prior != nil {
		before = prior.value
	}
	resp := must(r.server.ApplyResourceChange(r.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: n.typeName, PriorState: pack(before), PlannedState: pack(c.after), Config: pack(config),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	}))
	ok := r.report(address, resp.Diagnostics)
	value := unpack(resp.NewState, n.ty)
	if ok && (!value.IsWhollyKnown() || !conforms(c.after, value)) {
		ok = r.fail(address, inconsistentResult, fmt.Sprintf("planned %#v, is %#v", c.after, value))
	}
	switch {
	case value.IsNull() && !ok: // what was there is kept
	case value.IsNull():
		r.store(address, nil)
	default:
		r.store(address, &object{
			typeName: n.typeName, value: cty.UnknownAsNull(value), private: resp.Private, identity: resp.NewIdentity,
			tainted: !ok && (prior == nil || prior.tainted),
		})
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
