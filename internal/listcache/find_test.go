package listcache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A miss is a hint: what the list lacks is looked at, once.
func TestFind_whatTheListLacksIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		for range 3 {
			findsNot(t, c, "absent")
		}
		equal(t, "requests", api.sent(), "page 1, page 2, page 3, get absent")
		_, complete := listAll(t, c)
		equal(t, "complete, as the list was right", complete, true)
		api.set("late", "old")
		for range 3 {
			finds(t, c, "late", "old")
		}
		values, complete := listAll(t, c)
		equal(t, "in the list", values["late"], "old")
		equal(t, "complete, as the list was wrong", complete, false)
		equal(t, "requests", api.sent(), "get late")
		c.Invalidate()
		_, complete = listAll(t, c)
		equal(t, "complete, when it is read again", complete, true)
	})
}

// What was gone may be made again.
func TestFind_whatWasGoneMayTurnUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		findsNot(t, c, "late")
		api.set("late", "old")
		_, err := c.Get(t.Context(), "late")
		succeeds(t, err)
		_, complete := listAll(t, c)
		equal(t, "complete", complete, false)
		api.sent()
		finds(t, c, "late", "old")
		equal(t, "requests", api.sent(), "")

		findsNot(t, c, "later")
		api.set("later", "old")
		c.Invalidate()
		listAll(t, c)
		api.sent()
		finds(t, c, "later", "old")
		equal(t, "requests", api.sent(), "")
	})
}

func TestFind_anErrorOfALookIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		api.fail = failing("get")
		_, err := c.Find(t.Context(), "absent")
		fails(t, err, errBroken)
		api.fail = failing("nothing")
		findsNot(t, c, "absent")
		equal(t, "requests", api.sent(), "page 1, get absent, get absent")
	})
}

func TestFind_looksRunAtOnceAndTheSameOneIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		listAll(t, c)
		api.sent()
		c.MarkStale("t1")
		began := time.Now()
		for i, err := range atOnce(100, func(i int) error {
			_, err := c.Find(t.Context(), []string{"absent", "other", "t1", "t2"}[i%4])
			return err
		}) {
			equal(t, fmt.Sprintf("%d: not found", i), errors.Is(err, errAbsent), i%4 < 2)
		}
		equal(t, "time", time.Since(began), time.Second)
		sent := strings.Split(api.sent(), ", ")
		slices.Sort(sent)
		equal(t, "requests", strings.Join(sent, ", "), "get absent, get other, get t1")
	})
}

// A look that was shared and cancelled is made again by the next.
func TestFind_theCallerThatLooksMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		listAll(t, c)
		c.MarkStale("t1")
		api.sent()
		ctx, cancel := context.WithCancel(t.Context())
		api.hold("get t1")
		first := start(func() error { _, err := c.Find(ctx, "t1"); return err })
		second := start(func() error { _, err := c.Find(t.Context(), "t1"); return err })
		cancel()
		fails(t, first(), context.Canceled)
		succeeds(t, second())
		equal(t, "requests", api.sent(), "get t1, get t1")
	})
}

// A look that was asked for before a write says how the object was then.
func TestFind_aLookFromBeforeAWriteIsNotKept(t *testing.T) {
	for name, write := range map[string]func(*Cache[thing]){
		"put":     func(c *Cache[thing]) { c.Put(thing{"t1", "new"}) },
		"stale":   func(c *Cache[thing]) { c.MarkStale("t1") },
		"deleted": func(c *Cache[thing]) { c.BeginDelete("t1")(Deleted) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, c := newFake(3)
				listAll(t, c)
				release := api.hold("get t1")
				var got thing
				look := start(func() (err error) { got, err = c.Get(t.Context(), "t1"); return err })
				api.set("t1", "new")
				write(c)
				release()
				succeeds(t, look())
				equal(t, "what was asked for", got.value, "old")
				if name == "deleted" {
					findsNot(t, c, "t1")
				} else {
					finds(t, c, "t1", "new")
				}
				_, complete := listAll(t, c)
				equal(t, "complete", complete, true)
			})
		})
	}
}

func TestFind_aLookThatAWriteOvertakesIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		c.MarkStale("t1")
		release := api.hold("get t1")
		var found thing
		look := start(func() (err error) { found, err = c.Find(t.Context(), "t1"); return err })
		api.set("t1", "new")
		c.MarkStale("t1")
		release()
		succeeds(t, look())
		equal(t, "value", found.value, "new")
		equal(t, "requests", api.sent(), "get t1, get t1")
	})
}

// A miss from before a write is not kept, either.
func TestFind_aMissFromBeforeAWriteIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		listAll(t, c)
		release := api.hold("get new")
		look := start(func() error { _, err := c.Find(t.Context(), "new"); return err })
		c.Put(thing{"new", "1"})
		release()
		fails(t, look(), errAbsent)
		finds(t, c, "new", "1")
	})
}

// Of two looks at once the one that was asked for last is right, in whichever order they end.
func TestGet_theLaterLookCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		release := api.hold("get t1")
		first := start(func() error { _, err := c.Get(t.Context(), "t1"); return err })
		api.set("t1", "new")
		got, err := c.Get(t.Context(), "t1")
		succeeds(t, err)
		equal(t, "value", got.value, "new")
		release()
		succeeds(t, first())
		finds(t, c, "t1", "new")

		// The same holds for a page.
		release = api.hold("page 1")
		read := start(func() error { _, _, err := c.All(t.Context()); return err })
		api.set("t2", "new")
		_, err = c.Get(t.Context(), "t2")
		succeeds(t, err)
		release()
		succeeds(t, read())
		finds(t, c, "t2", "new")
	})
}

func TestGet_looksEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(3)
		for range 2 {
			_, err := c.Get(t.Context(), "t1")
			succeeds(t, err)
		}
		finds(t, c, "t1", "old")
		equal(t, "requests", api.sent(), "get t1, get t1")
		listAll(t, c)
		_, err := c.Get(t.Context(), "t1")
		succeeds(t, err)
		_, complete := listAll(t, c)
		equal(t, "complete", complete, true)
	})
}

// What an earlier page has shown is found though a later one fails.
func TestFind_whatIsKnownNeedsNoList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		api.fail = failing("page 2")
		finds(t, c, "t1", "old")
		finds(t, c, "t2", "old")
		equal(t, "requests", api.sent(), "page 1, page 2")
		_, err := c.Find(t.Context(), "t11")
		fails(t, err, errBroken)
		equal(t, "requests", api.sent(), "page 2")
	})
}

// Of a list from before an unknown outcome a miss is as good a hint.
func TestFind_invalidatingCostsNoList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30)
		listAll(t, c)
		c.Invalidate()
		api.sent()
		findsNot(t, c, "absent")
		equal(t, "requests", api.sent(), "get absent")
	})
}

func TestFind_aCompleteListIsTheProofWithoutGet(t *testing.T) {
	const list = "page 1, page 2"
	for _, test := range []struct {
		incomplete int
		absent     error
		want       string
	}{
		{0, errAbsent, list},
		{1, errAbsent, list + ", " + list},
		{2, errAbsent, list + ", " + list + ", " + list},
		{3, errChanged, list + ", " + list + ", " + list},
	} {
		t.Run(fmt.Sprintf("%d incomplete", test.incomplete), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, c := newFake(15, withoutGet)
				api.incompleteLists = test.incomplete
				finds(t, c, "t1", "old")
				for _, err := range atOnce(10, func(int) error { _, err := c.Find(t.Context(), "absent"); return err }) {
					fails(t, err, test.absent)
				}
				equal(t, "requests", api.sent(), test.want)
			})
		})
	}
}

func TestFind_readsAListFromAfterAWriteWithoutGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(15, withoutGet)
		finds(t, c, "t1", "old")
		findsNot(t, c, "late")
		api.set("late", "old")
		c.Invalidate()
		finds(t, c, "late", "old")
		equal(t, "requests", api.sent(), "page 1, page 2, page 1, page 2")
		api.set("t1", "new")
		c.MarkStale("t1")
		finds(t, c, "t2", "old")
		finds(t, c, "t1", "new")
		equal(t, "requests", api.sent(), "page 1, page 2")
		c.BeginDelete("t1")(Deleted)
		findsNot(t, c, "t1")
		equal(t, "requests", api.sent(), "")
	})
}

