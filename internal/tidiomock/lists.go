package tidiomock

import (
	"math"
	"net/http"
	"strconv"
)

// collection is what a list serves.
type collection struct {
	part   func(from position, n int) part // in the API's order
	invent func() any                      // an item that is not there, for EndlessPages
	insert func()                          // puts an item in front, for InsertBetween
	remove func()                          // takes the first away, for DeleteBetween
}

// position is where a part of a list begins: at an index, or behind the row of a place.
type position struct {
	behindRow bool
	at        int
}

// part is a part of a list.
type part struct {
	items []any
	index int  // of what follows
	place int  // of the last row
	more  bool // something follows
	total int  // of the whole list
}

// listing is a table as the list of a format.
type listing[T object] struct {
	*table[T]
	keep   func(T) bool // nil = all are in the list
	shape  func(T) any  // as a reply has it
	invent func() T     // returns an object that no account has
}

func (l listing[T]) part(from position, n int) part {
	rows := l.view(l.keep)
	at := from.at
	if from.behindRow {
		at = behind(rows, from.at)
	}
	p := part{place: from.at, total: len(rows), items: []any{}} // an empty list is [], not null
	for _, r := range cut(rows, at, n) {
		p.items = append(p.items, l.shape(r.object))
		p.place = r.place
	}
	p.index = at + len(p.items)
	p.more = p.index < p.total
	return p
}

// listOf is a list that reads see with the lag, and faults change at once.
func listOf[T object](m *Mock, l listing[T]) collection {
	return collection{
		part: func(from position, n int) part {
			m.store.mu.Lock()
			defer m.store.mu.Unlock()
			return l.part(from, n)
		},
		invent: func() any { return l.shape(l.invent()) },
		insert: func() {
			m.store.mu.Lock()
			defer m.store.mu.Unlock()
			added := l.invent()
			l.prepend(added)
			l.settle(added.key())
		},
		remove: func() {
			m.store.mu.Lock()
			defer m.store.mu.Unlock()
			if rows := l.view(l.keep); len(rows) > 0 {
				id := rows[0].object.key()
				l.remove(id)
				l.settle(id)
			}
		},
	}
}

// cut returns up to n of the items from a place on, fewer or none where there are not so many.
func cut[T any](items []T, from, n int) []T {
	items = items[min(from, len(items)):]
	return items[:min(n, len(items))]
}

type listJSON struct {
	Data []any    `json:"data"`
	Meta metaJSON `json:"meta"`
}

type metaJSON struct {
	Total *int `json:"total,omitempty"`
	Page  int  `json:"page"`
}

// listRoute is a list of v1, in numbered pages.
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
	p := list.part(position{at: before * size}, size)
	return jsonReply(http.StatusOK, listJSON{
		Data: p.items,
		Meta: metaJSON{Total: &p.total, Page: says},
	})
}

// spoilPage replies with a page of v1 as a fault of a list has it.
func (m *Mock) spoilPage(c *call, kind FaultKind) reply {
	list, number := c.route.list(c), c.page()
	switch kind {
	case RepeatPage:
		return m.page(list, 1, number)
	case WrongPage:
		return m.page(list, number, number+1)
	default: // EndlessPages
		return jsonReply(http.StatusOK, listJSON{
			Data: m.invented(list), Meta: metaJSON{Page: number},
		})
	}
}

// invented is a full page of items nobody has seen before.
func (m *Mock) invented(list collection) []any {
	var items []any
	for range m.config.PageSize {
		items = append(items, list.invent())
	}
	return items
}
