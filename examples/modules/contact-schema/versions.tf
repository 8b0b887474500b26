terraform {
  # The oldest release that the provider is tested with. OpenTofu 1.12 also satisfies this.
  required_version = ">= 1.11"

  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}
