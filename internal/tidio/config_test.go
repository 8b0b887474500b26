package tidio

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestParseKeyTrims(t *testing.T) {
	for _, given := range []string{testKey, testKey + "\n", testKey + "\r\n", " \t" + testKey + " "} {
		header := http.Header{}
		parsedKey(t, given).wire().setHeaders(header)
		same(t, "headers", header, http.Header{"Accept": {"application/json"}, "Authorization": {"Bearer " + testKey}})
	}
}

func TestParseKeyRefusesWhatNoHeaderCanHold(t *testing.T) {
	for name, given := range map[string]string{
		"empty": "", "white space": " \n\t", "space": "live key", "line break": "live\nkey", "carriage return": "live\rkey",
		"tab": "live\tkey", "zero byte": "live\x00key", "delete": "live\x7fkey", "no ASCII": "live-schlüssel",
		"byte order mark": "\ufefflive-key", "no UTF-8": "live\xffkey", "zero width": "live\u200bkey",
	} {
		t.Run(name, func(t *testing.T) {
			key, err := ParseKey(given)
			if err == nil {
				t.Fatalf("accepted: %v", key)
			}
			hides(t, "the error", err, "live", "schl")
		})
	}
}

func TestKeyIsNeverPrinted(t *testing.T) {
	client, _ := newFake(t, always(http.StatusUnauthorized, `{"message":"the key `+testKey+` is wrong"}`))
	_, refused := client.GetConversation(t.Context(), "c1") // reads by itself, and nothing goes on after it
	options := testOptions(t, nil)
	for name, value := range map[string]any{
		"key": options.Credentials, "pointer to it": &options.Credentials, "no key": Key{}, "options": options, "pointer to them": &options,
		"client": client, "client by value": *client, "list": []Credentials{options.Credentials}, "error": refused,
		"error by value": *failure(t, refused, Unauthorized), "joined errors": errors.Join(refused, errors.New("other")),
	} {
		hides(t, name, value, testKey, testKey[:10])
	}

	var logged strings.Builder
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("logged", "key", options.Credentials, "error", refused)
	hides(t, "a log", logged.String(), testKey)
	encoded, err := json.Marshal(map[string]any{"key": options.Credentials})
	succeeds(t, err)
	hides(t, "JSON", string(encoded), testKey)
}

func TestParseBaseURLAccepts(t *testing.T) {
	for given, want := range map[string]string{
		V1BaseURL:                            V1BaseURL,
		"https://api.tidio.co/v1":            V1BaseURL,
		"https://api.tidio.co":               "https://api.tidio.co/",
		"HTTPS://API.example.com:8443/a/b":   "https://API.example.com:8443/a/b/",
		"https://api.example.com/a%2Fb/v1":   "https://api.example.com/a%2Fb/v1/",
		"https://api.example.com/a%2Fb/v1/":  "https://api.example.com/a%2Fb/v1/",
		"http://localhost:8080/v1":           "http://localhost:8080/v1/",
		"http://LOCALHOST/v1/":               "http://LOCALHOST/v1/",
		"http://127.0.0.1:8080/v1":           "http://127.0.0.1:8080/v1/",
		"http://127.5.6.7/":                  "http://127.5.6.7/",
		"http://[::1]:8080/v1":               "http://[::1]:8080/v1/",
		"https://[2001:db8::1]/v1":           "https://[2001:db8::1]/v1/",
		"https://proxy.example.com/tidio/v1": "https://proxy.example.com/tidio/v1/",
	} {
		u, err := ParseBaseURL(given)
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		equal(t, given, u.String(), want)
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	const notURL, notPlain = "not a URL", "unencrypted"
	for given, want := range map[string]string{
		"":                                    notURL,
		"hunter2":                             notURL,
		"hunter2.example.com/v1/":             notURL,
		"/hunter2/":                           notURL,
		"https://":                            notURL,
		"https:///hunter2":                    notURL,
		"https://:443/hunter2":                notURL,
		"https:hunter2.example.com":           notURL,
		"https://hunter2.example.com:port/":   notURL,
		"https://hunter2.example.com/%zz":     notURL,
		"https://hunter2.example.com/\n":      notURL,
		" https://hunter2.example.com/":       notURL,
		"https://hunter2.example.com/v1/ ":    notURL,
		"https://hunter2.example.com/ v1":     notURL,
		"https://user:hunter2@example.com/":   "user name or password",
		"https://hunter2@example.com/":        "user name or password",
		"https://example.com/?key=hunter2":    "query",
		"https://example.com/hunter2?":        "query",
		"https://example.com/#hunter2":        "fragment",
		"https://example.com/hunter2#":        "fragment",
		"http://hunter2.example.com/":         notPlain,
		"http://localhost.hunter2.com/":       notPlain,
		"http://127.0.0.1.hunter2.com/":       notPlain,
		"http://0.0.0.0/hunter2":              notPlain,
		"http://192.168.0.1/hunter2":          notPlain,
		"http://[::2]/hunter2":                notPlain,
		"ftp://hunter2.example.com/":          "scheme",
		"ws://localhost/hunter2":              "scheme",
		"http://user:hunter2@127.0.0.1:8080/": "user name or password",
	} {
		u, err := ParseBaseURL(given)
		if err == nil {
			t.Errorf("%s: accepted as %s", given, u)
			continue
		}
		contains(t, given, err.Error(), want)
		hides(t, given, err, "hunter2")
	}
}
