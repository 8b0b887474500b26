package tidio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// withoutMark is a body without the byte order mark that some servers put before it.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) }

// isJSON reports whether a body is a JSON object or array, as everything is that an API sends; a page of
// HTML is not.
func isJSON(body []byte) bool {
	body = bytes.TrimSpace(withoutMark(body))
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

// flexString is a string that may come as null, which reads as "", or as a number, which keeps its digits.
type flexString string

// UnmarshalJSON looks at the first byte only: a decoder of its own for each field would take most of
// the time in which a long list is decoded.
func (s *flexString) UnmarshalJSON(raw []byte) error {
	switch raw[0] {
	case '"':
		text, err := unquote(raw)
		*s = flexString(text)
		return err
	case 'n':
		*s = ""
	case '{', '[', 't', 'f':
		return errors.New("a field that must be a string has another type")
	default:
		*s = flexString(raw)
	}
	return nil
}

// unquote reads a JSON string. One without escapes, as nearly all are, is what is between its quotes.
func unquote(raw []byte) (string, error) {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// decode reads exactly one JSON value. Its errors tell what is wrong, never the content.
func decode(raw []byte, into any) error {
	if json.Unmarshal(raw, into) == nil {
		return nil
	}
	// A decoder copies the input, and says more exactly what is wrong with it.
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(into); err != nil {
		return withoutContent(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("it has data after the end of the JSON value")
	}
	return nil
}

// withoutContent keeps what encoding/json quotes of the input out of an error.
func withoutContent(err error) error {
	var mismatch *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON is incomplete")
	case errors.As(err, &mismatch) && mismatch.Field == "":
		return errors.New("it is not a JSON object")
	case errors.As(err, &mismatch):
		return fmt.Errorf("the field %q has the wrong type", mismatch.Field)
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON (at byte %d)", syntax.Offset)
	}
	return err
}

// text is the string, or "" where the API sent none.
func (s *flexString) text() string {
	if s == nil {
		return ""
	}
	return string(*s)
}

// stringIn is the text that a field holds, in one line, or "".
func stringIn(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // what is no string has no text
	return oneLine(s)
}

// flexValue is the value of a property: a string, or whatever else, as JSON. null reads as no text.
type flexValue string

// UnmarshalJSON refuses nothing: a value of a type that no property has is no reason to lose all others.
func (v *flexValue) UnmarshalJSON(raw []byte) error {
	switch raw[0] {
	case '"':
		text, err := unquote(raw)
		*v = flexValue(text)
		return err
	case 'n':
		*v = ""
	default:
		*v = flexValue(raw)
	}
	return nil
}

// number is a JSON number.
var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// IsNumber reports whether a text is a number as JSON writes it.
func IsNumber(s string) bool { return number.MatchString(s) }

// isEmptyJSON reports whether a value is null, an empty list or an empty object.
func isEmptyJSON(raw json.RawMessage) bool {
	switch string(bytes.Join(bytes.Fields(raw), nil)) {
	case "", "null", "[]", "{}":
		return true
	}
	return false
}
