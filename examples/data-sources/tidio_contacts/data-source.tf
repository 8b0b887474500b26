# Everybody on the enterprise plan, whoever wrote that value.
data "tidio_contacts" "enterprise" {
  properties = {
    plan = "enterprise"
  }
}

# Reading stops after the first ten: that takes one request.
data "tidio_contacts" "some" {
  max_results = 10
}

output "enterprise_ids" {
  value = data.tidio_contacts.enterprise.contacts[*].id
}
