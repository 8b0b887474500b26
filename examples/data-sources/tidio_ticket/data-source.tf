data "tidio_ticket" "export" {
  id = "102"
}

# To read it: terraform output -json ticket
output "ticket" {
  value     = data.tidio_ticket.export
  sensitive = true
}
