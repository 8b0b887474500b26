package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// keptFields are the fields, by noun, whose values say nothing about a person; "" is all nouns.
var keptFields = map[string][]string{
	"":                   {"id", "created_at", "updated_at", "meta.total", "meta.page", "meta.limit"},
	"properties":         {"name", "label", "type"},
	"contact-properties": {"name", "label", "type"},
	"contacts":           {"properties[].name"},
	"operators":          {"role", "active"},
	"conversations":      {"status", "contact_id", "operator_id"},
	"messages":           {"author_type", "author_id"},
	"tickets": {
		"status", "priority", "contact_id", "assigned_operator_id", "assigned_department_id", "custom_channel_id",
		"messages[].message_id", "messages[].created_at", "messages[].message_type",
		"messages[].author_type", "messages[].author_id",
	},
	"project": {"status"},
}

// nounOf is what a path's reply is about: "messages" for ".../conversations/c1/messages".
func nounOf(uri string) string {
	segments := segmentsOf(uri)
	if len(segments) > 2 {
		return segments[2]
	}
	return segments[0]
}

// envelopesOf are the fields that a list may come in, or an object: "data" over v1.
func envelopesOf(noun string) []string { return []string{"data", strings.TrimPrefix(noun, "contact-")} }

// scrubber replaces in replies whatever may be about a person. The same value becomes the same
// replacement, so that what was equal stays equal, and a reply that was scrubbed stays as it is.
// Requests need it for cursors only: the rest of them is what the tests say, and ids.
type scrubber struct {
	invented map[string]string // by kind and value
	count    map[string]int    // by kind
}

func newScrubber() *scrubber {
	return &scrubber{invented: map[string]string{}, count: map[string]int{}}
}

// body scrubs the body of a reply about a noun.
func (s *scrubber) body(noun, text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	v, err := decode([]byte(text))
	if err != nil {
		return "", errors.New("it is not JSON") // the decoder's error may quote it
	}
	var scrubbed bytes.Buffer
	encoder := json.NewEncoder(&scrubbed)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s.value("", v, noun)); err != nil {
		return "", err
	}
	return strings.TrimSpace(scrubbed.String()), nil
}

// value scrubs what is at a place in an object, "properties[].name" say, of a reply about a noun.
func (s *scrubber) value(at string, v any, noun string) any {
	kept := slices.Contains(keptFields[""], at) || slices.Contains(keptFields[noun], at)
	ours := kept || strings.HasPrefix(at, "properties."+Prefix)
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			below := strings.TrimPrefix(at+"."+name, ".")
			if at == "" && slices.Contains(envelopesOf(noun), name) {
				below = ""
			}
			v[name] = s.value(below, v[name], noun)
		}
		return v
	case []any:
		if at != "" {
			at += "[]"
		}
		for i := range v {
			v[i] = s.value(at, v[i], noun)
		}
		return v
	case json.Number:
		if ours {
			return v
		}
		return json.Number(s.invent("number", v.String(), strconv.Itoa))
	case bool:
		return v && ours
	case string:
		switch {
		case kept:
			return v
		case at == "meta.cursor" && v != "":
			return s.cursor(v)
		}
		return s.text(v, ours)
	default:
		return v
	}
}

// cursor replaces a cursor, in the reply that gives it and in the request that follows it. It is
// opaque: nobody knows what of a person's is in it.
func (s *scrubber) cursor(v string) string {
	return s.invent("cursor", v, func(n int) string { return fmt.Sprintf("cursor+/%d=", n) })
}

// uri scrubs the path and the query of a request.
func (s *scrubber) uri(uri string) string {
	path, sent, _ := strings.Cut(uri, "?")
	query, err := url.ParseQuery(sent)
	if err != nil || !query.Has("cursor") {
		return uri
	}
	query.Set("cursor", s.cursor(query.Get("cursor")))
	return path + "?" + query.Encode()
}

var (
	isAddress = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	isPhone   = regexp.MustCompile(`^\+?[\d\s()./-]+$`)
)

func (s *scrubber) text(v string, ours bool) string {
	ours = ours || strings.HasPrefix(v, Prefix)
	_, notATime := time.Parse(time.RFC3339, v)
	switch {
	case isAddress.MatchString(v):
		if strings.HasPrefix(v, Prefix) && strings.HasSuffix(v, "@"+inventedDomain) {
			return v
		}
		return s.invent("address", strings.ToLower(v), func(n int) string {
			return fmt.Sprintf("person%d@%s", n, inventedDomain)
		})
	case isPhone.MatchString(v) && len(digits(v)) >= 7:
		if isInventedPhone(digits(v)) {
			return v
		}
		return s.invent("phone", digits(v), func(n int) string { return fmt.Sprintf("+1 202 555 01%02d", n%100) })
	case ours || v == "":
		return v
	case notATime == nil:
		return "2026-01-01T00:00:00Z"
	default:
		return s.invent("text", v, func(n int) string { return fmt.Sprintf("text %d", n) })
	}
}

// invent returns the replacement of a value: the same for the same, counted up for a new one.
func (s *scrubber) invent(kind, value string, of func(n int) string) string {
	known, ok := s.invented[kind+" "+value]
	if !ok {
		s.count[kind]++
		known = of(s.count[kind])
		s.invented[kind+" "+value] = known
	}
	return known
}

// What is nobody's: reserved for examples.
const inventedDomain = "example.com"

var isInvented = regexp.MustCompile(`^120255501\d\d$`)

func isInventedPhone(digits string) bool { return isInvented.MatchString(digits) }

// digits are the digits of a text.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
