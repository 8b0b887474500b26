package tidio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// awkward are ids and what they are in a path.
var awkward = map[string]string{
	"plain":          "prop_4kd7x2mq9a",
	"slash":          "a/b",
	"only a slash":   "/",
	"parent":         "../operators",
	"dots within":    "a..b/./..",
	"three dots":     "...",
	"question mark":  "a?page=2",
	"fragment":       "a#b",
	"percent":        "100%",
	"escaped slash":  "a%2Fb",
	"escaped dots":   "%2e%2e",
	"space":          " a b ",
	"plus":           "a+b",
	"semicolon":      "a;b=c",
	"colon":          "a:b",
	"unicode":        "名前-é-🙂",
	"quotes":         `"a" 'b'`,
	"template":       "${var.name}",
	"control":        "a\nb\x00",
	"backslash":      `a\b`,
	"looks absolute": "https://elsewhere.example.com/",
}

func TestIDsAreEscapedInPaths(t *testing.T) {
	for name, id := range awkward {
		t.Run(name, func(t *testing.T) {
			quoted, err := json.Marshal(id)
			succeeds(t, err)
			client, api := newFake(t, always(http.StatusOK, `{"id":`+string(quoted)+`,"name":"n","type":"text"}`))
			_, err = client.GetProperty(t.Context(), id)
			succeeds(t, err)
			u := api.requests[0].URL
			equal(t, "host", u.Host, "api.example.com")
			equal(t, "path", u.Path, "/v1/properties/"+id)
			equal(t, "query", u.RawQuery, "")
			equal(t, "fragment", u.Fragment, "")
			// What a server makes of it: one segment after the collection.
			sent, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://h"+u.RequestURI(), nil)
			succeeds(t, err)
			equal(t, "path, parsed again", sent.URL.Path, "/v1/properties/"+id)
			equal(t, "escaped path, parsed again", sent.URL.EscapedPath(), u.EscapedPath())
		})
	}
}

func TestIDsSurviveARealServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		for name, id := range awkward {
			added := api.mock.AddProperty(tidiomock.Property{ID: id, Name: name, Label: "Label", Type: "text"})
			got, err := api.GetProperty(t.Context(), id)
			succeeds(t, err)
			equal(t, name, got, Property{ID: added.ID, Name: name, Label: "Label", Type: "text"})
		}
	})
}

func TestIDsThatWouldNameSomethingElseAreNotSent(t *testing.T) {
	for _, id := range []string{"", ".", ".."} {
		client, api := newFake(t, always(http.StatusOK, `{"id":"x","name":"n","type":"text"}`))
		_, err := client.GetProperty(t.Context(), id)
		fails(t, err, NotFound)
		equal(t, "requests", len(api.requests), 0)
	}
}

func TestAddressOfRequests(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.example.com":               "https://api.example.com/",
		"https://api.example.com/v1":            "https://api.example.com/v1/",
		"https://proxy.example.com:8443/t%2Fu/": "https://proxy.example.com:8443/t%2Fu/",
		"http://[::1]:8080/a/b":                 "http://[::1]:8080/a/b/",
	} {
		api := &fakeAPI{answer: always(http.StatusOK, `{"data":[]}`)}
		options := testOptions(t, api)
		var err error
		options.BaseURL, err = ParseBaseURL(base)
		succeeds(t, err)
		client := New(options)
		equal(t, "requests before the first call", len(api.requests), 0)
		_, err = client.ListProperties(t.Context())
		succeeds(t, err)
		equal(t, "list", api.requests[0].URL.String(), want+"properties")
		_, err = client.GetProperty(t.Context(), "a/b")
		fails(t, err, BadResponse)
		equal(t, "object", api.requests[1].URL.String(), want+"properties/a%2Fb")
	}
}

func TestHeadersAndBodies(t *testing.T) {
	client, api := newFake(t, always(http.StatusOK, `{"id":"x","name":"n","label":"l","type":"text","data":[]}`))
	_, err := client.ListProperties(t.Context())
	succeeds(t, err)
	_, err = client.CreateProperty(t.Context(), NewProperty{Name: `a "b" <c> & ü`, Type: "text"}, PropertyList{Complete: true})
	succeeds(t, err)
	_, err = client.CreateProperty(t.Context(), NewProperty{Name: "a", Label: "A", Type: "url"}, PropertyList{Complete: true})
	succeeds(t, err)

	headers := http.Header{
		"Accept": {"application/json"}, "Authorization": {"Bearer " + testKey}, "User-Agent": {"test/1.0"},
	}
	same(t, "headers of a GET", api.requests[0].Header, headers)
	headers.Set("Content-Type", "application/json")
	same(t, "headers of a POST", api.requests[1].Header, headers)
	same(t, "bodies", api.bodies, []string{
		"", `{"name":"a \"b\" \u003cc\u003e \u0026 ü","type":"text"}`, `{"name":"a","label":"A","type":"url"}`,
	})
	same(t, "requests", api.sent(), []string{"GET properties", "POST properties", "POST properties"})
}

func TestRetriesAuthorizeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{answer: always(http.StatusBadGateway, "")}
		_, err := New(testOptions(t, api)).ListProperties(t.Context())
		fails(t, err, ServerError)
		equal(t, "requests", len(api.requests), 3)
		for _, r := range api.requests {
			same(t, "Authorization", r.Header.Values("Authorization"), []string{"Bearer " + testKey})
		}
	})
}

func TestCancelledBeforeItIsSent(t *testing.T) {
	client, api := newFake(t, always(http.StatusOK, `{"data":[]}`))
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	_, err := client.ListProperties(ctx)
	equal(t, "the cause", errors.Is(failure(t, err, Cancelled), enough), true)
	_, err = client.CreateProperty(ctx, NewProperty{Name: "a", Type: "text"}, PropertyList{Complete: true})
	failed := failure(t, err, Cancelled)
	equal(t, "may have landed", failed.OutcomeUnknown, false)
	equal(t, "requests", len(api.requests), 0)
}
