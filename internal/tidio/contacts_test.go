package tidio

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	oneContact = `{"id":"c1","name":"Jane","email":"jane@example.com","phone":null,"properties":{"tier":"gold"}}`
	contactsOK = `{"data":[` + oneContact + `],"meta":{"total":1,"page":1}}`
)

func rename(to string) ContactChange {
	return ContactChange{Fields: map[ContactField]*string{ContactName: &to}}
}

func TestDeleteContact_looksAtTheIDFirst(t *testing.T) {
	const get, remove = "GET contacts/c1", "DELETE contacts/c1"
	for name, test := range map[string]struct {
		bodies map[string]string
		gone   bool
		fails  bool
		kind   Kind
		sent   []string
	}{
		"there": {
			bodies: map[string]string{get: oneContact, remove: ""},
			sent:   []string{get, remove},
		},
		"not there": {
			bodies: map[string]string{"GET contacts": contactsOK}, gone: true,
			sent: []string{get, "GET contacts"},
		},
		"gone in between": {
			bodies: map[string]string{get: oneContact}, gone: true,
			sent: []string{get, remove},
		},
		"at a wrong address": {
			fails: true, kind: WrongEndpoint,
			sent: []string{get, "GET contacts"},
		},
		"another contact answers": {
			bodies: map[string]string{get: strings.Replace(oneContact, "c1", "c2", 1), remove: ""},
			fails:  true, kind: OtherObject,
			sent: []string{get},
		},
		"a login page says yes": {
			bodies: map[string]string{get: oneContact, remove: "<html>Log in</html>"},
			fails:  true, kind: BadResponse,
			sent: []string{get, remove},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(test.bodies))
			gone, _, err := client.DeleteContact(t.Context(), "c1", time.Time{})
			if test.fails {
				fails(t, err, test.kind)
			} else {
				succeeds(t, err)
			}
			equal(t, "gone", gone, test.gone)
			same(t, "requests", api.sent(), test.sent)
		})
	}
}

// One request is a change. Only what was cleared is read back, where the reply does not tell.
func TestUpdateContact_readsBackOnlyWhatWasCleared(t *testing.T) {
	const patch, get = "PATCH contacts/c1", "GET contacts/c1"
	set := rename("Jane")
	gold := "gold"
	set.Properties = map[string]*string{"tier": &gold}
	clearing := ContactChange{
		Fields: map[ContactField]*string{ContactPhone: nil}, Properties: map[string]*string{"plan": nil},
	}
	for name, reply := range map[string]string{
		"all of it":          oneContact,
		"the id":             `{"id":"c1"}`,
		"without properties": `{"id":"c1","name":"Jane","phone":null}`,
		"without the fields": `{"id":"c1","properties":{"tier":"gold"}}`,
		"nothing":            "",
	} {
		t.Run(name, func(t *testing.T) {
			whole := name == "all of it"
			client, api := newFake(t, byRequest(map[string]string{patch: reply, get: oneContact}))
			written, err := client.UpdateContact(t.Context(), "c1", set)
			succeeds(t, err)
			equal(t, "id", written.ID, "c1")
			equal(t, "it is known how it is now", written.Contact != nil, whole)
			same(t, "requests of a set", api.sent(), []string{patch})

			client, api = newFake(t, byRequest(map[string]string{patch: reply, get: oneContact}))
			written, err = client.UpdateContact(t.Context(), "c1", clearing)
			succeeds(t, err)
			equal(t, "name", written.Contact.Name, "Jane")
			want := []string{patch, get}
			if whole {
				want = want[:1]
			}
			same(t, "requests of a clearing", api.sent(), want)
		})
	}
}

// A write that another contact or another program answered is no success.
func TestUpdateContact_answeredBySomethingElse(t *testing.T) {
	other := strings.Replace(oneContact, "c1", "c2", 1)
	for name, test := range map[string]struct {
		reply string
		kind  Kind
	}{
		"another contact":          {other, OtherObject},
		"another contact, wrapped": {`{"data":` + other + `}`, OtherObject},
		"another one's id":         {`{"id":"c2"}`, OtherObject},
		"a page":                   {"<html>Log in</html>", BadResponse},
		"text":                     {"OK", BadResponse},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(map[string]string{"PATCH contacts/c1": test.reply}))
			_, err := client.UpdateContact(t.Context(), "c1", rename("Jane"))
			failed := failure(t, err, test.kind)
			if test.kind == OtherObject {
				equal(t, "the other id", failed.OtherID, "c2")
			}
			equal(t, "outcome unknown", failed.OutcomeUnknown, true)
			same(t, "requests", api.sent(), []string{"PATCH contacts/c1"})
		})
	}
}

func TestUpdateContact_whoseClearingCannotBeReadBack(t *testing.T) {
	client, _ := newFake(t, func(req *http.Request) *http.Response {
		if req.Method == http.MethodPatch {
			return response(http.StatusOK, `{"id":"c1"}`)
		}
		return response(http.StatusServiceUnavailable, "")
	})
	written, err := client.UpdateContact(t.Context(), "c1", ContactChange{Fields: map[ContactField]*string{ContactPhone: nil}})
	succeeds(t, err)
	equal(t, "id", written.ID, "c1")
	fails(t, written.ReadBackErr, ServerError)
}

