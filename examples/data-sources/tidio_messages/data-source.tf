data "tidio_contact" "customer" {
  email = "anneke.ruiz@tidepool.example.com"
}

# With v1 (api_key), set conversation_id instead of contact_id.
data "tidio_messages" "transcript" {
  contact_id = data.tidio_contact.customer.id
}

# terraform output -json transcript
output "transcript" {
  value     = data.tidio_messages.transcript.messages
  sensitive = true
}
