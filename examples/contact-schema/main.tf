# The contact schema of a support team: what the team wants to know about the people who write to it.
#
# The credentials and, for tests, the address of the API come from the environment. With v1 (TIDIO_API_KEY), this creates the
# properties. With the published API (TIDIO_CLIENT_ID, TIDIO_CLIENT_SECRET), it checks properties that you create in the panel.

terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

provider "tidio" {}

resource "tidio_property" "company" {
  name  = "company"
  label = "Company"
  type  = "text"
}

resource "tidio_property" "plan_tier" {
  name  = "plan_tier"
  label = "Plan"
  type  = "text"
}

resource "tidio_property" "account_manager" {
  name  = "account_manager"
  label = "Account manager"
  type  = "email"
}

resource "tidio_property" "billing_email" {
  name  = "billing_email"
  label = "Billing e-mail"
  type  = "email"
}

resource "tidio_property" "seats" {
  name  = "seats"
  label = "Seats bought"
  type  = "number"
}

resource "tidio_property" "monthly_spend" {
  name  = "monthly_spend"
  label = "Monthly spend (EUR)"
  type  = "number"
}

resource "tidio_property" "support_phone" {
  name  = "support_phone"
  label = "Direct line"
  type  = "phone"
}

resource "tidio_property" "crm_record" {
  name  = "crm_record"
  label = "CRM record"
  type  = "url"
}

resource "tidio_property" "status_page" {
  name  = "status_page"
  label = "Customer's status page"
  type  = "url"
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
