package tidiomock

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Published selects how the published API behaves where its descriptions are silent or disagree. The zero
// value is the documented behavior, or else the most likely one.
type Published struct {
	// ValidationStatus is the status of a validation error; 0 = 422.
	ValidationStatus int
	// FullReplies answers the create of one contact with the full object instead of its id.
	FullReplies bool
	// JSONNumbers makes the values of number properties JSON numbers in requests and replies, instead of strings.
	JSONNumbers bool
	// Cleared is how replies show a value that was cleared.
	Cleared Cleared
	// EmailFilter is how the list of contacts compares e-mail addresses.
	EmailFilter EmailFilter
}

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
	authorize: func(config Config, header http.Header) (int, string) {
		switch {
		case !acceptsVersion1(header):
			return http.StatusNotAcceptable, "Accept must be application/json; version=1."
		case !allowed(header.Get("X-Tidio-Openapi-Client-Id"), config.ClientID),
			!allowed(header.Get("X-Tidio-Openapi-Client-Secret"), config.ClientSecret):
			return http.StatusUnauthorized, "The credentials are missing or invalid."
		}
		return 0, ""
	},
	failure:  func(status int, message string) fields { return publishedError(status, "", message) },
	position: cursor,
	page: func(m *Mock, c *call, p page) fields {
		body := fields{c.route.key: p.items, "meta": fields{"cursor": cursorBehind(c, p), "limit": m.config.PageSize}}
		if c.route.key == "messages" {
			body["conversation_url"] = "https://panel.example.com/conversations/" + c.id()
		}
		return body
	},
}

func acceptsVersion1(header http.Header) bool {
	ranges := strings.Split(strings.Join(header.Values("Accept"), ","), ",")
	return slices.ContainsFunc(ranges, func(accept string) bool {
		kind, params, err := mime.ParseMediaType(accept)
		return err == nil && kind == "application/json" && params["version"] == "1"
	})
}

// publishedError is the body of an error. Without a code it gets the one of its status: the documented one
// where there is one, else the status in words.
func publishedError(status int, code, message string) fields {
	documented := map[int]string{403: "api_access_disabled", 406: "missing_api_version"}[status]
	inWords := strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_") // unauthorized among them
	return fields{"errors": []fields{{"code": cmp.Or(code, documented, inWords), "message": message}}}
}

// A cursor is base64 and names the last item of a page, so that changes to the list do not shift the pages. cursorMark
// makes it begin with +/+/. Then come the item's place, the path of the list, and bytes that force base64 padding.
const cursorMark = "\xfb\xff\xbf"

// cursorBehind is the cursor of the page behind another; nil after the last one. It is opaque to clients,
// valid for its list only, and has each character of base64 that a query must escape.
func cursorBehind(c *call, p page) any {
	if !p.more {
		return nil
	}
	text := fmt.Sprintf("%s%d %s ", cursorMark, p.place, c.request.URL.EscapedPath())
	if len(text)%3 == 0 {
		text += "-"
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// cursor is the position that the call asks for. It reports false for a cursor of anything else.
func cursor(_ *Mock, c *call) (from position, ok bool) {
	query := c.request.URL.Query()
	if !query.Has("cursor") {
		return position{}, true
	}
	text, err := base64.StdEncoding.DecodeString(query.Get("cursor"))
	said, marked := strings.CutPrefix(string(text), cursorMark)
	var path string
	_, scanErr := fmt.Sscanf(said, "%d %s", &from.at, &path)
	from.behindRow = true
	return from, err == nil && marked && scanErr == nil && path == c.request.URL.EscapedPath()
}
