terraform {
  # The oldest release that the provider is tested with. OpenTofu 1.12 satisfies it, too.
  required_version = ">= 1.11"

  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}
