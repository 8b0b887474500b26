package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What others have defined, and the configuration does not manage: what the first hold may be owned
// by a contact of the configuration, what the second hold never is.
var (
	sharedDefinitions = []tidiomock.Property{
		{ID: "prop_plan", Name: "plan", Label: "Plan", Type: "text"},
		{ID: "prop_seats", Name: "seats", Label: "Seats", Type: "number"},
	}
	foreignDefinitions = []tidiomock.Property{
		{ID: "prop_bot_note", Name: "bot_note", Label: "Note of the bot", Type: "text"},
		{ID: "prop_bot_score", Name: "bot_score", Label: "Score", Type: "number"},
		{ID: "prop_bot_page", Name: "bot_page", Type: "url"},
	}
)

var kinds = []string{"text", "email", "number", "phone", "url"}

// batch is the changes of one round.
type batch struct {
	changes int
	before  []act    // what others do first
	told    []string // the changes in words

	made    []*property // properties that are new, neither imported nor adopted
	joined  []*contact  // contacts that are new
	touched map[string]bool
}

// change makes a batch of n changes of resources, maybe one or two more.
func (d *desired) change(rng *rand.Rand, n int) *batch {
	b := &batch{touched: map[string]bool{}}
	d.imports, d.forgets = nil, nil
	for range 20 * n {
		if b.changes >= n {
			break
		}
		d.changeOne(rng, b)
	}
	return b
}

// changeOne makes one change, or none if the one that is drawn cannot be made now.
func (d *desired) changeOne(rng *rand.Rand, b *batch) {
	newContacts, goneContacts, newProperties := 8, 4, 3
	if len(d.contacts) > 35 {
		newContacts, goneContacts = 3, 7
	}
	if len(d.properties) > 30 {
		newProperties = 1
	}
	moves := []struct {
		weight int
		make   func(*rand.Rand, *batch)
	}{
		{newProperties, d.newProperty},
		{newContacts, d.newContact},
		{7, d.changeValue},
		{3, d.dropValue},
		{3, d.changeField},
		{goneContacts, d.removeContact},
		{1, d.removeProperty},
		{1, d.renameProperty},
		{1, d.importProperty},
		{2, d.importContact},
		{1, d.adoptProperty},
		{2, d.changePolicy},
		{1, d.mergeContact},
	}
	total := 0
	for _, m := range moves {
		total += m.weight
	}
	drawn := rng.IntN(total)
	for _, m := range moves {
		if drawn -= m.weight; drawn < 0 {
			m.make(rng, b)
			return
		}
	}
}

// did notes a change.
func (b *batch) did(address, format string, args ...any) {
	b.changes++
	b.touched[address] = true
	b.told = append(b.told, address+": "+fmt.Sprintf(format, args...))
}

func (d *desired) invent(rng *rand.Rand) *property {
	n := d.number()
	p := &property{
		res:  fmt.Sprintf("p%d", n),
		name: fmt.Sprintf("field%s%d", pick(rng, []string{"_", " ", ".", "/"}), n),
		kind: pick(rng, kinds),
	}
	if rng.IntN(3) > 0 {
		p.label = fmt.Sprintf("Field %d", n)
	}
	return p
}

func (d *desired) newProperty(rng *rand.Rand, b *batch) {
	p := d.invent(rng)
	d.properties = append(d.properties, p)
	b.made = append(b.made, p)
	b.did(p.address(), "new, %q", p.name)
}

// importProperty and adoptProperty take over what others have made.
func (d *desired) importProperty(rng *rand.Rand, b *batch) {
	p := d.invent(rng)
	theirs := b.othersMake(p)
	d.properties = append(d.properties, p)
	d.imports = append(d.imports, importBlock{p.address(), pick(rng, []string{theirs.Name, theirs.ID})})
	b.did(p.address(), "imported, %q", p.name)
}

