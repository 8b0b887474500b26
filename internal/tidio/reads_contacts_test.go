package tidio

import (
	"cmp"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// findContacts looks for the first n contacts of the account, ten at a time as an engine does.
func (a account) findContacts(t *testing.T, n int) {
	t.Helper()
	next := make(chan int)
	go func() {
		defer close(next)
		for i := range n {
			next <- i
		}
	}()
	for _, err := range atOnce(10, func(int) error {
		for i := range next {
			c, err := a.FindContact(t.Context(), contactID(i))
			if err != nil {
				return err
			}
			equal(t, "name", c.Name, fmt.Sprintf("Contact %d", i))
		}
		return nil
	}) {
		succeeds(t, err)
	}
}

// The price of reading contacts: at most twice what it would have been at best, and one request to
// learn how long the list is.
func TestContactReads_whatContactsCost(t *testing.T) {
	for _, test := range []struct{ contacts, account, most int }{
		{1, 1000, 1},
		{2, 1000, 2 + 1},
		{10, 1000, 10 + 1},
		{11, 1000, 10 + 1 + 10},
		{100, 1000, 10 + 1 + 10},
		{1000, 1000, 10 + 1 + 10},
		{10, 20_000, 10 + 1},
		{150, 20_000, 150 + 1},
		{1000, 20_000, 200 + 1 + 200},
		{1, 50, 1},
		{50, 50, 1 + 1}, // the list has one page: the one that was read to measure it
		{250, 250, 3 + 1 + 3},
	} {
		t.Run(fmt.Sprintf("%d of %d", test.contacts, test.account), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{Latency: time.Second}, nil)
				api.addContacts(test.account)
				api.findContacts(t, test.contacts)
				sent := len(api.sent())
				if sent > test.most {
					t.Errorf("%d requests, at most %d are allowed", sent, test.most)
				}
				api.findContacts(t, test.contacts) // all are known by now
				equal(t, "requests", len(api.sent()), sent)
			})
		})
	}
}

// Where no total is known, the length of the list is learned by reading on.
func TestContactReads_aListWithoutATotal(t *testing.T) {
	client, api := newFake(t, func(req *http.Request) *http.Response {
		if req.URL.Path == "/v1/contacts" {
			page := cmp.Or(req.URL.Query().Get("page"), "1")
			return response(http.StatusOK, fmt.Sprintf(`{"data":[{"id":"on page %s"}],"meta":{"page":%s}}`, page, page))
		}
		return response(http.StatusOK, fmt.Sprintf(`{"id":%q}`, req.URL.Path[len("/v1/contacts/"):]))
	})
	for i := range 20 {
		_, err := client.FindContact(t.Context(), contactID(i))
		succeeds(t, err)
	}
	if sent := len(api.sent()); sent > 2*20 {
		t.Errorf("%d requests for 20 contacts", sent)
	}
}

func TestContactReads_aWrongKeyCostsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{Latency: time.Second}, func(o *Options) { o.Credentials = parsedKey(t, "another") })
		for _, err := range atOnce(1000, func(i int) error {
			if i%2 == 0 {
				_, err := api.FindProperty(t.Context(), "p1")
				return err
			}
			_, err := api.FindContact(t.Context(), contactID(i))
			return err
		}) {
			fails(t, err, Unauthorized)
		}
		equal(t, "requests", len(api.sent()), 1)
	})
}

func TestContactReads_anAPIThatIsDownIsFoundOutByAFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{Latency: time.Second}, nil)
		api.arm(t, tidiomock.Fault{Do: tidiomock.FailBefore, Status: 503, Times: -1})
		find := func(i int) error { _, err := api.FindContact(t.Context(), contactID(i)); return err }
		for _, err := range eachAtOnce(1000, find) {
			fails(t, err, ServerError)
		}
		for range 100 {
			_, err := api.EachContact(t.Context(), nil)
			fails(t, err, ServerError)
		}
		if sent := len(api.sent()); sent > 25 {
			t.Errorf("%d requests", sent)
		}
	})
}

