output "names" {
  description = "The names, by name. As keys of a contact's `properties` they make the engine create the property first."
  value       = { for name, property in tidio_property.this : name => property.name }
}

output "ids" {
  description = "The ids that Tidio gave the properties, by name."
  value       = { for name, property in tidio_property.this : name => property.id }
}
