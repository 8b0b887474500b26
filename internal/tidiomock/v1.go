package tidiomock

import (
	"math"
	"net/http"
	"strconv"
	"strings"
)

// v1 is the format of the product description that this project started from.
var v1 = &format{
	prefix:   "/v1",
	document: "v1.yaml",
	contract: parseOnce("v1.yaml"),
	authorize: func(config Config, header http.Header) (int, string) {
		key, ok := strings.CutPrefix(header.Get("Authorization"), "Bearer ")
		if ok && allowed(key, config.APIKey) {
			return 0, ""
		}
		return http.StatusUnauthorized, "The API key is missing or invalid."
	},
	failure: func(_ int, message string) fields { return fields{"message": message} },
	position: func(m *Mock, c *call) (position, bool) {
		before := min(c.page()-1, math.MaxInt/m.config.PageSize) // no account has as many pages
		return position{at: before * m.config.PageSize}, true
	},
	page: func(_ *Mock, c *call, p page) fields {
		number := c.page()
		if c.fault == WrongPage {
			number++
		}
		return fields{"data": p.items, "meta": fields{"total": p.total, "page": number}}
	},
}

// page is the number of the page of v1 that the call asks for, from 1.
func (c *call) page() int {
	n, _ := strconv.Atoi(c.request.URL.Query().Get("page")) // out of range: the largest there is
	return max(n, 1)
}
