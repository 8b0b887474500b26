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

// table is the objects of one noun, in the API's order and by id; the store's lock guards it. What is in it
// is never changed, only replaced: who has an object may read it without the lock. Writes use the current
// objects (get); reads see them as they were a lag ago (read, view).
type table[T object] struct {
	lag       time.Duration
	rows      []*row[T]
	byID      map[string]*row[T]
	merged    map[string]string // ids of objects that were merged into another, to its id
	low, high int               // places that are or were in use: low < place <= high
}

type row[T object] struct {
	object T
	place  int          // ascends with the rows, and is never used again
	gone   bool         // deleted: still here for reads that lag
	past   []version[T] // oldest first; of a table without lag: none
}

// version is what a row was until a write.
type version[T object] struct {
	object T
	there  bool
	until  time.Time
}

// append adds an object at the end. It reports false when its id is taken.
func (t *table[T]) append(o T) bool {
	t.high++
	return t.insertAt(t.high, o)
}

// prepend adds an object in front. It reports false when its id is taken.
func (t *table[T]) prepend(o T) bool {
	t.low--
	return t.insertAt(t.low+1, o)
}

func (t *table[T]) insertAt(place int, o T) bool {
	id := o.key()
	if _, taken := t.get(id); taken {
		return false
	}
	t.settle(id)
	delete(t.merged, id)
	if t.byID == nil {
		t.byID = map[string]*row[T]{}
	}
	r := &row[T]{object: o, place: place}
	t.byID[id] = r
	t.rows = slices.Insert(t.rows, behind(t.rows, place), r)
	t.record(r, false)
	return true
}

// behind returns the index of the first row behind a place.
func behind[T object](rows []*row[T], place int) int {
	at, _ := slices.BinarySearchFunc(rows, place+1, func(r *row[T], place int) int {
		return cmp.Compare(r.place, place)
	})
	return at
}

// get returns the current object.
func (t *table[T]) get(id string) (found T, ok bool) {
	if r := t.row(id); r != nil && !r.gone {
		return r.object, true
	}
	return found, false
}

// finds reports whether there currently is the object that the path of a call names.
func (t *table[T]) finds(c *call) bool {
	_, ok := t.get(c.id())
	return ok
}

// read returns the object as reads see it.
func (t *table[T]) read(id string) (found T, ok bool) {
	if r := t.row(id); r != nil {
		return r.seen(time.Now().Add(-t.lag))
	}
	return found, false
}

// row returns the row of an id, or of the object it was merged into.
func (t *table[T]) row(id string) *row[T] { return t.byID[t.resolve(id)] }

func (t *table[T]) resolve(id string) string {
	for {
		into, ok := t.merged[id]
		if !ok {
			return id
		}
		id = into
	}
}

// merge removes an object; from now on its id means the other one.
func (t *table[T]) merge(id, into string) {
	t.remove(id)
	t.settle(id)
	if t.merged == nil {
		t.merged = map[string]string{}
	}
	t.merged[id] = into
}

// replace puts an object in the place of the one with its id, which must be there.
func (t *table[T]) replace(o T) {
	r := t.row(o.key())
	t.record(r, true)
	r.object = o
}

// remove reports false when there is no such object.
func (t *table[T]) remove(id string) bool {
	r := t.row(id)
	if r == nil || r.gone {
		return false
	}
	t.record(r, true)
	r.gone = true
	if t.lag == 0 {
		t.drop(r)
	}
	return true
}

// settle makes all writes to an object visible to reads.
func (t *table[T]) settle(id string) {
	if r := t.row(id); r != nil {
		r.past = nil
		if r.gone {
			t.drop(r)
		}
	}
}

// setLag sets the lag of reads, and makes all writes visible to them.
func (t *table[T]) setLag(lag time.Duration) {
	for _, r := range slices.Clone(t.rows) {
		t.settle(r.object.key())
	}
	t.lag = lag
}

func (t *table[T]) drop(r *row[T]) {
	at := behind(t.rows, r.place)
	t.rows = slices.Delete(t.rows, at-1, at)
	delete(t.byID, r.object.key())
}

// record keeps the state of a row before a write, for reads that lag behind it.
func (t *table[T]) record(r *row[T], there bool) {
	if t.lag > 0 {
		r.past = append(r.past, version[T]{object: r.object, there: there, until: time.Now()})
	}
}

// seen returns the object of the row at a time.
func (r *row[T]) seen(at time.Time) (T, bool) {
	for _, v := range r.past {
		if v.until.After(at) {
			return v.object, v.there
		}
	}
	return r.object, !r.gone
}

// all are the current objects.
func (t *table[T]) all() []T {
	all := []T{}
	for _, r := range t.rows {
		if !r.gone {
			all = append(all, r.object)
		}
	}
	return all
}

// view returns the rows as reads see them, filtered by keep; nil keeps all.
func (t *table[T]) view(keep func(T) bool) []*row[T] {
	if t.lag == 0 && keep == nil {
		return t.rows
	}
	at := time.Now().Add(-t.lag)
	var seen []*row[T]
	for _, r := range t.rows {
		if o, ok := r.seen(at); ok && (keep == nil || keep(o)) {
			seen = append(seen, &row[T]{object: o, place: r.place})
		}
	}
	return seen
}
