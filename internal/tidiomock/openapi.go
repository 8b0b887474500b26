package tidiomock

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// Published selects how the published API behaves where its descriptions are silent or disagree. The
// zero value is the documented behavior, or else the most likely one.
type Published struct {
	// NoAccess refuses every request with 403: the plan does not include the API.
	NoAccess bool
	// ValidationStatus is the status of a validation error; 0 = 422.
	ValidationStatus int
	// PropertyWriteStatus is the status of any write to /contact-properties; 0 = 405.
	PropertyWriteStatus int
	// BatchStatus is the status of the batch routes if the account lacks them, 404 or 405;
	// 0 = it has them.
	BatchStatus int
	// BatchReply selects which contacts the reply to a batch create holds.
	BatchReply BatchReply
	// FullReplies answers the create of one contact with the full object instead of its id.
	FullReplies bool
	// Numbers is the JSON type of the values of number properties.
	Numbers Numbers
	// Cleared is how replies show a value that was cleared.
	Cleared Cleared
	// EmailFilter is how the list of contacts compares e-mail addresses.
	EmailFilter EmailFilter
	// OffsetCursors makes a cursor count the items before it, so that an insertion or deletion
	// shifts the pages. By default a cursor marks the last item of a page and nothing shifts.
	OffsetCursors bool
}

// BatchReply selects which contacts the reply to a batch create holds.
type BatchReply int

// The replies to a batch of creates.
const (
	BatchInOrder  BatchReply = iota // all, in the order of the request
	BatchReversed                   // all, in another order
	BatchShort                      // all but the last
)

// Numbers is the JSON type of the values of number properties.
type Numbers int

// The JSON types of numbers.
const (
	NumbersAsStrings     Numbers = iota // strings, both ways
	NumbersAsEither                     // written as either, read as strings
	NumbersAsJSONNumbers                // numbers, both ways
)

// Cleared is how replies show a value that was cleared.
type Cleared int

// What replies show of a value that was cleared.
const (
	ClearedDropped Cleared = iota // it is not in the reply
	ClearedNull
	ClearedEmpty // the empty string
)

// EmailFilter is how the list of contacts compares e-mail addresses.
type EmailFilter int

// The ways to compare e-mail addresses.
const (
	EmailAnyCase EmailFilter = iota
	EmailExact
	EmailIgnored // the filter has no effect
)

// published is the format of the API that Tidio publishes.
var published = &format{
	document: "openapi.yaml",
	contract: parseOnce("openapi.yaml"),
	admit:    (*Mock).admitPublished,
	serve:    (*Mock).servePublished,
	failure:  publishedFailure,
	spoil:    (*Mock).spoilCursor,
}

const (
	clientIDHeader     = "X-Tidio-Openapi-Client-Id"
	clientSecretHeader = "X-Tidio-Openapi-Client-Secret"
)

// admitPublished checks path, method, version, credentials and plan, in this order.
func (m *Mock) admitPublished(c *call) (refusal reply, refused bool) {
	open := m.config.Published
	missing := 0
	switch {
	case c.path == "/contact-properties" && c.route == nil:
		missing = cmp.Or(open.PropertyWriteStatus, http.StatusMethodNotAllowed)
	case c.path == batchPath && c.route != nil:
		missing = open.BatchStatus
	case c.path != "" && c.route == nil:
		missing = http.StatusMethodNotAllowed
	}
	header := c.request.Header
	switch {
	case c.path == "" || missing == http.StatusNotFound:
		return c.fail(http.StatusNotFound, noSuchPath), true
	case missing != 0:
		c.header.Set("Allow", strings.Join(c.allow, ", "))
		return c.fail(missing, noSuchMethod), true
	case !acceptsVersion1(header):
		return c.fail(http.StatusNotAcceptable, "Accept must be application/json; version=1."), true
	case !allowed(header.Get(clientIDHeader), m.config.ClientID),
		!allowed(header.Get(clientSecretHeader), m.config.ClientSecret):
		return c.fail(http.StatusUnauthorized, "The credentials are missing or invalid."), true
	case open.NoAccess:
		return c.fail(http.StatusForbidden, "The plan does not include the API."), true
	}
	return reply{}, false
}

