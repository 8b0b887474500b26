package tidiomock

import (
	"net/http"
	"slices"
	"strconv"
)

// collection is what a list serves.
type collection struct {
	items  func() []any // in the API's order
	invent func() any   // an item that is not there, for EndlessPages
	insert func()       // puts an item in front, for InsertBetween
}

type listJSON struct {
	Data []any    `json:"data"`
	Meta metaJSON `json:"meta"`
}

type metaJSON struct {
	Total *int `json:"total,omitempty"`
	Page  int  `json:"page"`
}

func (m *Mock) listRoute(path string, items collection) *route {
	return &route{
		method: http.MethodGet,
		path:   path,
		list:   &items,
		handle: func(c *call) reply { return m.page(items, c.page(), c.page()) },
	}
}

// page is the number of the page the call asks for, from 1.
func (c *call) page() int {
	n, _ := strconv.Atoi(c.request.URL.Query().Get("page")) // out of range: the largest there is
	return max(n, 1)
}

// page replies with a page of a list, under the number it says it is.
func (m *Mock) page(list collection, number, says int) reply {
	all := list.items()
	items := []any{} // not nil: an empty list is [], not null
	n := 0
	for chunk := range slices.Chunk(all, m.config.PageSize) {
		if n++; n == number {
			items = chunk
		}
	}
	total := len(all)
	return jsonReply(http.StatusOK, listJSON{
		Data: items,
		Meta: metaJSON{Total: &total, Page: says},
	})
}

// endless replies with a full page of items nobody has seen before.
func (m *Mock) endless(list collection, number int) reply {
	var items []any
	for range m.config.PageSize {
		items = append(items, list.invent())
	}
	return jsonReply(http.StatusOK, listJSON{Data: items, Meta: metaJSON{Page: number}})
}
