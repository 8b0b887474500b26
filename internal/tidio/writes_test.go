package tidio

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestConversationWrites_overTheMock(t *testing.T) {
	for name, replies := range map[string]tidiomock.Replies{
		"full": {}, "wrapped": {WrapSingle: true}, "the id alone": {Write: tidiomock.IDOnly},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{Replies: replies}, nil)
				contact := api.mock.AddContact(tidiomock.Contact{Name: "Jane"}).ID
				api.mock.AddOperator(tidiomock.Operator{ID: "op"})
				id, err := api.CreateConversation(t.Context(), ConversationChange{ContactID: &contact, Subject: new("Hi")})
				succeeds(t, err)
				succeeds(t, api.UpdateConversation(t.Context(), id, ConversationChange{Status: new("solved"), OperatorID: new("op")}))
				now := api.mock.Conversations()[0]
				now.CreatedAt, now.UpdatedAt = "", ""
				same(t, "conversation", now, tidiomock.Conversation{ID: id, ContactID: contact, Subject: "Hi", Status: "solved", OperatorID: "op"})

				err = api.UpdateConversation(t.Context(), "none", ConversationChange{Status: new("open")})
				equal(t, "gone", IsNotFound(err), true)
				same(t, "requests", api.sent(), []string{
					"POST conversations", "PATCH conversations/" + id, "PATCH conversations/none",
				})
				_, err = api.CreateTicket(t.Context(), NewTicket{})
				equal(t, "kind", AsError(err).Kind, Unsupported)
				equal(t, "kind", AsError(api.UpdateTicket(t.Context(), "1", TicketChange{})).Kind, Unsupported)
				_, err = api.ReplyToTicket(t.Context(), "1", TicketReply{})
				equal(t, "kind", AsError(err).Kind, Unsupported)
			})
		})
	}
}

func TestTicketWrites_overTheMock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newPublishedAccount(t, tidiomock.Config{})
		api.mock.AddOperator(tidiomock.Operator{ID: "op"})
		api.mock.AddDepartment(tidiomock.Department{ID: "dep", Name: "Sales"})
		_, _, err := api.ListContacts(t.Context())
		succeeds(t, err)
		id, err := api.CreateTicket(t.Context(), NewTicket{
			ContactEmail: "jane@example.com", Subject: "Cake", Message: "Where is it?", DepartmentID: "dep", TagIDs: []int64{1, 2},
		})
		succeeds(t, err)
		contacts, _, err := api.ListContacts(t.Context())
		succeeds(t, err)
		equal(t, "contacts, after one was made for the ticket", len(contacts), 1)

		tickets := func() tidiomock.Ticket { return api.mock.Tickets()[0] }
		same(t, "tags", tickets().TagIDs, []int{1, 2})
		equal(t, "department", tickets().DepartmentID, "dep")
		succeeds(t, api.UpdateTicket(t.Context(), id, TicketChange{Priority: new("urgent"), OperatorID: new("op")}))
		equal(t, "operator", tickets().OperatorID, "op")
		same(t, "tags stay", tickets().TagIDs, []int{1, 2})
		succeeds(t, api.UpdateTicket(t.Context(), id, TicketChange{
			Status: new("solved"), DepartmentID: new("dep"), TagIDs: []int64{},
		}))
		now := tickets()
		equal(t, "operator", now.OperatorID, "")
		equal(t, "status and priority", now.Status+now.Priority, "solvedurgent")
		equal(t, "tags", len(now.TagIDs), 0)

		said, err := api.ReplyToTicket(t.Context(), id, TicketReply{OperatorID: "op", Type: "internal", Content: "Look into it"})
		succeeds(t, err)
		last := tickets().Messages[1]
		last.CreatedAt = ""
		same(t, "reply", last, tidiomock.TicketMessage{
			ID: said, AuthorType: "operator", AuthorID: "op", Type: "internal", Content: "Look into it",
		})
		_, err = api.ReplyToTicket(t.Context(), "77", TicketReply{OperatorID: "op", Type: "public", Content: "Hi"})
		equal(t, "gone", IsNotFound(err), true)
		_, err = api.CreateConversation(t.Context(), ConversationChange{})
		equal(t, "kind", AsError(err).Kind, Unsupported)
		equal(t, "kind", AsError(api.UpdateConversation(t.Context(), "1", ConversationChange{})).Kind, Unsupported)
	})
}

// A POST that may have landed is told and never sent again; a change is, for it can be.
func TestWrites_unknownOutcome(t *testing.T) {
	for name, answer := range map[string]func(*http.Request) *http.Response{
		"server error": always(503, ""), "no id": always(201, `{}`), "no body": always(201, ""), "a page": always(200, "<html>"),
		"an error after all": always(200, `{"errors":[{"message":"no"}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, api := newFake(t, answer)
				_, err := client.CreateConversation(t.Context(), ConversationChange{ContactID: new("c")})
				equal(t, "unknown", OutcomeUnknown(err), true)
				equal(t, "requests", len(api.sent()), 1)
			})
		})
	}
	client, _ := newFake(t, always(200, `{"id":"other"}`))
	err := client.UpdateConversation(t.Context(), "c", ConversationChange{Status: new("open")})
	equal(t, "kind", AsError(err).Kind, OtherObject)
	equal(t, "unknown", OutcomeUnknown(err), true)
	_, err = client.CreateConversation(t.Context(), ConversationChange{})
	succeeds(t, err)
}

func TestEncodeConversation(t *testing.T) {
	for want, in := range map[string]ConversationChange{
		`{}`:                                   {},
		`{"contact_id":"c","operator_id":"o"}`: {ContactID: new("c"), OperatorID: new("o")},
		`{"subject":"s","status":"open"}`:      {Subject: new("s"), Status: new("open")},
	} {
		encoded, err := json.Marshal(encodeConversationV1(in))
		succeeds(t, err)
		equal(t, "body", string(encoded), want)
	}
}
