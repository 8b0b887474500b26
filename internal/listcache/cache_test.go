package listcache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

const pages10 = "page 1, page 2, page 3, page 4, page 5, page 6, page 7, page 8, page 9, page 10"

func TestAll_manyAtOnceCostOneList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(100)
		for _, err := range atOnce(1000, func(i int) error {
			if i%2 == 0 {
				_, _, err := c.All(t.Context())
				return err
			}
			found, err := c.Find(t.Context(), id(i%100))
			equal(t, "found", found, thing{id(i % 100), "old"})
			return err
		}) {
			succeeds(t, err)
		}
		items, complete, err := c.All(t.Context())
		succeeds(t, err)
		equal(t, "complete", complete, true)
		equal(t, "first and last", items[0].id+items[99].id, "t0t99")
		equal(t, "requests", api.sent(), pages10)
	})
}

func TestAll_anEmptyListIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(0)
		for range 2 {
			values, complete := listAll(t, c)
			equal(t, "things", len(values), 0)
			equal(t, "complete", complete, true)
		}
		equal(t, "requests", api.sent(), "page 1")
	})
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		listAll(t, c)
		api.things = nil
		c.Invalidate()
		values, _ := listAll(t, c)
		equal(t, "things", len(values), 0)
	})
}

func TestAll_hasWhatWasWrittenSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		before, _, err := c.All(t.Context())
		succeeds(t, err)
		c.Put(thing{"new", "1"})
		c.Put(thing{"t1", "2"})
		c.BeginDelete("t2")(Deleted)
		values, complete := listAll(t, c)
		equal(t, "complete", complete, true)
		equal(t, "things", len(values), 30)
		equal(t, "created", values["new"], "1")
		equal(t, "changed", values["t1"], "2")
		equal(t, "deleted", values["t2"], "")
		finds(t, c, "new", "1")
		findsNot(t, c, "t2")
		c.Put(thing{"t2", "again"})
		finds(t, c, "t2", "again")
		equal(t, "in the list from before", fmt.Sprint(len(before), before[1], before[2]), "30 {t1 old} {t2 old}")
		equal(t, "requests", api.sent(), "page 1, page 2, page 3")
	})
}

// A page that was asked for before a write says how things were then.
func TestAll_aPageFromBeforeAWriteChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		release := api.hold("page 2")
		var values map[string]string
		var complete bool
		wait := start(func() error { values, complete = listAll(t, c); return nil })
		c.Put(thing{"t1", "new"})  // on the page before
		c.Put(thing{"t11", "new"}) // on this page
		c.Put(thing{"t21", "new"}) // on the page behind it, and somebody changed it then
		c.Put(thing{"created", "new"})
		api.set("t21", "newer")
		api.set("t12", "new")
		c.MarkStale("t12")
		release()
		succeeds(t, wait())
		equal(t, "complete", complete, true)
		equal(t, "things", len(values), 31)
		for id, want := range map[string]string{
			"t1": "new", "t11": "new", "t21": "newer", "created": "new", "t12": "new", "t13": "old",
		} {
			equal(t, id, values[id], want)
		}
		equal(t, "requests", api.sent(), "page 1, page 2, page 3, get t12")
	})
}

func TestAll_whatWasDeletedDoesNotComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		release := api.hold("page 2")
		wait := start(func() error { listAll(t, c); return nil })
		end := c.BeginDelete("t11")
		api.remove("t11")
		end(Deleted)
		release()
		succeeds(t, wait())
		values, _ := listAll(t, c)
		_, found := values["t11"]
		equal(t, "found", found, false)
		findsNot(t, c, "t11")
		equal(t, "requests", api.sent(), "page 1, page 2, page 3")
	})
}

