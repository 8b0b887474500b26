package tidiomock

// Seed fills an empty account with what a support team would have: properties of all five types.
// Their ids are always the same, so that a state file outlives the mock.
func (m *Mock) Seed() {
	for _, p := range []Property{
		{ID: "prop_4kd7x2mq9a", Name: "plan", Label: "Plan", Type: "text"},
		{ID: "prop_wq6e3ytb5n", Name: "company", Label: "Company", Type: "text"},
		{ID: "prop_c2zr8h7fjd", Name: "seats", Label: "Seats", Type: "number"},
		{ID: "prop_m9p4vxk2su", Name: "monthly_revenue", Label: "Monthly revenue", Type: "number"},
		{ID: "prop_7gtn5qe3wb", Name: "billing_email", Label: "Billing e-mail", Type: "email"},
		{ID: "prop_ya8c6jd4rx", Name: "account_manager", Label: "Account manager", Type: "email"},
		{ID: "prop_e5hk2uz9pm", Name: "on_call_phone", Label: "On-call phone", Type: "phone"},
		{ID: "prop_b3xw7fn6vt", Name: "crm_record", Label: "CRM record", Type: "url"},
		{ID: "prop_tj4s9gq2ck", Name: "status_page", Label: "Status page", Type: "url"},
		{ID: "prop_n6yd8ra5eh", Name: "referrer", Type: "text"}, // nobody gave it a label
	} {
		m.AddProperty(p)
	}
}
