data "tidio_contact" "northwind" {
  id = "cont_2vh8m5xqtk"
}

# With v1, the provider reads all contacts of the account to find an address: one request per page, once for all look-ups.
data "tidio_contact" "tidepool" {
  email = "anneke.ruiz@tidepool.example.com"
}

output "tidepool_plan" {
  value     = data.tidio_contact.tidepool.properties["plan"]
  sensitive = true
}