// Lists may lag behind writes: what was created is in the list although no page shows it.
func TestAll_hasWhatTheListLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		c.Put(thing{"new", "1"})
		c.MarkStale("unclear")
		c.MarkStale("absent")
		api.fail = func(request string) error { // the list was asked for, and does not have it
			if request == "page 1" {
				api.set("unclear", "2")
			}
			return nil
		}
		for range 2 {
			values, complete := listAll(t, c)
			equal(t, "things", len(values), 5)
			equal(t, "created", values["new"], "1")
			equal(t, "created without a word", values["unclear"], "2")
			equal(t, "complete", complete, true)
			c.Invalidate()
			api.things = api.things[:3]
		}
		// Two are more than the pages of the list, which is from after these writes: it is not read again.
		equal(t, "requests", api.sent(), "page 1, get absent, get unclear, page 1")
	})
}

// Nor does a list that lags forget what another list has shown.
func TestAll_hasWhatTheNextListLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		c.Put(thing{"t1", "new"})
		listAll(t, c)
		api.remove("t1")
		api.remove("t2")
		c.Invalidate()
		values, _ := listAll(t, c)
		equal(t, "things", len(values), 2)
		equal(t, "what this client has written", values["t1"], "old")
	})
}

// Without single reads nothing but a list says what there is.
func TestAll_theListHasTheLastWordWithoutGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3, withoutGet)
		c.Put(thing{"new", "1"})
		c.MarkStale("t1")
		c.MarkStale("unclear")
		api.set("t1", "2")
		values, _ := listAll(t, c)
		equal(t, "things", len(values), 3)
		equal(t, "changed", values["t1"], "2")
		equal(t, "requests", api.sent(), "page 1")
		_, _, known := c.Known()
		equal(t, "known", known, true)

		api.set("t2", "3")
		c.MarkStale("t2")
		values, _ = listAll(t, c)
		equal(t, "changed", values["t2"], "3")
		equal(t, "requests", api.sent(), "page 1")
	})
}

// What others have deleted is not kept for ever, and what they have made takes its place in the order.
func TestAll_aNewListReplacesTheOldOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(15)
		listAll(t, c)
		_, err := c.Get(t.Context(), "absent")
		fails(t, err, errAbsent)
		api.remove("t3")
		api.things = append([]thing{{"first", "old"}}, api.things...)
		c.Put(thing{"own", "new"})
		c.Invalidate()
		items, complete, err := c.All(t.Context())
		succeeds(t, err)
		equal(t, "complete", complete, true)
		equal(t, "things", len(items), 16)
		equal(t, "order", items[0].id+items[1].id+items[14].id+items[15].id, "firstt0t14own")
		equal(t, "requests", api.sent(), "page 1, page 2, get absent, page 1, page 2")
		findsNot(t, c, "absent")
		equal(t, "requests for what was looked at before", api.sent(), "")
		findsNot(t, c, "t3")
		equal(t, "requests for what the list has not any more", api.sent(), "get t3")

		// What is looked at while a list is read is not forgotten, though a page from before lacks it.
		c.Invalidate()
		release := api.hold("page 2")
		wait := start(func() error { listAll(t, c); return nil })
		api.set("late", "old")
		_, err = c.Get(t.Context(), "late")
		succeeds(t, err)
		release()
		succeeds(t, wait())
		api.sent()
		finds(t, c, "late", "old")
		equal(t, "requests", api.sent(), "")
	})
}

func TestAll_refreshesWhatIsStale(t *testing.T) {
	for _, test := range []struct {
		stale int
		want  string
	}{
		{0, ""},
		{1, "get t0"},
		{3, "get t0, get t1, get t2"},
		{4, "page 1, page 2, page 3"},
		{30, "page 1, page 2, page 3"},
	} {
		t.Run(fmt.Sprintf("%d of 3 pages", test.stale), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, c := newFake(30)
				listAll(t, c)
				api.sent()
				for i := range test.stale {
					api.set(id(i), "new")
					c.MarkStale(id(i))
				}
				for _, err := range atOnce(10, func(int) error {
					items, complete, err := c.All(t.Context())
					isNew := func(x thing) bool { return x.value == "new" }
					equal(t, "new", len(slices.DeleteFunc(slices.Clone(items), isNew)), 30-test.stale)
					equal(t, "complete", complete, true)
					return err
				}) {
					succeeds(t, err)
				}
				equal(t, "requests", api.sent(), test.want)
			})
		})
	}
}

