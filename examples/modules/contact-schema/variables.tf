variable "file" {
  description = "Path of a YAML file with a list `properties`; see the README for its form."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.file)
    error_message = "There is no file ${var.file}. Write the path with path.module: \"$${path.module}/properties.yaml\"."
  }
}

variable "adopt_existing" {
  description = "Whether to adopt a property that exists already, unless its entry sets `adopt_existing` itself."
  type        = bool
  default     = null
}
