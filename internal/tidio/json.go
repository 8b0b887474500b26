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

// withoutMark returns a body without the byte order mark that some servers add.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) }

// isJSON reports whether a body is a JSON object or array. Everything that an API sends is one; an HTML
// page is not.
func isJSON(body []byte) bool {
	body = bytes.TrimSpace(withoutMark(body))
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

// flexString is a string that may be sent as null, which reads as "", or as a number, which keeps its digits.
type flexString string

// UnmarshalJSON only checks the first byte. A separate decoder for each field would take most of the
// time needed to decode a long list.
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

// unquote reads a JSON string. Almost all strings have no escapes, and are simply the text between the quotes.
func unquote(raw []byte) (string, error) {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// decode reads exactly one JSON value. Its errors describe the problem, but never contain the content.
func decode(raw []byte, into any) error {
	if json.Unmarshal(raw, into) == nil {
		return nil
	}
	// A decoder copies the input, but its errors are more precise.
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(into); err != nil {
		return withoutContent(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("it has data after the end of the JSON value")
	}
	return nil
}

// withoutContent removes from an error the parts of the input that encoding/json quotes.
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

// text returns the string, or "" if the API sent none.
func (s *flexString) text() string {
	if s == nil {
		return ""
	}
	return string(*s)
}

// stringIn returns the text of a field, in one line, or "".
func stringIn(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // other types have no text
	return OneLine(s)
}

// flexValue is the value of a property: a string, or any other value as JSON. null reads as "".
type flexValue string

// UnmarshalJSON accepts everything: one value of an unexpected type must not make all others unreadable.
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

// IsNumber reports whether a text is a JSON number.
func IsNumber(s string) bool { return number.MatchString(s) }

// isEmptyJSON reports whether a value is null, an empty list or an empty object.
func isEmptyJSON(raw json.RawMessage) bool {
	switch string(bytes.Join(bytes.Fields(raw), nil)) {
	case "", "null", "[]", "{}":
		return true
	}
	return false
}
