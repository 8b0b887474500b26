// Package sample makes up contacts: the same ones for the mock, which sends them, and for the empty
// provider, which has them in memory.
package sample

import "strconv"

// Contact is someone who never lived.
type Contact struct {
	ID, Name, Email, Phone, CreatedAt string

	Values map[string]string
}

// New makes up the i-th contact of an account.
func New(i int) Contact {
	n := strconv.Itoa(1_000_000 + i)
	return Contact{
		ID:        "cont_k5n2x" + n,
		Name:      "Visitor Number " + n,
		Email:     Email(i),
		Phone:     "+1 555 " + n,
		CreatedAt: "2025-11-24T09:30:00Z",
		Values: map[string]string{
			"plan_tier":   "team",
			"company":     "Example Limited " + n,
			"crm_record":  "https://crm.example.com/records/" + n,
			"billing":     "billing." + n + "@example.com",
			"customer_id": n,
		},
	}
}

// Email is the address of the i-th contact.
func Email(i int) string {
	return "visitor." + strconv.Itoa(1_000_000+i) + "@example.com"
}
