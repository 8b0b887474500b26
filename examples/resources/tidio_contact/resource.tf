resource "tidio_contact" "example_ltd" {
  distinct_id = "customer-1001" # its id in your own system
  first_name  = "Ada"
  last_name   = "Example"
  email       = "support@example.com"

  # Only these keys are managed. All others are left to operators, flows and the contact.
  properties = {
    plan     = "gold"
    licences = "250"
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
  distinct_id     = "desk-escalation"
  first_name      = "Escalation desk"
  phone           = var.escalation_phone
  deletion_policy = "ABANDON"
}
