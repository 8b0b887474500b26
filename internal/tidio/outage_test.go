package tidio

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// eachAtOnce calls n times, ten at once as an engine does, and returns the errors in the order of the
// calls.
func eachAtOnce(n int, call func(i int) error) []error {
	errs, next := make([]error, n), make(chan int)
	go func() {
		defer close(next)
		for i := range n {
			next <- i
		}
	}()
	atOnce(10, func(int) error {
		for i := range next {
			errs[i] = call(i)
		}
		return nil
	})
	return errs
}

func failedOf(errs []error) (failed []error) {
	for _, err := range errs {
		if err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}

func named(i int) ContactChange {
	name, email := fmt.Sprintf("Contact %d", i), fmt.Sprintf("new%d@example.com", i)
	return ContactChange{Fields: map[ContactField]*string{ContactName: &name, ContactEmail: &email}}
}

func TestCreateContact_oneBadWaveStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		_, err := api.ListProperties(t.Context())
		succeeds(t, err)
		api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore, Times: 10})
		failed := failedOf(eachAtOnce(40, func(i int) error {
			_, err := api.CreateContact(t.Context(), named(i))
			return err
		}))
		equal(t, "failed", len(failed), 10)
		equal(t, "created", len(api.mock.Contacts()), 30)
	})
}

func TestCreateProperty_overAnAPIThatFailsEveryPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, func(o *Options) { o.MaxRetries = 4 })
		api.mock.Arm(tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore, Times: -1})
		failed := failedOf(eachAtOnce(200, func(i int) error {
			list, err := api.ListProperties(t.Context())
			succeeds(t, err)
			_, err = api.CreateProperty(t.Context(), NewProperty{Name: fmt.Sprint(i), Type: "text"}, list)
			return err
		}))
		equal(t, "failed", len(failed), 200)
		for _, err := range failed {
			equal(t, "cause", failure(t, err, ServerError).Status, http.StatusInternalServerError)
		}
		if sent := len(api.sent()); sent > 40 {
			t.Errorf("%d requests, at most 40 are allowed", sent)
		}
	})
}

func TestClient_wrongKeyCostsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, func(o *Options) { o.Credentials = parsedKey(t, "another") })
		failed := failedOf(eachAtOnce(1000, func(i int) error {
			_, err := api.FindContact(t.Context(), contactID(i))
			return err
		}))
		equal(t, "failed", len(failed), 1000)
		for _, err := range failed {
			fails(t, err, Unauthorized)
		}
		equal(t, "requests", len(api.sent()), 1)
	})
}

// What is not the API answers each request in the same way: that is found out by a few.
func TestClient_wrongEndpointCostsFewRequests(t *testing.T) {
	for name, answer := range map[string]func(*http.Request) *http.Response{
		"a page":        always(http.StatusOK, "<html>"),
		"no such page":  always(http.StatusNotFound, "<html>"),
		"a redirect":    func(*http.Request) *http.Response { return location(http.StatusFound, "https://x.example.com") },
		"a firewall":    always(http.StatusForbidden, "<html>"),
		"a lower plan":  always(http.StatusForbidden, `{"message":"no"}`),
		"server errors": always(http.StatusBadGateway, ""),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v1, api := newFake(t, answer)
				published, publishedAPI := newPublished(t, answer)
				for client, api := range map[*Client]*fakeAPI{v1: api, published: publishedAPI} {
					failed := failedOf(eachAtOnce(1000, func(i int) error {
						_, err := client.FindContact(t.Context(), fmt.Sprint(i))
						return err
					}))
					equal(t, "failed", len(failed), 1000)
					if sent := len(api.sent()); sent > 30 { // ten at a time, of the list and of single objects
						t.Errorf("%s: %d requests", client.Format(), sent)
					}
				}
			})
		})
	}
}

// Many unknown outcomes share the lists that are read for them: one soon and, if nothing is found, one later.
func TestCreateContact_unknownOutcomesShareLists(t *testing.T) {
	distinct := func(i int) ContactChange {
		return ContactChange{Fields: map[ContactField]*string{
			ContactDistinctID: new(fmt.Sprintf("d%d", i)), ContactFirstName: new("Jane"),
		}}
	}
	for name, test := range map[string]struct {
		account func(*testing.T, tidiomock.Config) account
		contact func(int) ContactChange
		do      tidiomock.FaultKind
		failed  int
		created int
	}{
		"v1, done": {func(t *testing.T, c tidiomock.Config) account {
			t.Helper()
			return newAccount(t, c, patient)
		}, named, tidiomock.FailAfter, 4, 12},
		"v1, not done": {func(t *testing.T, c tidiomock.Config) account {
			t.Helper()
			return newAccount(t, c, patient)
		}, named, tidiomock.FailBefore, 4, 8},
		"published, done":     {newPublishedAccount, distinct, tidiomock.FailAfter, 0, 12},
		"published, not done": {newPublishedAccount, distinct, tidiomock.FailBefore, 0, 12},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const pages = 60
				api := test.account(t, tidiomock.Config{PageSize: 5, Latency: 50 * time.Millisecond})
				api.batches.disable() // each by itself
				api.addContacts(5 * pages)
				for range 4 {
					api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: test.do, Skip: 2})
				}
				failed := failedOf(eachAtOnce(12, func(i int) error {
					_, err := api.CreateContact(t.Context(), test.contact(i))
					return err
				}))
				equal(t, "failed", len(failed), test.failed)
				equal(t, "created", len(api.mock.Contacts())-5*pages, test.created)
				for _, err := range failed {
					found := failure(t, err, ServerError).Candidates
					equal(t, "candidates", len(found.Contacts), (test.created-8)/4)
				}
				if lists := api.mock.Count(http.MethodGet, "/contacts"); lists > 2*(pages+3) {
					t.Errorf("%d pages were read, at most two lists of %d are allowed", lists, pages+3)
				}
			})
		})
	}
}