func TestContactReads_anAPIThatGoesDownMidwayIsFoundOutSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{Latency: time.Second}, nil)
		api.addContacts(20_000)
		api.findContacts(t, 20)
		api.mock.ResetRequests()
		api.arm(t, tidiomock.Fault{Do: tidiomock.FailBefore, Status: 503, Times: -1})
		for i := range 100 {
			for _, err := range atOnce(10, func(j int) error {
				_, err := api.FindContact(t.Context(), contactID(1000+10*i+j)) // beyond the pages that were read
				return err
			}) {
				fails(t, err, ServerError)
			}
		}
		if sent := len(api.sent()); sent > 10*3+5 {
			t.Errorf("%d requests, more than a round of each in flight and some to make sure", sent)
		}
	})
}

// One contact whose reading fails does not speak for the others.
func TestContactReads_oneThatAlwaysFailsConcernsNobodyElse(t *testing.T) {
	for name, fault := range map[string]tidiomock.Fault{
		"server error": {Do: tidiomock.FailBefore, Status: 500, Times: 3},
		"forbidden":    {Do: tidiomock.FailBefore, Status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				api.addContacts(2)
				fault.Route = "/contacts/{id}"
				api.arm(t, fault)
				_, err := api.FindContact(t.Context(), "c0")
				if err == nil {
					t.Error("the first one was read")
				}
				_, err = api.FindContact(t.Context(), "c1")
				succeeds(t, err)
			})
		})
	}
}

func TestContactReads_contactsThatAreGoneCostNoMoreThanOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 10}, nil)
		api.addContacts(200)
		for i := range 60 {
			_, err := api.FindContact(t.Context(), fmt.Sprintf("gone%d", i))
			fails(t, err, NotFound)
		}
		// A request asks whether the collection is there. A miss costs one look, and all together the list.
		equal(t, "requests", len(api.sent()), 1+20+60)
	})
}

// What is wrong with one contact is not said of the others.
func TestContactReads_oneThatIsGoneOrBrokenConcernsNobodyElse(t *testing.T) {
	for name, test := range map[string]struct {
		fault tidiomock.Fault
		kind  Kind
	}{
		"gone":       {tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusNotFound}, NotFound},
		"unreadable": {tidiomock.Fault{Do: tidiomock.Garbage}, BadResponse},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				api.addContacts(2)
				test.fault.Route = "/contacts/{id}"
				api.arm(t, test.fault)
				_, err := api.FindContact(t.Context(), "c0")
				fails(t, err, test.kind)
				_, err = api.FindContact(t.Context(), "c1")
				succeeds(t, err)
			})
		})
	}
}

func TestContactReads_whatThisClientWritesIsNotReadFromBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, test := range map[string]struct {
			write tidiomock.WriteReply
			fault tidiomock.FaultKind // of the PATCH
		}{
			"confirmed by the reply":  {tidiomock.FullObject, ""},
			"read back":               {tidiomock.IDOnly, ""},
			"without a word":          {tidiomock.EmptyBody, ""},
			"nobody knows what of it": {tidiomock.FullObject, tidiomock.FailAfter},
		} {
			api := newAccount(t, tidiomock.Config{Replies: tidiomock.Replies{Write: test.write}}, nil)
			api.addContacts(150)
			api.findContacts(t, 20) // the list has been read by now
			if test.fault != "" {
				api.arm(t, tidiomock.Fault{Method: http.MethodPatch, Do: test.fault, Times: 3})
			}
			name1 := "Somebody else"
			_, err := api.UpdateContact(t.Context(), "c1", ContactChange{Fields: map[ContactField]*string{ContactName: &name1}})
			equal(t, name+": failed", err != nil, test.fault != "")
			found, err := api.FindContact(t.Context(), "c1")
			succeeds(t, err)
			equal(t, name, found.Name, name1)
			byEmail, _, err := api.ContactsByEmail(t.Context(), "C1@example.com")
			succeeds(t, err)
			equal(t, name+": by e-mail", len(byEmail), 1)

			_, _, err = api.DeleteContact(t.Context(), "c2", time.Time{})
			succeeds(t, err)
			_, err = api.FindContact(t.Context(), "c2")
			fails(t, err, NotFound)
			email := "new@example.com"
			_, err = api.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{ContactEmail: &email}})
			if test.write != tidiomock.EmptyBody { // without an id nobody knows what became of it
				succeeds(t, err)
			}
			byEmail, complete, err := api.ContactsByEmail(t.Context(), email)
			succeeds(t, err)
			equal(t, name+": complete", complete, true)
			equal(t, name+": created", len(byEmail), 1)
		}
	})
}

