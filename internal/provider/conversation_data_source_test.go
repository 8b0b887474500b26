package provider_test

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// newConversations is the mock of an account with four conversations.
func newConversations(t *testing.T, config tidiomock.Config) *acctest.Mock {
	t.Helper()
	m := acctest.NewMock(t, config)
	for _, c := range []tidiomock.Conversation{
		{
			ID: "v4", Status: "open", Subject: "Cake", ContactID: "c1", OperatorID: "o1",
			CreatedAt: "2026-03-01T12:00:00Z", UpdatedAt: "2026-03-05T00:30:00+02:00",
		},
		{ID: "v3", Status: "closed", ContactID: "c1", CreatedAt: "2026-03-02T01:00:00+02:00"},
		{ID: "v2", Status: "open", ContactID: "c2", CreatedAt: "2026-03-03T00:00:00Z"},
		{ID: "v1", Status: "open", OperatorID: "o1", CreatedAt: "2026-03-04T00:00:00Z"},
	} {
		m.AddConversation(c)
	}
	return m
}

func TestConversationDataSource(t *testing.T) {
	m := newConversations(t, tidiomock.Config{})
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_conversation" "one" { id = "v4" }
data "tidio_conversation" "later" { id = later("v2") }
`))
	core.ExpectState("data.tidio_conversation.one", attributes{
		"id": "v4", "status": "open", "subject": "Cake", "contact_id": "c1", "operator_id": "o1",
		"created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-05T00:30:00+02:00",
	})
	core.ExpectState("data.tidio_conversation.later", attributes{"id": "v2", "subject": nil, "operator_id": nil})
	expectReads(t, m, "/conversations/{id}", 2)
	expectReads(t, m, "/conversations", 0)
}

func TestConversationsDataSource(t *testing.T) {
	m := newConversations(t, tidiomock.Config{PageSize: 2})
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_conversations" "all" {}
data "tidio_conversations" "open" { status = "open" }
data "tidio_conversations" "of_contact" { contact_id = "c1" }
data "tidio_conversations" "of_operator" { operator_id = "o1" }
data "tidio_conversations" "created" { created_since = "2026-03-01T23:00:00Z" }
data "tidio_conversations" "updated" { updated_since = "2026-03-04T22:30:00Z" }
data "tidio_conversations" "both" {
  status        = "open"
  created_since = "2026-03-02T01:00:00+01:00"
}
data "tidio_conversations" "none" { status = "Open" }
data "tidio_conversations" "later" { created_since = later("2026-03-04T00:00:00Z") }
`))
	expectList(t, core, "tidio_conversations.all", "conversations", "v4", "v3", "v2", "v1")
	expectTruncated(core, "tidio_conversations.all", false)
	expectList(t, core, "tidio_conversations.open", "conversations", "v4", "v2", "v1")
	expectList(t, core, "tidio_conversations.of_contact", "conversations", "v4", "v3")
	expectList(t, core, "tidio_conversations.of_operator", "conversations", "v4", "v1")
	expectList(t, core, "tidio_conversations.created", "conversations", "v3", "v2", "v1")
	expectList(t, core, "tidio_conversations.updated", "conversations", "v4")
	expectList(t, core, "tidio_conversations.both", "conversations", "v2", "v1")
	expectList(t, core, "tidio_conversations.none", "conversations")
	expectList(t, core, "tidio_conversations.later", "conversations", "v1")
}

func TestConversationsDataSource_maxResults(t *testing.T) {
	for name, c := range map[string]struct {
		arguments string
		ids       []string
		truncated bool
		pages     int
	}{
		"within a page":     {"max_results = 1", []string{"v4"}, true, 1},
		"a whole page":      {"max_results = 2", []string{"v4", "v3"}, true, 1},
		"as many as exist":  {"max_results = 4", []string{"v4", "v3", "v2", "v1"}, false, 2},
		"of those that fit": {"max_results = 1\n status = \"closed\"", []string{"v3"}, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := newConversations(t, tidiomock.Config{PageSize: 2})
			core := acctest.NewCore(t)
			core.Apply(m.Config("data \"tidio_conversations\" \"some\" {\n" + c.arguments + "\n}"))
			expectList(t, core, "tidio_conversations.some", "conversations", c.ids...)
			expectTruncated(core, "tidio_conversations.some", c.truncated)
			expectReads(t, m, "/conversations", c.pages)
		})
	}
}

