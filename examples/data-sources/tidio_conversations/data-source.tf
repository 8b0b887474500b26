data "tidio_conversations" "open" {
  status = "open"
}

data "tidio_conversations" "recent" {
  updated_since = "2026-03-01T00:00:00Z"
  max_results   = 50
}

output "open_conversations" {
  value = data.tidio_conversations.open.conversations[*].id
}
