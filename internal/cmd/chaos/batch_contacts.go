package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The changes of contacts. See changeOne.

func (d *desired) newContact(rng *rand.Rand, b *batch) {
	n := d.number()
	c := &contact{
		res:   fmt.Sprintf("c%d", n),
		email: fmt.Sprintf("c%d@example.com", n),
		name:  fmt.Sprintf("Customer %d", n),
	}
	if rng.IntN(4) == 0 {
		c.phone = fmt.Sprintf("+1 202 555 %04d", n)
	}
	for range rng.IntN(4) {
		d.addValue(rng, c)
	}
	d.contacts = append(d.contacts, c)
	b.joined = append(b.joined, c)
	b.did(c.address(), "new, with %d values", len(c.values))
}

// importContact takes over a contact that others have made, values and all.
func (d *desired) importContact(rng *rand.Rand, b *batch) {
	n := d.number()
	c := &contact{
		res:   fmt.Sprintf("c%d", n),
		email: fmt.Sprintf("c%d@example.com", n),
		name:  fmt.Sprintf("Visitor %d", n),
	}
	theirs := tidiomock.Contact{
		ID: "cont_of_" + c.res, Email: c.email, Name: c.name,
		Properties: map[string]any{"plan": "free", "bot_note": fmt.Sprintf("came on day %d", n)},
	}
	for range 1 + rng.IntN(2) {
		d.addValue(rng, c)
	}
	b.before = append(b.before, act{do: makeContact, contact: theirs})
	d.contacts = append(d.contacts, c)
	d.imports = append(d.imports, importBlock{c.address(), pick(rng, []string{theirs.ID, "email:" + c.email})})
	b.did(c.address(), "imported, with %d values", len(c.values))
}

func (d *desired) removeContact(rng *rand.Rand, b *batch) {
	if len(d.contacts) < 5 {
		return
	}
	c := pickFree(rng, d.contacts, b, nil)
	if c == nil {
		return
	}
	d.contacts = without(d.contacts, c)
	b.did(c.address(), "removed, policy %q", c.policy)
}

func (d *desired) changeValue(rng *rand.Rand, b *batch) {
	c := pickFree(rng, d.contacts, b, nil)
	if c == nil {
		return
	}
	if len(c.values) == 0 || rng.IntN(3) == 0 {
		if !d.addValue(rng, c) {
			return
		}
		b.did(c.address(), "another value")
		return
	}
	v := &c.values[rng.IntN(len(c.values))]
	v.text = d.text(v.kind)
	b.did(c.address(), "a changed value of %q", d.keyOf(*v))
}

// dropValue gives up a key, which is to be cleared.
func (d *desired) dropValue(rng *rand.Rand, b *batch) {
	c := pickFree(rng, d.contacts, b, func(c *contact) bool { return len(c.values) > 0 })
	if c == nil {
		return
	}
	i := rng.IntN(len(c.values))
	b.did(c.address(), "gives up %q", d.keyOf(c.values[i]))
	c.values = slices.Delete(c.values, i, i+1)
}

func (d *desired) changeField(rng *rand.Rand, b *batch) {
	c := pickFree(rng, d.contacts, b, nil)
	switch {
	case c == nil:
	case rng.IntN(2) == 0:
		c.name = fmt.Sprintf("Renamed %d", d.number())
		b.did(c.address(), "another name")
	case c.phone == "":
		c.phone = fmt.Sprintf("+1 202 555 %04d", d.number())
		b.did(c.address(), "a phone number")
	default:
		c.phone = ""
		b.did(c.address(), "no phone number")
	}
}

// addValue gives a contact a value of a property that it has none of.
func (d *desired) addValue(rng *rand.Rand, c *contact) bool {
	var free []value
	for _, p := range d.properties {
		free = append(free, value{of: p.res, kind: p.kind})
	}
	for _, p := range sharedDefinitions {
		free = append(free, value{key: p.Name, kind: p.Type})
	}
	free = slices.DeleteFunc(free, func(v value) bool {
		return slices.ContainsFunc(c.values, func(had value) bool { return had.of == v.of && had.key == v.key })
	})
	if len(free) == 0 {
		return false
	}
	v := pick(rng, free)
	v.text = d.text(v.kind)
	c.values = append(c.values, v)
	return true
}

// text is a value of a type that no other has.
func (d *desired) text(kind string) string {
	n := d.number()
	switch kind {
	case "email":
		return fmt.Sprintf("v%d@example.com", n)
	case "number":
		return fmt.Sprintf("%d.50", n)
	case "phone":
		return fmt.Sprintf("+1 202 556 %04d", n)
	case "url":
		return fmt.Sprintf("https://example.com/%d", n)
	}
	return fmt.Sprintf("value %d", n)
}
