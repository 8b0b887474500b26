package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// actionBlock is an action block named "this".
func actionBlock(name, config string) string {
	return fmt.Sprintf("action \"tidio_%s\" \"this\" {\n  config {\n%s\n  }\n}\n", name, config)
}

func expectTold(t *testing.T, progress []string, want ...string) {
	t.Helper()
	if strings.Join(progress, "\n") != strings.Join(want, "\n") {
		t.Errorf("it tells %q, want %q", progress, want)
	}
}

func TestConversationAction_createAndUpdate(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	contact := m.AddContact(tidiomock.Contact{Name: "Jane"}).ID
	m.AddOperator(tidiomock.Operator{ID: "op"})
	progress, _ := core.Invoke(m.Config(actionBlock("create_conversation", fmt.Sprintf(
		"contact_id = %q\nsubject = \"Welcome ${1 + 1}\"\nstatus = \"pending\"\noperator_id = later(\"op\")", contact))))
	began := m.Conversations()[0]
	expectTold(t, progress, "Created conversation "+began.ID+".")
	began.CreatedAt, began.UpdatedAt = "", ""
	if want := (tidiomock.Conversation{
		ID: began.ID, ContactID: contact, Subject: "Welcome 2", Status: "pending", OperatorID: "op",
	}); began != want {
		t.Errorf("it is %+v", began)
	}
	expectSent(t, m, 1) // a plan sends nothing

	progress, _ = core.Invoke(m.Config(actionBlock("update_conversation", fmt.Sprintf("id = %q\nstatus = \"solved\"", began.ID))))
	expectTold(t, progress, "Changed conversation "+began.ID+".")
	if now := m.Conversations()[0]; now.Status != "solved" || now.Subject != "Welcome 2" || now.OperatorID != "op" {
		t.Errorf("it is %+v", now)
	}
	expectSent(t, m, 2)
}

func TestConversationAction_badInput(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	for config, fails := range map[string]string{
		actionBlock("create_conversation", ""):                                          "Missing required argument",
		actionBlock("create_conversation", "contact_id = \"\""):                         "Empty value",
		actionBlock("create_conversation", "contact_id = \"jane@example.com\""):         "An e-mail address is not an id",
		actionBlock("create_conversation", "contact_id = \"c\"\nstatus = \"closed\""):   "Invalid Attribute Value Match .*solved",
		actionBlock("create_conversation", "contact_id = \"c\"\noperator_id = \"a@b\""): "tidio_operator to find the id",
		actionBlock("update_conversation", "id = \"c\""):                                "Missing Attribute Configuration .*status,subject,operator_id",
		actionBlock("update_conversation", "id = \"c\"\nsubject = \"\""):                "Empty value",
	} {
		core.Invoke(m.Config(config), acctest.Fails(fails))
	}
	published := "The published API .* has no conversations"
	core.Invoke(m.PublishedConfig(actionBlock("create_conversation", "contact_id = later(\"c\")")),
		acctest.Fails(published, "Use tidio_create_ticket"))
	core.Invoke(m.PublishedConfig(actionBlock("update_conversation", "id = later(\"c\")\nstatus = \"open\"")),
		acctest.Fails(published, "Use tidio_update_ticket"))
	expectSent(t, m, 0)
}

// What failed is told: whether it took effect, and what to do. Nothing is sent twice.
func TestConversationAction_failures(t *testing.T) {
	t.Parallel()
	begin, change := actionBlock("create_conversation", "contact_id = \"c\""), actionBlock("update_conversation", "id = \"v\"\nstatus = \"open\"")
	for name, c := range map[string]struct {
		config   string
		fault    tidiomock.Fault
		fails    string
		requests int
		made     int
	}{
		"refused": {
			actionBlock("create_conversation", "contact_id = \"none\""),
			tidiomock.Fault{},
			`Could not create the conversation .*POST conversations returned status 400 with the message "There is no such contact."`, 1, 1,
		},
		"unknown, and there": {
			begin,
			tidiomock.Fault{Do: tidiomock.CutAfter},
			"The conversation may have been created .*POST conversations failed.*was not sent again.*Check in Tidio before", 1, 2,
		},
		"unknown, and not there": {
			begin,
			tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusServiceUnavailable},
			"The conversation may have been created .*status 503", 1, 1,
		},
		"not reached": {
			change,
			tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusServiceUnavailable, Times: 2},
			"Conversation v may have been changed .*Retried 1 times. Run the action again", 2, 1,
		},
		"a change is tried again": {
			change, tidiomock.Fault{Do: tidiomock.CutAfter}, "", 2, 1,
		},
		"gone": {
			actionBlock("update_conversation", "id = \"none\"\nstatus = \"open\""),
			tidiomock.Fault{},
			"Could not change conversation none .*Check the id", 1, 1,
		},
		"another's reply": {
			change, tidiomock.Fault{Do: tidiomock.Garbage}, "A reply of the Tidio API could not be read|may have been changed", 1, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
			m.AddContact(tidiomock.Contact{ID: "c"})
			m.AddConversation(tidiomock.Conversation{ID: "v", ContactID: "c"})
			if c.fault.Do != "" {
				m.Arm(c.fault)
			}
			var expected []acctest.Option
			if c.fails != "" {
				expected = []acctest.Option{acctest.Fails(c.fails)}
			}
			config := strings.Replace(m.Config(c.config), "request_timeout", "max_retries = 1\n  request_timeout", 1)
			_, result := core.Invoke(config, expected...)
			expectSent(t, m, c.requests)
			if got := len(m.Conversations()); got != c.made {
				t.Errorf("there are %d conversations, want %d", got, c.made)
			}
			for _, d := range result.Diagnostics {
				if strings.Contains(d.Detail, d.Summary) || strings.Contains(d.Detail, "Could not") {
					t.Errorf("the detail repeats the summary: %s", d)
				}
			}
		})
	}
}
