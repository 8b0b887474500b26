package acctest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func recording() bool { return os.Getenv("TIDIO_RECORD") != "" }

// Cassette stands in for the API. It replays what was recorded, each reply once, unless `make record` runs:
// then it records.
type Cassette struct {
	t              *testing.T
	fail           func(format string, args ...any)
	name           string
	base, provider string // URL, and block of the configuration
	scrub          scrubber
	recorder       *recorder.Recorder
}

// NewCassette puts in a cassette: its name is that of an API, v1 or published, and of a family of endpoints, as in
// v1_contacts. It is recorded from the account whose credentials are in the environment or, without any, from a
// mock with its seed data. It is written only if the test has passed, and a replay must use all of it.
func NewCassette(t *testing.T, name string) *Cassette {
	t.Helper()
	c := &Cassette{t: t, fail: t.Errorf, name: name, scrub: scrubber{}}
	m, mode := &Mock{URL: tidio.V1BaseURL, Published: tidio.OpenAPIBaseURL}, recorder.ModeReplayOnly
	own, other := os.Getenv("TIDIO_API_KEY"), os.Getenv("TIDIO_CLIENT_ID")
	isLive := recording() && own+other != ""
	if recording() {
		mode = recorder.ModeRecordOnly
		if !isLive {
			m = NewMock(t, tidiomock.Config{PageSize: 10}) // so that some lists have two pages
			m.Seed()
		}
	}
	c.base, c.provider = m.URL, m.Config()
	if strings.HasPrefix(name, "published_") {
		c.base, c.provider, own = m.Published, m.PublishedConfig(), other
	}
	if isLive && own == "" {
		t.Skip("not recorded, because the environment has the credentials of the other API")
	}
	if isLive { // the credentials stay in the environment
		c.provider = "provider \"tidio\" {}\n\n"
		c.base = strings.TrimSuffix(cmp.Or(os.Getenv("TIDIO_BASE_URL"), c.base), "/") + "/"
	}
	var err error
	c.recorder, err = recorder.New("testdata/cassettes/"+name, recorder.WithMode(mode), recorder.WithMatcher(c.matches),
		recorder.WithSkipRequestLatency(true), recorder.WithHook(c.edit, recorder.BeforeSaveHook),
		recorder.WithHook(c.mustBeUsed, recorder.OnRecorderStopHook))
	if err != nil {
		t.Fatalf("%v: `make record` makes it", err)
	}
	t.Cleanup(func() { // after whatever the test destroys at its end
		if t.Failed() {
			return
		}
		if err := c.recorder.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// Config puts a provider block for the cassette in front of a configuration.
func (c *Cassette) Config(blocks ...string) string { return c.provider + strings.Join(blocks, "\n") }

// Core returns a [Core] whose requests the cassette answers.
func (c *Cassette) Core() *Core { return NewCore(c.t, provider.WithTransport(c)) }

// RoundTrip implements [http.RoundTripper]. A request that was not recorded is refused: an error would be retried.
func (c *Cassette) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.recorder.RoundTrip(r)
	if errors.Is(err, cassette.ErrInteractionNotFound) {
		c.fail("%s has no %s %s with such a body: `make record` records anew", c.name, r.Method, r.URL.RequestURI())
		return &http.Response{StatusCode: http.StatusBadRequest, Body: http.NoBody, Request: r}, nil
	}
	return resp, err
}

func (c *Cassette) matches(r *http.Request, recorded cassette.Request) bool {
	sent, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	return err == nil && r.Method == recorded.Method && c.scrub.json(string(sent)) == recorded.Body &&
		c.scrub.uri(strings.TrimPrefix(r.URL.String(), c.base)) == recorded.URL
}

func (c *Cassette) mustBeUsed(i *cassette.Interaction) error {
	if !recording() && !i.WasReplayed() {
		c.fail("%s: nothing asked for %s %s: `make record` records anew", c.name, i.Request.Method, i.Request.URL)
	}
	return nil
}

// edit leaves of an interaction what may be kept. The host says where it comes from.
func (c *Cassette) edit(i *cassette.Interaction) error {
	i.DiscardOnSave = i.Response.Code == http.StatusTooManyRequests // it was asked again
	i.Request.URL, i.Request.Host = strings.TrimPrefix(i.Request.URL, c.base), "live"
	if strings.HasPrefix(c.base, "http://") { // accepted for this machine alone
		i.Request.Host = "mock"
	}
	c.scrub.interaction(i)
	return nil
}

// What a cassette keeps: headers (how many requests are left is none: a replay would wait), the values of keys, and
// values that are a test's, invented or a small number.
var (
	keptHeader = regexp.MustCompile(`(?i)^(accept|content-type|retry-after|x-ratelimit-(limit|reset))$`)
	keptKey    = regexp.MustCompile(`^((author_|message_)?type|status|role|priority|(created|updated)_at|last_seen)$`)
	keptValue  = regexp.MustCompile(`^(\d{0,3}|900000\d{3}|invented-\d+|tf_acc_[\w ]*|[a-z_.+-]+\d*@example\.com|` +
		`\+?1 ?202 ?555 ?01\d\d|messages)$`)
	uriValue = regexp.MustCompile(`[/=][^/?&]+`) // an id or a parameter
)

// scrubber replaces everything else: it has the stand-ins by what they stand for.
type scrubber map[string]string

func (s scrubber) interaction(i *cassette.Interaction) {
	sent, got := i.Request, i.Response
	i.Request = cassette.Request{Host: sent.Host, Method: sent.Method, URL: s.uri(sent.URL), Body: s.json(sent.Body)}
	i.Response = cassette.Response{Code: got.Code, Status: got.Status, Body: s.json(got.Body), ContentLength: -1}
	i.Request.Headers, i.Response.Headers = sent.Headers.Clone(), got.Headers.Clone()
	for _, headers := range []http.Header{i.Request.Headers, i.Response.Headers} {
		maps.DeleteFunc(headers, func(name string, _ []string) bool { return !keptHeader.MatchString(name) })
	}
}

func (s scrubber) uri(uri string) string {
	return uriValue.ReplaceAllStringFunc(uri, func(found string) string {
		value, _ := url.QueryUnescape(found[1:])
		return found[:1] + url.QueryEscape(s.standIn(value))
	})
}

func (s scrubber) json(body string) string {
	var v any
	decoder := json.NewDecoder(strings.NewReader(body))
	if decoder.UseNumber(); decoder.Decode(&v) != nil {
		return s.standIn(body)
	}
	encoded, _ := json.Marshal(s.value("", v))
	return string(encoded)
}

// value scrubs the value of a key. Of a property the name and the label are kept.
func (s scrubber) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		_, isProperty := v["value"]
		isProperty = isProperty || slices.Contains([]any{"text", "email", "number", "phone", "url"}, v["type"])
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if key == "properties" { // of a contact, by their names, which say nothing about the values
				v[name] = s.value(key, v[name])
			} else if !isProperty || name != "name" && name != "label" {
				v[name] = s.value(name, v[name])
			}
		}
	case []any:
		for n := range v {
			v[n] = s.value(key+"[]", v[n])
		}
	case json.Number:
		return json.Number(s.standIn(v.String()))
	case string:
		if !keptKey.MatchString(key) {
			return s.standIn(v)
		}
	}
	return v
}

// standIn invents a value, the same one for the same value.
func (s scrubber) standIn(v string) string {
	format := "invented-%d"
	switch {
	case keptValue.MatchString(v):
		return v
	case strings.Contains(v, "@"):
		format = "person%d@example.com"
	case strings.Trim(v, "0123456789+-.eE") == "":
		format = "900%06d"
	}
	if s[v] == "" {
		s[v] = fmt.Sprintf(format, len(s)+1)
	}
	return s[v]
}
