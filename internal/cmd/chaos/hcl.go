package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A 429 without a hint is taken for a minute's wait: longer than max_retry_wait, so it fails at once.
const settings = `terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

provider "tidio" {
  max_retries     = 2
  max_retry_wait  = "3s"
  request_timeout = "1s"
}

output "contacts" {
  value = length(data.tidio_contacts.all.contacts)
}
`

// hcl writes the configuration.
func (d *desired) hcl() string {
	var b strings.Builder
	b.WriteString(settings)
	for _, p := range d.properties {
		fmt.Fprintf(&b, "\nresource \"tidio_property\" %q {\n  name = %q\n  type = %q\n", p.res, p.name, p.kind)
		if p.adopt {
			b.WriteString("  adopt_existing = true\n")
		}
		b.WriteString("}\n")
	}
	var addresses []string
	for _, c := range d.contacts {
		addresses = append(addresses, c.address())
		fmt.Fprintf(&b, "\nresource \"tidio_contact\" %q {\n", c.res)
		fields := map[string]string{"email": c.email, "phone": c.phone, "deletion_policy": c.policy, "name": c.name}
		if d.published {
			delete(fields, "name")
			fields["distinct_id"], fields["first_name"] = c.res, c.name
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if fields[name] != "" {
				fmt.Fprintf(&b, "  %s = %q\n", name, fields[name])
			}
		}
		b.WriteString("  properties = {\n")
		for _, ref := range slices.Sorted(maps.Keys(c.values)) {
			key := fmt.Sprintf("%q", ref)
			if d.property("tidio_property."+ref) != nil {
				key = "(tidio_property." + ref + ".name)"
			}
			fmt.Fprintf(&b, "    %s = %q\n", key, c.values[ref])
		}
		b.WriteString("  }\n")
		if c.createFirst {
			b.WriteString("  lifecycle {\n    create_before_destroy = true\n  }\n")
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, "\ndata \"tidio_contacts\" \"all\" {\n  depends_on = [%s]\n}\n", strings.Join(addresses, ", "))
	for _, address := range slices.Sorted(maps.Keys(d.imports)) {
		fmt.Fprintf(&b, "\nimport {\n  to = %s\n  id = %q\n}\n", address, d.imports[address])
	}
	for _, address := range d.forgotten {
		fmt.Fprintf(&b, "\nremoved {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
	}
	return b.String()
}
