variable "file" {
  description = "Path of a YAML file with a list `properties`; see the README for its form."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.file)
    error_message = "There is no file ${var.file}. Write the path with path.module: \"$${path.module}/properties.yaml\"."
  }

  # What is not YAML passes here: reading it fails with the line and the column.
  validation {
    condition = !can(yamldecode(file(var.file))) || can([
      for p in yamldecode(file(var.file)).properties : [keys(p), length(tostring(p.name)), length(tostring(p.type))]
    ])
    error_message = "${var.file} must have a list `properties`, and each element a `name` and a `type`."
  }
}

variable "adopt_existing" {
  description = "Whether to adopt a property that exists already, unless its entry sets `adopt_existing` itself."
  type        = bool
  default     = null
}
