# With v1 (api_key, TIDIO_API_KEY), a contact has a name, and the same configuration can create a property.
resource "tidio_property" "plan" {
  name  = "plan"
  label = "Plan"
  type  = "text"
}

resource "tidio_contact" "partner" {
  name  = "Example Ltd"
  email = "partner@example.com"

  # The reference makes Terraform create the property before the contact.
  properties = {
    (tidio_property.plan.name) = "gold"
  }
}