// Once the API has an id for it, a create has succeeded.
func TestCreateContact_succeedsWithAnID(t *testing.T) {
	for name, reply := range map[string]string{
		"alone":                      `{"id":"c1"}`,
		"wrapped":                    `{"data":{"id":"c1"}}`,
		"a number":                   `{"id":1}`,
		"with properties as a list":  `{"id":"c1","name":"Jane","properties":[]}`,
		"with what cannot be read":   `{"id":"c1","name":{"first":"Jane"}}`,
		"with more than can be read": `{"id":"c1","properties":[1,2]}`,
		"behind a byte order mark":   "\xef\xbb\xbf" + `{"id":"c1"}`,
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(map[string]string{"POST contacts": reply}))
			written, err := client.CreateContact(t.Context(), rename("Jane"))
			succeeds(t, err)
			equal(t, "id", strings.Trim(written.ID, "c"), "1")
			same(t, "requests", api.sent(), []string{"POST contacts"})
		})
	}
}

// A 200 that holds an error says what the API said; whether the contact was created is not known.
func TestCreateContact_answeredByAnErrorInASuccess(t *testing.T) {
	client, _ := newFake(t, byRequest(map[string]string{"POST contacts": `{"message":"Not now."}`}))
	_, err := client.CreateContact(t.Context(), rename("Jane"))
	failed := failure(t, err, BadResponse)
	equal(t, "message", failed.Message, "Not now.")
	equal(t, "outcome unknown", failed.OutcomeUnknown, true)
}

// The types of properties are asked for only where one could be a number, and decide how it is sent.
func TestCreateContact_sendsNumbersAsNumbers(t *testing.T) {
	const list = `{"data":[{"id":"1","name":"seats","type":"number"},{"id":"2","name":"zip","type":"text"}]}`
	for name, test := range map[string]struct {
		values map[string]string
		body   string
		sent   []string
	}{
		"texts alone": {
			map[string]string{"plan": "pro", "zip": "007"}, `{"properties":{"plan":"pro","zip":"007"}}`, []string{"POST contacts"},
		},
		"what may be a number": {
			map[string]string{"seats": "1.50", "zip": "12345"},
			`{"properties":{"seats":1.50,"zip":"12345"}}`,
			[]string{"GET properties", "POST contacts"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(map[string]string{"GET properties": list, "POST contacts": `{"id":"c1"}`}))
			in := ContactChange{Properties: map[string]*string{}}
			for key, value := range test.values {
				in.Properties[key] = &value
			}
			_, err := client.CreateContact(t.Context(), in)
			succeeds(t, err)
			same(t, "requests", api.sent(), test.sent)
			equal(t, "body", api.bodies[len(api.bodies)-1], test.body)
		})
	}
}

// Nobody has an empty address: it must not find those who have none.
func TestContactsByEmail_ignoresCase(t *testing.T) {
	const list = `{"data":[{"id":"a"},{"id":"b","email":""},{"id":"c","email":"Jane@Example.com"}],"meta":{"total":3}}`
	for email, want := range map[string]string{"": "", "jane@example.com": "c", "joan@example.com": ""} {
		client, _ := newFake(t, byRequest(map[string]string{"GET contacts": list}))
		found, complete, err := client.ContactsByEmail(t.Context(), email)
		succeeds(t, err)
		equal(t, "complete", complete, true)
		ids := ""
		for _, c := range found {
			ids += c.ID
		}
		equal(t, "found by "+email, ids, want)
	}
}

// Whatever a server sends is a contact, its texts as encoding/json reads them, or an error that holds
// none of it.
func FuzzContact(f *testing.F) {
	for _, seed := range []string{
		oneContact, `{"data":` + oneContact + `}`, `{"id":"c1"}`, `{"id":"c1","properties":null}`, `{"id":"c1","properties":[]}`,
		`{"id":"c1","name":"J\u00e4ne \ud83d\ude42 \ud800","email":"a\\b\"c","phone":7}`, "{\"id\":\"c1\",\"name\":\"\xff\"}",
		`{"id":"c1","properties":{"a":1e999,"b":true,"c":null,"d":{},"e":[],"f":"","g":"\n","g":"x"}}`, "", "null", "<html>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client, _ := newFake(t, byRequest(map[string]string{"GET contacts/c1": body}))
		contact, err := client.GetContact(t.Context(), "c1")
		if err != nil {
			failed := failure(t, err, AsError(err).Kind)
			equal(t, "kind", failed.Kind == BadResponse || failed.Kind == OtherObject && failed.OtherID != "", true)
			if len(failed.Error()) > 200 {
				t.Errorf("an error of %d bytes: does it hold the content?", len(failed.Error()))
			}
			return
		}
		equal(t, "id", contact.ID, "c1")
		var plain struct {
			ID         any
			Name       string
			Properties map[string]string
		}
		if json.Unmarshal([]byte(body), &plain) != nil || plain.ID == nil { // not all texts, or wrapped
			return
		}
		equal(t, "name", contact.Name, plain.Name)
		for name, want := range plain.Properties {
			equal(t, "value", contact.Properties[name], want)
		}
	})
}

// The first attempt has landed, and what is said of the second is no reason to think it has not.
func TestUpdateContact_landsAndIsThenRefused(t *testing.T) {
	for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusUnauthorized} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				api.addContacts(3)
				_, _, err := api.ContactsByEmail(t.Context(), "nobody@example.com")
				succeeds(t, err)
				api.arm(t,
					tidiomock.Fault{Method: http.MethodPatch, Do: tidiomock.FailAfter, Status: http.StatusBadGateway},
					tidiomock.Fault{Method: http.MethodPatch, Do: tidiomock.FailBefore, Status: status})
				_, err = api.UpdateContact(t.Context(), "c1", rename("New"))
				failed := AsError(err)
				equal(t, "status", failed.Status, status)
				equal(t, "may have landed", failed.OutcomeUnknown, true)
				found, err := api.FindContact(t.Context(), "c1")
				equal(t, "name", found.Name, map[bool]string{true: "New"}[err == nil])
			})
		})
	}
}
