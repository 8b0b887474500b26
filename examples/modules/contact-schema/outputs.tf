output "names" {
  description = "The names, by name. As keys of a contact's `properties` they make the engine create the property first."
  value       = { for name, property in tidio_property.this : name => property.name }
}

output "ids" {
  description = "The ids that Tidio gave the properties, by name."
  value       = { for name, property in tidio_property.this : name => property.id }
}

# Told here and not by the resource: an entry without a name makes none.
output "mistakes" {
  description = "What is wrong with the file. A plan with any fails."
  value       = local.mistakes

  precondition {
    condition     = length(local.mistakes) == 0
    error_message = "Correct ${var.file}:\n\n  ${join("\n  ", local.mistakes)}\n"
  }
}
