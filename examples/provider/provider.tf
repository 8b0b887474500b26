terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

# The API key comes from the environment variable TIDIO_API_KEY.
provider "tidio" {
  # Leave half of the account's 60 requests a minute to its other integrations.
  requests_per_minute = 30
}
