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

func TestSeed(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Seed()
	types := map[string]bool{}
	for _, p := range s.Properties() {
		types[p.Type] = true
	}
	if len(types) != 5 {
		t.Errorf("types %v", types)
	}
	for path, want := range map[string]int{
		"/properties": 10, "/contacts": 12, "/operators": 6, "/conversations": 6,
	} {
		ids, _ := s.ids(t, path) // and the contract allows what they are
		if len(ids) != want {
			t.Errorf("GET %s: %d, want %d", path, len(ids), want)
		}
	}
	again := tidiomock.New(tidiomock.Config{})
	again.Seed()
	if direct(again, newRequest(t, "GET", "/v1/contacts", "")).Body.String() !=
		s.get(t, "/contacts").body {
		t.Error("the next account is another")
	}
}

// What people wrote into the account is what the API would have let them write.
func TestSeedFits(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Seed()
	for _, c := range s.Contacts() {
		checkTimes(t, c.CreatedAt)
		sent := map[string]any{"properties": c.Properties}
		for field, value := range map[string]string{
			"name": c.Name, "email": c.Email, "phone": c.Phone,
		} {
			if value != "" {
				sent[field] = value
			}
		}
		if c.Properties == nil {
			delete(sent, "properties")
		}
		body, err := json.Marshal(sent)
		if err != nil {
			t.Fatal(err)
		}
		s.do(t, "PATCH", "/contacts/"+c.ID, string(body)).wants(t, 200)
	}
}

// Those who talk are there, in the order of time, and nobody can be reached.
func TestSeedIsConsistent(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.Seed()
	people, _ := s.ids(t, "/contacts")
	operators, _ := s.ids(t, "/operators")
	people = append(people, operators...)

	conversations := page[struct {
		ID         string
		ContactID  string `json:"contact_id"`
		OperatorID string `json:"operator_id"`
		CreatedAt  string `json:"created_at"`
		UpdatedAt  string `json:"updated_at"`
	}](t, s, "/conversations")
	for _, c := range conversations {
		if !slices.Contains(people, c.ContactID) ||
			c.OperatorID != "" && !slices.Contains(people, c.OperatorID) {
			t.Errorf("%+v names somebody else", c)
		}
		var times []string
		for _, msg := range page[struct {
			AuthorType string `json:"author_type"`
			AuthorID   string `json:"author_id"`
			CreatedAt  string `json:"created_at"`
		}](t, s, "/conversations/"+c.ID+"/messages") {
			if msg.AuthorType != "bot" && !slices.Contains(people, msg.AuthorID) {
				t.Errorf("%+v names somebody else", msg)
			}
			times = append(times, msg.CreatedAt)
		}
		checkTimes(t, times...)
		if times[0] != c.CreatedAt || times[len(times)-1] != c.UpdatedAt {
			t.Errorf("%+v, with messages at %v", c, times)
		}
	}

	withEmail := 0
	for _, o := range page[struct{ Email string }](t, s, "/operators") {
		if o.Email != "" {
			withEmail++
			checkInvented(t, o.Email)
		}
	}
	if withEmail != len(operators)-1 {
		t.Errorf("%d of %d operators have an e-mail address", withEmail, len(operators))
	}
	for _, c := range s.Contacts() {
		if c.Email != "" {
			checkInvented(t, c.Email)
		}
	}
}

// page returns the items of a list's first page.
func page[T any](t *testing.T, s *server, path string) []T {
	t.Helper()
	var all struct{ Data []T }
	if err := json.Unmarshal([]byte(s.get(t, path).body), &all); err != nil {
		t.Fatal(err)
	}
	return all.Data
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
