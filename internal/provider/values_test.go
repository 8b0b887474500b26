package provider

import (
	"strings"
	"testing"
)

func TestTypeMismatch_byType(t *testing.T) {
	for propertyType, c := range map[string]struct{ fit, typeMismatch []string }{
		"text":   {fit: []string{"anything", "007", "true", "🙂"}},
		"date":   {fit: []string{"a type that the provider does not know"}},
		"number": {[]string{"0", "42", "-1.50", "1e3", "1E+3", strings.Repeat("9", 30)}, []string{"007", "+1", "1,5", ".5", "5.", "0x10", "NaN", "true", "1 000", "½"}},
		"email":  {[]string{"jane@example.com", "Jane.Doe+x@EXAMPLE.com"}, []string{"jane", "jane@", "@example.com", "Jane <jane@example.com>", "a b@example.com"}},
		"phone":  {[]string{"+49 30 1234567", "555-0100", "(030) 12 34"}, []string{"none", "+", "1\n2"}},
		"url":    {[]string{"https://www.example.com/a?b=c", "ftp://example.com"}, []string{"example.com", "/a", "https://", "://x"}},
	} {
		for _, value := range c.fit {
			if want := typeMismatch(propertyType, value); want != "" {
				t.Errorf("%s: %q should fit, but wants %s", propertyType, value, want)
			}
		}
		for _, value := range c.typeMismatch {
			if typeMismatch(propertyType, value) == "" {
				t.Errorf("%s: %q should not fit", propertyType, value)
			}
		}
	}
}

func TestKeepsNumber_spellings(t *testing.T) {
	thirty := "123456789012345678901234567890"
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"1000", "1e3", true},
		{"1000", "1.000E+3", true},
		{"0.001", "1e-3", true},
		{"0", "-0.00e7", true},
		{thirty, thirty + ".0", true},
		{thirty, "123456789012345678901234567891", false},
		{"1", "-1", false},
		{"10", "1", false},
		{"1e999999999", "1e999999998", false},
		{"007", "7", false}, // not a number
		{"a", "a", false},
		{"", "0", false},
	} {
		if keepsNumber(c.a, c.b) != c.want || keepsNumber(c.b, c.a) != c.want {
			t.Errorf("keepsNumber(%q, %q) should be %t", c.a, c.b, c.want)
		}
	}
}

// What an API that keeps doubles makes of a number is no other number; what somebody else writes is.
func TestKeepsNumber_doubles(t *testing.T) {
	for _, c := range []struct {
		sent, actual string
		want         bool
	}{
		{"0.333333333333333333333333333333", "0.3333333333333333", true},
		{"0.333333333333333333333333333333", "0.33333333333333331", true}, // as it is written with 17 digits
		{"0.333333333333333333333333333333", "0.3333333333333334", false},
		{"0.333333333333333333333333333333", "0.333333333333333333333333333334", false},
		{"0.0100000000000000000000000000001", "0.01", true},
		{"0.01", "0.0100000000000000000000000000001", false},
		{"123456789012345678901234567890", "1.2345678901234568e+29", true},
		{"123456789012345678901234567890", "123456789012345680000000000000", true},
		{"123456789012345678901234567890", "123456789012345680000000000001", false},
		{"1e400", "1e401", false},
	} {
		if keepsNumber(c.sent, c.actual) != c.want {
			t.Errorf("keepsNumber(%q, %q) should be %t", c.sent, c.actual, c.want)
		}
	}
}

func TestSamePhone_spellings(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"+49 (30) 123-456", "+4930123456", true},
		{"0049 30", "+49 30", false},
		{"49 30", "+49 30", false},
		{"030 1", "030 2", false},
		{"030 1", "", false},
		{"(+49) 30", "+49 30", true},
		{"49 30+", "49 30", true},
		{"call reception", "", false},
		{"call reception", "call the office", false},
		{"call reception", "call reception", true},
	} {
		if samePhone(c.a, c.b) != c.want {
			t.Errorf("samePhone(%q, %q) should be %t", c.a, c.b, c.want)
		}
	}
}