// allowed tells whether a credential is the accepted one, "" being any.
func allowed(sent, accepted string) bool {
	return sent != "" && (accepted == "" || sent == accepted)
}

func acceptsVersion1(header http.Header) bool {
	ranges := strings.Split(strings.Join(header.Values("Accept"), ","), ",")
	return slices.ContainsFunc(ranges, func(accept string) bool {
		kind, params, err := mime.ParseMediaType(accept)
		return err == nil && kind == "application/json" && params["version"] == "1"
	})
}

// servePublished checks that the request can be parsed, that its object exists and that it is valid,
// in this order, and then handles it.
func (m *Mock) servePublished(c *call, violation error) reply {
	var sent *openapi3filter.RequestError
	var misfit *openapi3.SchemaError
	readable := violation == nil || errors.As(violation, &sent) && sent.RequestBody != nil &&
		errors.As(sent.Err, &misfit)
	switch {
	case !readable:
		return c.fail(http.StatusBadRequest, "Check the request: "+violation.Error())
	case c.route.needs != nil && !c.route.needs(c):
		return c.fail(http.StatusNotFound, noSuchObject)
	case violation != nil:
		return m.invalid(violation.Error())
	default:
		return c.route.handle(c)
	}
}

// invalid is the reply to a well-formed write that breaks a rule of the account or the contract.
func (m *Mock) invalid(flaw string) reply {
	status := cmp.Or(m.config.Published.ValidationStatus, http.StatusUnprocessableEntity)
	return publishedFailure(status, "validation_error", flaw)
}

type errorJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// publishedFailure is an error reply. Without a code it gets the one of its status: the documented
// one where there is one, else the status in words.
func publishedFailure(status int, code, message string) reply {
	switch {
	case code != "":
	case status == http.StatusForbidden:
		code = "api_access_disabled"
	case status == http.StatusNotAcceptable:
		code = "missing_api_version"
	default: // unauthorized and too_many_requests among them
		code = strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
	}
	return jsonReply(status, map[string]any{"errors": []errorJSON{{code, message}}})
}

// publishedObject is something that the published API can read.
type publishedObject interface {
	object
	published(m *Mock) any // as the published API sends it
}

// publishedListing is a whole table as a list.
func publishedListing[T publishedObject](m *Mock, t *table[T], invent func() T) listing[T] {
	return listing[T]{
		table: t, shape: func(o T) any { return o.published(m) }, invent: invent,
	}
}

