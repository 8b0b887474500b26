# Tests how the module reads a file. The provider is mocked, so no address or key is needed.

mock_provider "tidio" {}

run "reads_the_file" {
  command = plan

  variables {
    file = "tests/files/good.yaml"
  }

  assert {
    condition     = output.names == { plan_tier = "plan_tier", seats = "seats", customer_id = "customer_id" }
    error_message = "names: ${jsonencode(output.names)}"
  }

  assert {
    condition     = tidio_property.this["plan_tier"].label == "Plan" && tidio_property.this["seats"].type == "number"
    error_message = "Label and type come from the file."
  }
}

run "has_defaults" {
  command = plan

  variables {
    file           = "tests/files/good.yaml"
    adopt_existing = false
  }

  assert {
    condition     = tidio_property.this["customer_id"].adopt_existing && !tidio_property.this["seats"].adopt_existing
    error_message = "A property's own adopt_existing wins over the default."
  }
}

run "refuses_a_missing_file" {
  command = plan

  variables {
    file = "tests/files/missing.yaml"
  }

  expect_failures = [var.file]
}

run "refuses_a_property_without_type" {
  command = plan

  variables {
    file = "tests/files/no-type.yaml"
  }

  expect_failures = [output.mistakes]
}

run "refuses_a_name_that_is_there_twice" {
  command = plan

  variables {
    file = "tests/files/duplicate-name.yaml"
  }

  expect_failures = [output.mistakes]
}

run "refuses_an_unknown_type" {
  command = plan

  variables {
    file = "tests/files/unknown-type.yaml"
  }

  expect_failures = [output.mistakes]
}

run "refuses_an_unknown_key" {
  command = plan

  variables {
    file = "tests/files/unknown-key.yaml"
  }

  expect_failures = [output.mistakes]
}

run "refuses_what_yaml_does_not_read_as_text" {
  command = plan

  variables {
    file = "tests/files/scalars.yaml"
  }

  expect_failures = [output.mistakes]
}
