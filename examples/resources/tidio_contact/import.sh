# By id
terraform import tidio_contact.example_ltd cont_7k2m9q

# By e-mail address, if one contact has it
terraform import tidio_contact.example_ltd email:support@example.com

# By distinct_id, if one contact has it (published API)
terraform import tidio_contact.example_ltd distinct_id:customer-1001