func TestAll_whatCannotBeRefreshedIsAnError(t *testing.T) {
	for fault, stale := range map[string]int{"get": 2, "page": 4} {
		synctest.Test(t, func(t *testing.T) {
			api, c := newFake(30)
			listAll(t, c)
			for i := range stale {
				c.MarkStale(id(i))
			}
			api.fail = failing(fault)
			_, _, err := c.All(t.Context())
			fails(t, err, errBroken)
			api.fail = failing("nothing")
			listAll(t, c)
		})
	}
}

func TestAll_whatIsStaleMayBeGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		listAll(t, c)
		c.MarkStale("t1")
		api.remove("t1")
		values, complete := listAll(t, c)
		equal(t, "things", len(values), 29)
		equal(t, "complete", complete, true)
		equal(t, "requests", api.sent(), "page 1, page 2, page 3, get t1")
	})
}

func TestAll_aFailedLookIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		listAll(t, c)
		c.MarkStale("t1")
		c.MarkStale("t2")
		api.sent()
		api.fail = failing("get")
		for _, err := range atOnce(10, func(int) error { _, _, err := c.All(t.Context()); return err }) {
			fails(t, err, errBroken)
		}
		equal(t, "requests", api.sent(), "get t1")
	})
}

// What goes on being written does not keep the others waiting, and does not vanish meanwhile.
func TestAll_waitsForNoWriteFromAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		listAll(t, c)
		api.sent()
		c.MarkStale("t1")
		release := api.hold("get t1")
		var values map[string]string
		wait := start(func() error { values, _ = listAll(t, c); return nil })
		c.MarkStale("t2")
		release()
		succeeds(t, wait())
		equal(t, "things", len(values), 30)
		equal(t, "requests", api.sent(), "get t1")
	})
}

func TestAll_aFailedPageIsShared(t *testing.T) {
	for page := range 3 {
		name := fmt.Sprintf("page %d", page+1)
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, c := newFake(30)
				all := func(int) error { _, _, err := c.All(t.Context()); return err }
				api.fail = failing(name)
				for range 2 { // no failure is remembered
					for _, err := range atOnce(10, all) {
						fails(t, err, errBroken)
					}
				}
				equal(t, "requests", api.count(), page+1+1)
				api.fail = failing("nothing")
				succeeds(t, all(0))
				equal(t, "requests", api.count(), 3+2)
				_, complete := listAll(t, c)
				equal(t, "complete", complete, true)
			})
		})
	}
}

// Each caller can be cancelled on its own. The page that it was reading is read again by the next.
func TestAll_theCallerThatReadsMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		mine := errors.New("my own reason")
		ctx, cancel := context.WithCancelCause(t.Context())
		api.hold("page 2")
		first := start(func() error { _, _, err := c.All(ctx); return err })
		others := start(func() error {
			return errors.Join(atOnce(10, func(int) error { _, _, err := c.All(t.Context()); return err })...)
		})
		cancel(mine)
		fails(t, first(), context.Canceled)
		succeeds(t, others())
		equal(t, "requests", api.sent(), "page 1, page 2, page 2, page 3")
	})
}

func TestAll_aCallerThatWaitsMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		mine := errors.New("my own reason")
		ctx, cancel := context.WithCancelCause(t.Context())
		release := api.hold("page 2")
		first := start(func() error { _, _, err := c.All(t.Context()); return err })
		second := start(func() error { _, _, err := c.All(ctx); return err })
		cancel(mine)
		fails(t, second(), mine)
		release()
		succeeds(t, first())
		equal(t, "requests", api.sent(), "page 1, page 2, page 3")
		_, _, err := c.All(ctx)
		succeeds(t, err) // it takes no request
		c.Invalidate()
		_, _, err = c.All(ctx)
		fails(t, err, mine)
		equal(t, "requests", api.sent(), "")
	})
}

func TestAll_aReadThatNobodyWaitsForStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		for _, err := range atOnce(3, func(int) error { _, _, err := c.All(ctx); return err }) {
			fails(t, err, context.DeadlineExceeded)
		}
		settle()
		equal(t, "requests", api.sent(), "page 1, page 2")
		listAll(t, c)
		equal(t, "requests", api.sent(), "page 2, page 3")
	})
}

func TestInvalidate_whoCameBeforeGetsTheListThatIsBeingRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		release := api.hold("page 2")
		var before map[string]string
		first := start(func() error { before, _ = listAll(t, c); return nil })
		hold := api.hold("page 1")
		var others []func() error
		for i := range 10 { // each with an unknown outcome of its own
			c.Invalidate()
			others = append(others, start(func() error {
				values, complete := listAll(t, c)
				equal(t, "complete", complete, true)
				equal(t, "what may have been created", values["t0"], "new")
				return nil
			}))
			if i == 5 {
				api.set("t0", "new")
			}
		}
		release()
		succeeds(t, first())
		equal(t, "the list from before", before["t0"], "old")
		hold()
		for _, wait := range others {
			succeeds(t, wait())
		}
		equal(t, "requests", api.sent(), "page 1, page 2, page 3, page 1, page 2, page 3")
	})
}

// Whoever reads the next page, it is of the list that somebody from before waits for.
func TestInvalidate_aListThatSomebodyWaitsForIsReadToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		api.fail = failing("page 2")
		_, _, err := c.All(t.Context())
		fails(t, err, errBroken)
		api.fail = failing("nothing")
		c.wanted[0]++
		c.Invalidate()
		listAll(t, c)
		equal(t, "requests", api.sent(), "page 1, page 2, page 2, page 3, page 1, page 2, page 3")
	})
}

func TestInvalidate_aListThatNobodyWaitsForIsNotReadToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		api.fail = failing("page 2")
		_, _, err := c.All(t.Context())
		fails(t, err, errBroken)
		api.fail = failing("nothing")
		c.Invalidate()
		api.set("t0", "new")
		values, _ := listAll(t, c)
		equal(t, "value", values["t0"], "new")
		equal(t, "requests", api.sent(), "page 1, page 2, page 1, page 2, page 3")
	})
}

// Its first page was asked for before.
func TestInvalidate_aListOfWhichNothingWasReadYetIsTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		ctx, cancel := context.WithCancel(t.Context())
		api.hold("page 1")
		first := start(func() error { _, _, err := c.All(ctx); return err })
		c.Invalidate()
		second := start(func() error { _, _, err := c.All(t.Context()); return err })
		cancel()
		fails(t, first(), context.Canceled)
		succeeds(t, second())
		equal(t, "requests", api.sent(), "page 1, page 1, page 2, page 3")
	})
}

func TestInvalidate_theListIsReadAgainOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		listAll(t, c)
		api.sent()
		c.Invalidate()
		finds(t, c, "t1", "old")
		equal(t, "requests for what is known", api.sent(), "")
		for range 2 {
			listAll(t, c)
		}
		equal(t, "requests", api.sent(), "page 1, page 2, page 3")
	})
}

