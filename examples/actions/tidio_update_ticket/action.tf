# terraform apply -invoke=action.tidio_update_ticket.escalate
action "tidio_update_ticket" "escalate" {
  config {
    id       = "42"
    priority = "urgent"
    tag_ids  = [7, 12] # replaces all tags that it has
  }
}
