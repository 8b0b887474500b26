package tidio

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// DefaultBaseURL is where the API lives (contract: given).
const DefaultBaseURL = "https://api.tidio.co/v1/"

// Key is an API key. It never prints: it holds its secret in a function, which fmt can only show as
// an address.
type Key struct {
	reveal func() string
}

// ParseKey checks an API key. White space around it (the line break at the end of a file) is
// dropped. The error does not hold the key.
func ParseKey(s string) (Key, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Key{}, errors.New("the API key is empty")
	}
	for _, r := range s {
		if r > unicode.MaxASCII || unicode.IsControl(r) || unicode.IsSpace(r) {
			return Key{}, errors.New("the API key holds a line break, a space, or another character that no API key has")
		}
	}
	return Key{reveal: func() string { return s }}, nil
}

// String hides the key.
func (Key) String() string { return "(API key)" }

func (k Key) authorize(req *http.Request) {
	req.Header.Set("Authorization", "Bearer "+k.reveal())
}

// redact takes the key out of a text that the API sent.
func (k Key) redact(s string) string {
	return strings.ReplaceAll(s, k.reveal(), k.String())
}

// ParseBaseURL checks the address of the API and gives it the trailing slash it needs. The key is
// sent there, so it must be https, except on this machine (127.0.0.0/8, ::1, localhost). The error
// never repeats the address: it may hold a password.
func ParseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" || strings.ContainsFunc(s, unicode.IsSpace):
		return nil, errors.New("it is not a URL such as " + DefaultBaseURL)
	case u.User != nil:
		return nil, errors.New("it holds a user name or password; the API key goes into api_key")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it has a query (the part from \"?\" on), which an API address does not have")
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		return nil, errors.New("it has a fragment (the part from \"#\" on), which an API address does not have")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("it is http, and the API key would be sent in the clear; use https " +
			"(http is accepted for this machine only: 127.0.0.0/8, ::1, localhost)")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("its scheme must be https")
	}
	if !strings.HasSuffix(u.Path, "/") {
		if u.RawPath != "" {
			u.RawPath += "/"
		}
		u.Path += "/"
	}
	return u, nil
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
