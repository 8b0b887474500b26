# The id is the contact's id, or "email:" or "distinct_id:" followed by a value that only one contact has.
import {
  to = tidio_contact.example_ltd
  id = "email:support@example.com"
}
