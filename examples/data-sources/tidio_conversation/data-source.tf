data "tidio_conversation" "one" {
  id = "conv_5ykw2r8dqh"
}

output "status" {
  value = data.tidio_conversation.one.status
}
