variable "file" {
  description = "Path of a YAML file with a list `properties`. The README describes its format."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.file)
    error_message = "There is no file ${var.file}. Write the path with path.module: \"$${path.module}/properties.yaml\"."
  }
}

variable "adopt_existing" {
  description = "Whether to adopt existing properties. An entry can override this with its own `adopt_existing`."
  type        = bool
  default     = null
}
