# The module against an account: the mock of the API, to which TIDIO_BASE_URL and TIDIO_API_KEY point.
# The properties stay in the account when the test has ended, as everywhere: start the mock anew for each run.

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

  # The id of a property that this plan would create is not known, and fails the test.
  assert {
    condition     = alltrue([for id in values(output.ids) : length(id) > 0])
    error_message = "ids: ${jsonencode(output.ids)}"
  }
}
