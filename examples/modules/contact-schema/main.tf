locals {
  known_types = ["text", "email", "number", "phone", "url"]
  known_keys  = ["name", "label", "type", "adopt_existing"]

  # Grouped by name: one that is there twice is told by the first precondition below, with its name.
  properties = { for p in yamldecode(file(var.file)).properties : p.name => p... }
}

resource "tidio_property" "this" {
  for_each = local.properties

  name           = each.key
  type           = each.value[0].type
  label          = try(each.value[0].label, null)
  adopt_existing = try(each.value[0].adopt_existing, var.adopt_existing)

  lifecycle {
    precondition {
      condition     = length(each.value) == 1
      error_message = "Property \"${each.key}\" is in ${var.file} ${length(each.value)} times. Names are unique in an account."
    }

    precondition {
      condition     = contains(local.known_types, each.value[0].type)
      error_message = <<-EOT
        Property "${each.key}" in ${var.file} has the type "${each.value[0].type}".
        The types are ${join(", ", local.known_types)}.
      EOT
    }

    precondition {
      condition     = length(setsubtract(keys(each.value[0]), local.known_keys)) == 0
      error_message = <<-EOT
        Property "${each.key}" in ${var.file} has unknown keys:
        ${join(", ", setsubtract(keys(each.value[0]), local.known_keys))}.
        The known ones are ${join(", ", local.known_keys)}.
      EOT
    }
  }
}
