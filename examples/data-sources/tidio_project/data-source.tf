# The id for the provider's expected_project_id.
data "tidio_project" "this" {}

output "project_id" {
  value = data.tidio_project.this.id
}
