package provider

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestListed_displayNames(t *testing.T) {
	fields := []tidio.ContactField{tidio.ContactEmail}
	for _, c := range []struct {
		shown listed
		want  string
	}{
		{listedProperty(tidio.Property{Name: "tier", Label: "Plan"}), "Plan (tier)"},
		{listedProperty(tidio.Property{Name: "tier", Label: "tier"}), "tier"},
		{listedContact(tidio.Contact{Name: "Jane", Email: "j@example.com", Phone: "1"}, fields), "Jane <j@example.com>"},
		{listedContact(tidio.Contact{Name: "Jane", Phone: "1"}, fields), "Jane"},
		{listedContact(tidio.Contact{Name: "\u200b ", Email: "j@example.com", Phone: "1"}, fields), "j@example.com"},
		{listedContact(tidio.Contact{Phone: "1", DistinctID: "u-1"}, fields), "1"},
		{listedContact(tidio.Contact{DistinctID: "u-1"}, fields), "u-1"},
		{listedContact(tidio.Contact{ID: "id"}, fields), ""}, // then it is the id
	} {
		if c.shown.displayName != c.want {
			t.Errorf("displayed as %q, want %q", c.shown.displayName, c.want)
		}
	}
	for text, want := range map[string]string{
		"a\tb\nc": "a b c", "\x1b[31mred": "[31mred", " \u202e ": "", "größe 🙂": "größe 🙂", "a\u202eb": "a b",
	} {
		if got := tidio.OneLine(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}
