package tidio

import (
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const id = "a/b ü" // as awkward as an opaque id may be
		api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
		api.mock.AddConversation(tidiomock.Conversation{ID: id})
		said := []Message{
			{ID: "3", AuthorType: "contact", AuthorID: "c1", Content: "Hello\n🙂", CreatedAt: "2026-01-01T00:00Z"},
			{ID: "1", Content: "null", CreatedAt: "2026-01-01T00:00:00Z"},
			{ID: "2", AuthorType: "bot", CreatedAt: "2026-01-01T00:00:01Z"},
		}
		for _, message := range said {
			api.mock.AddMessages(id, tidiomock.Message{
				ID: message.ID, AuthorType: message.AuthorType, AuthorID: message.AuthorID, Content: message.Content,
				CreatedAt: message.CreatedAt,
			})
		}
		messages, complete, err := api.ListMessages(t.Context(), id)
		succeeds(t, err)
		equal(t, "complete", complete, true)
		same(t, "messages", messages, said)
		const path = "conversations/a%2Fb%20%C3%BC/messages"
		same(t, "requests", api.sent(), []string{"GET " + path, "GET " + path + "?page=2"})
	})
}

// What a 404 on the messages means depends on whether the conversation is there.
func TestMessagesThatAreNotThere(t *testing.T) {
	const messages, single, all = "GET conversations/x/messages", "GET conversations/x", "GET conversations"
	for name, test := range map[string]struct {
		bodies map[string]string
		kind   Kind
		path   string // which the error names
		sent   []string
	}{
		"no such conversation": {
			map[string]string{all: `{"data":[]}`}, NotFound, "conversations/x", []string{messages, single, all},
		},
		"no conversations at all": {nil, WrongEndpoint, "conversations", []string{messages, single, all}},
		"a conversation without the list": {
			map[string]string{single: `{"id":"x"}`}, WrongEndpoint, "conversations/x/messages", []string{messages, single},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(test.bodies))
			_, complete, err := client.ListMessages(t.Context(), "x")
			equal(t, "path", failure(t, err, test.kind).Path, test.path)
			equal(t, "complete", complete, false)
			same(t, "requests", api.sent(), test.sent)
		})
	}
}

func TestMessagesNeedAConversation(t *testing.T) {
	for _, id := range []string{"", ".", ".."} {
		client, api := newFake(t, byRequest(map[string]string{"GET conversations": `{"data":[]}`}))
		_, _, err := client.ListMessages(t.Context(), id)
		failed := failure(t, err, NotFound)
		equal(t, "status", failed.Status, 0)
		same(t, "requests", len(api.sent()), 0)
	}
}

func TestMessagesStayOutOfErrors(t *testing.T) {
	for name, body := range map[string]string{
		"content is an object": `{"data":[{"id":"1","content":{"text":"secret"}}]}`,
		"no id":                `{"data":[{"content":"secret"}]}`,
		"cut":                  `{"data":[{"id":"1","content":"secret`,
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newFake(t, always(200, body))
			_, _, err := client.ListMessages(t.Context(), "x")
			hides(t, "the error", failure(t, err, BadResponse), "secret")
		})
	}
}
