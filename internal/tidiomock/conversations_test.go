package tidiomock_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestConversations(t *testing.T) {
	const (
		full = `{"id":"1","status":"open","subject":"Invoice","contact_id":"c","operator_id":"o",` +
			`"created_at":"2026-03-02T09:30:12Z","updated_at":"2026-03-02T09:41:37Z"}`
		bare = `{"id":"a/b","status":null,"subject":null,"contact_id":null,"operator_id":null,` +
			`"created_at":"then","updated_at":"then"}`
	)
	for _, test := range []struct {
		name        string
		replies     tidiomock.Replies
		list        string
		first, last string
	}{
		{"full", tidiomock.Replies{}, full + "," + bare, full, bare},
		{
			"wrapped",
			tidiomock.Replies{WrapSingle: true},
			full + "," + bare, `{"data":` + full + `}`, `{"data":` + bare + `}`,
		},
		{
			"required fields",
			tidiomock.Replies{OmitOptional: true},
			`{"id":"1"},{"id":"a/b"}`, `{"id":"1"}`, `{"id":"a/b"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{Replies: test.replies})
			s.AddConversation(tidiomock.Conversation{
				ID: "1", Status: "open", Subject: "Invoice", ContactID: "c", OperatorID: "o",
				CreatedAt: "2026-03-02T09:30:12Z", UpdatedAt: "2026-03-02T09:41:37Z",
			})
			s.AddConversation(tidiomock.Conversation{ID: "a/b", CreatedAt: "then"})
			s.get(t, "/conversations").
				wants(t, 200, `{"data":[`+test.list+`],"meta":{"total":2,"page":1}}`)
			s.get(t, "/conversations/1").wants(t, 200, test.first)
			s.get(t, "/conversations/a%2Fb").wants(t, 200, test.last)
			s.get(t, "/conversations/2").
				wants(t, 404, `{"message":"There is no such conversation."}`)
		})
	}
}

func TestAddConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{})
		at := time.Now().UTC().Format(time.RFC3339)
		c := m.AddConversation(tidiomock.Conversation{Status: "open"})
		want := tidiomock.Conversation{ID: c.ID, Status: "open", CreatedAt: at, UpdatedAt: at}
		if c != want || c.ID == "" {
			t.Errorf("got %+v, want %+v", c, want)
		}
		mustPanic(t, "id taken", func() { m.AddConversation(c) })
	})
}

func TestMessages(t *testing.T) {
	const (
		full = `{"id":"1","author_type":"contact","author_id":"c","content":"Hello 😕\n<b>",` +
			`"created_at":"2026-03-02T09:30:12Z"}`
		bare = `{"id":"2","author_type":null,"author_id":null,"content":null,"created_at":"then"}`
	)
	for _, test := range []struct {
		name    string
		replies tidiomock.Replies
		list    string
	}{
		{"full", tidiomock.Replies{}, full + "," + bare},
		{"wrapped", tidiomock.Replies{WrapSingle: true}, full + "," + bare},
		{"required fields", tidiomock.Replies{OmitOptional: true}, `{"id":"1"},{"id":"2"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{Replies: test.replies})
			before := s.AddConversation(tidiomock.Conversation{ID: "a/b", UpdatedAt: "earlier"})
			const path = "/conversations/a%2Fb/messages"
			s.get(t, path).wants(t, 200, `{"data":[],"meta":{"total":0,"page":1}}`)
			s.AddMessages(before.ID, tidiomock.Message{
				ID: "1", AuthorType: "contact", AuthorID: "c", Content: "Hello 😕\n<b>",
				CreatedAt: "2026-03-02T09:30:12Z",
			}, tidiomock.Message{ID: "2", CreatedAt: "then"})
			s.get(t, path).wants(t, 200, `{"data":[`+test.list+`],"meta":{"total":2,"page":1}}`)
		})
	}
}

func TestNoSuchConversation(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddConversation(tidiomock.Conversation{ID: "1"})
	for _, query := range []string{"", "?page=2"} {
		s.get(t, "/conversations/2/messages"+query).
			wants(t, 404, `{"message":"There is no such conversation."}`)
	}
	for _, kind := range []tidiomock.FaultKind{tidiomock.InsertBetween, tidiomock.DeleteBetween} {
		s.Arm(tidiomock.Fault{Do: kind})
		s.get(t, "/conversations/2/messages").wants(t, 404)
	}
	s.get(t, "/conversations/1/messages").
		wants(t, 200, `{"data":[],"meta":{"total":0,"page":1}}`)
}

func TestAddMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{})
		m.AddConversation(tidiomock.Conversation{ID: "1", UpdatedAt: "earlier"})
		at := time.Now().UTC().Format(time.RFC3339)
		m.AddMessages("1")
		m.AddMessages("1", tidiomock.Message{ID: "m", Content: "Hello"})
		w := direct(m, newRequest(t, "GET", "/v1/conversations/1/messages", ""))
		want := fmt.Sprintf(`{"data":[{"id":"m","author_type":null,"author_id":null,`+
			`"content":"Hello","created_at":%q}],"meta":{"total":1,"page":1}}`+"\n", at)
		if w.Body.String() != want {
			t.Errorf("got  %s\nwant %s", w.Body, want)
		}
		mustPanic(t, "no conversation", func() { m.AddMessages("2", tidiomock.Message{}) })
		mustPanic(t, "id taken", func() { m.AddMessages("1", tidiomock.Message{ID: "m"}) })
		m.AddMessages("1", tidiomock.Message{}, tidiomock.Message{}) // they get ids of their own
	})
}
