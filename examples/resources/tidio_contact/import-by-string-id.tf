# The id is the contact's, or "email:" and an address that one contact has.
import {
  to = tidio_contact.example_ltd
  id = "email:support@example.com"
}
