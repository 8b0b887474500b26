data "tidio_ticket" "export" {
  id = "102"
}

# Read by people and programs: terraform output -json ticket
output "ticket" {
  value     = data.tidio_ticket.export
  sensitive = true
}
