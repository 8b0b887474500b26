locals {
  known_types = ["text", "email", "number", "phone", "url"]
  known_keys  = ["name", "label", "type", "adopt_existing"]

  # Invalid YAML fails here, with the line and the column.
  content = yamldecode(file(var.file))

  # Every entry as JSON, which distinguishes strings from the values that YAML reads from an unquoted yes, 007 or 1.10.
  entries = [
    for position, entry in try([for e in local.content.properties : e], []) : {
      value = entry
      keys  = try(keys(entry), null)
      json  = { for key in local.known_keys : key => try(jsonencode(entry[key]), "null") }
      where = try("\"${entry.name}\" (entry ${position + 1})", "entry ${position + 1}")
    }
  ]

  is_list = startswith(try(jsonencode(local.content.properties), ""), "[")
  text    = "^\"" # of a JSON string
  date    = "^\"[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z\"$"

  mistakes = concat(
    local.is_list ? [] : ["it has no list `properties` of entries such as `- {name: seats, type: number}`"],
    [for e in local.entries : "${e.where} is not a set of keys such as name and type" if e.keys == null],
    flatten([
      for e in local.entries : [
        for key in ["name", "label"] : [
          "${e.where}: YAML reads its ${key} as ${e.json[key]}; put the intended value in quotes"
        ] if e.json[key] != "null" && (!can(regex(local.text, e.json[key])) || can(regex(local.date, e.json[key])))
      ]
    ]),
    [for e in local.entries : "${e.where} has no name" if e.keys != null && contains(["null", "\"\""], e.json["name"])],
    [
      for e in local.entries : "${e.where} has ${e.json["type"] == "null" ? "no type" : "the type ${e.json["type"]}"}; the types are ${join(", ", local.known_types)}"
      if e.keys != null && !contains([for t in local.known_types : jsonencode(t)], e.json["type"])
    ],
    [
      for e in local.entries : "${e.where}: adopt_existing is ${e.json["adopt_existing"]}; it must be true or false, without quotes"
      if !contains(["true", "false", "null"], e.json["adopt_existing"])
    ],
    [
      for e in local.entries : "${e.where} has unknown keys: ${join(", ", setsubtract(e.keys, local.known_keys))}; the known ones are ${join(", ", local.known_keys)}"
      if e.keys != null && length(setsubtract(coalesce(e.keys, []), local.known_keys)) > 0
    ],
    [for name, same in local.properties : "\"${name}\" appears ${length(same)} times; names are unique in an account" if length(same) > 1],
  )

  # Grouped by name, so that a duplicate is reported with the other mistakes.
  properties = { for e in local.entries : e.value.name => e.value... if can(regex(local.text, e.json["name"])) }
}

resource "tidio_property" "this" {
  for_each = local.properties

  name           = each.key
  type           = try(each.value[0].type, "text") # a missing type is reported as a mistake
  label          = try(each.value[0].label, null)
  adopt_existing = try(each.value[0].adopt_existing, var.adopt_existing)
}
