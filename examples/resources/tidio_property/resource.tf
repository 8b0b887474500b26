resource "tidio_property" "plan_tier" {
  name  = "plan_tier"
  label = "Plan"
  type  = "text"
}

# Reports depend on this one: a plan that would destroy or rename it fails.
resource "tidio_property" "customer_id" {
  name  = "customer_id"
  label = "Customer number"
  type  = "text"

  lifecycle {
    prevent_destroy = true
  }
}

# Created by hand in Tidio before Terraform: adopted, not created. The published API does not need this attribute.
resource "tidio_property" "crm_record" {
  name           = "crm_record"
  type           = "url"
  adopt_existing = true
}
