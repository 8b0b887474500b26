package tidio

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// newLagging returns a client that looks again as the provider does, and an API whose contacts c0 to c99 and
// properties of the same ids are not there for readers until lag has passed.
func newLagging(t *testing.T, lag time.Duration) (*Client, *fakeAPI) {
	t.Helper()
	visible := time.Now().Add(lag)
	api := &fakeAPI{answer: func(req *http.Request) *http.Response {
		_, id, isObject := strings.Cut(strings.TrimPrefix(req.URL.Path, "/v1/"), "/")
		item := `{"id":"` + id + `","name":"n` + id + `","type":"text"}`
		switch isVisible := !time.Now().Before(visible); {
		case isObject && !isVisible:
			return response(http.StatusNotFound, `{"message":"There is no such object."}`)
		case isObject:
			return response(http.StatusOK, item)
		case !isVisible:
			return response(http.StatusOK, `{"data":[]}`)
		}
		var items []string
		for i := range 100 {
			items = append(items, strings.ReplaceAll(`{"id":"ID","name":"nID","type":"text"}`, "ID", contactID(i)))
		}
		return response(http.StatusOK, `{"data":[`+strings.Join(items, ",")+`]}`)
	}}
	options := testOptions(t, api)
	patient(&options)
	return New(options), api
}

// patient makes a client look again as the provider does.
func patient(o *Options) {
	o.RecheckAfter = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}
}

func TestFindRecent_readsLagBehindTheCreate(t *testing.T) {
	nouns := map[string]func(*Client, context.Context, time.Time) error{
		"contact": func(c *Client, ctx context.Context, created time.Time) error {
			_, err := c.FindRecentContact(ctx, "c1", created)
			return err
		},
		"property": func(c *Client, ctx context.Context, created time.Time) error {
			_, err := c.FindRecentProperty(ctx, "c1", created)
			return err
		},
	}
	for name, test := range map[string]struct {
		lag      time.Duration
		age      time.Duration // when it is first looked for, by the clock of the machine that created it
		took     time.Duration
		notFound bool
	}{
		"no lag":                     {0, 0, 0, false},
		"half a second":              {500 * time.Millisecond, 0, time.Second, false},
		"two seconds":                {2 * time.Second, 0, 3 * time.Second, false},
		"nine seconds":               {9 * time.Second, 0, 10 * time.Second, false},
		"for ever":                   {time.Hour, 0, 10 * time.Second, true},
		"created five seconds ago":   {time.Hour, 5 * time.Second, 5 * time.Second, true},
		"created when a look is due": {time.Hour, 3 * time.Second, 7 * time.Second, true},
		"created ten seconds ago":    {time.Hour, 10 * time.Second, 0, true},
		"created by a fast clock":    {2 * time.Second, -time.Hour, 3 * time.Second, false},
	} {
		for noun, find := range nouns {
			t.Run(noun+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, _ := newLagging(t, test.lag)
					began := time.Now()
					err := find(client, t.Context(), began.Add(-test.age))
					equal(t, "not found", IsNotFound(err), test.notFound)
					if !test.notFound {
						succeeds(t, err)
					}
					equal(t, "took", time.Since(began), test.took)
				})
			})
		}
	}
	for noun, find := range nouns {
		t.Run(noun+" of another time", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, _ := newLagging(t, time.Hour)
				began := time.Now()
				fails(t, find(client, t.Context(), time.Time{}), NotFound)
				equal(t, "took", time.Since(began), 0)
			})
		})
		for _, after := range []time.Duration{2 * time.Second, 5 * time.Second} { // once a list was read, too
			t.Run(fmt.Sprintf("%s and an interrupt after %s", noun, after), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, _ := newLagging(t, time.Hour)
					ctx, cancel := context.WithTimeout(t.Context(), after)
					defer cancel()
					began := time.Now()
					fails(t, find(client, ctx, began), Cancelled)
					equal(t, "took", time.Since(began), after)
				})
			})
		}
	}
}

// All who look again share their lists.
func TestFindRecent_manyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, api := newLagging(t, time.Hour)
		began := time.Now()
		for _, err := range atOnce(100, func(i int) error {
			// Created one after the other.
			_, err := client.FindRecentContact(t.Context(), contactID(i), began.Add(-time.Duration(i)*10*time.Millisecond))
			return err
		}) {
			fails(t, err, NotFound)
		}
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("it took %s", took)
		}
		// One look at each, which nothing but its absence brings about, and a list a second at most.
		if got := len(api.sent()); got > 100+12 {
			t.Errorf("%d requests", got)
		}
	})
}

// What a PATCH has cleared is looked at until it is cleared, unless the reply tells.
func TestUpdateContact_readsLagBehindTheClearing(t *testing.T) {
	for name, test := range map[string]struct {
		lag     time.Duration
		took    time.Duration
		reads   int
		cleared bool
	}{
		"no lag":       {0, 0, 1, true},
		"two seconds":  {2 * time.Second, 3 * time.Second, 3, true},
		"nine seconds": {9 * time.Second, 10 * time.Second, 4, true},
		"for ever":     {time.Hour, 10 * time.Second, 4, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, api := clearing(t, test.lag)
				began := time.Now()
				written, err := client.UpdateContact(t.Context(), "c1", clearTier)
				succeeds(t, err)
				succeeds(t, written.ReadBackErr)
				equal(t, "cleared", written.Contact.Properties["tier"] == "", test.cleared)
				equal(t, "took", time.Since(began), test.took)
				equal(t, "requests", len(api.sent()), 1+test.reads)
			})
		})
	}
	t.Run("an interrupt", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, _ := clearing(t, time.Hour)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			written, err := client.UpdateContact(ctx, "c1", clearTier)
			succeeds(t, err)
			fails(t, written.ReadBackErr, Cancelled)
		})
	})
}

