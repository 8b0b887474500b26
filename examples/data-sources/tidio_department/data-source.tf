data "tidio_department" "billing" {
  name = "Billing"
}

data "tidio_tickets" "billing" {
  department_id = data.tidio_department.billing.id
  status        = "open"
}

output "open_billing_tickets" {
  value = length(data.tidio_tickets.billing.tickets)
}
