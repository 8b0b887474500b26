package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestResults_appendMatching(t *testing.T) {
	all := func(string) bool { return true }
	capital := func(s string) bool { return s < "a" }
	for name, c := range map[string]struct {
		max       int64
		pages     []string // the items of each
		wanted    func(string) bool
		want      string
		truncated bool
		unread    int // pages
	}{
		"no limit":                 {0, []string{"a b", "c"}, all, "a b c", false, 0},
		"nothing there":            {5, nil, all, "", false, 0},
		"nothing wanted":           {1, []string{"a", "b"}, capital, "", false, 0},
		"fewer than the limit":     {4, []string{"a b", "c"}, all, "a b c", false, 0},
		"as many as the limit":     {3, []string{"a b", "c"}, all, "a b c", false, 0},
		"more on the page":         {1, []string{"a b", "c"}, all, "a", true, 1},
		"more on the last page":    {1, []string{"a b"}, all, "a", true, 0},
		"pages are left":           {2, []string{"a b", "c"}, all, "a b", true, 1},
		"the rest is not wanted":   {1, []string{"A b"}, capital, "A", false, 0},
		"wanted ones on two pages": {2, []string{"A b", "c D", "E"}, capital, "A D", true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			limit := types.Int64Value(c.max)
			if c.max == 0 {
				limit = types.Int64Null()
			}
			found := newResults(limit, c.wanted, func(id string) string { return "row " + id })
			unread := len(c.pages)
			for _, page := range c.pages {
				unread--
				last := unread == 0
				if !found.appendMatching(strings.Fields(page), last) {
					break
				}
			}
			if found.items == nil {
				t.Error("nil would be null in the state")
			}
			got := strings.ReplaceAll(strings.Join(found.items, " "), "row ", "")
			if got != c.want || found.truncated != c.truncated || unread != c.unread {
				t.Errorf("%q, truncated %t, unread pages %d; want %q, %t, %d",
					got, found.truncated, unread, c.want, c.truncated, c.unread)
			}
		})
	}
}
