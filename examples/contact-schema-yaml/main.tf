# The contact schema of a support team, in a YAML file that the team edits, and a contact with values for it.

terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

provider "tidio" {}

module "contact_schema" {
  source = "../modules/contact-schema"

  file = "${path.module}/contact-properties.yaml"
}

# A contact that the team uses to test its flows.
resource "tidio_contact" "test" {
  name  = "Test contact" # published API: set distinct_id and first_name instead
  email = "test-contact@example.com"

  properties = {
    (module.contact_schema.names["plan_tier"]) = "gold"
    (module.contact_schema.names["seats"])     = "12"
  }
}
