# Over v1 (api_key, TIDIO_API_KEY) a contact has a name, and a property can be made in the same configuration.
resource "tidio_property" "plan" {
  name  = "plan"
  label = "Plan"
  type  = "text"
}

resource "tidio_contact" "partner" {
  name  = "Example Ltd"
  email = "partner@example.com"

  # Written as a reference, the property is created before the contact.
  properties = {
    (tidio_property.plan.name) = "gold"
  }
}
