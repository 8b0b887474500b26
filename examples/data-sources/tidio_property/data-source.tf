data "tidio_property" "plan" {
  name = "plan"
}

output "plan_label" {
  value = data.tidio_property.plan.label
}
