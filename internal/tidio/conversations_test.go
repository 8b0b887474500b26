package tidio

import (
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestConversations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
		full := Conversation{
			ID: "z", Status: "open", Subject: "Cake", ContactID: "c1", OperatorID: "o1",
			CreatedAt: "2026-01-01T00:00:00Z", UpdatedAt: "2026-01-02T00:00:00+02:00",
		}
		api.mock.AddConversation(tidiomock.Conversation(full))
		api.mock.AddConversation(tidiomock.Conversation{ID: "a", CreatedAt: "yesterday"})
		api.mock.AddConversation(tidiomock.Conversation{ID: "b", CreatedAt: "today"})

		one, err := api.GetConversation(t.Context(), "z")
		succeeds(t, err)
		same(t, "conversation", one, full)

		var pages [][]Conversation
		var ends []bool
		complete, err := api.EachConversation(t.Context(), func(page []Conversation, last bool) bool {
			pages, ends = append(pages, page), append(ends, last)
			return true
		})
		succeeds(t, err)
		equal(t, "complete", complete, true)
		same(t, "last", ends, []bool{false, true})
		same(t, "pages", pages, [][]Conversation{
			{full, {ID: "a", CreatedAt: "yesterday", UpdatedAt: "yesterday"}},
			{{ID: "b", CreatedAt: "today", UpdatedAt: "today"}},
		})
		const single, all = "GET conversations/z", "GET conversations"
		same(t, "requests", api.sent(), []string{single, all, all + "?page=2"})
	})
}

func TestConversationsAreReadAsFarAsAskedFor(t *testing.T) {
	client, api := newFake(t, always(200, pageOf("a b", `{"page":1}`)))
	_, err := client.EachConversation(t.Context(), func(_ []Conversation, last bool) bool {
		equal(t, "last", last, false) // without a total nobody knows
		return false
	})
	succeeds(t, err)
	same(t, "requests", api.sent(), []string{"GET conversations"})
}

func TestConversationsWithLittle(t *testing.T) {
	client, _ := newFake(t, always(200, `{"data":{"id":"x","status":null,"contact_id":17}}`))
	got, err := client.GetConversation(t.Context(), "x")
	succeeds(t, err)
	same(t, "conversation", got, Conversation{ID: "x", ContactID: "17"})
}
