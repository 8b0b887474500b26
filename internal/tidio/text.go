package tidio

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Normalize returns a text in Unicode NFC. An account may have either form of "é". Terraform always passes NFC to the
// provider. So texts are compared in NFC, and sent in the account's own form.
func Normalize(s string) string { return norm.NFC.String(s) }

// SameText reports whether two texts are equal, apart from their Unicode form.
func SameText(a, b string) bool { return a == b || Normalize(a) == Normalize(b) }

// SameFold is SameText without regard to case.
func SameFold(a, b string) bool { return strings.EqualFold(Normalize(a), Normalize(b)) }

// hasOtherForm reports whether the account may have a text in a different Unicode form.
func hasOtherForm(s string) bool { return norm.NFD.String(s) != s || Normalize(s) != s }
