package tidiomock_test

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// items are those of a page, whatever API it comes from.
func items(t *testing.T, a answer, key string) (all []map[string]any) {
	t.Helper()
	a.wants(t, 200)
	for _, item := range a.field(t, key).([]any) {
		all = append(all, item.(map[string]any))
	}
	return all
}

// Every list of both APIs has something to show, as the contract allows, and it is always the same.
func TestSeed(t *testing.T) {
	s, again := start(t, tidiomock.Config{}), start(t, tidiomock.Config{})
	s.Seed()
	again.Seed()
	for path, want := range map[string]int{
		"/properties": 10, "/contacts": 12, "/operators": 6, "/conversations": 6,
	} {
		got := s.get(t, path)
		again.get(t, path).wants(t, 200, got.body)
		if n := len(items(t, got, "data")); n != want {
			t.Errorf("GET /v1%s: %d, want %d", path, n, want)
		}
	}
	for key, want := range map[string]int{"properties": 13, "contacts": 12, "operators": 6, "departments": 3, "tickets": 2} {
		path := "/" + strings.Replace(key, "properties", "contact-properties", 1)
		got := s.ask(t, "GET", path, "")
		again.ask(t, "GET", path, "").wants(t, 200, got.body)
		if n := len(items(t, got, key)); n != want {
			t.Errorf("GET %s: %d, want %d", path, n, want)
		}
	}
	if got := s.get(t, "/contacts").body; !strings.Contains(got, `"monthly_revenue":4980.00,`) {
		t.Errorf("numbers are not as they are written: %s", got)
	}
	types := map[string]bool{}
	for _, p := range s.Properties() {
		types[p.Type] = true
	}
	if len(types) != 5 {
		t.Errorf("types %v", types)
	}
}

// What people wrote into the account is what the API would have let them write, and nobody can be reached.
func TestSeed_contacts(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Seed()
	var ids []string
	for _, c := range s.Contacts() {
		checkTimes(t, c.CreatedAt)
		if c.Email != "" {
			checkInvented(t, c.Email)
		}
		sent := map[string]any{"properties": c.Properties, "name": c.Name, "email": c.Email, "phone": c.Phone}
		for field, value := range sent {
			if value == "" || field == "properties" && c.Properties == nil {
				delete(sent, field)
			}
		}
		body, err := json.Marshal(sent)
		if err != nil {
			t.Fatal(err)
		}
		s.do(t, "PATCH", "/contacts/"+c.ID, string(body)).wants(t, 200)
		if c.Name != strings.TrimSpace(c.FirstName+" "+c.LastName) ||
			(c.DistinctID != "") != (c.Name != "" && c.Email != "") || c.DistinctID != "" && slices.Contains(ids, c.DistinctID) {
			t.Errorf("%+v", c)
		}
		ids = append(ids, c.DistinctID)
	}
}

// Those who talk are there, in the order of time.
func TestSeed_isConsistent(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Seed()
	people := []any{nil}
	for _, c := range s.Contacts() {
		people = append(people, c.ID)
	}
	operators := items(t, s.get(t, "/operators"), "data")
	withEmail := 0
	for _, o := range operators {
		people = append(people, o["id"])
		if email, ok := o["email"].(string); ok {
			withEmail++
			checkInvented(t, email)
		}
	}
	if withEmail != len(operators)-1 {
		t.Errorf("%d of %d operators have an e-mail address", withEmail, len(operators))
	}
	for _, c := range items(t, s.get(t, "/conversations"), "data") {
		if !slices.Contains(people, c["contact_id"]) || !slices.Contains(people, c["operator_id"]) {
			t.Errorf("%v names somebody else", c)
		}
		var times []string
		for _, msg := range items(t, s.get(t, "/conversations/"+c["id"].(string)+"/messages"), "data") {
			if !slices.Contains(people, msg["author_id"]) || (msg["author_type"] == "bot") != (msg["author_id"] == nil) {
				t.Errorf("%v names somebody else", msg)
			}
			times = append(times, msg["created_at"].(string))
		}
		checkTimes(t, times...)
		if times[0] != c["created_at"] || times[len(times)-1] != c["updated_at"] {
			t.Errorf("%v, with messages at %v", c, times)
		}
	}
	for _, ticket := range s.Tickets() {
		contact, ok := s.Contact(ticket.ContactID)
		if !ok || contact.Email != ticket.ContactEmail || ticket.OperatorID != "" && !slices.Contains(people, any(ticket.OperatorID)) {
			t.Errorf("%+v names somebody else", ticket)
		}
		for _, msg := range ticket.Messages {
			checkTimes(t, msg.CreatedAt)
			if !slices.Contains(people, any(msg.AuthorID)) || len(msg.ID) != 26 {
				t.Errorf("%+v", msg)
			}
		}
	}
}

func checkTimes(t *testing.T, times ...string) {
	t.Helper()
	if !slices.IsSorted(times) {
		t.Errorf("out of order: %v", times)
	}
	for _, at := range times {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			t.Error(err)
		}
	}
}

func checkInvented(t *testing.T, address string) {
	t.Helper()
	_, err := mail.ParseAddress(address)
	if err != nil || !strings.HasSuffix(address, "example.com") {
		t.Errorf("%s: %v", address, err)
	}
}
