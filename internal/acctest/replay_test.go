package acctest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// interaction is one with a method, a path with its query, and two bodies.
func interaction(method, path, sent, replied string) *cassette.Interaction {
	return &cassette.Interaction{
		Request: cassette.Request{
			Method: method, URL: v1.base() + path, Host: v1.host, Body: sent,
			Headers: http.Header{"Accept": {"application/json"}},
		},
		Response: cassette.Response{
			Code: http.StatusOK, Body: replied, Headers: http.Header{"Content-Type": {"application/json"}},
		},
	}
}

// session is a contact's life, with a list before and after.
func session() tape {
	return tape{
		interaction("GET", "contacts", "", `{"data":[]}`),
		interaction("GET", "properties?page=2", "", `{"data":[]}`),
		interaction("POST", "contacts", `{"name":"x","properties":{"seats":1e3}}`, `{"id":"c1"}`),
		interaction("GET", "contacts/c1", "", `{"id":"c1","name":"x"}`),
		interaction("PATCH", "contacts/c1", `{"name":"y"}`, `{"id":"c1"}`),
		interaction("GET", "contacts/c1", "", `{"id":"c1","name":"y"}`),
		interaction("GET", "contacts/c1", "", `{"id":"c1","name":"z"}`),
		interaction("DELETE", "contacts/c1", "", ""),
	}
}

// replay makes requests, "METHOD path body" each, and returns the replies and what failed.
func replay(t *testing.T, p *player, requests ...string) (replies []string) {
	t.Helper()
	for _, request := range requests {
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:1/v1/"+path,
			strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer whatever")
		resp, err := p.RoundTrip(req)
		if err != nil {
			replies = append(replies, "failed")
			continue
		}
		defer resp.Body.Close()
		reply, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		replies = append(replies, string(reply))
	}
	return replies
}

func TestReplay(t *testing.T) {
	const post = `POST contacts {"properties":{"seats":1e3}, "name":"x"}`
	const remove = "DELETE contacts/c1"
	const patch = `PATCH contacts/c1 {"name": "y"}`
	for name, c := range map[string]struct {
		requests []string
		last     string // reply
		complete bool
	}{
		"as recorded": {[]string{
			"GET contacts", "GET properties?page=2", post, "GET contacts/c1", patch,
			"GET contacts/c1", "GET contacts/c1", "DELETE contacts/c1",
		}, "", true},
		"reads in another order and number": {[]string{
			"GET properties?page=2", "GET contacts", "GET contacts", "GET properties?page=2", post,
			"GET properties?page=2", "GET contacts/c1", "GET contacts/c1", patch,
			"GET contacts/c1", "GET contacts/c1", "GET contacts/c1", "DELETE contacts/c1",
		}, "", true},
		"the last reply is repeated": {[]string{
			post, patch, "GET contacts/c1", "GET contacts/c1", "GET contacts/c1",
		}, `{"id":"c1","name":"z"}`, false},
		"not read ahead of a write":         {[]string{post, "GET contacts/c1"}, `{"id":"c1","name":"x"}`, false},
		"not there before it is made":       {[]string{"GET contacts/c1"}, "failed", false},
		"a list is stale after a write":     {[]string{"GET contacts", post, "GET contacts"}, "failed", false},
		"another page":                      {[]string{"GET properties"}, "failed", false},
		"a write out of order":              {[]string{patch}, "failed", false},
		"a write with another body":         {[]string{`POST contacts {"name":"x"}`}, "failed", false},
		"a number that is otherwise spelt":  {[]string{strings.Replace(post, "1e3", "1000", 1)}, "failed", false},
		"a write without a body":            {[]string{"POST contacts"}, "failed", false},
		"a write twice":                     {[]string{post, post}, "failed", false},
		"a write after the last one":        {[]string{post, patch, remove, remove}, "failed", false},
		"a read that is left out is missed": {[]string{post, patch, remove}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			failures := 0
			p := newPlayer("tape", session(), func(string, ...any) { failures++ })
			replies := replay(t, p, c.requests...)
			if last := replies[len(replies)-1]; last != c.last {
				t.Errorf("the last reply is %s, want %s", last, c.last)
			}
			if failed := c.last == "failed"; failed != (failures == 1) {
				t.Errorf("%d failures were reported", failures)
			}
			if err := p.allUsed(); (err == nil) != c.complete {
				t.Errorf("left: %v", err)
			}
		})
	}
}

func TestReplay_saysWhatIsWrong(t *testing.T) {
	var said string
	p := newPlayer("tape", session(), func(format string, args ...any) { said = fmt.Sprintf(format, args...) })
	replay(t, p, `DELETE contacts/c9`)
	for _, want := range []string{"DELETE /v1/contacts/c9", "before POST /v1/contacts"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in: %s", want, said)
		}
	}
	if err := p.allUsed(); err == nil || !strings.Contains(err.Error(), "1: GET /v1/properties?page=2") {
		t.Errorf("left: %v", err)
	}
}

// A limit that was spent when it was recorded must not make the replay wait for a minute.
func TestReplay_hasNoLimit(t *testing.T) {
	recorded := session()[:1]
	recorded[0].Response.Headers.Set("X-Ratelimit-Remaining", "0")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v1.base()+"contacts", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := newPlayer("tape", recorded, t.Errorf).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header; len(got) != 1 || got.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", got)
	}
}
