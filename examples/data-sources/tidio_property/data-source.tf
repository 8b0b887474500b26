data "tidio_property" "plan_tier" {
  name = "plan_tier"
}

output "plan_tier_label" {
  value = data.tidio_property.plan_tier.label
}
