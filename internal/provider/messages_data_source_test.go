package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const transcript = `
data "tidio_messages" "transcript" {
  conversation_id = "v1"
}
`

func message(index int) tfjsonpath.Path { return tfjsonpath.New("messages").AtSliceIndex(index) }

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
	const of = "data.tidio_messages.transcript"
	acctest.Test(t, resource.TestStep{
		Config: m.Config(transcript, `
data "tidio_messages" "none" { conversation_id = "silent" }
data "tidio_messages" "later" { conversation_id = terraform_data.id.output }
resource "terraform_data" "id" { input = "v1" }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			expectList("tidio_messages.transcript", "messages", "m3", "m1", "m2"),
			expectList("tidio_messages.later", "messages", "m3", "m1", "m2"),
			expectList("tidio_messages.none", "messages"),
			statecheck.ExpectKnownValue(of, message(0), attributes{
				"id": "m3", "author_type": "contact", "author_id": "c1", "content": "Hello\n\t${there} 🙂",
				"created_at": "2026-03-01T12:00:00Z",
			}.check()),
			statecheck.ExpectKnownValue(of, message(1).AtMapKey("content"), known("007")),
			statecheck.ExpectKnownValue(of, message(2).AtMapKey("content"), known(nil)),
			statecheck.ExpectSensitiveValue(of, tfjsonpath.New("messages")),
		},
	})
}

func TestMessagesDataSource_bareReplies(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true}})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddMessages("v1", tidiomock.Message{ID: "m1", Content: "Hello"})
	acctest.Test(t, resource.TestStep{
		Config: m.Config(transcript),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.tidio_messages.transcript", message(0), attributes{
				"id": "m1", "author_type": nil, "author_id": nil, "content": nil, "created_at": nil,
			}.check()),
		},
	})
}

func TestMessagesDataSource_many(t *testing.T) {
	t.Parallel()
	const count = 5000
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	all := make([]tidiomock.Message, count)
	for i := range all {
		all[i] = tidiomock.Message{ID: fmt.Sprintf("m%d", i), Content: fmt.Sprintf("message %d", i)}
	}
	m.AddMessages("v1", all...)
	w := acctest.NewWorkspace(t, m, transcript+`
output "count" {
  value = nonsensitive(length(data.tidio_messages.transcript.messages))
}

output "last" {
  value = nonsensitive(data.tidio_messages.transcript.messages[4999].content)
}
`)
	w.Expect(0, "apply", "-auto-approve")
	expectContains(t, w.Expect(0, "output"), "count = 5000", `last = "message 4999"`)
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
			"v1", tidiomock.FailBefore, `Could not read the messages of conversation "v1".*/v1/messages was answered`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := acctest.NewMock(t, tidiomock.Config{})
			m.AddConversation(tidiomock.Conversation{ID: "v1"})
			if c.fault != "" {
				m.Arm(tidiomock.Fault{Times: -1, Do: c.fault, Status: 500})
			}
			config := strings.Replace(m.Config(transcript), `"v1"`, fmt.Sprintf("%q", c.id), 1)
			acctest.Test(t, resource.TestStep{
				Config:      strings.Replace(config, "request_timeout", "max_retries = 0\n  request_timeout", 1),
				ExpectError: says(c.want),
			})
		})
	}
}
