package tidiomock

import "net/http"

// lister is a list as its route and the faults use it. The caller holds the mock's lock.
type lister interface {
	page(c *call, from position, size int) page // in the API's order
	insert(c *call)                             // puts an item in front, for InsertBetween
	removeFirst(c *call)                        // takes the first away, for DeleteBetween
}

// position is where a page begins: at an index, or behind the row of a place.
type position struct {
	behindRow bool
	at        int
}

// page is a part of a list.
type page struct {
	items []any
	place int  // of the last row
	more  bool // something follows
	total int  // of the whole list
}

// listing is a table as the list of a format.
type listing[T object] struct {
	*table[T]
	shape  func(T) fields             // as a reply has it
	invent func(c *call) T            // returns an object that no account has
	keep   func(c *call) func(T) bool // returns what the call is to see of the table; nil = all
}

// list is the route of a list; key is the name of the items in its replies.
func list[T object](m *Mock, f *format, path, key string, l listing[T]) *route {
	return &route{
		format: f, method: http.MethodGet, path: path, list: l, key: key,
		handle: func(c *call) reply {
			from, ok := f.position(m, c)
			if !ok {
				return c.fail(http.StatusBadRequest, "The cursor is not one of this list.")
			}
			p := l.page(c, from, m.config.PageSize)
			if c.fault == RepeatPage {
				p.items = l.page(c, position{}, m.config.PageSize).items
			}
			return jsonReply(http.StatusOK, f.page(m, c, p))
		},
	}
}

// get is the route that reads one object of a list.
func get[T object](m *Mock, f *format, path string, l listing[T]) *route {
	return &route{
		format: f, method: http.MethodGet, path: path,
		finds:  func(c *call) bool { _, ok := l.seen(c); return ok },
		handle: func(c *call) reply { o, _ := l.seen(c); return m.object(c, http.StatusOK, l.shape(o)) },
	}
}

// remove is the route that deletes one object of a table.
func remove[T object](f *format, path string, t *table[T]) *route {
	return &route{
		format: f, method: http.MethodDelete, path: path, finds: t.finds,
		handle: func(c *call) reply {
			t.remove(c.id())
			return reply{status: http.StatusNoContent}
		},
	}
}

// filter returns what the call is to see of the table; nil is all.
func (l listing[T]) filter(c *call) func(T) bool {
	if l.keep == nil {
		return nil
	}
	return l.keep(c)
}

// seen returns the object that the path of the call names.
func (l listing[T]) seen(c *call) (T, bool) {
	o, ok := l.read(c.id())
	keep := l.filter(c)
	return o, ok && (keep == nil || keep(o))
}

func (l listing[T]) page(c *call, from position, size int) page {
	rows := l.view(l.filter(c))
	at := from.at
	if from.behindRow {
		at, _ = search(rows, from.at+1)
	}
	at = min(at, len(rows))
	p := page{place: from.at, total: len(rows), items: []any{}} // an empty list is [], not null
	for _, r := range rows[at:min(at+size, len(rows))] {
		p.items = append(p.items, l.shape(r.object))
		p.place = r.place
	}
	p.more = at+len(p.items) < p.total
	return p
}

func (l listing[T]) insert(c *call) {
	added := l.invent(c)
	l.prepend(added)
	l.show(added.key())
}

func (l listing[T]) removeFirst(c *call) {
	if rows := l.view(l.filter(c)); len(rows) > 0 {
		id := rows[0].object.key()
		l.remove(id)
		l.show(id)
	}
}