// The read began before the write, and ends after it.
func TestContactReads_aReadThatAWriteOvertookIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.addContacts(2)
		_, err := api.FindContact(t.Context(), "c1")
		succeeds(t, err)
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Route: "/contacts/{id}", Do: tidiomock.HoldAfter, Release: release})
		read := make(chan error)
		go func() { _, err := api.contacts.Get(t.Context(), "c0"); read <- err }()
		synctest.Wait()
		name := "Somebody else"
		_, err = api.UpdateContact(t.Context(), "c0", ContactChange{Fields: map[ContactField]*string{ContactName: &name}})
		succeeds(t, err)
		close(release)
		succeeds(t, <-read)
		found, err := api.FindContact(t.Context(), "c0")
		succeeds(t, err)
		equal(t, "name", found.Name, name)
	})
}

// What is written while the list is read is in it, as it was or as it is: it is never missing.
func TestContactReads_aContactThatIsWrittenWhileTheListIsReadIsInIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
		api.addContacts(10)
		_, err := api.FindContact(t.Context(), "c9") // the first request of all goes alone
		succeeds(t, err)
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Route: "/contacts", Skip: 1, Do: tidiomock.HoldAfter, Release: release})
		read := make(chan []Contact)
		go func() {
			all, _, err := api.contacts.All(t.Context())
			if err != nil {
				t.Error(err)
			}
			read <- all
		}()
		synctest.Wait()
		_, err = api.UpdateContact(t.Context(), "c0", rename("Somebody else"))
		succeeds(t, err)
		email := "new@example.com"
		_, err = api.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{ContactEmail: &email}})
		succeeds(t, err)
		close(release)
		names := map[string]string{}
		for _, c := range <-read {
			names[c.ID] = c.Name
		}
		equal(t, "contacts", len(names), 11)
		equal(t, "the name of the one that was written", names["c0"], "Somebody else")
	})
}

// Looking through all contacts after a write costs a look at what was written, not the list again.
func TestContactReads_aWriteDoesNotCostTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 10}, nil)
		api.addContacts(200)
		email := func(i int) string { return fmt.Sprintf("new%d@example.com", i) }
		for i := range 10 {
			address := email(i)
			_, err := api.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{ContactEmail: &address}})
			succeeds(t, err)
			found, complete, err := api.ContactsByEmail(t.Context(), address)
			succeeds(t, err)
			equal(t, "complete", complete, true)
			equal(t, "found", len(found), 1)
		}
		equal(t, "requests", len(api.sent()), 10+21+9) // the list once, with the first of them in it

		// Reading until there is enough is not made to read more by what is in doubt.
		_, err := api.UpdateContact(t.Context(), "c1", rename("Somebody else"))
		succeeds(t, err)
		api.mock.ResetRequests()
		_, err = api.EachContact(t.Context(), func([]Contact, bool) bool { return false })
		succeeds(t, err)
		equal(t, "requests", len(api.sent()), 1)

		// What was refused has changed nothing.
		_, _, err = api.ContactsByEmail(t.Context(), "x@example.com")
		succeeds(t, err)
		api.arm(t, tidiomock.Fault{Method: http.MethodPatch, Do: tidiomock.FailBefore, Status: 400})
		_, err = api.UpdateContact(t.Context(), "c1", rename("Nobody"))
		fails(t, err, BadRequest)
		api.mock.ResetRequests()
		_, _, err = api.ContactsByEmail(t.Context(), "x@example.com")
		succeeds(t, err)
		equal(t, "requests after a refusal", len(api.sent()), 0)
	})
}

