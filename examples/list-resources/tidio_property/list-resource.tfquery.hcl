# All properties of the account.
list "tidio_property" "all" {
  provider = tidio
  limit    = 1000
}

# The texts among those whose name begins with "crm_".
list "tidio_property" "crm" {
  provider = tidio

  config {
    type        = "text"
    name_prefix = "crm_"
  }
}
