package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// desired is the desired state: the configuration is written from it. After each round's recovery account
// and state agree with it, so what follows depends on it and the seed, not on what went wrong.
type desired struct {
	published  bool // over the published API, where properties can only be read
	properties []*property
	contacts   []*contact
	imports    map[string]string // import blocks: ids by address
	forgotten  []string          // addresses in removed blocks
	next       int               // number of the next name; none is used twice
}

type property struct {
	res, name, kind string
	adopt           bool
}

type contact struct {
	res, email, name, phone, policy string // "" = left out; res is the distinct_id, too
	createFirst                     bool   // create_before_destroy
	values                          map[string]string
	// values has the values by the name of the property's resource, or of a property that is not managed.
}

func (p *property) address() string { return "tidio_property." + p.res }
func (c *contact) address() string  { return "tidio_contact." + c.res }

// The third party's properties: contacts may own a value of the first, and never one of the second.
var (
	shared  = []tidiomock.Property{{Name: "plan", Type: "text"}, {Name: "seats", Type: "number"}}
	foreign = []tidiomock.Property{{Name: "bot_note", Type: "text"}, {Name: "bot_score", Type: "number"}}
	seeded  = slices.Concat(shared, foreign)
)

func (d *desired) number() int { d.next++; return d.next }

func (d *desired) property(address string) *property {
	for _, p := range d.properties {
		if p.address() == address {
			return p
		}
	}
	return nil
}

func (d *desired) contact(address string) *contact {
	for _, c := range d.contacts {
		if c.address() == address {
			return c
		}
	}
	return nil
}

// managed returns the fields and values of a contact that the configuration has, as the account should.
func (d *desired) managed(c *contact) map[string]string {
	all := map[string]string{"name": c.name, "email": strings.ToLower(c.email)}
	if c.phone != "" {
		all["phone"] = c.phone
	}
	for ref, value := range c.values {
		all[d.key(ref)] = value
	}
	return all
}

// key returns the property's name for a key of contact.values.
func (d *desired) key(ref string) string {
	if p := d.property("tidio_property." + ref); p != nil {
		return p.name
	}
	return ref
}

// clone copies the desired state, so that violations are judged by what the file said.
func (d *desired) clone() *desired {
	copied := *d
	copied.properties, copied.contacts = nil, nil
	for _, p := range d.properties {
		same := *p
		copied.properties = append(copied.properties, &same)
	}
	for _, c := range d.contacts {
		same := *c
		same.values = maps.Clone(c.values)
		copied.contacts = append(copied.contacts, &same)
	}
	return &copied
}

