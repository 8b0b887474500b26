# A guard against the wrong credentials: it fails if the account has no such operator.
data "tidio_operator" "owner" {
  email = "ines.calder@example.com"
}

output "owner_id" {
  value = data.tidio_operator.owner.id
}