// An interrupt while the outcome of a create is looked for ends that within 20 seconds, and what is known is
// told.
func TestCreate_interruptedWhileItsOutcomeIsLookedFor(t *testing.T) {
	for name, create := range map[string]func(context.Context, account) error{
		"property": func(ctx context.Context, api account) error {
			_, err := api.CreateProperty(ctx, plan, PropertyList{Complete: true})
			return err
		},
		"contact": func(ctx context.Context, api account) error {
			_, err := api.CreateContact(ctx, named(1))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				reached := make(chan struct{}, 1)
				api.arm(t,
					tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailAfter},
					tidiomock.Fault{Method: http.MethodGet, Do: tidiomock.HoldBefore, Reached: reached})
				ctx, cancel := context.WithCancel(t.Context())
				var interrupted time.Time
				go func() {
					<-reached
					interrupted = time.Now()
					cancel()
				}()
				err := create(ctx, api)
				equal(t, "outcome unknown", failure(t, err, ServerError).OutcomeUnknown, true)
				if took := time.Since(interrupted); took > 20*time.Second {
					t.Errorf("it took %s to come back", took)
				}
			})
		})
	}
}

// A connection that is not made sends nothing: nobody has to look for what it may have done.
func TestCreateContact_whenNoConnectionIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		defer close(ended)
		options := testOptions(t, &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			<-ended // as behind a firewall that swallows packets
			return nil, net.ErrClosed
		}})
		client := New(options)
		for i, err := range eachAtOnce(30, func(i int) error {
			_, err := client.CreateContact(t.Context(), named(i))
			return err
		}) {
			failed := AsError(err)
			equal(t, fmt.Sprint("kind of ", i), failed.Kind == TimedOut || failed.Kind == Unreachable, true)
			equal(t, "outcome unknown", failed.OutcomeUnknown, false)
		}
	})
}

// A write that was not sent, because earlier ones had failed, cannot have taken effect.
func TestCreateContact_whatWasNotSentHasNoEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, api := newFake(t, func(req *http.Request) *http.Response {
			if req.Method == http.MethodPost {
				return response(http.StatusOK, "<html>Log in</html>")
			}
			return response(http.StatusOK, `{"data":[],"meta":{"total":0,"page":1}}`)
		})
		unsent := 0
		for _, err := range failedOf(eachAtOnce(40, func(i int) error {
			_, err := client.CreateContact(t.Context(), named(i))
			return err
		})) {
			failed := AsError(err)
			equal(t, "outcome unknown", failed.OutcomeUnknown, !failed.Repeated)
			if failed.Repeated {
				unsent++
			}
		}
		posts := 0
		for _, line := range api.sent() {
			posts += strings.Count(line, "POST")
		}
		equal(t, "sent and unsent", posts+unsent, 40)
		equal(t, "some were not sent", unsent > 0, true)
	})
}

// The API tells its time with what it answers itself, not with what is repeated from memory or comes from a gateway.
func TestClock_isTheAPIsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := `{"message":"Down."}`
		client, _ := newFake(t, func(*http.Request) *http.Response {
			answer := response(http.StatusServiceUnavailable, body)
			answer.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
			return answer
		})
		for i := range 40 {
			_, _ = client.CreateContact(t.Context(), named(i))
		}
		pass(30 * time.Second)
		_, err := client.CreateContact(t.Context(), named(1))
		equal(t, "repeated", failure(t, err, ServerError).Repeated, true)
		now := time.Now()
		if told := client.clock.when(now); now.Sub(told) > 2*time.Second {
			t.Errorf("it is %s behind", now.Sub(told))
		}
		body = "<html>Down</html>"
		fresh, api := newFake(t, func(*http.Request) *http.Response {
			answer := response(http.StatusBadGateway, body)
			answer.Header.Set("Date", "Mon, 01 Jan 1990 00:00:00 GMT")
			return answer
		})
		_, err = fresh.ListProperties(t.Context())
		fails(t, err, ServerError)
		equal(t, "requests", len(api.sent()), 1)
		equal(t, "told", fresh.clock.when(now), time.Time{})
	})
}
