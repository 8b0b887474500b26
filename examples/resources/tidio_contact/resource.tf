resource "tidio_contact" "example_ltd" {
  distinct_id = "customer-1001" # the person's id in your own system
  first_name  = "Ada"
  last_name   = "Example"
  email       = "support@example.com"

  # Terraform manages only these keys. Operators, flows and the contact can change all others.
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

# Stays in Tidio when Terraform destroys it.
resource "tidio_contact" "escalation" {
  distinct_id     = "desk-escalation"
  first_name      = "Escalation desk"
  phone           = var.escalation_phone
  deletion_policy = "ABANDON"
}
