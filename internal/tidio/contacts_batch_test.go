package tidio

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const batchRoute = "/contacts/batch"

// person is a new contact of the published API; its phone number makes it one.
func person(i int) ContactChange {
	return ContactChange{Fields: map[ContactField]*string{
		ContactDistinctID: new(fmt.Sprintf("d%d", i)), ContactEmail: new(fmt.Sprintf("new%d@example.com", i)),
	}}
}

// createAll creates n contacts at once. It fails for one that has another's id, and returns the errors by index.
func createAll(t *testing.T, api account, n int, contact func(int) ContactChange) map[int]error {
	t.Helper()
	var mu sync.Mutex
	failed := map[int]error{}
	atOnce(n, func(i int) error {
		written, err := api.CreateContact(t.Context(), contact(i))
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed[i] = err
		} else if created, _ := api.mock.Contact(written.ID); created.DistinctID != *contact(i).Fields[ContactDistinctID] {
			t.Errorf("contact %d has the id of %+v", i, created)
		}
		return nil
	})
	return failed
}

// expectOnce fails unless each of n contacts exists once.
func expectOnce(t *testing.T, api account, n int) {
	t.Helper()
	times := map[string]int{}
	for _, c := range api.mock.Contacts() {
		times[c.DistinctID]++
	}
	for i := range n {
		if got := times[fmt.Sprintf("d%d", i)]; got != 1 {
			t.Errorf("d%d exists %d times", i, got)
		}
	}
	equal(t, "contacts", len(times), n)
}

// However a batch ends, each contact is created once, and what that costs does not grow with their number.
func TestBatch_outcomes(t *testing.T) {
	const n = 100
	for name, test := range map[string]struct {
		fault    tidiomock.Fault // without a kind: none
		posts    int             // to both routes, at most
		requests int
	}{
		"a good reply":        {tidiomock.Fault{}, 1, 1},
		"500, done":           {tidiomock.Fault{Do: tidiomock.FailAfter}, 1, 1 + 2},
		"500, not done":       {tidiomock.Fault{Do: tidiomock.FailBefore}, 2, 2 + 4},
		"cut, done":           {tidiomock.Fault{Do: tidiomock.CutAfter}, 1, 1 + 2},
		"cut, not done":       {tidiomock.Fault{Do: tidiomock.CutBefore}, 2, 2 + 4},
		"half a reply":        {tidiomock.Fault{Do: tidiomock.CutBody}, 1, 1 + 2},
		"half of the JSON":    {tidiomock.Fault{Do: tidiomock.TruncatedJSON}, 1, 1 + 2},
		"a page of a proxy":   {tidiomock.Fault{Do: tidiomock.HTML}, 2, 2 + 4},
		"a proxy's 404":       {tidiomock.Fault{Do: tidiomock.NotFoundHTML}, 1 + n, 1 + n},
		"no such route":       {tidiomock.Fault{Do: tidiomock.FailBefore, Status: 404}, 1 + n, 1 + n},
		"method not allowed":  {tidiomock.Fault{Do: tidiomock.FailBefore, Status: 405}, 1 + n, 1 + n},
		"429":                 {tidiomock.Fault{Do: tidiomock.TooManyRequests}, 2, 2},
		"too large":           {tidiomock.Fault{Do: tidiomock.FailBefore, Status: 413}, 3, 3 + 2},
		"refused, but done":   {tidiomock.Fault{Do: tidiomock.FailAfter, Status: 422}, 1, 1 + 2 + 2},
		"refused, not before": {tidiomock.Fault{Do: tidiomock.FailBefore, Status: 400}, 3, 3 + 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newPublishedAccount(t, tidiomock.Config{})
				if test.fault.Route = batchRoute; test.fault.Do != "" {
					api.arm(t, test.fault)
				}
				for i, err := range createAll(t, api, n, person) {
					t.Errorf("contact %d: %v", i, err)
				}
				expectOnce(t, api, n)
				if posts := api.mock.Count(http.MethodPost, ""); posts > test.posts {
					t.Errorf("%d POSTs, at most %d are allowed", posts, test.posts)
				}
				if sent := api.sent(); len(sent) > test.requests {
					t.Errorf("%d requests, at most %d are allowed:\n%s", len(sent), test.requests, strings.Join(sent, "\n"))
				}
			})
		})
	}
}

