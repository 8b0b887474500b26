# The id is the property's name, or else the id that Tidio gave it.
import {
  to = tidio_property.plan_tier
  id = "plan_tier"
}
