package tidiomock_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestConversationWrites(t *testing.T) {
	s := start(t, tidiomock.Config{})
	contact := s.AddContact(tidiomock.Contact{Name: "Jane"}).ID
	s.AddOperator(tidiomock.Operator{ID: "op"})
	s.do(t, "POST", "/conversations", fmt.Sprintf(`{"contact_id":%q,"subject":"Hi","operator_id":"op"}`, contact)).wants(t, 201)
	began := s.Conversations()[0]
	if began.ContactID != contact || began.Subject != "Hi" || began.OperatorID != "op" || began.Status != "open" || began.CreatedAt == "" {
		t.Errorf("began: %+v", began)
	}
	path := "/conversations/" + began.ID
	for sent, want := range map[string]tidiomock.Conversation{
		`{"status":"solved"}`:   {Status: "solved", Subject: "Hi", OperatorID: "op"},
		`{"subject":"Bye"}`:     {Status: "open", Subject: "Bye", OperatorID: "op"},
		`{"operator_id":null}`:  {Status: "open", Subject: "Hi"},
		`{"operator_id":"op"}`:  {Status: "open", Subject: "Hi", OperatorID: "op"},
		`{"operator_id":"nil"}`: {},
	} {
		s.do(t, "PATCH", path, `{"status":"open","subject":"Hi","operator_id":"op"}`).wants(t, 200)
		got := s.do(t, "PATCH", path, sent)
		if want.Status == "" {
			got.wants(t, 400, `{"message":"There is no such operator."}`)
			continue
		}
		got.wants(t, 200)
		now := s.Conversations()[0]
		if now.Status != want.Status || now.Subject != want.Subject || now.OperatorID != want.OperatorID || now.ContactID != contact {
			t.Errorf("after %s: %+v", sent, now)
		}
	}
	s.do(t, "PATCH", "/conversations/none", `{"status":"open"}`).wants(t, 404)
	s.do(t, "POST", "/conversations", `{"contact_id":"none"}`).wants(t, 400, `{"message":"There is no such contact."}`)
	for _, sent := range []string{`{}`, `{"contact_id":""}`, `{"contact_id":"c","status":"closed"}`, `{"contact_id":"c","id":"1"}`} {
		s.do(t, "POST", "/conversations", sent).wants(t, 400)
	}
	for _, sent := range []string{`{}`, `{"contact_id":"c"}`, `{"status":null}`} {
		s.do(t, "PATCH", path, sent).wants(t, 400)
	}
	if got := len(s.takeViolations()); got != 7 {
		t.Errorf("%d violations, want 7", got)
	}
	if len(s.Conversations()) != 1 {
		t.Errorf("the account has %v", s.Conversations())
	}
}