func TestBeginDelete_aListThatItMovedProvesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		begin, end string // before which page
		outcome    Outcome
		want       bool
	}{
		"over before the list":            {"page 1", "page 1", Deleted, true},
		"on its way at the first page":    {"page 1", "page 2", Deleted, false},
		"on its way all the time":         {"page 1", "end", Deleted, false},
		"between two pages":               {"page 2", "page 2", Deleted, false},
		"on its way at the last page":     {"page 3", "end", Deleted, false},
		"refused, as far as anybody knew": {"page 2", "page 2", NotDeleted, false},
		"after the list":                  {"end", "end", Deleted, true},
		"unknown before the list":         {"page 1", "page 1", Unknown, false},
		"unknown after the list":          {"end", "end", Unknown, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, c := newFake(30)
				var end func(Outcome)
				before := func(point string) {
					if test.begin == point {
						end = c.BeginDelete("t29")
					}
					if test.end == point {
						end(test.outcome)
					}
				}
				before("page 1")
				for _, page := range []string{"page 2", "page 3"} {
					api.fail = func(request string) error { // there is a caller at each page
						if request == page {
							return errBroken
						}
						return nil
					}
					_, _, err := c.All(t.Context())
					fails(t, err, errBroken)
					before(page)
				}
				api.fail = failing("nothing")
				release := api.hold("page 3")
				wait := start(func() error { _, _, err := c.All(t.Context()); return err })
				release()
				succeeds(t, wait())
				before("end")
				_, complete := listAll(t, c)
				equal(t, "complete", complete, test.want)
				c.Invalidate()
				_, complete = listAll(t, c)
				equal(t, "complete, when it is read again", complete, test.outcome != Unknown)
			})
		})
	}
}

// Who reads the collection past the cache is told of deletes at any time between first page and last.
func TestWatchDeletes_whatMayMoveObjects(t *testing.T) {
	for name, test := range map[string]struct {
		begin, end string
		outcome    Outcome
		none       bool
	}{
		"over before":                 {"before", "before", Deleted, true},
		"unknown before":              {"before", "before", Unknown, false},
		"on its way at the beginning": {"before", "meanwhile", Deleted, false},
		"on its way all the time":     {"before", "after", Deleted, false},
		"begun meanwhile":             {"meanwhile", "after", Deleted, false},
		"begun and over meanwhile":    {"meanwhile", "meanwhile", NotDeleted, false},
		"after it":                    {"after", "after", Deleted, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := newFake(3)
			var end func(Outcome)
			at := func(point string) {
				if test.begin == point {
					end = c.BeginDelete("t1")
				}
				if test.end == point {
					end(test.outcome)
				}
			}
			at("before")
			none := c.WatchDeletes()
			at("meanwhile")
			equal(t, "none", none(), test.none)
			at("after")
		})
	}
}

func TestBeginDelete_whatBecameOfItIsLookedAt(t *testing.T) {
	for outcome, want := range map[Outcome]string{Unknown: "get t1", Deleted: "", NotDeleted: ""} {
		synctest.Test(t, func(t *testing.T) {
			api, c := newFake(30)
			listAll(t, c)
			api.sent()
			end := c.BeginDelete("t1")
			finds(t, c, "t1", "old")
			api.remove("t1")
			end(outcome)
			if outcome == NotDeleted { // as far as this client knows it is there
				finds(t, c, "t1", "old")
			} else {
				findsNot(t, c, "t1")
			}
			equal(t, "requests", api.sent(), want)
		})
	}
}

func TestKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		known := func(want int) {
			t.Helper()
			items, complete, ok := c.Known()
			equal(t, "things that are known", len(items), want)
			equal(t, "known", ok, want > 0)
			equal(t, "complete", complete, want > 0)
		}
		known(0)
		release := api.hold("page 3")
		wait := start(func() error { _, _, err := c.All(t.Context()); return err })
		known(0)
		release()
		succeeds(t, wait())
		known(30)
		c.Put(thing{"new", "1"})
		known(31)
		c.MarkStale("t1")
		known(0)
		c.Put(thing{"t1", "2"})
		known(31)
		c.Invalidate()
		known(0)
		listAll(t, c)
		known(31)
		c.BeginDelete("t2")(Unknown)
		known(0)
		finds(t, c, "t2", "old")
		_, complete, ok := c.Known()
		equal(t, "known", ok, true)
		equal(t, "complete", complete, false)
	})
}

func TestAll_pagesAreReadOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(100)
		began := time.Now()
		atOnce(5, func(int) error { _, _, err := c.All(t.Context()); return err })
		equal(t, "time", time.Since(began), 10*time.Second)
		equal(t, "requests", api.sent(), pages10)
	})
}
