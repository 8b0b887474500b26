package tidio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestReads_aColdStampedeCostsOneList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{Latency: time.Second}, nil)
		api.addProperties(1000)
		for _, err := range atOnce(1000, func(i int) error {
			p, err := api.FindProperty(t.Context(), fmt.Sprintf("p%d", i))
			equal(t, "name", p.Name, fmt.Sprintf("name %d", i))
			return err
		}) {
			succeeds(t, err)
		}
		list, err := api.ListProperties(t.Context())
		succeeds(t, err)
		equal(t, "properties", len(list.Items), 1000)
		equal(t, "requests", len(api.sent()), 10)
	})
}

func TestReads_aCreateIsInsertedWithoutANewList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.addProperties(150)
		before, err := api.ListProperties(t.Context())
		succeeds(t, err)
		api.mock.ResetRequests()
		for _, err := range atOnce(300, func(i int) error {
			name := fmt.Sprintf("new %d", i)
			created, err := api.CreateProperty(t.Context(), NewProperty{Name: name, Label: "New", Type: "url"}, PropertyList{Complete: true})
			if err != nil {
				return err
			}
			found, err := api.FindProperty(t.Context(), created.ID)
			if want := (Property{ID: created.ID, Name: name, Label: "New", Type: "url"}); err == nil && found != want {
				return fmt.Errorf("found %v, want %v", found, want)
			}
			return err
		}) {
			succeeds(t, err)
		}
		list, err := api.ListProperties(t.Context())
		succeeds(t, err)
		equal(t, "properties", len(list.Items), 450)
		equal(t, "complete", list.Complete, true)
		equal(t, "requests", len(api.sent()), 300)
		equal(t, "properties of a list handed out before", len(before.Items), 150)
	})
}

// The list that comes back was read before the create, and must have it all the same.
func TestReads_aWriteDuringAReadIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.addProperties(3)
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Do: tidiomock.HoldAfter, Release: release})
		read := make(chan PropertyList)
		go func() {
			list, err := api.ListProperties(t.Context())
			if err != nil {
				t.Error(err)
			}
			read <- list
		}()
		synctest.Wait() // the API has answered, and the answer is held
		// Not by this client's budget: the first request of all is still on its way.
		api.properties.Put(Property{ID: "new", Name: "plan", Label: "Plan", Type: "text"})
		close(release)
		list := <-read
		_, found := list.ByName("plan")
		equal(t, "found in the list that was being read", found, true)
		equal(t, "properties", len(list.Items), 4)
		same(t, "requests", api.sent(), []string{"GET properties"})
	})
}

// A read that began before an outcome became unknown is no answer to what became of it.
func TestReads_anUnknownOutcomeInvalidates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
		api.addProperties(6)
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Do: tidiomock.HoldAfter, Release: release})
		lists := make(chan PropertyList)
		for range 2 {
			go func() {
				list, err := api.ListProperties(t.Context())
				if err != nil {
					t.Error(err)
				}
				lists <- list
			}()
			synctest.Wait()
			api.properties.Invalidate()
		}
		api.mock.DeleteProperty("name 0")
		close(release)
		<-lists // of the one who was there before
		later := <-lists
		_, found := later.ByID("p0")
		equal(t, "what was deleted meanwhile is in the list", found, false)
		equal(t, "complete", later.Complete, true)
		list := []string{"GET properties", "GET properties?page=2", "GET properties?page=3"}
		same(t, "requests", api.sent(), slices.Concat(list, list))
	})
}

func TestReads_theFirstCallerMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2, Latency: time.Second}, nil)
		api.addProperties(6)
		ctx, cancel := context.WithCancel(t.Context())
		first, second := make(chan error), make(chan error)
		go func() { _, err := api.ListProperties(ctx); first <- err }()
		synctest.Wait()
		go func() { _, err := api.ListProperties(t.Context()); second <- err }()
		synctest.Wait()
		cancel()
		equal(t, "cancelled", errors.Is(failure(t, <-first, Cancelled), context.Canceled), true)
		succeeds(t, <-second)
		equal(t, "requests: the page of the one who left is read again", len(api.sent()), 4)
	})
}

func TestReads_aReadThatNobodyWaitsForEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2, Latency: time.Second}, nil)
		api.addProperties(6)
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		for _, err := range atOnce(3, func(int) error { _, err := api.ListProperties(ctx); return err }) {
			fails(t, err, Cancelled)
		}
		synctest.Wait()
		equal(t, "requests", len(api.sent()), 2)
		_, err := api.ListProperties(t.Context())
		succeeds(t, err)
		equal(t, "requests, with those of who goes on with it", len(api.sent()), 4)
	})
}

func TestReads_anInterruptedReadIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, func(o *Options) { o.MaxRetryWait = 0 })
		api.arm(t, tidiomock.Fault{Do: tidiomock.TooManyRequests, Header: http.Header{"Retry-After": {"5"}}})
		_, err := api.ListProperties(t.Context())
		fails(t, err, RateLimited)
		pass(5 * time.Second)
		_, err = api.ListProperties(t.Context())
		succeeds(t, err)
	})
}