// trim leaves only the required fields of an object if Replies.OmitOptional is set.
func (m *Mock) trim(object any, required ...string) any {
	if !m.config.Replies.OmitOptional {
		return object
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(jsonReply(0, object).body, &fields); err != nil {
		panic(err) // our own types are objects
	}
	for name := range fields {
		if !slices.Contains(required, name) {
			delete(fields, name)
		}
	}
	return fields
}

// publishedGet reads one object of a table; shape is how a reply has it.
func publishedGet[T object](m *Mock, path string, t *table[T], shape func(T) any) *route {
	return &route{method: http.MethodGet, path: path, handle: func(c *call) reply {
		m.store.mu.Lock()
		defer m.store.mu.Unlock()
		o, ok := t.read(c.params["id"])
		if !ok {
			return c.fail(http.StatusNotFound, noSuchObject)
		}
		return jsonReply(http.StatusOK, shape(o))
	}}
}

// publishedDelete removes one object of a table.
func publishedDelete[T object](m *Mock, path string, t *table[T]) *route {
	return &route{method: http.MethodDelete, path: path, handle: func(c *call) reply {
		m.store.mu.Lock()
		defer m.store.mu.Unlock()
		if !t.remove(c.params["id"]) {
			return c.fail(http.StatusNotFound, noSuchObject)
		}
		return reply{status: http.StatusNoContent}
	}}
}

// hasID reports whether a table currently has the object that the path names.
func hasID[T object](m *Mock, t *table[T]) func(*call) bool {
	return func(c *call) bool {
		m.store.mu.Lock()
		defer m.store.mu.Unlock()
		_, ok := t.get(c.params["id"])
		return ok
	}
}

type cursorMeta struct {
	Cursor *string `json:"cursor"`
	Limit  int     `json:"limit"`
}

// cursorRoute is a list whose pages are linked by cursors.
func (m *Mock) cursorRoute(path, key string, list func(*call) collection) *route {
	return &route{
		method: http.MethodGet, path: path, key: key, list: list,
		handle: func(c *call) reply {
			from, ok := c.cursor()
			if !ok {
				return c.fail(http.StatusBadRequest, "The cursor is not one of this list.")
			}
			p := list(c).part(from, m.config.PageSize)
			return m.cursorPage(c, p.items, m.after(c, p))
		},
	}
}

func (m *Mock) cursorPage(c *call, items []any, next *string) reply {
	body := map[string]any{c.key(): items, "meta": cursorMeta{next, m.config.PageSize}}
	if c.route.extra != nil {
		c.route.extra(c, body)
	}
	return jsonReply(http.StatusOK, body)
}

// after is the cursor of the page that follows a part; nil after the last one.
func (m *Mock) after(c *call, p part) *string {
	switch {
	case !p.more:
		return nil
	case m.config.Published.OffsetCursors:
		return c.cursorTo(position{at: p.index}, "")
	default:
		return c.cursorTo(position{behindRow: true, at: p.place}, "")
	}
}

// A cursor is base64. cursorMark makes it begin with +/+/; cursorForm holds the position, the path
// of the list, and a suffix that makes it unique or gives it a length that base64 pads.
const (
	cursorMark = "\xfb\xff\xbf"
	cursorForm = "%t %d %s %s"
)

// cursorTo returns the cursor of a position: opaque to clients, valid for this list only, and with
// each character of base64 that a query must escape.
func (c *call) cursorTo(to position, salt string) *string {
	text := cursorMark + fmt.Sprintf(cursorForm, to.behindRow, to.at, c.request.URL.EscapedPath(), salt+"-")
	if len(text)%3 == 0 {
		text += "-"
	}
	cursor := base64.StdEncoding.EncodeToString([]byte(text))
	return &cursor
}

// cursor is the position that the call asks for. It reports false for a cursor of anything else.
func (c *call) cursor() (from position, ok bool) {
	query := c.request.URL.Query()
	if !query.Has("cursor") {
		return position{}, true
	}
	text, err := base64.StdEncoding.DecodeString(query.Get("cursor"))
	said, marked := strings.CutPrefix(string(text), cursorMark)
	var path, salt string
	_, scanErr := fmt.Sscanf(said, cursorForm, &from.behindRow, &from.at, &path, &salt)
	ok = err == nil && marked && scanErr == nil && path == c.request.URL.EscapedPath()
	return from, ok
}

// spoilCursor replies with a page as a fault of a list has it.
func (m *Mock) spoilCursor(c *call, kind FaultKind) reply {
	list := c.route.list(c)
	from, _ := c.cursor() // a bad one is the first page: the fault acts whatever is asked for
	asked := list.part(from, m.config.PageSize)
	switch kind {
	case RepeatPage:
		first := list.part(position{}, m.config.PageSize)
		return m.cursorPage(c, first.items, m.after(c, asked))
	case RepeatCursor:
		again := c.request.URL.Query().Get("cursor")
		if again == "" {
			again = *c.cursorTo(position{}, "")
		}
		return m.cursorPage(c, asked.items, &again)
	default: // EndlessPages
		return m.cursorPage(c, m.invented(list), c.cursorTo(from, newULID()))
	}
}
