data "tidio_operator" "duty" {
  email = "ines.calder@example.com"
}

# A note for the team. terraform apply -invoke=action.tidio_reply_to_ticket.note
action "tidio_reply_to_ticket" "note" {
  config {
    id           = "42"
    operator_id  = data.tidio_operator.duty.id
    message_type = "internal" # "public" goes to the contact
    content      = "The customer's deployment runs since 2026-03-01."
  }
}
