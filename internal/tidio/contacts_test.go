package tidio

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	oneContact = `{"id":"c1","name":"Jane","email":"jane@example.com","phone":null,"properties":{"tier":"gold"}}`
	contactsOK = `{"data":[` + oneContact + `],"meta":{"total":1,"page":1}}`
)

func rename(to string) ContactChange {
	return ContactChange{Fields: map[ContactField]*string{ContactName: &to}}
}

func TestDeleteContact(t *testing.T) {
	for name, test := range map[string]struct {
		bodies map[string]string
		gone   bool
		fails  bool
		kind   Kind
		sent   []string
	}{
		"there": {
			bodies: map[string]string{"DELETE contacts/c1": ""},
			sent:   []string{"DELETE contacts/c1"},
		},
		"not there": {
			bodies: map[string]string{"GET contacts": contactsOK}, gone: true,
			sent: []string{"DELETE contacts/c1", "GET contacts"},
		},
		"at a wrong address": {
			fails: true, kind: NotTheAPI,
			sent: []string{"DELETE contacts/c1", "GET contacts"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(test.bodies))
			gone, err := client.DeleteContact(t.Context(), "c1")
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

// What a change is answered with is believed only if it tells what became of all that was sent.
func TestUpdateContactIsReadBackUnlessTheReplySaysItAll(t *testing.T) {
	const patch, get = "PATCH contacts/c1", "GET contacts/c1"
	change := rename("Jane")
	change.Properties = map[string]*Value{"tier": {Text: "gold"}}
	for name, test := range map[string]struct {
		reply string
		sent  []string
	}{
		"all of it":          {oneContact, []string{patch}},
		"the id":             {`{"id":"c1"}`, []string{patch, get}},
		"without properties": {`{"id":"c1","name":"Jane"}`, []string{patch, get}},
		"without the name":   {`{"id":"c1","properties":{"tier":"gold"}}`, []string{patch, get}},
		"nothing":            {"", []string{patch, get}},
		"no JSON":            {"OK", []string{patch, get}},
		"another contact":    {strings.Replace(oneContact, "c1", "c2", 1), []string{patch, get}},
		"another's wrapped":  {`{"data":` + strings.Replace(oneContact, "c1", "c2", 1) + `}`, []string{patch, get}},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(map[string]string{patch: test.reply, get: oneContact}))
			written, err := client.UpdateContact(t.Context(), "c1", change)
			succeeds(t, err)
			equal(t, "id", written.ID, "c1")
			equal(t, "name", written.Name, "Jane")
			equal(t, "value", written.Properties["tier"].Text, "gold")
			equal(t, "unconfirmed", written.Unconfirmed, nil)
			same(t, "requests", api.sent(), test.sent)
		})
	}
}

func TestUpdateContactThatCannotBeReadBack(t *testing.T) {
	client, _ := newFake(t, func(req *http.Request) *http.Response {
		if req.Method == http.MethodPatch {
			return response(http.StatusOK, `{"id":"c1"}`)
		}
		return response(http.StatusServiceUnavailable, "")
	})
	written, err := client.UpdateContact(t.Context(), "c1", rename("Jane"))
	succeeds(t, err)
	equal(t, "id", written.ID, "c1")
	fails(t, written.Unconfirmed, Unavailable)
}

// Nobody has an empty address: it must not find those who have none.
func TestContactsByEmail(t *testing.T) {
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
			failed := failure(t, err, Unreadable)
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
			equal(t, "value", contact.Properties[name].Text, want)
		}
	})
}

// The first attempt has landed, and what is said of the second is no reason to think it has not.
func TestUpdateThatLandsAndIsThenRefused(t *testing.T) {
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
				equal(t, "may have landed", failed.MaybeLanded, true)
				found, err := api.FindContact(t.Context(), "c1")
				equal(t, "name", found.Name, map[bool]string{true: "New"}[err == nil])
			})
		})
	}
}
