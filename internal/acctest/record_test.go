package acctest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secret looks like a key, for recordings.
const secret = "k3y-7f2a9c81d5e04b6f"

// record makes GET requests to an account and returns the cassette that comes of it.
func record(t *testing.T, of *api, account http.HandlerFunc, paths ...string) (content string, err error) {
	t.Helper()
	server := httptest.NewServer(account)
	defer server.Close()
	base, err := url.Parse(server.URL + "/behind/a/proxy" + of.root)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "new", "cassette.yaml")
	r, err := newRecorder(file, source{api: of, origin: originLive, base: base, secrets: []string{secret}})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base.String()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = http.Header{
			"Accept": {"application/json"}, "Authorization": {"Bearer " + secret}, "User-Agent": {"x"},
		}
		resp, err := r.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if err := r.Stop(); err != nil {
		if _, statErr := os.Stat(file); statErr == nil {
			t.Error("a cassette that is refused is written all the same")
		}
		return "", err
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(written), nil
}

func says(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Set-Cookie", "session=1")
	w.Header().Set("X-Request-Id", "1")
	w.Header().Set("X-Ratelimit-Remaining", "7")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func TestRecord(t *testing.T) {
	requests := 0
	content, err := record(t, v1, func(w http.ResponseWriter, r *http.Request) {
		requests++
		switch {
		case requests == 2:
			w.Header().Set("Retry-After", "1")
			says(w, http.StatusTooManyRequests, `{"message":"slow down, Jane"}`)
		case strings.HasSuffix(r.URL.Path, "/v1/operators"):
			says(w, http.StatusOK,
				`{"data":[{"id":"o1","name":"Jane Doe","email":"jane@doe.example","role":"owner"}]}`)
		default:
			says(w, http.StatusOK, `{"id":"o1","name":"Jane Doe","email":"Jane@Doe.example"}`)
		}
	}, "operators", "operators", "operators", "operators?page=2", "operators", "operators/o1")
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := load([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	if len(recorded) != 3 { // neither repetitions nor what was refused
		t.Errorf("%d interactions:\n%s", len(recorded), content)
	}
	for _, want := range []string{
		originLive + "\n---\n", "https://api.tidio.co/v1/operators?page=2\n", "host: api.tidio.co\n",
		`{"data":[{"email":"person1@example.com","id":"o1","name":"text 1","role":"owner"}]}`,
		`{"email":"person1@example.com","id":"o1","name":"text 1"}`, "X-Ratelimit-Remaining",
	} {
		if !strings.Contains(content, want) {
			t.Errorf("%q is missing in:\n%s", want, content)
		}
	}
	for _, secret := range []string{
		secret, "Authorization", "User-Agent", "Cookie", "Request-Id", "127.0.0.1", "proxy", "Jane",
	} {
		if strings.Contains(content, secret) {
			t.Errorf("%q is in:\n%s", secret, content)
		}
	}
}

func TestRecord_refuses(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		body, want string
	}{
		"a failure":            {http.StatusBadGateway, `{}`, "record again"},
		"a page of HTML":       {http.StatusOK, "<p>Jane</p>", "not JSON"},
		"the key in a reply":   {http.StatusOK, `{"id":"` + secret + `"}`, "a credential"},
		"an address as a role": {http.StatusOK, `{"id":"o1","role":"jane@doe.example"}`, "an e-mail address"},
	} {
		t.Run(name, func(t *testing.T) {
			account := func(w http.ResponseWriter, _ *http.Request) { says(w, c.status, c.body) }
			_, err := record(t, v1, account, "operators/o1")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if said := strings.ToLower(err.Error()); strings.Contains(said, secret) || strings.Contains(said, "jane") {
				t.Errorf("the error repeats it: %s", said)
			}
		})
	}
}

// A cursor is replaced alike in the reply that gives it and in the request that follows it.
func TestRecord_cursors(t *testing.T) {
	const first, second = "aWRfX2phbmU+Lw==", "aWRfX2pvZT4vMg=="
	content, err := record(t, published, func(w http.ResponseWriter, r *http.Request) {
		next := map[string]string{"": `"` + first + `"`, first: `"` + second + `"`, second: "null"}
		says(w, http.StatusOK, `{"operators":[{"id":"o1","name":"Jane"}],"meta":{"cursor":`+
			next[r.URL.Query().Get("cursor")]+`,"limit":100}}`)
	}, "operators", "operators?cursor="+url.QueryEscape(first), "operators?cursor="+url.QueryEscape(second))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"host: api.tidio.com\n", "url: https://api.tidio.com/operators\n",
		`{"meta":{"cursor":"cursor+/1=","limit":100},"operators":[{"id":"o1","name":"text 1"}]}`,
		"url: https://api.tidio.com/operators?cursor=cursor%2B%2F1%3D\n", `"cursor":"cursor+/2="`,
		"url: https://api.tidio.com/operators?cursor=cursor%2B%2F2%3D\n", `"cursor":null`,
	} {
		if !strings.Contains(content, want) {
			t.Errorf("%q is missing in:\n%s", want, content)
		}
	}
	if strings.Contains(content, "aWRf") {
		t.Errorf("a cursor is in:\n%s", content)
	}
}

func TestSource(t *testing.T) {
	type variables struct{ key, id, secret, address string }
	only := variables{key: secret}
	pair := variables{id: "ci_1", secret: "cs_1"}
	at := func(v variables, address string) variables {
		v.address = address
		return v
	}
	for name, c := range map[string]struct {
		of           *api
		env          variables
		origin, base string // "" = nothing is recorded
	}{
		"an account":     {v1, only, originLive, "https://api.tidio.co/v1/"},
		"another server": {v1, at(only, "https://staging.example.com/v1"), originLive, "https://staging.example.com/v1/"},
		"a mock":         {v1, at(only, "http://127.0.0.1:8787/v1/"), originMock, "http://127.0.0.1:8787/v1/"},
		"a mock by name": {v1, at(only, "http://localhost:8787/v1/"), originMock, "http://localhost:8787/v1/"},
		"published":      {published, pair, originLive, "https://api.tidio.com/"},
		"published mock": {published, at(pair, "http://127.0.0.1:8787"), originMock, "http://127.0.0.1:8787/"},
		"v1 only":        {published, only, "", ""},
		"published only": {v1, at(pair, "http://127.0.0.1:8787"), "", ""},
		"no v1":          {v1, variables{}, originMock, ""},
		"no published":   {published, variables{}, originMock, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for name, value := range map[string]string{
				"TIDIO_API_KEY": c.env.key, "TIDIO_CLIENT_ID": c.env.id, "TIDIO_CLIENT_SECRET": c.env.secret,
				addressVariable: c.env.address,
			} {
				t.Setenv(name, value)
			}
			from, lacks := newSource(t, c.of)
			if c.origin == "" {
				if lacks != strings.Join(c.of.credentials, " and ") {
					t.Errorf("%q is missing", lacks)
				}
				return
			}
			if lacks != "" || from.origin != c.origin || from.base == nil || len(from.secrets) == 0 {
				t.Fatalf("%+v, %q is missing", from, lacks)
			}
			if c.env == (variables{}) {
				if !strings.Contains(from.provider, from.base.String()) {
					t.Errorf("%s is not for %s", from.provider, from.base)
				}
				return
			}
			if from.base.String() != c.base {
				t.Errorf("recorded from %s", from.base)
			}
			for _, secret := range from.secrets {
				if strings.Contains(from.provider, secret) {
					t.Error("a credential is in the configuration")
				}
			}
		})
	}
}
