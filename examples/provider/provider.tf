terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

# The credentials come from the environment variables TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET.
provider "tidio" {
  # Leave half of the account's 60 requests a minute for its other integrations.
  requests_per_minute = 30
}
