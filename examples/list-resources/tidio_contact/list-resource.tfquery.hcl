# One contact, by the e-mail address.
list "tidio_contact" "lena" {
  provider = tidio

  config {
    email = "lena.varga@northwind.example.com"
  }
}

# Those whose value of a property is this one.
list "tidio_contact" "enterprise" {
  provider = tidio
  limit    = 500

  config {
    properties = {
      plan = "enterprise"
    }
  }
}
