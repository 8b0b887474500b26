package acctest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"
)

// Every cassette begins with where it comes from.
const (
	originMock = "# Recorded from the mock: proves only our requests and decoding."
	originLive = "# Recorded from a live account."
)

// newRecorder passes requests on to the account and, when it is stopped, writes a cassette that
// holds nothing it should not.
func newRecorder(file string, from source) (*recorder.Recorder, error) {
	e := editor{api: from.api, base: from.base, scrub: newScrubber()}
	return recorder.New(strings.TrimSuffix(file, ".yaml"),
		recorder.WithMode(recorder.ModeRecordOnly),
		recorder.WithSkipRequestLatency(true),
		recorder.WithHook(e.edit, recorder.BeforeSaveHook),
		recorder.WithFS(sleeve{FS: cassette.NewDiskFS(), source: from}),
	)
}

// sleeve is where a cassette is kept: labelled, and only if nothing is wrong with it.
type sleeve struct {
	cassette.FS
	source
}

// WriteFile implements [cassette.FS].
func (s sleeve) WriteFile(name string, content []byte) error {
	content = append([]byte(s.origin+"\n"), content...)
	if found := flaws(s.api, content, s.secrets...); len(found) > 0 {
		return fmt.Errorf("%s was not written:\n%s", name, strings.Join(found, "\n"))
	}
	return s.FS.WriteFile(name, content)
}

// editor makes a cassette of what was recorded.
type editor struct {
	api   *api
	base  *url.URL // of the account
	scrub *scrubber
	tape  tape // what is kept
}

// edit is called for each interaction, in order, before the cassette is written.
func (e *editor) edit(i *cassette.Interaction) error {
	request, response := &i.Request, &i.Response
	uri := strings.TrimPrefix(requestURI(*request), e.base.EscapedPath())
	switch {
	case response.Code == http.StatusTooManyRequests: // refused, and asked again
		i.DiscardOnSave = true
		return nil
	case response.Code >= http.StatusInternalServerError:
		return fmt.Errorf("%s %s was answered with %d: nothing to keep, record again",
			request.Method, uri, response.Code)
	}
	body, err := e.scrub.body(nounOf(uri), response.Body)
	if err != nil {
		return fmt.Errorf("the reply to %s %s: %w", request.Method, uri, err)
	}
	*request = cassette.Request{
		Proto: request.Proto, ProtoMajor: request.ProtoMajor, ProtoMinor: request.ProtoMinor,
		Method: request.Method, Host: e.api.host, URL: e.api.base() + e.scrub.uri(uri),
		Headers: listed(request.Headers), Body: request.Body, ContentLength: int64(len(request.Body)),
	}
	*response = cassette.Response{
		Proto: response.Proto, ProtoMajor: response.ProtoMajor, ProtoMinor: response.ProtoMinor,
		Status: response.Status, Code: response.Code,
		Headers: listed(response.Headers), Body: body, ContentLength: int64(len(body)),
	}
	i.DiscardOnSave = e.repeats(i)
	if !i.DiscardOnSave {
		e.tape = append(e.tape, i)
	}
	return nil
}

// repeats reports whether a replay would give this reply without it.
func (e *editor) repeats(i *cassette.Interaction) bool {
	if i.Request.Method != http.MethodGet {
		return false
	}
	places := e.tape.readsOf(requestURI(i.Request), len(e.tape))
	if len(places) == 0 {
		return false
	}
	last := e.tape[places[len(places)-1]].Response
	return last.Code == i.Response.Code && last.Body == i.Response.Body
}

// listed are the headers that a cassette may hold.
func listed(headers http.Header) http.Header {
	kept := http.Header{}
	for name, values := range headers {
		if isListed(name) {
			kept[name] = values
		}
	}
	return kept
}

func isListed(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Content-Type":
		return true
	}
	return isLimit(name)
}

// isLimit reports whether a header is about the rate limit.
func isLimit(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return name == "Retry-After" || strings.HasPrefix(name, "X-Ratelimit-")
}
