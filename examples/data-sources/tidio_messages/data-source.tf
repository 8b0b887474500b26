data "tidio_messages" "transcript" {
  conversation_id = "conv_5ykw2r8dqh"
}

# terraform output -json transcript
output "transcript" {
  value     = data.tidio_messages.transcript.messages
  sensitive = true
}
