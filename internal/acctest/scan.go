package acctest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// CheckCassette fails the test if a cassette does not say where it comes from, or holds what must
// not be published: a header that is not on the list, a key, another host, or anything of a person.
func CheckCassette(t *testing.T, name string) {
	t.Helper()
	for _, flaw := range flaws(apiOf(name), readCassette(t, name), mockSecrets...) {
		t.Error(flaw)
	}
}

// flaws are what is wrong with a cassette: what anybody can see without knowing how the scrubber
// works, and then what the scrubber would still replace. It repeats nothing of what it finds: a log
// is public, too.
func flaws(of *api, content []byte, secrets ...string) []string {
	var found []string
	report := func(format string, args ...any) {
		if flaw := fmt.Sprintf(format, args...); !slices.Contains(found, flaw) {
			found = append(found, flaw)
		}
	}
	if origin, _, _ := strings.Cut(string(content), "\n"); origin != originMock && origin != originLive {
		report("the first line does not say where it was recorded")
	}
	recorded, err := load(content)
	if err != nil {
		return append(found, "it cannot be read: "+err.Error())
	}
	if len(recorded) == 0 {
		report("there is nothing in it")
	}
	var ids []string
	for _, i := range recorded {
		ids = append(ids, idsIn(i)...)
	}
	// The file once more as it is: what the loader skips is looked at, too.
	textFlaws(of, string(content), ids, secrets, func(what string) { report("the file holds %s", what) })
	for n, i := range recorded {
		place := fmt.Sprintf("interaction %d (%s)", n, i.Request.Method)
		interactionFlaws(of, i, func(what string) { report("%s has %s", place, what) })
		for _, l := range leavesOf(i) {
			textFlaws(of, l.text, ids, secrets, func(what string) { report("%s holds %s", place, what) })
		}
	}
	scrub := newScrubber()
	for n, i := range recorded {
		if body, err := scrub.body(nounOf(requestURI(i.Request)), i.Response.Body); err != nil || body != i.Response.Body {
			report("interaction %d (%s) has a reply that is not scrubbed", n, i.Request.Method)
		}
		if scrub.uri(requestURI(i.Request)) != requestURI(i.Request) {
			report("interaction %d (%s) has a cursor that is not scrubbed", n, i.Request.Method)
		}
	}
	return found
}

var (
	addresses = regexp.MustCompile(`@([\w.-]*)`)
	hosts     = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://([^\s/"'?#]*)`)
	numericIP = regexp.MustCompile(`\b\d{1,3}(\.\d{1,3}){3}\b`)
	tokens    = regexp.MustCompile(`[\w-]{20,}`)
	clientIDs = regexp.MustCompile(`(?i)\bc[is]_[\w-]{8,}`) // and client secrets
	uuids     = regexp.MustCompile(`(?i)\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)
	turns     = regexp.MustCompile(`[A-Za-z]\d|\d[A-Za-z]`)
	phones    = regexp.MustCompile(`\+?\d[\d\s()./-]{5,}\d`)
	times     = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)`)
)

// textFlaws finds what no text of a cassette may hold. ids are opaque and need not be secret.
func textFlaws(of *api, text string, ids, secrets []string, report func(what string)) {
	if slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(text, secret) }) {
		report("a credential")
	}
	if clientIDs.MatchString(text) {
		report("what looks like a client id or secret")
	}
	lower := strings.ToLower(text)
	if strings.Contains(lower, "bearer") || strings.Contains(lower, "x-tidio-openapi-") {
		report("a header with credentials")
	}
	for _, address := range addresses.FindAllStringSubmatch(text, -1) {
		if strings.TrimRight(address[1], ".") != inventedDomain {
			report("an e-mail address that was not invented")
		}
	}
	for _, host := range hosts.FindAllStringSubmatch(text, -1) {
		if host[1] != of.host {
			report("another host than " + of.host)
		}
	}
	if numericIP.MatchString(text) {
		report("an IP address")
	}
	for _, token := range tokens.FindAllString(uuids.ReplaceAllString(text, ""), -1) {
		isID := slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(id, token) })
		if !isID && len(turns.FindAllString(token, -1)) > 2 {
			report("what looks like a key")
		}
	}
}

// interactionFlaws finds what is wrong with the parts of an interaction.
func interactionFlaws(of *api, i *cassette.Interaction, report func(what string)) {
	if !strings.HasPrefix(i.Request.URL, of.base()) || i.Request.Host != of.host {
		report("another address than " + of.base())
	}
	for where, headers := range map[string]http.Header{
		"request": i.Request.Headers, "request's trailer": i.Request.Trailer,
		"reply": i.Response.Headers, "reply's trailer": i.Response.Trailer,
	} {
		for name := range headers {
			switch lower := strings.ToLower(name); {
			case lower == "accept", lower == "content-type", lower == "retry-after":
			case strings.HasPrefix(lower, "x-ratelimit-"):
			default:
				report(fmt.Sprintf("the header %s in its %s, which is not on the list", name, where))
			}
		}
	}
	for _, l := range leavesOf(i) {
		if l.isID() || l.field == "total" {
			continue
		}
		for _, phone := range phones.FindAllString(times.ReplaceAllString(l.text, ""), -1) {
			if n := len(digits(phone)); n > 6 && !isInventedPhone(digits(phone)) {
				report("a phone number that was not invented")
			}
		}
	}
}

// leaf is a text or a number in a body, unescaped, with the field that it is the value of.
type leaf struct{ field, text string }

// isID reports whether it is an id that Tidio gave; a distinct_id may be anything.
func (l leaf) isID() bool {
	return l.field == "id" || strings.HasSuffix(l.field, "_id") && l.field != "distinct_id"
}

// leavesOf returns the leaves of the query and of both bodies. A body that is not JSON is one leaf.
func leavesOf(i *cassette.Interaction) []leaf {
	var leaves []leaf
	if u, err := url.Parse(i.Request.URL); err == nil {
		for field, values := range u.Query() {
			leaves = append(leaves, leaf{field, strings.Join(values, " ")})
		}
	}
	var walk func(field string, v any)
	walk = func(field string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range v {
				leaves = append(leaves, leaf{text: name})
				walk(name, value)
			}
		case []any:
			for _, value := range v {
				walk(field, value)
			}
		case string:
			leaves = append(leaves, leaf{field, v})
		case json.Number:
			leaves = append(leaves, leaf{field, v.String()})
		}
	}
	for _, body := range []string{i.Request.Body, i.Response.Body} {
		v, err := decode([]byte(body))
		if err != nil {
			v = body
		}
		walk("", v)
	}
	return leaves
}

// idsIn are the ids that the bodies name.
func idsIn(i *cassette.Interaction) []string {
	var ids []string
	for _, l := range leavesOf(i) {
		if l.isID() && l.text != "" {
			ids = append(ids, l.text)
		}
	}
	return ids
}
