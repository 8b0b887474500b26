# The id for expected_project_id of the provider.
data "tidio_project" "this" {}

output "project_id" {
  value = data.tidio_project.this.id
}