// The page is from before the write, and the list would be the proof that there is no such object.
func TestFind_whatIsWrittenMeanwhileIsNotAbsentWithoutGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(15, withoutGet)
		release := api.hold("page 2")
		var found thing
		wait := start(func() (err error) { found, err = c.Find(t.Context(), "t12"); return err })
		api.set("t12", "new")
		c.MarkStale("t12")
		release()
		succeeds(t, wait())
		equal(t, "value", found.value, "new")
		equal(t, "requests", api.sent(), "page 1, page 2, page 1, page 2")
	})
}

func TestGet_readsAListOfItsOwnWithoutGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(15, withoutGet)
		finds(t, c, "t1", "old")
		api.set("t1", "new")
		c.Put(thing{"absent", "old"})
		for i, err := range atOnce(10, func(i int) error {
			found, err := c.Get(t.Context(), []string{"t1", "absent"}[i%2])
			if i%2 == 0 {
				equal(t, "value", found.value, "new")
			}
			return err
		}) {
			equal(t, fmt.Sprintf("%d: not found", i), errors.Is(err, errAbsent), i%2 == 1)
		}
		// The first begins one. Those that come after that share another.
		if got := api.count(); got > 3*2 {
			t.Errorf("requests: got %d, want at most 6", got)
		}
		findsNot(t, c, "absent")

		api.fail = failing("page 1")
		_, err := c.Get(t.Context(), "t1")
		fails(t, err, errBroken)
		api.fail = failing("page 2")
		_, err = c.Get(t.Context(), "t1") // it is on a page that was asked for after the call
		succeeds(t, err)
	})
}

// findAll finds the objects, so many at once.
func findAll(t *testing.T, c *Cache[thing], callers int, ids []string) {
	t.Helper()
	next := make(chan string, len(ids))
	for _, id := range ids {
		next <- id
	}
	close(next)
	for _, err := range atOnce(callers, func(int) error {
		for id := range next {
			found, err := c.Find(t.Context(), id)
			if err != nil {
				return err
			}
			equal(t, "found", found, thing{id, "old"})
		}
		return nil
	}) {
		succeeds(t, err)
	}
}

func TestPreferGet_whatItCosts(t *testing.T) {
	for _, test := range []struct {
		objects, of int
		tellsLength bool
		want        int
	}{
		{1, 200, true, 1},
		{2, 200, true, 1 + 1 + 1},
		{20, 200, true, 20 + 1},
		{21, 200, true, 20 + 18}, // what follows is on this page and the two after it, which were read singly
		{200, 200, true, 20 + 18},
		{15, 15, true, 2 + 2},
		{1, 3, true, 1},
		{3, 3, true, 1 + 1},

		{1, 200, false, 1},
		{2, 200, false, 1 + 1 + 1},
		{5, 200, false, 5 + 1},
		{6, 200, false, 6 + 6},
		{7, 200, false, 7 + 7},
		{200, 200, false, 19 + 18},
		{3, 3, false, 1 + 1},
	} {
		for _, callers := range []int{1, 10} {
			t.Run(fmt.Sprintf("%d of %d by %d, length told: %t", test.objects, test.of, callers, test.tellsLength), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api, c := newFake(test.of, preferGet)
					api.tellsLength = test.tellsLength
					var ids []string // from the end: no page that is read early has them
					for i := range test.objects {
						ids = append(ids, id(test.of-1-i))
					}
					findAll(t, c, callers, ids)
					got, limit := api.count(), test.want
					if pages := test.of / api.pageSize; callers > 1 && test.objects > pages {
						limit = max(limit, 2*pages) // the order is another each time
					} else if callers == 1 {
						equal(t, "requests", got, test.want)
					}
					if got > limit {
						t.Errorf("requests: got %d, want at most %d", got, limit)
					}
					findAll(t, c, callers, ids)
					equal(t, "requests, when all are known", api.count(), got)
				})
			})
		}
	}
}

