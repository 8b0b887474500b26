package provider_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestTicketAction_createUpdateAndReply(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	m.AddOperator(tidiomock.Operator{ID: "op"})
	m.AddDepartment(tidiomock.Department{ID: "dep", Name: "Sales"})
	ticket := func() tidiomock.Ticket { return m.Tickets()[0] }
	invoke := func(name, config, told string) {
		t.Helper()
		m.ResetRequests()
		progress, _ := core.Invoke(m.PublishedConfig(actionBlock(name, config)))
		expectTold(t, progress, told)
		expectSent(t, m, 1)
	}
	invoke("create_ticket", "contact_email = \"jane@example.com\"\nsubject = \"Cake\"\nmessage = \"Where is it?\"\n"+
		"department_id = \"dep\"\ntag_ids = [3, 1]", "Created ticket 1.")
	if now := ticket(); now.Subject != "Cake" || now.DepartmentID != "dep" || len(now.TagIDs) != 2 || now.Messages[0].Content != "Where is it?" {
		t.Errorf("it is %+v", now)
	}
	invoke("update_ticket", "id = \"1\"\nstatus = \"pending\"\npriority = \"urgent\"\noperator_id = \"op\"", "Changed ticket 1.")
	if now := ticket(); now.Status != "pending" || now.Priority != "urgent" || now.OperatorID != "op" || len(now.TagIDs) != 2 {
		t.Errorf("it is %+v", now)
	}
	invoke("update_ticket", "id = \"1\"\ndepartment_id = \"dep\"\ntag_ids = [later(\"7\")]", "Changed ticket 1.")
	if now := ticket(); now.OperatorID != "" || !slices.Equal(now.TagIDs, []int{7}) || now.Status != "pending" {
		t.Errorf("it is %+v", now)
	}
	invoke("update_ticket", "id = \"1\"\ntag_ids = []", "Changed ticket 1.")
	if now := ticket(); len(now.TagIDs) != 0 {
		t.Errorf("it is %+v", now)
	}

	progress, _ := core.Invoke(m.PublishedConfig(actionBlock("reply_to_ticket",
		"id = \"1\"\ncontent = \"Look into it\"\noperator_id = \"op\"\nmessage_type = \"internal\"")))
	said := ticket().Messages[1]
	expectTold(t, progress, "Added message "+said.ID+" to ticket 1.")
	if said.AuthorType != "operator" || said.AuthorID != "op" || said.Type != "internal" || said.Content != "Look into it" {
		t.Errorf("it says %+v", said)
	}
}

func TestTicketAction_badInput(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	const create, reply = "contact_email = \"a@example.com\"\nsubject = \"s\"\nmessage = \"m\"\n", "id = \"1\"\ncontent = \"c\"\n"
	for config, fails := range map[string]string{
		actionBlock("create_ticket", ""): "Missing required argument",
		actionBlock("create_ticket", "contact_email = \"jane\"\nsubject = \"s\"\nmessage = \"m\""):         "must be an e-mail address",
		actionBlock("create_ticket", "contact_email = \"a@example.com\"\nsubject = \"\"\nmessage = \"m\""): "Empty value",
		actionBlock("create_ticket", create+"tag_ids = [\"one\"]"):                                         "number",
		actionBlock("create_ticket", create+"tag_ids = [null]"):                                            "Null Set Value",
		// What is known only when the action runs is validated then.
		actionBlock("update_ticket", "id = later(\"jane@example.com\")\nstatus = \"open\""):                  "The id of a ticket is a number",
		actionBlock("update_ticket", "id = \"1\"\noperator_id = later(\"o\")\ndepartment_id = later(\"d\")"): "Invalid Attribute Combination",
		actionBlock("update_ticket", "id = \"1\""):                                                           "Missing Attribute Configuration",
		actionBlock("update_ticket", "id = \"a\"\nstatus = \"open\""):                                        "The id of a ticket is a number",
		actionBlock("update_ticket", "id = \"1\"\npriority = \"high\""):                                      "Invalid Attribute Value Match .*urgent",
		actionBlock("update_ticket", "id = \"1\"\noperator_id = \"o\"\ndepartment_id = \"d\""):               "Invalid Attribute Combination",
		actionBlock("reply_to_ticket", reply+"operator_id = \"o\""):                                          "Missing required argument .*message_type",
		actionBlock("reply_to_ticket", reply+"message_type = \"public\""):                                    "Missing required argument .*operator_id",
		actionBlock("reply_to_ticket", reply+"operator_id = \"o\"\nmessage_type = \"loud\""):                 "Invalid Attribute Value Match .*internal",
	} {
		core.Invoke(m.PublishedConfig(config), acctest.Fails(fails))
	}
	for config, counterpart := range map[string]string{
		actionBlock("create_ticket", create):                                                   "Use tidio_create_conversation",
		actionBlock("update_ticket", "id = \"1\"\nstatus = \"open\""):                          "Use tidio_update_conversation",
		actionBlock("reply_to_ticket", reply+"operator_id = \"o\"\nmessage_type = \"public\""): "It cannot write messages at all",
	} {
		core.Invoke(m.Config(config), acctest.Fails("v1 .* has no tickets", counterpart))
	}
	expectSent(t, m, 0)
}

// A reply is not sent twice: the contact would get it twice.
func TestTicketAction_unknownOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ config, fails string }{
		"create": {
			actionBlock("create_ticket", "contact_email = \"a@example.com\"\nsubject = \"s\"\nmessage = \"m\""), "The ticket may have been created",
		},
		"reply": {
			actionBlock("reply_to_ticket", "id = \"1\"\ncontent = \"c\"\noperator_id = \"op\"\nmessage_type = \"public\""),
			"The reply to ticket 1 may have been sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
			m.AddOperator(tidiomock.Operator{ID: "op"})
			m.AddTicket(tidiomock.Ticket{Subject: "Cake"})
			m.Arm(tidiomock.Fault{Method: "POST", Do: tidiomock.CutAfter})
			core.Invoke(m.PublishedConfig(c.config), acctest.Fails(c.fails+" .*was not sent again"))
			expectSent(t, m, 1)
			if got := len(m.Tickets()) + len(m.Tickets()[0].Messages); got != 2 {
				t.Errorf("the account has %s", fmt.Sprint(m.Tickets()))
			}
		})
	}
}