// The one contact at fault gets the error that it would have had by itself, and all others are created.
func TestBatch_oneIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, culprit = 100, 37
		faulty := func(i int) ContactChange {
			in := person(i)
			if i == culprit {
				in.Properties = map[string]*string{"undefined": new("x")}
			}
			return in
		}
		api, alone := newPublishedAccount(t, tidiomock.Config{}), newPublishedAccount(t, tidiomock.Config{})
		alone.batches.disable()
		_, want := alone.CreateContact(t.Context(), faulty(culprit))
		failed := createAll(t, api, n, faulty)
		same(t, "failed", slices.Collect(maps.Keys(failed)), []int{culprit})
		equal(t, "error", failed[culprit].Error(), want.Error())
		equal(t, "contacts", len(api.mock.Contacts()), n-1)
		if posts := api.mock.Count(http.MethodPost, ""); posts > 15 || len(api.sent()) > 20 {
			t.Errorf("%d POSTs, %d requests", posts, len(api.sent()))
		}
		// From now on a refusal is believed: nobody looks.
		api.mock.ResetRequests()
		again := createAll(t, api, 10, func(i int) ContactChange { return faulty(i + culprit) })
		equal(t, "failed again", len(again), 1)
		equal(t, "lists", api.mock.Count(http.MethodGet, ""), 0)
	})
}

// A key that the account is known not to have keeps its contact out of a batch.
func TestBatch_withoutWhatIsKnownToBeRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		api.mock.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
		_, err := api.ListProperties(t.Context())
		succeeds(t, err)
		failed := createAll(t, api, 50, func(i int) ContactChange {
			in := person(i)
			in.Properties = map[string]*string{"plan": new("gold")}
			if i == 7 {
				in.Properties["undefined"] = new("x")
			}
			return in
		})
		same(t, "failed", slices.Collect(maps.Keys(failed)), []int{7})
		equal(t, "requests", len(api.sent()), 1+2)
	})
}

// All of them are at fault: that costs little more than without batches.
func TestBatch_allAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 100
		api := newPublishedAccount(t, tidiomock.Config{})
		failed := createAll(t, api, n, func(i int) ContactChange {
			in := person(i)
			in.Properties = map[string]*string{"undefined": new("x")}
			return in
		})
		equal(t, "failed", len(failed), n)
		if posts := api.mock.Count(http.MethodPost, ""); posts > n+n/2+n/4 {
			t.Errorf("%d POSTs", posts)
		}
	})
}

// A refusal that has created some all the same ends batches for this client, and so does a route that does not exist.
func TestBatch_isGivenUp(t *testing.T) {
	for name, fault := range map[string]tidiomock.Fault{
		"created all the same": {Do: tidiomock.FailAfter, Status: http.StatusUnprocessableEntity},
		"no such route":        {Do: tidiomock.FailBefore, Status: http.StatusNotFound},
		"not allowed":          {Do: tidiomock.FailBefore, Status: http.StatusMethodNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newPublishedAccount(t, tidiomock.Config{})
				fault.Route = batchRoute
				api.arm(t, fault)
				equal(t, "failed", len(createAll(t, api, 5, person)), 0)
				equal(t, "failed later", len(createAll(t, api, 10, func(i int) ContactChange { return person(i + 5) })), 0)
				equal(t, "batches", api.mock.Count(http.MethodPost, batchRoute), 1)
				expectOnce(t, api, 15)
			})
		})
	}
}

// A list that changed while it was read proves nothing: the outcome of a refused batch is unknown then.
func TestBatch_refusedWhileTheListChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, api := newPublished(t, func(req *http.Request) *http.Response {
			if req.Method == http.MethodPost {
				return response(http.StatusUnprocessableEntity, `{"errors":[{"code":"validation_error","message":"no"}]}`)
			}
			return response(http.StatusOK, `{"contacts":[{"id":"x"},{"id":"x"}]}`)
		})
		for _, err := range atOnce(10, func(i int) error {
			_, err := client.CreateContact(t.Context(), person(i))
			return err
		}) {
			equal(t, "unknown", failure(t, err, BadRequest).OutcomeUnknown, true)
		}
		for _, sent := range api.sent()[1:] {
			equal(t, "method", sent[:3], "GET")
		}
	})
}

