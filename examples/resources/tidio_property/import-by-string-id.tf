# The id is the property's name, or its id in Tidio.
import {
  to = tidio_property.plan_tier
  id = "plan_tier"
}