// change changes the desired state for a round; before is what the third party does first.
func (d *desired) change(rng *rand.Rand, r *round, n int) {
	d.imports, d.forgotten = map[string]string{}, nil
	many := len(d.contacts) > 30
	moves := []struct {
		weight int
		make   func(*rand.Rand, *round) bool // false = not possible now
	}{
		{3, d.newProperty},
		{7 - 4*btoi(many), d.newContact},
		{4 + 4*btoi(many), d.removeContact},
		{7, d.setValue},
		{3, d.dropValue},
		{4, d.changeField},
		{2, d.changePolicy},
		{1, d.removeProperty},
		{1, d.renameProperty},
		{2, d.importContact},
		{2, d.mergeContact},
		{3, d.replaceContact},
		{1, d.replaceProperty},
	}
	var weighted []int
	for i, m := range moves {
		weighted = append(weighted, slices.Repeat([]int{i}, m.weight)...)
	}
	for range 20 * n {
		if len(r.touched) < n {
			moves[pick(rng, weighted)].make(rng, r)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// newProperty adds a property: new, or one of the third party's that is imported or adopted. Over the
// published API it is always the third party's.
func (d *desired) newProperty(rng *rand.Rand, r *round) bool {
	n := d.number()
	p := &property{
		res:  fmt.Sprintf("p%d", n),
		name: fmt.Sprintf("field%s%d", pick(rng, []string{"_", " ", ".", "/", "é"}), n),
		kind: pick(rng, []string{"text", "email", "number", "phone", "url"}),
	}
	d.properties = append(d.properties, p)
	how := rng.IntN(5)
	if d.published || how < 2 {
		theirs := tidiomock.Property{ID: "prop_of_" + p.res, Name: p.name, Label: "By the third party", Type: p.kind}
		r.before = append(r.before, event{do: makeProperty, property: theirs})
		if p.adopt = how == 0; how == 1 {
			d.imports[p.address()] = p.name
		}
	}
	return r.touch(p.address())
}

func (d *desired) newContact(rng *rand.Rand, r *round) bool {
	n := d.number()
	c := &contact{
		res: fmt.Sprintf("c%d", n), email: fmt.Sprintf("c%d@example.com", n), name: fmt.Sprintf("Customer %d", n),
		createFirst: rng.IntN(3) == 0, values: map[string]string{},
	}
	if rng.IntN(4) == 0 {
		c.phone = fmt.Sprintf("+1 202 555 %04d", n)
	}
	d.contacts = append(d.contacts, c)
	for range rng.IntN(4) {
		d.setAny(rng, c)
	}
	return r.touch(c.address())
}

// importContact imports a contact of the third party, whose values stay the third party's.
func (d *desired) importContact(rng *rand.Rand, r *round) bool {
	d.newContact(rng, r)
	c := d.contacts[len(d.contacts)-1]
	c.phone = ""
	r.before = append(r.before, event{do: makeContact, contact: tidiomock.Contact{
		ID: "cont_of_" + c.res, DistinctID: c.res, Name: "Visitor", Email: c.email,
		Properties: map[string]any{"bot_note": "came by", "plan": "free"}, CreatedAt: longAgo,
	}})
	d.imports[c.address()] = pick(rng, []string{"cont_of_" + c.res, "email:" + c.email})
	c.values["plan"] = d.text("text") // what they wrote there is Terraform's now
	return true
}

func (d *desired) removeContact(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	if c == nil || len(d.contacts) < 5 || c.createFirst && r.renames {
		return false
	}
	d.contacts = without(d.contacts, c)
	if rng.IntN(4) == 0 {
		d.forgotten = append(d.forgotten, c.address())
	}
	return r.touch(c.address())
}

func (d *desired) setValue(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	return c != nil && d.setAny(rng, c) && r.touch(c.address())
}

// setAny gives a contact a new value, of a key that it has or has not.
func (d *desired) setAny(rng *rand.Rand, c *contact) bool {
	kinds := map[string]string{}
	for _, p := range shared {
		kinds[p.Name] = p.Type
	}
	for _, p := range d.properties {
		kinds[p.res] = p.kind
	}
	ref := pick(rng, slices.Sorted(maps.Keys(kinds)))
	c.values[ref] = d.text(kinds[ref])
	return true
}

func (d *desired) text(kind string) string {
	n := d.number()
	return fmt.Sprintf(map[string]string{
		"text": "value %d", "email": "v%d@example.com", "number": "%d.50", "phone": "+1 202 556 %04d",
		"url": "https://example.com/%d",
	}[kind], n)
}

func (d *desired) dropValue(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	if c == nil || len(c.values) == 0 {
		return false
	}
	delete(c.values, pick(rng, slices.Sorted(maps.Keys(c.values))))
	return r.touch(c.address())
}

func (d *desired) changeField(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	if c == nil {
		return false
	}
	switch rng.IntN(3) {
	case 0:
		c.name = fmt.Sprintf("Renamed %d", d.number())
	case 1:
		c.email = fmt.Sprintf("c%d@example.com", d.number())
	default:
		c.phone = pick(rng, []string{"", fmt.Sprintf("+1 202 557 %04d", d.number())})
	}
	return r.touch(c.address())
}

func (d *desired) changePolicy(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	if c == nil {
		return false
	}
	c.policy = pick(rng, []string{"", "ABANDON", "DELETE"})
	return r.touch(c.address())
}

// removeProperty takes a property and its values out of the configuration.
func (d *desired) removeProperty(rng *rand.Rand, r *round) bool {
	p := pickFree(rng, d.properties, r)
	if p == nil {
		return false
	}
	for _, c := range d.contacts {
		if _, has := c.values[p.res]; has && !r.touch(c.address()) {
			return false
		}
		delete(c.values, p.res)
	}
	d.properties = without(d.properties, p)
	if rng.IntN(3) == 0 {
		d.forgotten = append(d.forgotten, p.address())
	}
	return r.touch(p.address())
}

// renameProperty gives a property another name: over v1 a replacement, which leaves the old one in Tidio.
func (d *desired) renameProperty(rng *rand.Rand, r *round) bool {
	p := pickFree(rng, d.properties, r)
	if p == nil || !r.renames {
		return false
	}
	p.name, p.adopt = fmt.Sprintf("field_%d", d.number()), false
	if d.published {
		theirs := tidiomock.Property{ID: fmt.Sprintf("prop_%d", d.number()), Name: p.name, Type: p.kind}
		r.before = append(r.before, event{do: makeProperty, property: theirs})
	}
	return r.touch(p.address())
}

// mergeContact lets the third party merge a managed contact into one of its own.
func (d *desired) mergeContact(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	if c == nil || !r.mayFailPlan {
		return false
	}
	n := d.number()
	r.before = append(r.before, event{do: mergeContact, address: c.address(), contact: tidiomock.Contact{
		ID: fmt.Sprintf("cont_kept_%d", n), Name: "Kept", Email: fmt.Sprintf("kept%d@example.com", n),
		Properties: map[string]any{"bot_note": "kept"}, CreatedAt: longAgo,
	}})
	return r.touch(c.address())
}

// replaceContact and replaceProperty replace by -replace or taint. Of a property that is refused: the error
// says how to go on.
func (d *desired) replaceContact(rng *rand.Rand, r *round) bool {
	c := pickFree(rng, d.contacts, r)
	return c != nil && c.policy != "ABANDON" && r.replace(rng, c.address())
}

func (d *desired) replaceProperty(rng *rand.Rand, r *round) bool {
	p := pickFree(rng, d.properties, r)
	return p != nil && r.mayFailPlan && r.replace(rng, p.address())
}

// pickFree picks an object that this round has not changed yet and that existed before; nil if there is none.
func pickFree[T interface {
	*property | *contact
	address() string
}](rng *rand.Rand, all []T, r *round) T {
	free := slices.DeleteFunc(slices.Clone(all), func(one T) bool { return r.touched[one.address()] })
	if len(free) == 0 {
		return nil
	}
	return pick(rng, free)
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

func without[T comparable](all []T, one T) []T {
	return slices.DeleteFunc(all, func(other T) bool { return other == one })
}
