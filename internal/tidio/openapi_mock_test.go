package tidio

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// newPublishedAccount is newAccount over the published API.
func newPublishedAccount(t *testing.T, config tidiomock.Config) account {
	t.Helper()
	config.ClientID, config.ClientSecret = "ci_test", testSecret
	api := newAccount(t, config, func(o *Options) {
		var err error
		o.BaseURL, err = ParseBaseURL("http://localhost/")
		succeeds(t, err)
		o.Credentials = clientCredentials(t)
		o.RecheckAfter = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}
	})
	return api
}

// The life of a contact, in each shape that the descriptions of the API leave open. The mock holds every
// request to its document.
func TestPublished_contactOverTheMock(t *testing.T) {
	for name, config := range map[string]tidiomock.Config{
		"as documented":       {},
		"full replies":        {Published: tidiomock.Published{FullReplies: true}},
		"cleared as null":     {Published: tidiomock.Published{Cleared: tidiomock.ClearedNull}},
		"cleared as empty":    {Published: tidiomock.Published{Cleared: tidiomock.ClearedEmpty}},
		"400 for validation":  {Published: tidiomock.Published{ValidationStatus: http.StatusBadRequest}},
		"filter of this case": {Published: tidiomock.Published{EmailFilter: tidiomock.EmailExact}},
		"filter ignored":      {Published: tidiomock.Published{EmailFilter: tidiomock.EmailIgnored}},
		"short pages":         {PageSize: 1},
		"both":                {PageSize: 1, Published: tidiomock.Published{EmailFilter: tidiomock.EmailIgnored, FullReplies: true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newPublishedAccount(t, config)
				api.mock.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
				api.mock.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
				api.mock.AddContact(tidiomock.Contact{FirstName: "Joe", Email: "joe@example.com"})
				text := func(s string) *string { return &s }
				written, err := api.CreateContact(t.Context(), ContactChange{
					Fields: map[ContactField]*string{
						ContactDistinctID: text("7"), ContactFirstName: text("Jane"), ContactEmail: text("jane@example.com"),
					},
					Properties: map[string]*string{"seats": text("42"), "plan": text("pro")},
				})
				succeeds(t, err)
				found, complete, err := api.ContactsByEmail(t.Context(), "jane@example.com")
				succeeds(t, err)
				equal(t, "complete", complete, true)
				equal(t, "found", len(found) == 1 && found[0].ID == written.ID, true)
				same(t, "values", found[0].Properties, map[string]string{"seats": "42", "plan": "pro"})
				equal(t, "distinct id", found[0].DistinctID, "7")

				cleared, err := api.UpdateContact(t.Context(), written.ID, ContactChange{
					Fields:     map[ContactField]*string{ContactFirstName: nil, ContactLastName: text("Doe")},
					Properties: map[string]*string{"plan": nil},
				})
				succeeds(t, err)
				equal(t, "first name", cleared.Contact.FirstName, "")
				equal(t, "last name", cleared.Contact.LastName, "Doe")
				same(t, "values", cleared.Contact.Properties, map[string]string{"seats": "42"})

				_, err = api.UpdateContact(t.Context(), written.ID, ContactChange{
					Properties: map[string]*string{"nowhere": text("x")},
				})
				fails(t, err, BadRequest)
				gone, _, err := api.DeleteContact(t.Context(), written.ID, time.Time{})
				succeeds(t, err)
				equal(t, "gone", gone, false)
				_, err = api.FindContact(t.Context(), written.ID)
				fails(t, err, NotFound)
				equal(t, "contacts that are left", len(api.mock.Contacts()), 1)
			})
		})
	}
}

// A third of the POSTs end in an outcome that nobody knows: no contact is made twice.
func TestPublished_createsOverAFaultyAPI(t *testing.T) {
	for name, n := range map[string]int{"each by itself": 30, "in batches": 300} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { createOverAFaultyAPI(t, n, n > 30) })
		})
	}
}

func createOverAFaultyAPI(t *testing.T, n int, inBatches bool) {
	t.Helper()
	api := newPublishedAccount(t, tidiomock.Config{Latency: 20 * time.Millisecond})
	if !inBatches {
		api.batches.disable()
	}
	_, _, err := api.ContactsByDistinctID(t.Context(), "x")
	succeeds(t, err)
	for _, do := range []tidiomock.FaultKind{
		tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutAfter, tidiomock.CutBody, tidiomock.TruncatedJSON,
		tidiomock.FailAfter, tidiomock.HTML, tidiomock.FailBefore, tidiomock.CutBefore, tidiomock.Garbage,
	} {
		api.arm(t, tidiomock.Fault{Method: http.MethodPost, Skip: 2, Do: do})
	}
	for i, err := range eachAtOnce(n, func(i int) error {
		distinctID, name := fmt.Sprint(i), "Somebody"
		_, err := api.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{
			ContactDistinctID: &distinctID, ContactFirstName: &name,
		}})
		return err
	}) {
		// A list that grew while it was read proves nothing; then the error says so.
		if err != nil {
			equal(t, fmt.Sprint("outcome of ", i), OutcomeUnknown(err), true)
		}
	}
	seen := map[string]bool{}
	for _, contact := range api.mock.Contacts() {
		if seen[contact.DistinctID] {
			t.Errorf("the distinct id %s is there twice", contact.DistinctID)
		}
		seen[contact.DistinctID] = true
	}
}

// Where no total is sent, the length of the list is learned by reading on.
func TestPublished_whatContactsCost(t *testing.T) {
	for _, test := range []struct{ contacts, account, most int }{
		{5, 2000, 6}, {1000, 2000, 50}, {1, 2000, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			api := newPublishedAccount(t, tidiomock.Config{})
			api.addContacts(test.account)
			for _, err := range eachAtOnce(test.contacts, func(i int) error {
				_, err := api.FindContact(t.Context(), contactID(i*test.account/test.contacts))
				return err
			}) {
				succeeds(t, err)
			}
			if sent := len(api.sent()); sent > test.most {
				t.Errorf("%d of %d contacts cost %d requests, at most %d are allowed", test.contacts, test.account, sent, test.most)
			}
		})
	}
}

func TestPublished_propertiesOverTheMock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		api.addProperties(1000)
		list, err := api.ListProperties(t.Context())
		succeeds(t, err)
		equal(t, "properties", len(list.Items), 1000)
		for _, p := range list.Items {
			_, err := api.FindProperty(t.Context(), p.ID)
			succeeds(t, err)
		}
		equal(t, "requests", len(api.sent()), 10)
	})
}

// A plan without the API is found out by one request, however many objects there are.
func TestPublished_noAccessOverTheMock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		api.mock.Arm(tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusForbidden, Times: -1})
		for _, err := range eachAtOnce(100, func(i int) error {
			_, err := api.FindContact(t.Context(), contactID(i))
			return err
		}) {
			fails(t, err, Forbidden)
		}
		equal(t, "requests", len(api.sent()), 1)
	})
}
