package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestOperatorsModel_matches(t *testing.T) {
	yes, no := true, false
	active, away := tidio.Operator{Role: "agent", Active: &yes}, tidio.Operator{Role: "agent", Active: &no}
	unknown := tidio.Operator{}
	role := func(s string) operatorsModel { return operatorsModel{Role: types.StringValue(s)} }
	only := func(active bool) operatorsModel { return operatorsModel{Active: types.BoolValue(active)} }

	for what, c := range map[string]struct {
		filter   operatorsModel
		operator tidio.Operator
		want     bool
	}{
		"no filter":               {operatorsModel{}, unknown, true},
		"role":                    {role("agent"), active, true},
		"role in other case":      {role("Agent"), active, false},
		"no role":                 {role("agent"), unknown, false},
		"active":                  {only(true), active, true},
		"active, not away":        {only(true), away, false},
		"away":                    {only(false), away, true},
		"away, not active":        {only(false), active, false},
		"active, but nobody says": {only(true), unknown, false},
		"away, but nobody says":   {only(false), unknown, false},
		"both": {
			operatorsModel{Role: types.StringValue("agent"), Active: types.BoolValue(false)}, away, true,
		},
		"one of both": {
			operatorsModel{Role: types.StringValue("admin"), Active: types.BoolValue(false)}, away, false,
		},
	} {
		if got := c.filter.matches(c.operator); got != c.want {
			t.Errorf("%s: %t, want %t", what, got, c.want)
		}
	}
}