// A reply may have the contacts in another order or spelling, one twice, or not all of them. What it calls created is
// never created again: what is not clear is looked up or told.
func TestBatch_oddReplies(t *testing.T) {
	const (
		d0, d1, other = `{"id":"a","distinct_id":"d0"}`, `{"id":"b","distinct_id":"d1"}`, `{"id":"x","distinct_id":"d0"}`
		young         = `{"id":"a","distinct_id":"d0","email":"new0@example.com","created_at":"2999-01-01T00:00:00Z"}`
		youngToo      = `{"id":"b","distinct_id":"d1","email":"new1@example.com","created_at":"2999-01-01T00:00:00Z"}`
	)
	for name, test := range map[string]struct {
		reply, list string
		looks       int
		candidates  string // of d0, whose creation is an error
	}{
		"another order":     {d1 + "," + d0, "", 0, ""},
		"another spelling":  {d1 + "," + strings.Replace(d0, "d0", " D0 ", 1), "", 0, ""},
		"not all":           {d1, young, 1, ""},
		"none":              {"", young, 2, ""},
		"one twice":         {d0 + "," + d1 + "," + other, "", 0, "a x"},
		"an id is missing":  {`{"distinct_id":"d0"},` + d1, young, 1, ""},
		"of somebody else":  {`{"id":"y","distinct_id":"d9"},` + d1, "", 0, "y"},
		"two that are ours": {d1, young + "," + strings.Replace(young, `"a"`, `"z"`, 1), 1, "a z"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, api := newPublished(t, func(req *http.Request) *http.Response {
					if req.Method == http.MethodPost {
						r := response(http.StatusOK, `{"contacts":[`+test.reply+`]}`)
						r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
						return r
					}
					return response(http.StatusOK, `{"contacts":[`+youngToo+","+test.list+`]}`)
				}, func(o *Options) { o.RecheckAfter = []time.Duration{time.Second} })
				ids := make([]string, 2)
				errs := atOnce(2, func(i int) error {
					written, err := client.CreateContact(t.Context(), person(i))
					ids[i] = written.ID
					return err
				})
				if test.candidates != "" {
					failed := failure(t, errs[0], BadResponse)
					equal(t, "unknown", failed.OutcomeUnknown, true)
					var named []string
					for _, c := range failed.Candidates.Contacts {
						named = append(named, c.ID)
					}
					equal(t, "candidates", strings.Join(named, " "), test.candidates)
					succeeds(t, errs[1])
				} else {
					succeeds(t, errors.Join(errs...))
					same(t, "ids", ids, []string{"a", "b"})
				}
				equal(t, "looks", len(api.sent())-1, test.looks)
			})
		})
	}
}

// Whatever is wrong with one contact, the others are created.
func TestBatch_oneIsAtFault(t *testing.T) {
	for _, status := range []int{403, 408, 409, 410, 413, 422, 500, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var api *fakeAPI
				ids := regexp.MustCompile(`"distinct_id":"(d\d+)"`)
				created := []string{}
				client, api := newPublished(t, func(req *http.Request) *http.Response {
					var objects []string
					sent := ids.FindAllStringSubmatch(api.bodies[len(api.bodies)-1], -1)
					for _, id := range sent {
						if id[1] == "d3" {
							return response(status, `{"errors":[{"code":"x","message":"no"}]}`)
						}
						objects = append(objects, fmt.Sprintf(`{"id":"c%s","distinct_id":%q}`, id[1], id[1]))
					}
					one, isOne := strings.CutPrefix(req.URL.Path, "/contacts/c")
					switch {
					case req.Method == http.MethodGet && isOne:
						return response(http.StatusOK, fmt.Sprintf(`{"id":"c%s","distinct_id":%q}`, one, one))
					case req.Method == http.MethodGet:
						return response(http.StatusOK, `{"contacts":[`+strings.Join(created, ",")+`]}`)
					case len(sent) == 1 && !strings.HasSuffix(req.URL.Path, "/batch"):
						created = append(created, objects...)
						return response(http.StatusCreated, objects[0])
					}
					created = append(created, objects...)
					return response(http.StatusOK, `{"contacts":[`+strings.Join(objects, ",")+`]}`)
				}, patient)
				for i, err := range atOnce(10, func(i int) error {
					_, err := client.CreateContact(t.Context(), person(i))
					return err
				}) {
					if (err != nil) != (i == 3) {
						t.Errorf("contact %d: %v", i, err)
					}
				}
				equal(t, "created", len(created), 9)
			})
		})
	}
}

// A key that only one of them has needs the account's properties: if these cannot be read, the others do not mind.
func TestBatch_oneCannotBeEncoded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		api.arm(t, tidiomock.Fault{Route: "/contact-properties", Do: tidiomock.FailBefore, Times: 3})
		failed := createAll(t, api, 3, func(i int) ContactChange {
			in := person(i)
			if i == 0 {
				in.Properties = map[string]*string{"größe": new("1")}
			}
			return in
		})
		equal(t, "failed", len(failed), 1)
		equal(t, "contacts", len(api.mock.Contacts()), 2)
	})
}

