data "tidio_departments" "all" {}

output "departments" {
  value = { for d in data.tidio_departments.all.departments : d.name => d.id }
}
