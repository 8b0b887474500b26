package tidiomock_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func BenchmarkContacts(b *testing.B) {
	m := tidiomock.New(tidiomock.Config{})
	m.AddContacts(100_000, crowd)
	for _, path := range []string{
		"/contacts", "/contacts?page=1000", "/contacts/" + crowd(50_000).ID,
	} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				req, _ := http.NewRequestWithContext(b.Context(), "GET", "/v1"+path, nil)
				req.Header.Set("Authorization", "Bearer any-key")
				if w := direct(m, req); w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}

func crowd(i int) tidiomock.Contact {
	return tidiomock.Contact{
		ID:    fmt.Sprintf("cont_%06d", i),
		Name:  fmt.Sprintf("Visitor %d", i),
		Email: fmt.Sprintf("visitor.%d@example.com", i),
		Phone: fmt.Sprintf("+1 555 %06d", i),
		Properties: map[string]any{
			"plan": "team", "seats": i, "company": "Example Ltd",
			"crm_record": fmt.Sprintf("https://crm.example.com/%d", i), "vip": i%2 == 0,
		},
	}
}