// Reads may lag behind a refusal that was none, too.
func TestBatch_refusedButDoneAndReadsLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{ReadLag: 1500 * time.Millisecond})
		api.arm(t, tidiomock.Fault{Route: batchRoute, Do: tidiomock.FailAfter, Status: http.StatusUnprocessableEntity})
		equal(t, "failed", len(createAll(t, api, 30, person)), 0)
		expectOnce(t, api, 30)
	})
}

// In a large account few contacts are not worth a list.
func TestBatch_fewInALargeAccount(t *testing.T) {
	for name, fault := range map[string]tidiomock.Fault{
		"lost":    {Do: tidiomock.FailAfter},
		"refused": {Do: tidiomock.FailBefore, Status: http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newPublishedAccount(t, tidiomock.Config{PageSize: 25})
				api.addContacts(5000)
				fault.Route = batchRoute
				api.arm(t, fault)
				equal(t, "failed", len(createAll(t, api, 2, person)), 0)
				if sent := len(api.sent()); sent > 1+2*2+2 {
					t.Errorf("%d requests", sent)
				}
			})
		})
	}
}

func TestBatch_errorsOfAll(t *testing.T) {
	for name, test := range map[string]struct {
		fault tidiomock.Fault
		kind  Kind
	}{
		"401": {tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusUnauthorized}, Unauthorized},
		"403": {tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusForbidden, Times: 2}, Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newPublishedAccount(t, tidiomock.Config{})
				test.fault.Times = 1
				api.arm(t, test.fault)
				failed := createAll(t, api, 10, person)
				equal(t, "failed", len(failed), 10)
				for _, err := range failed {
					equal(t, "path", failure(t, err, test.kind).Path, "contacts")
				}
				equal(t, "requests", len(api.sent()), 1)
			})
		})
	}
}

// One that waits has to wait no longer than until nothing has come for a moment, or for a second.
func TestBatch_waits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		began := time.Now()
		_, err := api.CreateContact(t.Context(), person(0))
		succeeds(t, err)
		equal(t, "alone, took", time.Since(began), batchQuiet)
		same(t, "requests", api.sent(), []string{"POST /contacts"})

		began = time.Now()
		var first time.Duration
		atOnce(30, func(i int) error { // one after the other, in less than the quiet time
			pass(time.Duration(i) * 90 * time.Millisecond)
			_, err := api.CreateContact(t.Context(), person(i+1))
			if i == 0 {
				first = time.Since(began)
			}
			return err
		})
		equal(t, "the first waited", first, batchWait)
		equal(t, "batches", api.mock.Count(http.MethodPost, batchRoute), 3)
	})
}

// Of 250 at once no batch has more than the API takes.
func TestBatch_size(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		equal(t, "failed", len(createAll(t, api, 250, person)), 0)
		equal(t, "requests", len(api.sent()), 3)
	})
}

// A distinct id is not twice in a batch: the reply would not tell the two apart.
func TestBatch_oneDistinctIDTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		ids := map[string]bool{}
		var mu sync.Mutex
		for _, err := range atOnce(6, func(i int) error {
			written, err := api.CreateContact(t.Context(), person(i/2))
			mu.Lock()
			defer mu.Unlock()
			ids[written.ID] = true
			return err
		}) {
			succeeds(t, err)
		}
		equal(t, "ids", len(ids), 6)
		equal(t, "requests", len(api.sent()), 2)
	})
}

// An interrupt drops what was not sent, and only that.
func TestBatch_interrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		reached, release := make(chan struct{}, 1), make(chan struct{})
		api.arm(t, tidiomock.Fault{Route: batchRoute, Do: tidiomock.HoldBefore, Reached: reached, Release: release})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-reached
			pass(time.Second) // for those that come meanwhile
			cancel()
			pass(time.Second)
			close(release)
		}()
		errs := atOnce(20, func(i int) error {
			if i >= 10 {
				pass(200 * time.Millisecond) // the first ten are on their way
			}
			_, err := api.CreateContact(ctx, person(i))
			return err
		})
		for i, err := range errs {
			if i < 10 {
				succeeds(t, err)
			} else {
				equal(t, "unknown", failure(t, err, Cancelled).OutcomeUnknown, false)
			}
		}
		equal(t, "contacts", len(api.mock.Contacts()), 10)
	})
}

func TestBatch_notOverV1(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		began := time.Now()
		for _, err := range atOnce(20, func(i int) error {
			_, err := api.CreateContact(t.Context(), named(i))
			return err
		}) {
			succeeds(t, err)
		}
		equal(t, "took", time.Since(began), 0)
		equal(t, "POSTs", api.mock.Count(http.MethodPost, "/contacts"), 20)
	})
}
