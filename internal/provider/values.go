package provider

import (
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The types that a property may have: the format of their values, and when two values are equal.

// number is a JSON number, in parts.
var number = regexp.MustCompile(`^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,9}))?$`)

// typeMismatch says what format a value of a type must have, or "" if the value has it. It is no
// stricter than necessary: the API decides.
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

func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s
}

func isPhone(s string) bool {
	return strings.ContainsFunc(s, unicode.IsDigit) && !strings.ContainsFunc(s, unicode.IsControl)
}

// sameNumber reports whether two texts are the same number, however many digits they have.
func sameNumber(a, b string) bool {
	x, isNumber := parseDecimal(a)
	y, alsoNumber := parseDecimal(b)
	return isNumber && alsoNumber && x == y
}

// decimal is a number as its significant digits times a power of ten. Comparing two costs no more
// than their texts are long: 1e999999999 is never written out.
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