func TestPreferGet_aThousandCostAtMostFifty(t *testing.T) {
	for name, index := range map[string]func(i int) int{
		"in order": func(i int) int { return i },
		"reversed": func(i int) int { return 1999 - i },
		"mixed":    func(i int) int { return i * 777 % 2000 },
	} {
		for _, callers := range []int{1, 10} {
			for _, told := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s by %d, length told: %t", name, callers, told), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						api, c := newFake(2000, preferGet)
						api.pageSize, api.tellsLength = 100, told
						var ids []string
						for i := range 1000 {
							ids = append(ids, id(index(i)))
						}
						findAll(t, c, callers, ids[:5])
						if got := api.count(); got > 6 {
							t.Errorf("requests for five: got %d, want at most 6", got)
						}
						findAll(t, c, callers, ids)
						if got, limit := api.count(), map[bool]int{false: 50, true: 40}[told]; got > limit {
							t.Errorf("requests: got %d, want at most %d", got, limit)
						}
					})
				})
			}
		}
	}
}

func TestPreferGet_whatTheWholeListLacksCostsALookEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30, preferGet)
		_, complete := listAll(t, c)
		equal(t, "complete", complete, true)
		api.sent()
		for i := range 20 {
			findsNot(t, c, fmt.Sprintf("absent%d", i))
		}
		findsNot(t, c, "absent0")
		equal(t, "requests", api.count(), 20)
		_, complete = listAll(t, c)
		equal(t, "complete", complete, true)
	})
}

// A list that cannot be read stops no single read, and doubles the cost at most.
func TestPreferGet_aBrokenListStopsNothing(t *testing.T) {
	for _, page := range []string{"page 1", "page 2", "page 3"} {
		for _, told := range []bool{false, true} {
			for _, callers := range []int{1, 10} {
				t.Run(fmt.Sprintf("%s by %d, length told: %t", page, callers, told), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						api, c := newFake(200, preferGet)
						api.tellsLength, api.fail = told, failing(page)
						var ids []string
						for i := range 100 {
							ids = append(ids, id(199-i))
						}
						findAll(t, c, callers, ids)
						count := map[bool]int{}
						for _, request := range api.requests {
							count[strings.HasPrefix(request, "get")]++
						}
						equal(t, "single reads", count[true], 100)
						if count[false] > 100 {
							t.Errorf("pages tried: got %d, want at most 100", count[false])
						}
						if callers == 1 && page == "page 1" {
							equal(t, "pages tried", count[false], 1+95)
						}
					})
				})
			}
		}
	}
}

func TestPreferGet_theErrorIsAboutTheObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		api.fail = func(string) error { return errBroken }
		for i := range 3 {
			_, err := c.Find(t.Context(), id(i))
			fails(t, err, errBroken)
		}
		equal(t, "requests", api.sent(), "get t0, page 1, get t1, get t2")
	})
}

// What is wrong with all is found out with the first; what is wrong with that one says nothing.
func TestPreferGet_theFirstObjectGoesAlone(t *testing.T) {
	for name, test := range map[string]struct {
		first string
		err   error
	}{
		"found":     {"t1", nil},
		"not found": {"absent", errAbsent},
		"broken":    {"t2", errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, c := newFake(200, preferGet)
				api.fail = failing("get t2")
				release := api.hold("get " + test.first)
				first := start(func() error { _, err := c.Find(t.Context(), test.first); return err })
				others := start(func() error {
					return errors.Join(atOnce(3, func(i int) error { _, err := c.Find(t.Context(), id(i+3)); return err })...)
				})
				equal(t, "requests", api.sent(), "get "+test.first)
				began := time.Now()
				release()
				fails(t, first(), test.err)
				succeeds(t, others())
				equal(t, "time of a page and of the others at once", time.Since(began), time.Second)
				equal(t, "requests", api.sent(), "page 1")
			})
		})
	}
}