// An API that leaves out all that it may, and wraps single objects.
func TestConversationDataSource_bareReplies(t *testing.T) {
	m := newConversations(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true, WrapSingle: true}})
	bare := attributes{
		"id": "v4", "status": nil, "subject": nil, "contact_id": nil, "operator_id": nil, "created_at": nil,
		"updated_at": nil,
	}
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_conversation" "one" { id = "v4" }
data "tidio_conversations" "all" {}
data "tidio_conversations" "since" { created_since = "2026-03-01T00:00:00Z" }
`))
	core.ExpectState("data.tidio_conversation.one", bare)
	all := expectList(t, core, "tidio_conversations.all", "conversations", "v4", "v3", "v2", "v1")
	expectEqual(t, all[0], bare)
	expectList(t, core, "tidio_conversations.since", "conversations")
}

func TestConversationDataSource_errors(t *testing.T) {
	m := newConversations(t, tidiomock.Config{PageSize: 2})
	m.AddConversation(tidiomock.Conversation{ID: "v0", Status: "odd", CreatedAt: "yesterday"})
	const noTime = `Tidio sent a time that cannot be compared`
	for name, c := range map[string]struct{ kind, arguments, want string }{
		"unknown id": {
			"conversation", `id = "v9"`, `There is no conversation with the id "v9"`,
		},
		"empty id":     {"conversation", `id = ""`, `Empty value`},
		"no id":        {"conversation", ``, `argument "id" is required`},
		"no results":   {"conversations", `max_results = 0`, `max_results value must be at least 1`},
		"a date":       {"conversations", `created_since = "2026-03-01"`, `Invalid time.*Got: "2026-03-01"`},
		"without zone": {"conversations", `updated_since = "2026-03-01T00:00:00"`, `must be a time in RFC 3339`},
		"no time":      {"conversations", `created_since = ""`, `Invalid time`},
		"created at none": {
			"conversations", `created_since = "2026-03-01T00:00:00Z"`,
			noTime + `.*created_at of conversation "v0"`,
		},
		"updated at none": {
			"conversations", `updated_since = "2026-03-01T00:00:00Z"`,
			noTime + `.*updated_at of conversation "v0"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.NewCore(t).Apply(m.Config("data \"tidio_"+c.kind+"\" \"c\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
		})
	}
	t.Run("no time that decides", func(t *testing.T) {
		core := acctest.NewCore(t)
		core.Apply(m.Config(`
data "tidio_conversations" "all" {}
data "tidio_conversations" "open" {
  status        = "open"
  created_since = "2026-03-04T00:00:00Z"
}
`))
		expectList(t, core, "tidio_conversations.all", "conversations", "v4", "v3", "v2", "v1", "v0")
		expectList(t, core, "tidio_conversations.open", "conversations", "v1")
	})
}

func TestConversationDataSource_wrongAddress(t *testing.T) {
	for kind, arguments := range map[string]string{
		"conversation": `id = "v4"`, "conversations": ``, "messages": `conversation_id = "v4"`,
	} {
		t.Run(kind, func(t *testing.T) {
			m := newConversations(t, tidiomock.Config{})
			m.Arm(tidiomock.Fault{Times: -1, Do: tidiomock.FailBefore, Status: 404})
			acctest.NewCore(t).Apply(m.Config("data \"tidio_"+kind+"\" \"c\" {\n"+arguments+"\n}"), acctest.Fails(`base_url does not lead to the Tidio API`))
		})
	}
}

func TestConversationsDataSource_unreadableStopsReading(t *testing.T) {
	m := acctest.NewMock(t, tidiomock.Config{PageSize: 1})
	m.AddConversation(tidiomock.Conversation{CreatedAt: "yesterday"})
	m.AddConversation(tidiomock.Conversation{})
	acctest.NewCore(t).Apply(m.Config("data \"tidio_conversations\" \"all\" { created_since = \"2026-03-01T00:00:00Z\" }"), acctest.Fails(`cannot be compared`))
	expectReads(t, m, "/conversations", 1)
}
