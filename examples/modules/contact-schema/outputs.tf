output "names" {
  description = "The names, by name. Use them as keys of a contact's `properties`, so that the engine creates the property first."
  value       = { for name, property in tidio_property.this : name => property.name }
}

output "ids" {
  description = "The ids of the properties in Tidio, by name."
  value       = { for name, property in tidio_property.this : name => property.id }
}

# Reported here and not by the resource, because an entry without a name has no resource.
output "mistakes" {
  description = "What is wrong with the file. If there are any mistakes, the plan fails."
  value       = local.mistakes

  precondition {
    condition     = length(local.mistakes) == 0
    error_message = "Correct ${var.file}:\n\n  ${join("\n  ", local.mistakes)}\n"
  }
}
