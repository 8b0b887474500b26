# By name
terraform import tidio_property.plan_tier plan_tier

# By id
terraform import tidio_property.plan_tier prop_4f1c9a
