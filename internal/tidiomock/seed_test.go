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
		"/v1/properties": 10, "/v1/contacts": 12, "/v1/operators": 6, "/v1/conversations": 6,
		"/contact-properties": 13, "/contacts": 12, "/operators": 6, "/departments": 3, "/tickets": 2,
	} {
		key := strings.TrimPrefix(strings.TrimPrefix(path, "/"), "contact-")
		if strings.HasPrefix(path, "/v1/") {
			key = "data"
		}
		got := s.read(t, path)
		again.read(t, path).wants(t, 200, got.body)
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
	people := []any{nil, ""}
	for _, c := range s.Contacts() {
		people = append(people, c.ID)
	}
	for _, o := range items(t, s.get(t, "/operators"), "data") {
		people = append(people, o["id"])
		if email, ok := o["email"].(string); ok {
			checkInvented(t, email)
		}
	}
	known := func(ids ...any) {
		t.Helper()
		for _, id := range ids {
			if !slices.Contains(people, id) {
				t.Errorf("there is no %v", id)
			}
		}
	}
	for _, c := range s.Conversations() {
		known(c.ContactID, c.OperatorID)
		var times []string
		for _, msg := range items(t, s.get(t, "/conversations/"+c.ID+"/messages"), "data") {
			known(msg["author_id"])
			times = append(times, msg["created_at"].(string))
		}
		checkTimes(t, times...)
		if times[0] != c.CreatedAt || times[len(times)-1] != c.UpdatedAt {
			t.Errorf("%+v, with messages at %v", c, times)
		}
	}
	for _, ticket := range s.Tickets() {
		known(ticket.ContactID, ticket.OperatorID)
		if contact, _ := s.Contact(ticket.ContactID); contact.Email != ticket.ContactEmail {
			t.Errorf("%+v is by %s", ticket, contact.Email)
		}
		for _, msg := range ticket.Messages {
			checkTimes(t, msg.CreatedAt)
			known(msg.AuthorID)
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
