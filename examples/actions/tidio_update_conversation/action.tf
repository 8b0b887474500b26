# terraform apply -invoke=action.tidio_update_conversation.solve
action "tidio_update_conversation" "solve" {
  for_each = toset(["conv_7k2m9q", "conv_x3w8f1"])

  config {
    id     = each.key
    status = "solved"
  }
}
