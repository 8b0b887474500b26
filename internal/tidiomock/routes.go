package tidiomock

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/routers"
)

// route is an operation of an API. It holds the mock's lock while it handles a call.
type route struct {
	format *format
	method string
	path   string           // as in the contract: "/properties/{id}"
	finds  func(*call) bool // reports whether the object of the path exists; nil = it names none
	handle func(*call) reply
	list   lister         // nil = it is no list
	key    string         // of the items in a reply of the list
	spec   *routers.Route // what the contract says about it
}

// call is a request on its way through the mock.
type call struct {
	request *http.Request
	body    []byte
	header  http.Header // of whatever reply it gets
	fault   FaultKind   // RepeatPage or WrongPage, for the list that it asks for

	format *format           // nil = the path is outside of both APIs
	path   string            // as in the contract; "" = there is no such path
	params map[string]string // from the path, by name, unescaped
	route  *route            // nil = there is no such path, or no such method on it
	allow  []string          // the path's methods
}

// id is the {id} of the path.
func (c *call) id() string { return c.params["id"] }

// finds reports whether what the path names exists.
func (c *call) finds() bool { return c.route.finds == nil || c.route.finds(c) }

// bodyOf decodes the body of a call, which the contract has already validated.
func bodyOf[T any](c *call) (body T) {
	if err := decode(c.body, &body); err != nil {
		panic(err)
	}
	return body
}

// fail is an error in the format of the call.
func (c *call) fail(status int, message string) reply {
	return jsonReply(status, c.format.failure(status, message))
}

// find fills in what the request asks for. A path outside /v1/ belongs to the published API if its first
// segment is one that either API uses; any other path comes from a wrong base URL.
func (m *Mock) find(c *call) {
	path := c.request.URL.EscapedPath()
	if under, isV1 := strings.CutPrefix(path, v1.prefix+"/"); isV1 {
		c.format, path = v1, "/"+under
	}
	got := strings.Split(path, "/")
	for _, rt := range m.routes {
		want := strings.Split(rt.path, "/")
		if c.format == nil && len(got) > 1 && got[1] == want[1] {
			c.format = published
		}
		params, ok := match(want, got)
		if !ok || rt.format != c.format || c.path != "" && c.path != rt.path {
			continue
		}
		c.path, c.params = rt.path, params
		c.allow = append(c.allow, rt.method)
		if rt.method == c.request.Method {
			c.route = rt
		}
	}
}

// match compares the segments of a path with those of a route. http.ServeMux would redirect a path with an empty one.
func match(want, got []string) (params map[string]string, ok bool) {
	if len(want) != len(got) {
		return nil, false
	}
	params = map[string]string{}
	for i, segment := range got {
		value, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		name, isParam := strings.CutPrefix(want[i], "{")
		switch {
		case isParam && value != "":
			params[strings.TrimSuffix(name, "}")] = value
		case value != want[i]:
			return nil, false
		}
	}
	return params, true
}

// mustKnow panics when no contract has such a path: a typo must not pass for "it never came".
func (m *Mock) mustKnow(path string) {
	known := func(rt *route) bool { return rt.path == path }
	if path != "" && !slices.ContainsFunc(m.routes, known) {
		panic(fmt.Sprintf("tidiomock: there is no route %q", path))
	}
}
