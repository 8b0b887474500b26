# The contact schema of a support team, kept in a YAML file that the team edits, and a contact with values for it.

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

# A contact that the team tests its flows with.
resource "tidio_contact" "test" {
  name  = "Test contact" # over the published API, distinct_id and first_name in place of it
  email = "test-contact@example.com"

  properties = {
    (module.contact_schema.names["plan_tier"]) = "gold"
    (module.contact_schema.names["seats"])     = "12"
  }
}
