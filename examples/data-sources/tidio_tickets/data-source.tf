# Urgent tickets that are not solved yet, for a report.
data "tidio_tickets" "urgent" {
  status   = "open"
  priority = "urgent"
}

output "urgent" {
  value = { for t in data.tidio_tickets.urgent.tickets : t.id => t.link }
}
