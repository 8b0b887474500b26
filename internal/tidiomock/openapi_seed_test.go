package tidiomock_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What a fault invents, and what the seed has, is what the contract allows.
func TestPublished_inventedAndSeeded(t *testing.T) {
	var broken []error
	m := tidiomock.New(tidiomock.Config{OnViolation: func(err error) { broken = append(broken, err) }})
	m.Seed()
	seeded := m.Contacts()
	for _, path := range []string{
		"/contacts", "/contact-properties", "/operators", "/tickets", "/tickets/101", "/departments", "/project",
		"/contacts/" + seeded[0].ID, "/contacts/" + seeded[0].ID + "/messages",
	} {
		for _, kind := range []tidiomock.FaultKind{tidiomock.InsertBetween, tidiomock.EndlessPages} {
			m.Arm(tidiomock.Fault{Do: kind})
			w := direct(m, publishedRequest(t, "GET", path, ""))
			if w.Code != http.StatusOK || len(m.Unfired()) == 0 && !strings.Contains(w.Body.String(), "ade") {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
			m.Disarm()
		}
	}
	if broken != nil {
		t.Error(broken)
	}
	var ids []string
	for _, c := range seeded {
		if c.Name != strings.TrimSpace(c.FirstName+" "+c.LastName) || (c.DistinctID != "") != (c.Name != "" && c.Email != "") ||
			slices.Contains(ids, c.DistinctID) {
			t.Errorf("%+v", c)
		}
		if c.DistinctID != "" {
			ids = append(ids, c.DistinctID)
		}
	}
	people := map[string]bool{}
	for _, c := range seeded {
		people[c.ID+c.Email] = true
		people[c.ID] = true
	}
	var operators struct{ Operators []struct{ ID string } }
	w := direct(m, publishedRequest(t, "GET", "/operators", ""))
	if err := json.Unmarshal(w.Body.Bytes(), &operators); err != nil {
		t.Fatal(err)
	}
	for _, o := range operators.Operators {
		people[o.ID] = true
	}
	for _, ticket := range m.Tickets()[1:] { // the first one is the fault's
		if !people[ticket.ContactID+ticket.ContactEmail] || ticket.OperatorID != "" && !people[ticket.OperatorID] {
			t.Errorf("%+v names somebody else", ticket)
		}
		for _, msg := range ticket.Messages {
			checkTimes(t, msg.CreatedAt)
			if !people[msg.AuthorID] || len(msg.ID) != 26 {
				t.Errorf("%+v", msg)
			}
		}
	}
}
