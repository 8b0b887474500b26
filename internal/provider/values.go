package provider

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The types of properties: the format of their values, and when two values are equal.

// number is a JSON number, in parts.
var number = regexp.MustCompile(`^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,9}))?$`)

// typeMismatch returns the format that a value of a type must have, or "" if the value has this format. It is
// lenient, because the API decides.
func typeMismatch(propertyType, value string) (want string) {
	switch propertyType {
	case tidio.TypeNumber:
		if !tidio.IsNumber(value) {
			return "a number as in JSON, such as 42, -1.5 or 1e3"
		}
	case "email":
		if !isEmail(value) {
			return "an e-mail address"
		}
	case "phone":
		if !isPhone(value) {
			return "a phone number"
		}
	case "url":
		if u, err := url.Parse(value); err != nil || u.Scheme == "" || u.Host == "" {
			return "a URL with its scheme, such as https://www.example.com"
		}
	}
	return ""
}

// checkText returns the error for a text that should not be written, or nil. longest is the maximum number of
// characters; 0 means no limit. Existing values of the account are never checked, because people and other software
// have written them.
func checkText(at path.Path, value string, longest int) diag.Diagnostic {
	length := utf8.RuneCountInString(value)
	switch {
	case strings.TrimSpace(value) != value:
		return diag.NewAttributeErrorDiagnostic(at, "White space around a value",
			fmt.Sprintf("The value of %s begins or ends with white space, which may be lost. Remove it, or use "+
				"trimspace().", at))
	case longest > 0 && length > longest:
		return diag.NewAttributeErrorDiagnostic(at, "Value too long",
			fmt.Sprintf("The value of %s has %d characters; Tidio accepts at most %d.", at, length, longest))
	}
	return nil
}

// checkFormat returns the error for a value that should not be written to a type, or nil.
func checkFormat(at path.Path, propertyType, value string) diag.Diagnostic {
	want := typeMismatch(propertyType, value)
	if want == "" {
		return nil
	}
	return diag.NewAttributeErrorDiagnostic(at, "Invalid value",
		fmt.Sprintf("The value of %s must be %s. It is not shown: it may be personal data.", at, want))
}

func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s
}

func isPhone(s string) bool {
	return strings.ContainsFunc(s, unicode.IsDigit) && !strings.ContainsFunc(s, unicode.IsControl)
}

// keepsNumber reports whether the account's text is the number that was sent. If the API stores numbers as doubles, the
// nearest double in its usual notation also counts as this number.
func keepsNumber(sent, actual string) bool {
	is, isNumber := parseDecimal(actual)
	if was, wasNumber := parseDecimal(sent); !isNumber || !wasNumber || is == was {
		return isNumber && wasNumber
	}
	double, err := strconv.ParseFloat(sent, 64)
	if err != nil { // out of range
		return false
	}
	const shortest, all = -1, 17 // digits
	for _, precision := range []int{shortest, all} {
		if written, ok := parseDecimal(strconv.FormatFloat(double, 'g', precision, 64)); ok && written == is {
			return true
		}
	}
	return false
}

// decimal is a number as its significant digits times a power of ten. The cost of a comparison depends only on
// the lengths of the texts: 1e999999999 is never expanded.
type decimal struct {
	negative bool
	digits   string // without zeros at either end; "" for zero
	exponent int64
}

func parseDecimal(s string) (decimal, bool) {
	parts := number.FindStringSubmatch(s)
	if parts == nil {
		return decimal{}, false
	}
	whole, fraction := parts[2], parts[3]
	exponent, _ := strconv.ParseInt(parts[4], 10, 64) // "" is 0
	exponent -= int64(len(fraction))
	all := strings.TrimLeft(whole+fraction, "0")
	significant := strings.TrimRight(all, "0")
	if significant == "" {
		return decimal{}, true
	}
	exponent += int64(len(all) - len(significant))
	return decimal{negative: parts[1] == "-", digits: significant, exponent: exponent}, true
}