func (d *desired) adoptProperty(rng *rand.Rand, b *batch) {
	p := d.invent(rng)
	p.adopt = true
	b.othersMake(p)
	d.properties = append(d.properties, p)
	b.did(p.address(), "adopted, %q", p.name)
}

func (b *batch) othersMake(p *property) tidiomock.Property {
	theirs := tidiomock.Property{ID: "prop_of_" + p.res, Name: p.name, Label: "By others", Type: p.kind}
	b.before = append(b.before, act{do: makeProperty, property: theirs})
	return theirs
}

// removeProperty makes Terraform forget a property, and the contacts its key. It stays in Tidio.
func (d *desired) removeProperty(rng *rand.Rand, b *batch) {
	p := pickFree(rng, d.properties, b, nil)
	if p == nil || slices.ContainsFunc(d.holders(p), func(c *contact) bool { return b.touched[c.address()] }) {
		return
	}
	for _, c := range d.holders(p) {
		c.values = slices.DeleteFunc(c.values, func(v value) bool { return v.of == p.res })
		b.did(c.address(), "no longer owns %q", p.name)
	}
	d.properties = without(d.properties, p)
	if rng.IntN(3) == 0 {
		d.forgets = append(d.forgets, p.address())
	}
	b.did(p.address(), "forgotten, %q", p.name)
}

// renameProperty makes Terraform replace a property; the old one stays in Tidio.
func (d *desired) renameProperty(rng *rand.Rand, b *batch) {
	p := pickFree(rng, d.properties, b, nil)
	if p == nil || slices.ContainsFunc(d.holders(p), func(c *contact) bool { return b.touched[c.address()] }) {
		return
	}
	for _, c := range d.holders(p) {
		b.did(c.address(), "has a key that is renamed")
	}
	old := p.name
	p.name = fmt.Sprintf("field_%d", d.number())
	b.did(p.address(), "renamed, from %q to %q", old, p.name)
}

// holders are the contacts with a value of a property.
func (d *desired) holders(p *property) []*contact {
	var held []*contact
	for _, c := range d.contacts {
		if slices.ContainsFunc(c.values, func(v value) bool { return v.of == p.res }) {
			held = append(held, c)
		}
	}
	return held
}

func (d *desired) changePolicy(rng *rand.Rand, b *batch) {
	if c := pickFree(rng, d.contacts, b, nil); c != nil {
		c.policy = pick(rng, butNot(c.policy, "", "ABANDON", "DELETE"))
		b.did(c.address(), "policy %q", c.policy)
	}
}

// mergeContact lets others merge a contact into one of theirs, before the plan. In the configuration it stays.
func (d *desired) mergeContact(rng *rand.Rand, b *batch) {
	c := pickFree(rng, d.contacts, b, func(c *contact) bool { return !slices.Contains(b.joined, c) })
	if c == nil {
		return
	}
	n := d.number()
	b.before = append(b.before, act{do: mergeContact, address: c.address(), contact: tidiomock.Contact{
		ID: fmt.Sprintf("cont_kept_%d", n), Name: "Kept", Email: fmt.Sprintf("kept%d@example.com", n),
		CreatedAt: "2025-02-03T08:14:22Z", Properties: map[string]any{"bot_note": fmt.Sprintf("kept %d", n)},
	}})
	b.did(c.address(), "merged into cont_kept_%d", n)
}

// pickFree picks something that fits and that this batch has not changed yet; nil if there is
// nothing.
func pickFree[T interface {
	*property | *contact
	address() string
}](rng *rand.Rand, all []T, b *batch, fits func(T) bool,
) T {
	var free []T
	for _, one := range all {
		if !b.touched[one.address()] && (fits == nil || fits(one)) {
			free = append(free, one)
		}
	}
	if len(free) == 0 {
		return nil
	}
	return pick(rng, free)
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

func without[T comparable](all []T, one T) []T {
	return slices.DeleteFunc(all, func(other T) bool { return other == one })
}

func butNot(current string, all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == current })
}
