# The id is the contact's, or "email:" or "distinct_id:" and what one contact has.
import {
  to = tidio_contact.example_ltd
  id = "email:support@example.com"
}
