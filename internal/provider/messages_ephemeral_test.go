package provider_test

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func messagesOf(attribute, id string) string {
	return "ephemeral \"tidio_messages\" \"transcript\" {\n  " + attribute + " = \"" + id + "\"\n}\n"
}

func TestMessagesEphemeral(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{PageSize: 1}), acctest.NewCore(t)
	contact := m.AddContact(tidiomock.Contact{Name: "Jane"})
	m.AddConversation(tidiomock.Conversation{ID: "v1", ContactID: contact.ID})
	m.AddMessages("v1",
		tidiomock.Message{ID: "m1", AuthorType: "contact", Content: "Hello ${there}", CreatedAt: "2026-03-01T12:00:00Z"},
		tidiomock.Message{ID: "m2", AuthorType: "operator", Content: "Hi"},
	)
	for name, config := range map[string]string{
		"v1":        m.Config(messagesOf("conversation_id", "v1")),
		"published": m.PublishedConfig(messagesOf("contact_id", contact.ID)),
	} {
		opened := core.Open(config)["ephemeral.tidio_messages.transcript"]
		messages, _ := opened["messages"].([]any)
		if len(messages) != 2 || messages[0].(attributes)["content"] != "Hello ${there}" || messages[1].(attributes)["author_id"] != nil {
			t.Errorf("over %s it is %v", name, opened)
		}
		if hasURL := opened["conversation_url"] != nil; hasURL != (name == "published") {
			t.Errorf("over %s the URL is %v", name, opened["conversation_url"])
		}
	}
	core.Open(m.Config(messagesOf("contact_id", "c")), acctest.Fails("v1 .* cannot read the messages of a contact"))
	core.Open(m.PublishedConfig(messagesOf("conversation_id", "v1")), acctest.Fails("Set contact_id instead of conversation_id"))
	core.Open(m.Config(messagesOf("conversation_id", "none")), acctest.Fails(`There is no conversation with the id "none"`))
	core.Open(m.Config(messagesOf("conversation_id", "a@example.com")), acctest.Fails("An e-mail address is not an id"))
	core.Open(m.Config("ephemeral \"tidio_messages\" \"none\" {}\n"), acctest.Fails("Missing Attribute Configuration"))
	core.Open(strings.Replace(m.Config(messagesOf("conversation_id", "v1")), acctest.Key, "wrong", 1),
		acctest.Fails("does not accept the API key"))
}
