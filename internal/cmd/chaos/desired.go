package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// desired is what the configuration says: the model that batches change and HCL is written from.
// After each round's recovery the account and the state are as it says, so that what comes next
// depends on it and on the seed, never on what went wrong.
type desired struct {
	properties []*property
	contacts   []*contact

	imports []importBlock // of this round
	forgets []string      // addresses that a removed block lets go of, in this round
	lookUp  *contact      // the one that a data source looks up by its e-mail address; nil = none

	next int // number of the next thing that needs a name: none is ever used twice
}

// property is a tidio_property.
type property struct {
	res   string // name of the resource
	name  string
	label string // "" = left out
	kind  string
	adopt bool
}

// contact is a tidio_contact.
type contact struct {
	res    string
	email  string
	name   string
	phone  string // "" = left out, as for policy
	policy string
	values []value
}

// value is an owned key with its value.
type value struct {
	of   string // resource of the property, "" if the configuration does not manage it
	key  string // name of a property that others have made, if of is ""
	kind string
	text string
}

type importBlock struct {
	to, id string
}

func (p *property) address() string { return "tidio_property." + p.res }
func (c *contact) address() string  { return "tidio_contact." + c.res }

// clone copies what the configuration says.
func (d *desired) clone() *desired {
	copied := *d
	copied.properties, copied.contacts = nil, nil
	for _, p := range d.properties {
		same := *p
		copied.properties = append(copied.properties, &same)
	}
	for _, c := range d.contacts {
		same := *c
		same.values = slices.Clone(c.values)
		copied.contacts = append(copied.contacts, &same)
		if c == d.lookUp {
			copied.lookUp = &same
		}
	}
	return &copied
}

// number returns a number that nothing has had.
func (d *desired) number() int {
	d.next++
	return d.next
}

func (d *desired) property(res string) *property {
	i := slices.IndexFunc(d.properties, func(p *property) bool { return p.res == res })
	if i < 0 {
		return nil
	}
	return d.properties[i]
}

// at finds what has an address; both are nil if nothing has.
func (d *desired) at(address string) (*property, *contact) {
	for _, p := range d.properties {
		if p.address() == address {
			return p, nil
		}
	}
	for _, c := range d.contacts {
		if c.address() == address {
			return nil, c
		}
	}
	return nil, nil
}

// names are the wanted addresses, with the name of a property, "" of a contact.
func (d *desired) names() map[string]string {
	wanted := map[string]string{}
	for _, p := range d.properties {
		wanted[p.address()] = p.name
	}
	for _, c := range d.contacts {
		wanted[c.address()] = ""
	}
	return wanted
}

// owned are the values of a contact by the name that their property has in Tidio.
func (d *desired) owned(c *contact) map[string]string {
	owned := map[string]string{}
	for _, v := range c.values {
		owned[d.keyOf(v)] = v.text
	}
	return owned
}

func (d *desired) keyOf(v value) string {
	if v.of == "" {
		return v.key
	}
	return d.property(v.of).name
}

const settings = `terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

# A 429 that does not say how long to wait is taken for a minute: longer than max_retry_wait, so it
# fails at once.
provider "tidio" {
  max_retries     = 2
  max_retry_wait  = "3s"
  request_timeout = "1s"
}
`

// hcl is the configuration.
func (d *desired) hcl() string {
	var b strings.Builder
	b.WriteString(settings)
	for _, p := range d.properties {
		attributes := map[string]string{
			"name": quote(p.name), "type": quote(p.kind), "label": quote(p.label),
		}
		if p.adopt {
			attributes["adopt_existing"] = "true"
		}
		block(&b, "tidio_property", p.res, attributes, "")
	}
	for _, c := range d.contacts {
		var values strings.Builder
		for _, v := range c.values {
			key := quote(v.key)
			if v.of != "" {
				key = "(tidio_property." + v.of + ".name)"
			}
			fmt.Fprintf(&values, "    %s = %q\n", key, v.text)
		}
		block(&b, "tidio_contact", c.res, map[string]string{
			"name": quote(c.name), "email": quote(c.email), "phone": quote(c.phone), "deletion_policy": quote(c.policy),
		}, values.String())
	}
	d.dataSources(&b)
	for _, i := range d.imports {
		fmt.Fprintf(&b, "\nimport {\n  to = %s\n  id = %q\n}\n", i.to, i.id)
	}
	for _, address := range d.forgets {
		fmt.Fprintf(&b, "\nremoved {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
	}
	return b.String()
}

func block(b *strings.Builder, kind, res string, attributes map[string]string, values string) {
	fmt.Fprintf(b, "\nresource %q %q {\n", kind, res)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if attributes[name] != "" {
			fmt.Fprintf(b, "  %s = %s\n", name, attributes[name])
		}
	}
	if values != "" {
		fmt.Fprintf(b, "  properties = {\n%s  }\n", values)
	}
	b.WriteString("}\n")
}

// quote writes a text as HCL has it; "" stays "", which is left out. No text here needs more than Go
// does.
func quote(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%q", text)
}
