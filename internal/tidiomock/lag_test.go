package tidiomock_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestReadLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lag = 5 * time.Second
		m := tidiomock.New(tidiomock.Config{ReadLag: lag})
		m.AddContact(tidiomock.Contact{ID: "old", Phone: "1"})
		m.AddContact(tidiomock.Contact{ID: "doomed"})
		m.AddTicket(tidiomock.Ticket{ID: 1, Status: "open"})
		ask := func(method, path, body string) answer {
			return direct(m, publishedRequest(t, method, path, body))
		}
		askV1 := func(method, path, body string) answer {
			return direct(m, v1Request(t, method, "/v1"+path, body))
		}
		created := ask("POST", "/contacts", `{"distinct_id":"1","phone":"5"}`).field(t, "id").(string)
		ask("PATCH", "/contacts/old", `{"phone":"2"}`).wants(t, 204)
		ask("DELETE", "/contacts/doomed", "").wants(t, 204)
		ask("PATCH", "/tickets/1", `{"status":"solved"}`).wants(t, 204)
		askV1("POST", "/properties", `{"name":"plan","type":"text"}`).wants(t, 201)

		look := func(phone, status string, properties int, contacts ...string) {
			t.Helper()
			for _, ask := range []func(string, string, string) answer{ask, askV1} {
				if got := ask("GET", "/contacts/old", "").field(t, "phone"); got != phone {
					t.Errorf("phone %v, want %s", got, phone)
				}
				list := ask("GET", "/contacts", "").body
				for _, id := range []string{"old", "doomed", created} {
					want := slices.Contains(contacts, id)
					if got := ask("GET", "/contacts/"+id, ""); (got.status == 200) != want {
						t.Errorf("%s: %d", id, got.status)
					}
					if got := strings.Contains(list, `"id":"`+id+`"`); got != want {
						t.Errorf("%s is in the list: %t, want %t", id, got, want)
					}
				}
			}
			if got := ask("GET", "/tickets/1", "").field(t, "status"); got != status {
				t.Errorf("ticket: %v, want %s", got, status)
			}
			for _, list := range []string{askV1("GET", "/properties", "").body, ask("GET", "/contact-properties", "").body} {
				if got := strings.Count(list, `"name"`); got != properties {
					t.Errorf("%d properties, want %d", got, properties)
				}
			}
		}
		look("1", "open", 0, "old", "doomed")
		sleep(3 * time.Second)
		ask("PATCH", "/contacts/old", `{"phone":"3"}`).wants(t, 204) // the lag is each write's own
		ask("DELETE", "/contacts/doomed", "").wants(t, 404)          // writes have none
		ask("PATCH", "/contacts/"+created, `{"phone":"6"}`).wants(t, 204)
		sleep(lag - 3*time.Second - time.Nanosecond)
		look("1", "open", 0, "old", "doomed")
		sleep(time.Nanosecond)
		look("2", "solved", 1, "old", created)
		sleep(3 * time.Second)
		look("3", "solved", 1, "old", created)

		m.ChangeContact("old", func(c *tidiomock.Contact) { c.Phone = "4" }) // the panel has no lag
		m.AddContact(tidiomock.Contact{ID: "doomed"})
		m.DeleteContact(created)
		look("4", "solved", 1, "old", "doomed")

		ask("PATCH", "/contacts/old", `{"phone":"7"}`).wants(t, 204)
		look("4", "solved", 1, "old", "doomed")
		m.SetReadLag(lag)
		look("7", "solved", 1, "old", "doomed")
		ask("PATCH", "/contacts/old", `{"phone":"8"}`).wants(t, 204)
		look("7", "solved", 1, "old", "doomed") // the lag is still there
		m.SetReadLag(0)
		ask("PATCH", "/contacts/old", `{"phone":"9"}`).wants(t, 204)
		look("9", "solved", 1, "old", "doomed")
		m.SetReadLag(lag)
		ask("PATCH", "/contacts/old", `{"phone":"10"}`).wants(t, 204)
		m.MergeContacts("doomed", "old")
		if list := ask("GET", "/contacts", "").body; strings.Contains(list, "doomed") || strings.Contains(list, `"10"`) {
			t.Errorf("after the merge: %s", list)
		}
		if got := ask("GET", "/contacts/doomed", ""); got.field(t, "id") != "old" {
			t.Errorf("after the merge: %s", got.body)
		}
	})
}

func TestMergeContacts(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for _, id := range []string{"a", "b", "c"} {
		s.AddContact(tidiomock.Contact{ID: id, Phone: id})
		s.AddConversation(tidiomock.Conversation{ID: id, ContactID: id})
		s.AddMessages(id, tidiomock.Message{ID: "said by " + id})
	}
	s.MergeContacts("a", "b")
	s.MergeContacts("b", "c")
	for _, got := range []answer{s.get(t, "/contacts/a"), s.ask(t, "GET", "/contacts/a", "")} {
		if got.field(t, "id") != "c" || got.field(t, "phone") != "c" {
			t.Errorf("%s", got.body)
		}
	}
	s.ask(t, "PATCH", "/contacts/a", `{"phone":"1"}`).wants(t, 204)
	s.do(t, "PATCH", "/contacts/b", `{"email":"jane@example.com"}`).wants(t, 200)
	if all := s.Contacts(); len(all) != 1 || all[0].ID != "c" || all[0].Phone != "1" || all[0].Email != "jane@example.com" {
		t.Errorf("%+v", all)
	}
	if got := s.ask(t, "GET", "/contacts/b/messages", "").body; strings.Count(got, "said by") != 3 {
		t.Errorf("messages of all: %s", got)
	}
	s.ask(t, "DELETE", "/contacts/a", "").wants(t, 204)
	s.ask(t, "GET", "/contacts/c", "").refused(t, 404, "not_found")
	s.AddContact(tidiomock.Contact{ID: "a", Phone: "new"})
	if got := s.ask(t, "GET", "/contacts/a", "").field(t, "phone"); got != "new" {
		t.Errorf("phone %v", got)
	}
}
