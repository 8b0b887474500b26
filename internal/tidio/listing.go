package tidio

import "slices"

// listing is what is known of a collection. The zero value knows nothing.
type listing[T identified] struct {
	items    []T            // in the API's order; those that were dropped are still in it
	at       map[string]int // where in items an id is
	shared   bool           // somebody else holds items
	whole    bool           // the list was read; else only single objects are known
	complete bool           // the list did not change while it was read
	pages    int            // how many it had

	touched map[string]bool // ids of objects that may not be as they are in items
}

func newListing[T identified](items []T, complete bool, pages int) listing[T] {
	l := listing[T]{items: items, whole: true, complete: complete, pages: pages}
	l.index()
	return l
}

func (l *listing[T]) index() {
	l.at = make(map[string]int, len(l.items))
	for i, item := range l.items {
		l.at[item.identifier()] = i
	}
}

func (l *listing[T]) get(id string) (item T, known bool) {
	at, there := l.at[id]
	if !there || l.touched[id] {
		return item, false
	}
	return l.items[at], true
}

// isClean reports whether the whole list is as it is known to be.
func (l *listing[T]) isClean() bool { return l.whole && len(l.touched) == 0 }

// all returns the items. They stay as they are whatever is written later.
func (l *listing[T]) all() []T {
	if len(l.at) != len(l.items) {
		items := make([]T, 0, len(l.at))
		for i, item := range l.items {
			if at, there := l.at[item.identifier()]; there && at == i {
				items = append(items, item)
			}
		}
		l.items, l.shared = items, false
		l.index()
	}
	l.shared = true
	return l.items
}

// put notes an object as it now is.
func (l *listing[T]) put(item T) {
	id := item.identifier()
	delete(l.touched, id)
	if at, there := l.at[id]; there {
		if l.shared {
			l.items, l.shared = slices.Clone(l.items), false
		}
		l.items[at] = item
		return
	}
	if l.at == nil {
		l.at = map[string]int{}
	}
	l.at[id] = len(l.items)
	l.items = append(l.items, item) // beyond what others hold
}

// touch notes that an object was written, and that how it is now is not known.
func (l *listing[T]) touch(id string) {
	if l.touched == nil {
		l.touched = map[string]bool{}
	}
	l.touched[id] = true
}

// drop notes that an object is gone.
func (l *listing[T]) drop(id string) {
	delete(l.at, id)
	delete(l.touched, id)
}