// Many writes make the list the cheaper way.
func TestContactReads_manyWritesCostTheListOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 50}, nil)
		api.addContacts(200)
		_, _, err := api.ContactsByEmail(t.Context(), "x@example.com")
		succeeds(t, err)
		for i := range 100 {
			_, err := api.UpdateContact(t.Context(), contactID(i), rename(fmt.Sprintf("Contact %d", i)))
			succeeds(t, err)
		}
		api.mock.ResetRequests()
		_, complete, err := api.ContactsByEmail(t.Context(), "x@example.com")
		succeeds(t, err)
		equal(t, "complete", complete, true)
		equal(t, "requests", len(api.sent()), 4)
	})
}

// One page of a list that cannot be read says nothing of single contacts.
func TestContactReads_aBrokenListConcernsNoSingleRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 5}, nil)
		api.addContacts(20)
		_, err := api.FindContact(t.Context(), "c0")
		succeeds(t, err)
		api.arm(t, tidiomock.Fault{Route: "/contacts", Skip: 1, Do: tidiomock.TruncatedJSON})
		_, err = api.EachContact(t.Context(), func([]Contact, bool) bool { return true })
		fails(t, err, BadResponse)
		_, err = api.FindContact(t.Context(), "c1")
		succeeds(t, err)
	})
}

// Of two changes at once the one that is read back last may have been made first.
func TestContactReads_whatIsReadBackIsNotFromBeforeAnotherWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.IDOnly}}, nil)
		api.addContacts(3)
		_, _, err := api.ContactsByEmail(t.Context(), "nobody@example.com")
		succeeds(t, err)
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Route: "/contacts/{id}", Do: tidiomock.HoldAfter, Release: release})
		first := make(chan error)
		go func() {
			change := rename("first")
			change.Fields[ContactPhone] = nil // what is cleared is read back
			_, err := api.UpdateContact(t.Context(), "c1", change)
			first <- err
		}()
		synctest.Wait()
		_, err = api.UpdateContact(t.Context(), "c1", rename("second"))
		succeeds(t, err)
		close(release)
		succeeds(t, <-first)
		found, err := api.FindContact(t.Context(), "c1")
		succeeds(t, err)
		equal(t, "name", found.Name, "second")
	})
}

// What became of a delete that was given up is not known, whatever was read before.
func TestContactReads_aDeleteOfUnknownOutcomeIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, func(o *Options) { o.MaxRetries = 0 })
		api.addContacts(3)
		_, _, err := api.ContactsByEmail(t.Context(), "nobody@example.com")
		succeeds(t, err)
		api.arm(t, tidiomock.Fault{Method: http.MethodDelete, Do: tidiomock.FailAfter})
		_, _, err = api.DeleteContact(t.Context(), "c1", time.Time{})
		fails(t, err, ServerError)
		_, err = api.FindContact(t.Context(), "c1")
		fails(t, err, NotFound)
	})
}

// A contact that was not there when it was looked at may have been written since.
func TestContactReads_aMissThatAWriteOvertookIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.addContacts(3)
		_, _, err := api.ContactsByEmail(t.Context(), "nobody@example.com")
		succeeds(t, err)
		api.contacts.MarkStale("c3") // it is looked at
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Do: tidiomock.HoldAfter, Release: release})
		looked := make(chan error)
		go func() {
			_, err := api.FindContact(t.Context(), "c3")
			looked <- err
		}()
		synctest.Wait()
		api.contacts.Put(Contact{ID: "c3", Name: "New"})
		close(release)
		fails(t, <-looked, NotFound)
		found, err := api.FindContact(t.Context(), "c3")
		succeeds(t, err)
		equal(t, "name", found.Name, "New")
	})
}

// The length of a list is measured by its first page; if that is all, it is the list, unless it is
// from before a write.
func TestContactReads_aFirstPageFromBeforeAWriteIsNotTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.addContacts(3)
		_, err := api.FindContact(t.Context(), "c0")
		succeeds(t, err)
		release := make(chan struct{})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Route: "/contacts", Do: tidiomock.HoldAfter, Release: release})
		found := make(chan error)
		go func() {
			_, err := api.FindContact(t.Context(), "c1")
			found <- err
		}()
		synctest.Wait()
		_, err = api.UpdateContact(t.Context(), "c2", rename("New"))
		succeeds(t, err)
		close(release)
		succeeds(t, <-found)
		c, err := api.FindContact(t.Context(), "c2")
		succeeds(t, err)
		equal(t, "name", c.Name, "New")
	})
}
