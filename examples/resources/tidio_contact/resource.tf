resource "tidio_property" "plan" {
  name  = "plan"
  label = "Plan"
  type  = "text"
}

resource "tidio_property" "licences" {
  name  = "licences"
  label = "Licences"
  type  = "number"
}

resource "tidio_contact" "example_ltd" {
  name  = "Example Ltd"
  email = "support@example.com"

  # Only these keys are managed. Written as references, they are created before the contact.
  properties = {
    (tidio_property.plan.name)     = "gold"
    (tidio_property.licences.name) = "250"
  }
}

# Values from sensitive variables are masked in plans, key by key.
variable "escalation_phone" {
  type      = string
  sensitive = true
  default   = "+49 30 5550100"
}

# Kept in Tidio when Terraform destroys it.
resource "tidio_contact" "escalation" {
  name            = "Escalation desk"
  phone           = var.escalation_phone
  deletion_policy = "ABANDON"
}
