# Tests the module against an account: the mock of the API that TIDIO_BASE_URL and TIDIO_API_KEY point to.
# The properties stay in the account after the test: restart the mock before each run.

variables {
  file = "tests/files/good.yaml"
}

run "creates_the_properties" {
  assert {
    condition     = length(output.ids) == 3 && alltrue([for id in values(output.ids) : length(id) > 0])
    error_message = "ids: ${jsonencode(output.ids)}"
  }
}

run "has_nothing_to_change_then" {
  command = plan

  # If this plan would create a property, its id is unknown and the test fails.
  assert {
    condition     = alltrue([for id in values(output.ids) : length(id) > 0])
    error_message = "ids: ${jsonencode(output.ids)}"
  }
}
