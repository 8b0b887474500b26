package tidiomock

import (
	"cmp"
	"net/http"
	"slices"
)

// object is something with an id that the API can read.
type object interface {
	key() string // the id
	json() any   // as the API sends it
}

// table is the objects of one noun, in the API's order and by id; the store's lock guards it. What
// is in it is never changed, only replaced: who has an object may read it without the lock.
type table[T object] struct {
	rows []*row[T]
	byID map[string]*row[T]
}

type row[T object] struct {
	object T
	place  int // ascends with the rows, to find this one among them
}

// append adds an object at the end. It reports false when its id is taken.
func (t *table[T]) append(o T) bool {
	place := 0
	if n := len(t.rows); n > 0 {
		place = t.rows[n-1].place + 1
	}
	return t.insert(len(t.rows), &row[T]{o, place})
}

// prepend adds an object in front. It reports false when its id is taken.
func (t *table[T]) prepend(o T) bool {
	place := 0
	if len(t.rows) > 0 {
		place = t.rows[0].place - 1
	}
	return t.insert(0, &row[T]{o, place})
}

func (t *table[T]) insert(at int, r *row[T]) bool {
	id := r.object.key()
	if _, taken := t.byID[id]; taken {
		return false
	}
	if t.byID == nil {
		t.byID = map[string]*row[T]{}
	}
	t.byID[id] = r
	t.rows = slices.Insert(t.rows, at, r)
	return true
}

func (t *table[T]) get(id string) (found T, ok bool) {
	if r := t.byID[id]; r != nil {
		return r.object, true
	}
	return found, false
}

// replace puts an object in the place of the one with its id, which must be there.
func (t *table[T]) replace(o T) { t.byID[o.key()].object = o }

// remove reports false when there is no such object.
func (t *table[T]) remove(id string) bool {
	r := t.byID[id]
	if r == nil {
		return false
	}
	at, _ := slices.BinarySearchFunc(t.rows, r.place, func(r *row[T], place int) int {
		return cmp.Compare(r.place, place)
	})
	t.rows = slices.Delete(t.rows, at, at+1)
	delete(t.byID, id)
	return true
}

// listOf is a list of a whole table.
func listOf[T object](m *Mock, t *table[T], invent func() T) collection {
	return collection{
		page: func(from, n int) (items []any, total int) {
			m.store.mu.Lock()
			defer m.store.mu.Unlock()
			for _, r := range cut(t.rows, from, n) {
				items = append(items, m.shape(r.object))
			}
			return items, len(t.rows)
		},
		invent: func() any { return m.shape(invent()) },
		insert: func() {
			m.store.mu.Lock()
			defer m.store.mu.Unlock()
			t.prepend(invent())
		},
		remove: func() {
			m.store.mu.Lock()
			defer m.store.mu.Unlock()
			if len(t.rows) > 0 {
				t.remove(t.rows[0].object.key())
			}
		},
	}
}

// getRoute reads one object of a table; what says what is missing when it is.
func getRoute[T object](m *Mock, path string, t *table[T], what string) *route {
	return &route{method: http.MethodGet, path: path, handle: func(c *call) reply {
		m.store.mu.Lock()
		o, ok := t.get(c.params["id"])
		m.store.mu.Unlock()
		if !ok {
			return absent(what)
		}
		return m.object(http.StatusOK, m.shape(o))
	}}
}

// absent is the reply about an object that is not there.
func absent(what string) reply {
	return failure(http.StatusNotFound, "There is no such "+what+".")
}