func TestPreferGet_singleReadsRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		api.tellsLength = true
		finds(t, c, "t199", "old")
		finds(t, c, "t198", "old")
		began := time.Now()
		findAll(t, c, 10, []string{"t191", "t192", "t193", "t194", "t195", "t196", "t197"})
		equal(t, "time", time.Since(began), time.Second)
	})
}

func TestPreferGet_whenTheFirstLeavesTheNextGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		mine := errors.New("my own reason")
		ctx, cancel := context.WithCancelCause(t.Context())
		api.hold("get t1")
		release := api.hold("get t2")
		first := start(func() error { _, err := c.Find(ctx, "t1"); return err })
		second := start(func() error { _, err := c.Find(t.Context(), "t2"); return err })
		third := start(func() error { _, err := c.Find(ctx, "t3"); return err })
		cancel(mine)
		fails(t, first(), context.Canceled)
		fails(t, third(), mine)
		settle()
		fourth := start(func() error { _, err := c.Find(t.Context(), "t4"); return err })
		equal(t, "requests", api.sent(), "get t1, get t2")
		release()
		succeeds(t, second())
		succeeds(t, fourth())
		equal(t, "requests", api.sent(), "page 1")
	})
}

// The page that another caller reads comes first, too: it says as much.
func TestPreferGet_nothingIsReadSinglyBeforeTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		release := api.hold("page 1")
		all := start(func() error { _, _, err := c.All(t.Context()); return err })
		find := start(func() error { _, err := c.Find(t.Context(), "t1"); return err })
		equal(t, "requests", api.sent(), "page 1")
		release()
		succeeds(t, find())
		succeeds(t, all())
	})
}

func TestPreferGet_aCancelledCallerReadsNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		finds(t, c, "t1", "old")
		ctx, cancel := context.WithCancel(t.Context())
		api.hold("page 1")
		first := start(func() error { _, err := c.Find(ctx, "t2"); return err })
		cancel()
		fails(t, first(), context.Canceled)
		synctest.Wait()
		equal(t, "requests", api.sent(), "get t1, page 1")
		finds(t, c, "t199", "old")
		equal(t, "requests of the next", api.sent(), "page 1, get t199")
	})
}

// Nor is the first object's error the list's.
func TestPreferGet_theListDoesNotFailWithTheFirstObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30, preferGet)
		release := api.hold("get absent")
		find := start(func() error { _, err := c.Find(t.Context(), "absent"); return err })
		all := start(func() error { _, _, err := c.All(t.Context()); return err })
		release()
		fails(t, find(), errAbsent)
		succeeds(t, all())
		equal(t, "requests", api.sent(), "get absent, page 1, page 2, page 3")
	})
}

// A page that fails is an error of its own caller.
func TestPreferGet_aPageThatFailsBeforeTheFirstObjectIsNotItsError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		api.fail = failing("page")
		release := api.hold("page 1")
		all := start(func() error { _, _, err := c.All(t.Context()); return err })
		find := start(func() error { _, err := c.Find(t.Context(), "t1"); return err })
		release()
		fails(t, all(), errBroken)
		succeeds(t, find())
		equal(t, "requests", api.sent(), "page 1, get t1")
	})
}

func TestPreferGet_whatIsStaleIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(200, preferGet)
		finds(t, c, "t199", "old")
		for range 10 { // it is not counted as one more object
			api.set("t199", "new")
			c.MarkStale("t199")
			finds(t, c, "t199", "new")
		}
		equal(t, "requests", api.count(), 1+10)
	})
}

// A page that was read for its length is not the beginning of a list that has to be new.
func TestPreferGet_invalidatingStartsTheListAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, c := newFake(30, preferGet)
		finds(t, c, "t29", "old")
		finds(t, c, "t1", "old")
		c.Invalidate()
		api.set("t0", "new")
		values, complete := listAll(t, c)
		equal(t, "value", values["t0"], "new")
		equal(t, "complete", complete, true)
		equal(t, "requests", api.sent(), "get t29, page 1, page 1, page 2, page 3")
	})
}
