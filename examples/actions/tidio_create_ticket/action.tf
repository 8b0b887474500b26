# A ticket for each new contact of this kind, written as if the contact had written it.
resource "tidio_contact" "example_ltd" {
  distinct_id = "crm-1042"
  first_name  = "Ada"
  email       = "ada@example.com"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.tidio_create_ticket.onboarding]
    }
  }
}

action "tidio_create_ticket" "onboarding" {
  config {
    contact_email = tidio_contact.example_ltd.email
    subject       = "Onboarding"
    message       = "Please set up our account."
  }
}
