package tidio

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpproxy"
)

// checkToken returns why a text cannot be sent in a header as a credential, or "".
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

// DefaultBaseURL returns the address of the API that the credentials belong to.
func DefaultBaseURL(c Credentials) string { return c.wire().help.BaseURL }

// ParseBaseURL checks the address of the API and adds the trailing slash. The credentials are sent to this
// address, so it must be https, except on this machine (127.0.0.0/8, ::1, localhost). The error never
// contains the address, which may include a password.
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

// HasBrokenProxy reports whether the environment sets a proxy for an address, but the proxy is not a valid URL. Go
// would silently bypass it.
func HasBrokenProxy(base *url.URL) bool {
	env := httpproxy.FromEnvironment()
	readable := *env // with valid proxies, so that only NO_PROXY decides
	for _, proxy := range []*string{&readable.HTTPProxy, &readable.HTTPSProxy} {
		if *proxy != "" {
			*proxy = "http://proxy.example.com"
		}
	}
	wanted, _ := readable.ProxyFunc()(base)
	used, _ := env.ProxyFunc()(base)
	return wanted != nil && used == nil
}