// The same objects at lists that are not to be believed.
func TestReads_anIncompleteListProvesNothing(t *testing.T) {
	const missing = 8
	for name, test := range map[string]struct {
		arrange func(account)
	}{
		"somebody inserted meanwhile": {func(api account) {
			api.mock.Arm(tidiomock.Fault{Route: "/properties", Skip: 1, Do: tidiomock.InsertBetween})
		}},
		"somebody deleted meanwhile": {func(api account) {
			api.mock.Arm(tidiomock.Fault{Route: "/properties", Skip: 1, Do: tidiomock.DeleteBetween})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
				api.addProperties(6)
				test.arrange(api)
				list, err := api.ListProperties(t.Context())
				succeeds(t, err)
				equal(t, "complete", list.Complete, false)
				api.mock.ResetRequests()
				for i := range missing {
					_, err := api.FindProperty(t.Context(), fmt.Sprintf("gone%d", i))
					fails(t, err, NotFound)
				}
				equal(t, "looks", len(api.sent()), missing)
			})
		})
	}
}

// The total is what it was, and the pages do not overlap: a delete and a create hide each other.
func TestReads_aListThatWasReadDuringADeleteProvesNothing(t *testing.T) {
	reads := map[string]func(context.Context, account) (bool, error){
		"by e-mail": func(ctx context.Context, api account) (bool, error) {
			_, complete, err := api.ContactsByEmail(ctx, "nobody@example.com")
			return complete, err
		},
		"page by page": func(ctx context.Context, api account) (bool, error) {
			return api.EachContact(ctx, func([]Contact, bool) bool { return true })
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
				api.addContacts(6)
				_, err := api.FindContact(t.Context(), "c5") // the first request of all goes alone
				succeeds(t, err)
				release := make(chan struct{})
				api.arm(t, tidiomock.Fault{
					Method: http.MethodGet, Route: "/contacts", Skip: 1, Do: tidiomock.HoldBefore, Release: release,
				})
				done := make(chan bool)
				go func() {
					complete, err := read(t.Context(), api)
					if err != nil {
						t.Error(err)
					}
					done <- complete
				}()
				synctest.Wait() // the first page was read
				_, _, err = api.DeleteContact(t.Context(), "c0", time.Time{})
				succeeds(t, err)
				api.mock.AddContact(tidiomock.Contact{ID: "c6"})
				close(release)
				equal(t, "complete", <-done, false)
			})
		})
	}
}

// One that turns up shows that the list cannot be relied upon.
func TestReads_aListThatWasWrongIsNotBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.addProperties(2)
		_, err := api.ListProperties(t.Context())
		succeeds(t, err)
		api.mock.AddProperty(tidiomock.Property{ID: "late", Name: "late", Type: "text"})
		api.mock.ResetRequests()
		for range 2 {
			late, err := api.FindProperty(t.Context(), "late")
			succeeds(t, err)
			equal(t, "name", late.Name, "late")
		}
		list, err := api.ListProperties(t.Context())
		succeeds(t, err)
		equal(t, "complete", list.Complete, false)
		equal(t, "properties", len(list.Items), 3)
		for i := range 10 {
			_, err := api.FindProperty(t.Context(), fmt.Sprintf("gone%d", i))
			fails(t, err, NotFound)
		}
		equal(t, "requests", len(api.sent()), 1+10)
	})
}

func TestReads_twoClientsShareNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newAccount(t, tidiomock.Config{}, nil)
		second := newAccount(t, tidiomock.Config{}, nil)
		first.addProperties(1)
		for api, want := range map[account]int{first: 1, second: 0} {
			list, err := api.ListProperties(t.Context())
			succeeds(t, err)
			equal(t, "properties", len(list.Items), want)
			equal(t, "requests", len(api.sent()), 1)
		}
	})
}

func TestReads_operatorsAreReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 4}, nil)
		api.mock.Seed()
		for _, err := range atOnce(20, func(int) error {
			operators, complete, err := api.ListOperators(t.Context())
			equal(t, "operators", len(operators), 6)
			equal(t, "complete", complete, true)
			return err
		}) {
			succeeds(t, err)
		}
		equal(t, "requests", len(api.sent()), 2)
	})
}

// A delete that was given up may land at any time, so that no list proves anything any more.
func TestReads_noListIsCompleteAfterADeleteThatWasGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, func(o *Options) { o.MaxRetries = 0 })
		api.addContacts(6)
		api.arm(t, tidiomock.Fault{Method: http.MethodDelete, Do: tidiomock.FailBefore, Status: http.StatusGatewayTimeout})
		_, _, err := api.DeleteContact(t.Context(), "c0", time.Time{})
		equal(t, "may land", failure(t, err, ServerError).OutcomeUnknown, true)
		_, complete, err := api.ContactsByEmail(t.Context(), "nobody@example.com")
		succeeds(t, err)
		equal(t, "complete", complete, false)
	})
}

// What many ask for at once is looked at once.
func TestReads_whatWasWrittenIsLookedAtOnce(t *testing.T) {
	const written = 10
	for name, ask := range map[string]func(context.Context, account) error{
		"by e-mail": func(ctx context.Context, api account) error {
			_, _, err := api.ContactsByEmail(ctx, "nobody@example.com")
			return err
		},
		"by id": func(ctx context.Context, api account) error {
			for i := range written {
				if _, err := api.FindContact(ctx, contactID(i)); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{Latency: time.Second, PageSize: 10}, nil)
				api.addContacts(100)
				_, _, err := api.ContactsByEmail(t.Context(), "nobody@example.com")
				succeeds(t, err)
				for i := range written {
					_, err = api.UpdateContact(t.Context(), contactID(i), rename("New"))
					succeeds(t, err)
				}
				api.mock.ResetRequests()
				for _, err := range atOnce(10, func(int) error { return ask(t.Context(), api) }) {
					succeeds(t, err)
				}
				equal(t, "requests", len(api.sent()), written)
			})
		})
	}
}
