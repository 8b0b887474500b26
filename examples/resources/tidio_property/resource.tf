resource "tidio_property" "plan_tier" {
  name  = "plan_tier"
  label = "Plan"
  type  = "text"
}

# Reports are built on this one: a plan that would destroy or rename it fails.
resource "tidio_property" "customer_id" {
  name  = "customer_id"
  label = "Customer number"
  type  = "text"

  lifecycle {
    prevent_destroy = true
  }
}

# Made by hand in Tidio before there was Terraform: adopted, not created. Over the published API this needs no attribute.
resource "tidio_property" "crm_record" {
  name           = "crm_record"
  type           = "url"
  adopt_existing = true
}
