// Package sample makes up contacts: the same ones for the mock, which sends them, and for the empty
// provider, which has them in memory.
package sample

import "strconv"

// Contact is someone who never lived, as an element of tidio_contacts. What v1 does not have is null.
type Contact struct {
	ID           string            `tfsdk:"id"`
	DistinctID   *string           `tfsdk:"distinct_id"`
	Name         string            `tfsdk:"name"`
	FirstName    *string           `tfsdk:"first_name"`
	LastName     *string           `tfsdk:"last_name"`
	Email        string            `tfsdk:"email"`
	Phone        string            `tfsdk:"phone"`
	Language     *string           `tfsdk:"language"`
	Country      *string           `tfsdk:"country"`
	City         *string           `tfsdk:"city"`
	EmailConsent *string           `tfsdk:"email_consent"`
	Properties   map[string]string `tfsdk:"properties"`
	CreatedAt    string            `tfsdk:"created_at"`
}

// New makes up the i-th contact of an account.
func New(i int) Contact {
	n := strconv.Itoa(1_000_000 + i)
	return Contact{
		ID:        "cont_k5n2x" + n,
		Name:      "Visitor Number " + n,
		Email:     "visitor." + n + "@example.com",
		Phone:     "+1 555 " + n,
		CreatedAt: "2025-11-24T09:30:00Z",
		Properties: map[string]string{
			"plan_tier":   "team",
			"company":     "Example Limited " + n,
			"crm_record":  "https://crm.example.com/records/" + n,
			"billing":     "billing." + n + "@example.com",
			"customer_id": n,
		},
	}
}
