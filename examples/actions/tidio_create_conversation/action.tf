# A conversation with each new contact of this kind.
resource "tidio_contact" "example_ltd" {
  name  = "Ada Example"
  email = "ada@example.com"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.tidio_create_conversation.onboarding]
    }
  }
}

action "tidio_create_conversation" "onboarding" {
  config {
    contact_id = tidio_contact.example_ltd.id
    subject    = "Onboarding"
  }
}
