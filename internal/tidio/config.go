package tidio

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpproxy"
)

// checkToken says why a text cannot be sent in a header as a credential; "" if it can.
func checkToken(s string) (flaw string) {
	if s == "" {
		return "is empty"
	}
	for _, r := range s {
		if r > unicode.MaxASCII || unicode.IsControl(r) || unicode.IsSpace(r) {
			return "contains a line break, a space, or another invalid character"
		}
	}
	return ""
}

// DefaultBaseURL is the address of the API that the credentials belong to.
func DefaultBaseURL(c Credentials) string { return c.wire().help.BaseURL }

// ParseBaseURL checks the address of the API and gives it the trailing slash it needs. The credentials are
// sent there, so it must be https, except on this machine (127.0.0.0/8, ::1, localhost). The error
// never repeats the address: it may hold a password.
func ParseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" || strings.ContainsFunc(s, unicode.IsSpace):
		return nil, errors.New("it is not a URL such as " + OpenAPIBaseURL)
	case u.User != nil:
		return nil, errors.New("it contains a user name or password; set the credentials in their own attributes")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it has a query (the part from \"?\" on), which an API address does not have")
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		return nil, errors.New("it has a fragment (the part from \"#\" on), which an API address does not have")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("it uses http, which would send the credentials unencrypted; use https " +
			"(http is accepted only for this machine: 127.0.0.0/8, ::1, localhost)")
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

// HasBrokenProxy reports whether the environment names a proxy for an address that cannot be read as a URL. Go would
// go around it without a word.
func HasBrokenProxy(base *url.URL) bool {
	env := httpproxy.FromEnvironment()
	readable := *env // as if what is set could be read: NO_PROXY still counts
	for _, proxy := range []*string{&readable.HTTPProxy, &readable.HTTPSProxy} {
		if *proxy != "" {
			*proxy = "http://proxy.example.com"
		}
	}
	wanted, _ := readable.ProxyFunc()(base)
	used, _ := env.ProxyFunc()(base)
	return wanted != nil && used == nil
}
