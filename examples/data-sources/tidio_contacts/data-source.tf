# Every contact on the enterprise plan, no matter who wrote that value.
data "tidio_contacts" "enterprise" {
  properties = {
    plan = "enterprise"
  }
}

# The provider stops reading after ten contacts, which takes one request.
data "tidio_contacts" "some" {
  max_results = 10
}

output "enterprise_ids" {
  value = data.tidio_contacts.enterprise.contacts[*].id
}
