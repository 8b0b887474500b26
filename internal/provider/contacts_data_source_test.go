package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestContactsModel_matches(t *testing.T) {
	contact := tidio.Contact{
		ID: "c1", Name: "Jane Doe", Email: "Jane@Example.com",
		Properties: map[string]string{
			"tier": "gold", "seats": "12", "code": "1e3", "vip": "true",
		},
	}
	email := func(s string) contactsModel { return contactsModel{Email: types.StringValue(s)} }
	name := func(s string) contactsModel { return contactsModel{Name: types.StringValue(s)} }
	values := func(pairs ...string) contactsModel {
		m := contactsModel{Properties: map[string]types.String{}}
		for i := 0; i < len(pairs); i += 2 {
			m.Properties[pairs[i]] = types.StringValue(pairs[i+1])
		}
		return m
	}
	without := func(key string) contactsModel {
		return contactsModel{Properties: map[string]types.String{key: types.StringNull()}}
	}
	both := values("tier", "gold")
	both.Email, both.Name = types.StringValue("jane@example.com"), types.StringValue("Jane Doe")
	butNamed := both
	butNamed.Name = types.StringValue("John Doe")

	for what, c := range map[string]struct {
		filter contactsModel
		want   bool
	}{
		"no filter":                  {contactsModel{}, true},
		"no pairs":                   {values(), true},
		"address in other case":      {email("jane@EXAMPLE.com"), true},
		"another address":            {email("john@example.com"), false},
		"part of the address":        {email("jane@"), false},
		"name":                       {name("Jane Doe"), true},
		"name in other case":         {name("jane doe"), false},
		"part of the name":           {name("Jane"), false},
		"a value":                    {values("tier", "gold"), true},
		"value in other case":        {values("tier", "Gold"), false},
		"two values":                 {values("tier", "gold", "vip", "true"), true},
		"one of two values":          {values("tier", "gold", "vip", "false"), false},
		"a number":                   {values("seats", "12"), true},
		"a number written otherwise": {values("seats", "1.2e1"), true},
		"another number":             {values("seats", "13"), false},
		"a text that looks like one": {values("code", "1000"), false},
		"no such key":                {values("teir", "gold"), false},
		"without a value it has":     {without("tier"), false},
		"without one it has not":     {without("teir"), true},
		"in another Unicode form":    {name("Zoe\u0308"), false},
		"all filters":                {both, true},
		"all filters but one":        {butNamed, false},
	} {
		if got := c.filter.matches(contact, definitions); got != c.want {
			t.Errorf("%s: %t, want %t", what, got, c.want)
		}
	}
	if email("jane@example.com").matches(tidio.Contact{ID: "c2"}, definitions) {
		t.Error("a contact without an address has one")
	}
}
