package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const transcript = `
data "tidio_messages" "transcript" {
  conversation_id = "v1"
}
`

func TestMessagesDataSource(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 2})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddConversation(tidiomock.Conversation{ID: "silent"})
	m.AddMessages("v1",
		tidiomock.Message{
			ID: "m3", AuthorType: "contact", AuthorID: "c1", Content: "Hello\n\t${there} 🙂",
			CreatedAt: "2026-03-01T12:00:00Z",
		},
		tidiomock.Message{ID: "m1", AuthorType: "operator", Content: "007", CreatedAt: "2026-03-01T12:00:00Z"},
		tidiomock.Message{ID: "m2", AuthorType: "bot", CreatedAt: "2026-03-01T12:00:01Z"},
	)
	core := acctest.NewCore(t)
	core.Apply(m.Config(transcript, `
data "tidio_messages" "none" { conversation_id = "silent" }
data "tidio_messages" "later" { conversation_id = later("v1") }
`))
	said := expectList(t, core, "tidio_messages.transcript", "messages", "m3", "m1", "m2")
	expectList(t, core, "tidio_messages.later", "messages", "m3", "m1", "m2")
	expectList(t, core, "tidio_messages.none", "messages")
	expectEqual(t, said[0], attributes{
		"id": "m3", "author_type": "contact", "author_id": "c1", "content": "Hello\n\t${there} 🙂",
		"created_at": "2026-03-01T12:00:00Z",
	})
	if said[1]["content"] != "007" || said[2]["content"] != nil {
		t.Errorf("the contents are %v and %v", said[1]["content"], said[2]["content"])
	}
}

func TestMessagesDataSource_bareReplies(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true}})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddMessages("v1", tidiomock.Message{ID: "m1", Content: "Hello"})
	core := acctest.NewCore(t)
	core.Apply(m.Config(transcript))
	said := expectList(t, core, "tidio_messages.transcript", "messages", "m1")
	expectEqual(t, said[0], attributes{
		"id": "m1", "author_type": nil, "author_id": nil, "content": nil, "created_at": nil,
	})
}

func TestMessagesDataSource_many(t *testing.T) {
	const count = 1000
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	all := make([]tidiomock.Message, count)
	for i := range all {
		all[i] = tidiomock.Message{ID: fmt.Sprintf("m%d", i), Content: fmt.Sprintf("message %d", i)}
	}
	m.AddMessages("v1", all...)
	core := acctest.NewCore(t)
	core.Apply(m.Config(transcript))
	said := core.State("data.tidio_messages.transcript")["messages"].([]any)
	if len(said) != count || said[count-1].(attributes)["content"] != "message 999" {
		t.Errorf("there are %d messages, the last one is %v", len(said), said[len(said)-1])
	}
	if got := m.Count("GET", "/conversations/{id}/messages"); got != count/100 {
		t.Errorf("%d requests for %d messages in pages of 100", got, count)
	}
}

func TestMessagesDataSource_errors(t *testing.T) {
	for name, c := range map[string]struct {
		id    string
		fault tidiomock.FaultKind // "" = none
		want  string
	}{
		"unknown conversation": {"v9", "", `There is no conversation with the id "v9".*GET conversations/v9`},
		"empty id":             {"", "", `Empty value`},
		"broken": {
			"v1", tidiomock.FailBefore, `Could not read the messages of conversation "v1".*/v1/messages returned status 500`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := acctest.NewMock(t, tidiomock.Config{})
			m.AddConversation(tidiomock.Conversation{ID: "v1"})
			if c.fault != "" {
				m.Arm(tidiomock.Fault{Times: -1, Do: c.fault, Status: 500})
			}
			config := strings.Replace(m.Config(transcript), `"v1"`, fmt.Sprintf("%q", c.id), 1)
			acctest.NewCore(t).Apply(withoutRetries(config), acctest.Fails(c.want))
		})
	}
}
