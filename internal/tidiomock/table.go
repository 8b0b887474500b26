package tidiomock

import (
	"cmp"
	"slices"
	"time"
)

// object is something with an id.
type object interface {
	key() string // the id
}

// table holds the objects of one noun, in the API's order and by id; the mock's lock guards it. An object in it is
// never changed, only replaced, so a caller that has one may read it without the lock. Writes act on the current
// objects (get); reads see them as they were before the lag (read, view).
type table[T object] struct {
	rows      []*row[T]
	byID      map[string]*row[T]
	merged    map[string]string // ids of objects that were merged into another, to its id
	low, high int               // places that are or were in use: low < place <= high

	lag  time.Duration
	past []snapshot[T] // earlier rows that lagging reads may still see, oldest first
}

type row[T object] struct {
	object T
	place  int // ascends with the rows; a place is never reused
}

// snapshot has the rows as they were until a write.
type snapshot[T object] struct {
	rows  []*row[T]
	until time.Time
}

// append adds an object at the end. It reports false if its id is taken.
func (t *table[T]) append(o T) bool {
	t.high++
	return t.insert(&row[T]{object: o, place: t.high})
}

// prepend adds an object in front. Its id must be new.
func (t *table[T]) prepend(o T) {
	t.insert(&row[T]{object: o, place: t.low})
	t.low--
}

func (t *table[T]) insert(r *row[T]) bool {
	id := r.object.key()
	if t.has(id) {
		return false
	}
	delete(t.merged, id)
	t.snapshot()
	t.put(r)
	return true
}

// replace puts an object in the place of the one with its id, which must be there.
func (t *table[T]) replace(o T) {
	t.snapshot()
	t.put(&row[T]{object: o, place: t.byID[o.key()].place})
}

func (t *table[T]) put(r *row[T]) {
	if t.byID == nil {
		t.byID = map[string]*row[T]{}
	}
	t.byID[r.object.key()] = r
	t.rows = with(t.rows, r)
}

// with inserts a row at its place, where it replaces a row that has the same place.
func with[T object](rows []*row[T], r *row[T]) []*row[T] {
	at, found := search(rows, r.place)
	if found {
		rows[at] = r
		return rows
	}
	return slices.Insert(rows, at, r)
}

// search returns the index of the first row at or after a place, and whether that row is exactly there.
func search[T object](rows []*row[T], place int) (at int, found bool) {
	return slices.BinarySearchFunc(rows, place, func(r *row[T], place int) int { return cmp.Compare(r.place, place) })
}

// remove removes an object. It reports false if there is none with this id.
func (t *table[T]) remove(id string) bool {
	r, ok := t.byID[t.resolve(id)]
	if ok {
		t.snapshot()
		delete(t.byID, r.object.key())
		at, _ := search(t.rows, r.place)
		t.rows = slices.Delete(t.rows, at, at+1)
	}
	return ok
}

// merge removes an object. From then on, its id leads to the other one.
func (t *table[T]) merge(id, into string) {
	t.remove(id)
	t.show(id)
	if t.merged == nil {
		t.merged = map[string]string{}
	}
	t.merged[id] = into
}

// resolve follows merges from an id to the id of the object that remains.
func (t *table[T]) resolve(id string) string {
	for t.merged[id] != "" {
		id = t.merged[id]
	}
	return id
}

// get returns the current object.
func (t *table[T]) get(id string) (found T, ok bool) {
	if r, ok := t.byID[t.resolve(id)]; ok {
		return r.object, true
	}
	return found, false
}

// has reports whether an object currently exists.
func (t *table[T]) has(id string) bool {
	_, ok := t.get(id)
	return ok
}

// finds reports whether the object in the path of a call currently exists.
func (t *table[T]) finds(c *call) bool { return t.has(c.id()) }

// read returns the object as reads see it.
func (t *table[T]) read(id string) (found T, ok bool) {
	rows := t.visible()
	if len(t.past) == 0 {
		return t.get(id)
	}
	id = t.resolve(id)
	for _, r := range rows {
		if r.object.key() == id {
			return r.object, true
		}
	}
	return found, false
}

// all returns the current objects.
func (t *table[T]) all() []T {
	all := []T{}
	for _, r := range t.rows {
		all = append(all, r.object)
	}
	return all
}

// view returns the rows as reads see them, filtered by keep; nil keeps all.
func (t *table[T]) view(keep func(T) bool) []*row[T] {
	rows := t.visible()
	if keep == nil {
		return rows
	}
	var kept []*row[T]
	for _, r := range rows {
		if keep(r.object) {
			kept = append(kept, r)
		}
	}
	return kept
}

// snapshot keeps the rows before a write, for reads that lag behind it.
func (t *table[T]) snapshot() {
	if t.lag > 0 {
		t.past = append(t.past, snapshot[T]{rows: slices.Clone(t.rows), until: time.Now()})
	}
}

// visible returns the rows as reads see them. It drops snapshots that no read can see any more.
func (t *table[T]) visible() []*row[T] {
	seen := time.Now().Add(-t.lag)
	t.past = slices.DeleteFunc(t.past, func(s snapshot[T]) bool { return !s.until.After(seen) })
	if len(t.past) > 0 {
		return t.past[0].rows
	}
	return t.rows
}

// show makes reads see the current state of an object, without a lag.
func (t *table[T]) show(id string) {
	current, ok := t.byID[id]
	for i := range t.past {
		rows := slices.DeleteFunc(t.past[i].rows, func(r *row[T]) bool { return r.object.key() == id })
		if ok {
			rows = with(rows, current)
		}
		t.past[i].rows = rows
	}
}

// setLag sets the lag of reads, and makes all writes visible to them.
func (t *table[T]) setLag(lag time.Duration) { t.lag, t.past = lag, nil }
