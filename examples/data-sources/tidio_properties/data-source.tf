data "tidio_properties" "all" {}

data "tidio_properties" "numbers" {
  type = "number"
}

output "property_names" {
  value = keys(data.tidio_properties.all.properties)
}

output "label_of_seats" {
  value = data.tidio_properties.numbers.properties["seats"].label
}
