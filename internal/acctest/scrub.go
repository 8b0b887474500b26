package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Where every cassette says it was recorded.
const (
	apiHost = "api.tidio.co"
	apiBase = "https://" + apiHost + "/v1/"
)

// keptFields are the fields, by noun, whose values say nothing about a person; "" is all nouns.
var keptFields = map[string][]string{
	"":              {"id", "created_at", "updated_at", "total", "page"},
	"properties":    {"name", "label", "type"},
	"operators":     {"role", "active"},
	"conversations": {"status", "contact_id", "operator_id"},
	"messages":      {"author_type", "author_id"},
}

// nounOf is what a path's reply is about: "messages" for ".../conversations/c1/messages".
func nounOf(address string) string {
	path, _, _ := strings.Cut(strings.TrimPrefix(address, apiBase), "?")
	segments := strings.Split(path, "/")
	if len(segments) > 2 {
		return segments[2]
	}
	return segments[0]
}

// scrubber replaces in replies whatever may be about a person. The same value becomes the same
// replacement, so that what was equal stays equal, and a reply that was scrubbed stays as it is.
// Requests need none of it: they hold what the tests say, and ids.
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
	if err := encoder.Encode(s.value("", v, slices.Concat(keptFields[""], keptFields[noun]))); err != nil {
		return "", err
	}
	return strings.TrimSpace(scrubbed.String()), nil
}

// value scrubs the value of a field.
func (s *scrubber) value(field string, v any, kept []string) any {
	ours := slices.Contains(kept, field) || strings.HasPrefix(field, Prefix)
	switch v := v.(type) {
	case map[string]any:
		if field != "" && field != "data" && field != "meta" {
			kept = nil // the values of a contact, say: a property may have any name
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = s.value(name, v[name], kept)
		}
		return v
	case []any:
		for i := range v {
			v[i] = s.value(field, v[i], kept)
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
		if slices.Contains(kept, field) {
			return v
		}
		return s.text(v, ours)
	default:
		return v
	}
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
