variable "contact_id" {
  type    = string
  default = "cont_7k2m9q"
}

# What was said with a contact, in no state and no plan.
ephemeral "tidio_messages" "transcript" {
  contact_id = var.contact_id # over v1: conversation_id
}
