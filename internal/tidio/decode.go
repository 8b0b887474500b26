package tidio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// str is a string that may come as null, which reads as "", or as a number, which keeps its digits.
type str string

// UnmarshalJSON looks at the first byte only: a decoder of its own for each field would take most of
// the time in which a long list is decoded.
func (s *str) UnmarshalJSON(raw []byte) error {
	switch raw[0] {
	case '"':
		text, err := unquote(raw)
		*s = str(text)
		return err
	case 'n':
		*s = ""
	case '{', '[', 't', 'f':
		return errors.New("a string was expected where the API sent something else")
	default:
		*s = str(raw)
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
		return errors.New("there is more after the end of the JSON value")
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
		return errors.New("the JSON ends early")
	case errors.As(err, &mismatch) && mismatch.Field == "":
		return errors.New("it is not a JSON object")
	case errors.As(err, &mismatch):
		return fmt.Errorf("the field %q has the wrong type", mismatch.Field)
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON (at byte %d)", syntax.Offset)
	}
	return err
}

// decodeObject reads a single object, bare or wrapped in data (contract, line 3).
func decodeObject(raw []byte, into any) error {
	var fields map[string]json.RawMessage
	if err := decode(raw, &fields); err != nil {
		return err
	}
	data, wrapped := fields["data"]
	if _, bare := fields["id"]; wrapped && !bare {
		raw = data
	}
	return decode(raw, into)
}

// text is the string, or "" where the API sent none.
func (s *str) text() string {
	if s == nil {
		return ""
	}
	return string(*s)
}
