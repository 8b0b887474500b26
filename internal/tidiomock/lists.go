package tidiomock

import (
	"math"
	"net/http"
	"strconv"
)

// collection is what a list serves.
type collection struct {
	page   func(from, n int) (items []any, total int) // in the API's order, cut to what is there
	invent func() any                                 // an item that is not there, for EndlessPages
	insert func()                                     // puts an item in front, for InsertBetween
	remove func()                                     // takes the first away, for DeleteBetween
}

type listJSON struct {
	Data []any    `json:"data"`
	Meta metaJSON `json:"meta"`
}

type metaJSON struct {
	Total *int `json:"total,omitempty"`
	Page  int  `json:"page"`
}

func (m *Mock) listRoute(path string, list func(*call) collection) *route {
	return &route{
		method: http.MethodGet,
		path:   path,
		list:   list,
		handle: func(c *call) reply { return m.page(list(c), c.page(), c.page()) },
	}
}

// page is the number of the page the call asks for, from 1.
func (c *call) page() int {
	n, _ := strconv.Atoi(c.request.URL.Query().Get("page")) // out of range: the largest there is
	return max(n, 1)
}

// page replies with a page of a list, under the number it says it is.
func (m *Mock) page(list collection, number, says int) reply {
	size := m.config.PageSize
	before := min(number-1, math.MaxInt/size) // no account has as many pages
	items, total := list.page(before*size, size)
	if items == nil {
		items = []any{} // an empty list is [], not null
	}
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

// cut returns up to n of the items from a place on, fewer or none where there are not so many.
func cut[T any](items []T, from, n int) []T {
	items = items[min(from, len(items)):]
	return items[:min(n, len(items))]
}
