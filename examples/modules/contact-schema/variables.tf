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

variable "deletion_policy" {
  description = "What a destroy does to a property that sets no `deletion_policy` of its own: `ABANDON` or `PREVENT`."
  type        = string
  default     = null

  validation {
    condition     = var.deletion_policy == null || contains(["ABANDON", "PREVENT"], coalesce(var.deletion_policy, "-"))
    error_message = "deletion_policy must be ABANDON or PREVENT. There is no DELETE: the Tidio API cannot delete a property."
  }
}

variable "adopt_existing" {
  description = "Whether a property that exists already is taken over, unless it sets `adopt_existing` itself."
  type        = bool
  default     = null
}
