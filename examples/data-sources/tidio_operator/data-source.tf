# A guard against the wrong credentials: fails unless this is an operator of the account.
data "tidio_operator" "owner" {
  email = "ines.calder@example.com"
}

output "owner_id" {
  value = data.tidio_operator.owner.id
}