var clearTier = ContactChange{Properties: map[string]*string{"tier": nil}}

// clearing returns a client of an API whose contact c1 still has a value after it was cleared, until lag has passed.
func clearing(t *testing.T, lag time.Duration) (*Client, *fakeAPI) {
	t.Helper()
	began := time.Now()
	api := &fakeAPI{answer: func(req *http.Request) *http.Response {
		switch {
		case req.Method == http.MethodPatch:
			return response(http.StatusNoContent, "")
		case time.Since(began) < lag:
			return response(http.StatusOK, `{"id":"c1","properties":{"tier":"gold"}}`)
		}
		return response(http.StatusOK, `{"id":"c1","properties":{}}`)
	}}
	options := testOptions(t, api)
	patient(&options)
	return New(options), api
}

// A create whose reply was lost is found when the lists show it, and not made twice.
func TestCreate_itsReplyIsLostAndReadsLag(t *testing.T) {
	persistent := func(o *Options) {
		patient(o)
		o.MaxRetries = 4
	}
	lost := tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.CutAfter}
	t.Run("property", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{ReadLag: 3 * time.Second}, persistent)
			api.arm(t, lost)
			created, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			succeeds(t, err)
			equal(t, "recovered", created.Recovered, true)
			equal(t, "properties", len(api.mock.Properties()), 1)
			equal(t, "POSTs", api.mock.Count(http.MethodPost, "/properties"), 2) // the second is refused
		})
	})
	t.Run("property that nobody lists", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{ReadLag: time.Hour}, persistent)
			api.arm(t, lost)
			_, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			failed := failure(t, err, BadRequest)
			equal(t, "hidden", failed.Hidden, true)
			equal(t, "absent", failed.Absent, false)
			equal(t, "POSTs", api.mock.Count(http.MethodPost, "/properties"), 2)
		})
	})
	t.Run("contact", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{ReadLag: 2 * time.Second}, persistent)
			older := api.mock.AddContact(tidiomock.Contact{Email: "jane@example.com", CreatedAt: "1999-12-31T00:00:00Z"})
			api.arm(t, lost)
			email := "jane@example.com"
			_, err := api.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{ContactEmail: &email}})
			failed := failure(t, err, Unreachable)
			equal(t, "candidates", len(failed.Candidates.Contacts), 2)
			equal(t, "the older", failed.Candidates.Contacts[0].ID, older.ID)
			equal(t, "POSTs", api.mock.Count(http.MethodPost, "/contacts"), 1)
		})
	})
}

// An API may keep an address in another case, and its filter may then not find it: that proves nothing.
func TestCreateContact_filterThatMissesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, api := newPublished(t, func(req *http.Request) *http.Response {
			stored := `{"id":"c1","distinct_id":"7","email":"jane@example.com","created_at":"2000-01-01T00:00:00Z"}`
			answer := response(http.StatusBadGateway, `{"errors":[{"code":"bad_gateway","message":"No."}]}`)
			switch {
			case req.Method == http.MethodPost:
			case req.URL.Query().Get("email") == "Jane@example.com":
				answer = response(http.StatusOK, `{"contacts":[]}`)
			default:
				answer = response(http.StatusOK, `{"contacts":[`+stored+`]}`)
			}
			answer.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
			return answer
		}, patient)
		written, err := client.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{
			ContactDistinctID: new("7"), ContactEmail: new("Jane@example.com"),
		}})
		succeeds(t, err)
		equal(t, "id", written.ID, "c1")
		same(t, "requests", api.sent(), []string{
			"POST /contacts", "GET /contacts?email=Jane%40example.com", "GET /contacts?email=Jane%40example.com",
			"GET /contacts?email=Jane%40example.com", "GET /contacts?email=Jane%40example.com", "GET /contacts",
		})
	})
}

// What a delete finds absent may have been created a moment ago.
func TestDeleteContact_readsLagBehindTheCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{ReadLag: 2 * time.Second}, patient)
		written, err := api.CreateContact(t.Context(), named(1))
		succeeds(t, err)
		options := testOptions(t, api.network)
		patient(&options)
		options.BaseURL = api.base
		gone, _, err := New(options).DeleteContact(t.Context(), written.ID, time.Now()) // another process
		succeeds(t, err)
		equal(t, "gone", gone, false)
		equal(t, "contacts", len(api.mock.Contacts()), 0)
	})
}

// Whoever answers a delete with a body need not be the API: the contact is looked at.
func TestDeleteContact_answeredWithABody(t *testing.T) {
	for name, deleted := range map[string]bool{"gone": true, "still there": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				v1, _ := newFake(t, func(req *http.Request) *http.Response {
					if req.Method == http.MethodDelete {
						return response(http.StatusOK, `{"status":"ok"}`)
					}
					if asked++; asked > 1 && deleted {
						return response(http.StatusNotFound, `{"message":"There is no such contact."}`)
					}
					return response(http.StatusOK, `{"id":"c1"}`)
				})
				gone, _, err := v1.DeleteContact(t.Context(), "c1", time.Time{})
				equal(t, "gone", gone, false)
				if deleted {
					succeeds(t, err)
					return
				}
				equal(t, "outcome unknown", failure(t, err, BadResponse).OutcomeUnknown, true)
			})
		})
	}
}
