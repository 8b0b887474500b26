package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/bench/sample"
	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// requirement names the registry, so that both engines write the same address into a state.
const requirement = `terraform {
  required_providers {
    tidio = {
      source = "` + provider.Address + `"
    }
  }
}
`

// propertyConfig is a configuration of n properties.
func propertyConfig(n int) string {
	return requirement + fmt.Sprintf(`
resource "tidio_property" "all" {
  count = %d
  name  = "property_${count.index}"
  label = "Property ${count.index}"
  type  = "text"
}
`, n)
}

// addProperties gives an account the n properties of [propertyConfig].
func (a account) addProperties(n int) {
	for i := range n {
		a.AddProperty(tidiomock.Property{
			Name: fmt.Sprintf("property_%d", i), Label: fmt.Sprintf("Property %d", i), Type: "text",
		})
	}
}

// propertyState is the state after an apply of all the properties of an account.
func (a account) propertyState() state {
	var objects []any
	for _, p := range a.Properties() {
		objects = append(objects, map[string]any{
			"id": p.ID, "name": p.Name, "label": p.Label, "type": p.Type,
		})
	}
	return state{kind: "tidio_property", objects: objects}
}

// addContacts gives an account n contacts, each with five values.
func (a account) addContacts(n int) {
	a.AddContacts(n, func(i int) tidiomock.Contact {
		c := sample.New(i)
		values := make(map[string]any, len(c.Values))
		for name, value := range c.Values {
			values[name] = value
		}
		values["customer_id"] = json.Number(c.Values["customer_id"])
		return tidiomock.Contact{
			ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, CreatedAt: c.CreatedAt, Properties: values,
		}
	})
}

// contactConfig is a configuration of n contacts, spread over an account that has many of them.
func contactConfig(n, of int) string {
	return requirement + fmt.Sprintf(`
resource "tidio_contact" "all" {
  count      = %d
  email      = "visitor.${1000000 + count.index * %d}@example.com"
  properties = { plan_tier = "team" }
}
`, n, of/n)
}

// contactState is the state after an apply of [contactConfig].
func contactState(n, of int) state {
	var objects []any
	for i := range n {
		c := sample.New(i * (of / n))
		objects = append(objects, map[string]any{
			"id": c.ID, "email": c.Email,
			"properties": map[string]string{"plan_tier": c.Values["plan_tier"]},
		})
	}
	return state{kind: "tidio_contact", objects: objects}
}

// state is what an engine has in its state of the resource "all" with a count.
type state struct {
	kind    string
	objects []any // attributes by name; those left out are null
}

// write makes it the state of a workspace: much faster than an apply of as much, and as true, since
// a plan finds nothing to change.
func (s state) write(space *engine.Workspace) error {
	instances := make([]any, len(s.objects))
	for i, attributes := range s.objects {
		instances[i] = map[string]any{"index_key": i, "schema_version": 0, "attributes": attributes}
	}
	content, err := json.Marshal(map[string]any{
		"version": 4,
		"serial":  1,
		"lineage": "bench",
		"resources": []any{map[string]any{
			"mode":      "managed",
			"type":      s.kind,
			"name":      "all",
			"provider":  fmt.Sprintf("provider[%q]", provider.Address),
			"instances": instances,
		}},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(space.Dir, "terraform.tfstate"), content, 0o600)
}
