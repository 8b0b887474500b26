package tidiomock

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// format is one of the two ways to talk with the account.
type format struct {
	prefix   string // of its paths
	document string // the file of its contract
	contract func() *openapi3.T

	// admit refuses calls before the rate limit sees them, and serve answers those it let through.
	admit func(m *Mock, c *call) (refusal reply, refused bool)
	serve func(m *Mock, c *call, violation error) reply
	// failure is an error; a format without codes leaves the code out, "" is that of the status.
	failure func(status int, code, message string) reply
	// spoil is a page of a list as a fault of lists has it.
	spoil func(m *Mock, c *call, kind FaultKind) reply
}

// v1 is the format of the product description that this project started from.
var v1 = &format{
	prefix:   "/v1",
	document: "v1.yaml",
	contract: parseOnce("v1.yaml"),
	admit: func(m *Mock, c *call) (reply, bool) {
		if m.authorized(c.request) {
			return reply{}, false
		}
		return failure(http.StatusUnauthorized, "The API key is missing or invalid."), true
	},
	serve: (*Mock).serveV1,
	failure: func(status int, _, message string) reply {
		return failure(status, message)
	},
	spoil: (*Mock).spoilPage,
}

func (m *Mock) authorized(r *http.Request) bool {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && key != "" && (m.config.APIKey == "" || key == m.config.APIKey)
}

// serveV1 does what the call asks for, if the contract allows it.
func (m *Mock) serveV1(c *call, violation error) reply {
	switch {
	case c.path == "":
		return failure(http.StatusNotFound, noSuchPath)
	case c.route == nil:
		c.header.Set("Allow", strings.Join(c.allow, ", "))
		return failure(http.StatusMethodNotAllowed, noSuchMethod)
	case violation != nil:
		return failure(http.StatusBadRequest, "Check the parameters: "+violation.Error())
	default:
		return c.route.handle(c)
	}
}

// What both formats say of a request for nothing.
const (
	noSuchPath   = "There is no such path."
	noSuchMethod = "This path has no such method."
	noSuchObject = "There is no such object."
)

// failure is a reply of v1 with an error.
func failure(status int, message string) reply {
	return jsonReply(status, map[string]string{"message": message})
}

// absent is v1's reply about an object that is not there.
func absent(what string) reply {
	return failure(http.StatusNotFound, "There is no such "+what+".")
}

// getRoute reads one object of a table over v1; what says what is missing when it is.
func getRoute[T v1Object](m *Mock, path string, t *table[T], what string) *route {
	return &route{method: http.MethodGet, path: path, handle: func(c *call) reply {
		m.store.mu.Lock()
		o, ok := t.read(c.params["id"])
		m.store.mu.Unlock()
		if !ok {
			return absent(what)
		}
		return m.object(http.StatusOK, m.shape(o))
	}}
}

// v1Object is something that v1 can read.
type v1Object interface {
	object
	json() any // as v1 sends it
}

// v1ListOf is a list of a whole table.
func v1ListOf[T v1Object](m *Mock, t *table[T], invent func() T) collection {
	return listOf(m, listing[T]{
		table: t, shape: func(o T) any { return m.shape(o) }, invent: invent,
	})
}
