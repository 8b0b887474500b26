package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestTake(t *testing.T) {
	all := func(string) bool { return true }
	capital := func(s string) bool { return s < "a" }
	element := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
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
			found := &rows{list: tftypes.List{ElementType: element}, values: []tftypes.Value{}, max: c.max}
			unread := len(c.pages)
			for _, page := range c.pages {
				unread--
				last := unread == 0
				readOn := take(found, strings.Fields(page), last, c.wanted, func(id string) object {
					return object{"id": textValue(id)}
				})
				if !readOn {
					break
				}
			}
			got := strings.Join(ids(t, found.value()), " ")
			if got != c.want || found.truncated != c.truncated || unread != c.unread {
				t.Errorf("%q, truncated %t, unread pages %d; want %q, %t, %d",
					got, found.truncated, unread, c.want, c.truncated, c.unread)
			}
		})
	}
}

// ids are those of the objects in a list.
func ids(t *testing.T, list tftypes.Value) []string {
	t.Helper()
	var rows []tftypes.Value
	if err := list.As(&rows); err != nil || rows == nil {
		t.Fatal("it is no list, or null", err)
	}
	all := make([]string, len(rows))
	for i, row := range rows {
		var attributes object
		if err := row.As(&attributes); err != nil {
			t.Fatal(err)
		}
		if err := attributes["id"].As(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
