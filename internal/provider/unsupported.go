package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// lack is the error message for something that one of the two APIs does not have.
type lack struct{ summary, detail string }

const usePublished = "Only the published API has them. Set client_id and client_secret (TIDIO_CLIENT_ID and " +
	"TIDIO_CLIENT_SECRET) instead of api_key."

// What the published API lacks.
var (
	lacksConversations = lack{
		"The published API (client_id) has no conversations",
		"tidio_conversation and tidio_conversations work only with api_key. Use tidio_tickets to read the team's tickets, " +
			"and tidio_messages with contact_id to read the messages of a contact.",
	}
	lacksConversationMessages = lack{
		"The published API (client_id) has no conversations",
		"Set contact_id instead of conversation_id. In this API, messages belong to a contact.",
	}
	lacksContactName = lack{
		"The published API (client_id) does not support name",
		"Set first_name and last_name instead of name.",
	}
)

// What the published API lacks of actions.
var (
	lacksCreateConversation = lack{
		"The published API (client_id) has no conversations",
		"Use tidio_create_ticket in place of tidio_create_conversation.",
	}
	lacksUpdateConversation = lack{
		"The published API (client_id) has no conversations",
		"Use tidio_update_ticket in place of tidio_update_conversation: over this API the team works on tickets.",
	}
)

// What v1 lacks of actions.
var (
	lacksCreateTicket = lack{
		"v1 (api_key) has no tickets",
		"Use tidio_create_conversation in place of tidio_create_ticket, or set client_id and client_secret instead of " +
			"api_key.",
	}
	lacksUpdateTicket = lack{
		"v1 (api_key) has no tickets",
		"Use tidio_update_conversation in place of tidio_update_ticket, or set client_id and client_secret instead of " +
			"api_key.",
	}
	lacksTicketReplies = lack{
		"v1 (api_key) has no tickets",
		"It cannot write messages at all: tidio_update_conversation changes the status, the subject and the operator of a " +
			"conversation. To reply to a ticket, set client_id and client_secret instead of api_key.",
	}
)

// What v1 lacks.
var (
	lacksTickets         = lack{"v1 (api_key) has no tickets", usePublished}
	lacksDepartments     = lack{"v1 (api_key) has no departments", usePublished}
	lacksContactMessages = lack{
		"v1 (api_key) cannot read the messages of a contact",
		"Set conversation_id instead of contact_id. In this API, messages belong to a conversation: use " +
			"tidio_conversations to find those of a contact.",
	}
	lacksProject = lack{
		"v1 (api_key) does not report its project",
		"tidio_project and expected_project_id need the published API. Set client_id and client_secret (TIDIO_CLIENT_ID " +
			"and TIDIO_CLIENT_SECRET) instead of api_key. Or remove tidio_project and expected_project_id.",
	}
	lacksDistinctID = lack{
		"v1 (api_key) does not support distinct_id",
		"Remove distinct_id. Only the published API (client_id and client_secret) has it.",
	}
	lacksFirstAndLastName = lack{
		"v1 (api_key) does not support first_name and last_name",
		"Set name instead of first_name and last_name.",
	}
)

// unsupported returns the error for a configuration that needs something that the API lacks. at is the attribute
// that needs it, or empty for the whole block.
func unsupported(l lack, at path.Path) diag.Diagnostic {
	if len(at.Steps()) == 0 {
		return diag.NewErrorDiagnostic(l.summary, l.detail)
	}
	return diag.NewAttributeErrorDiagnostic(at, l.summary, l.detail)
}

// lacksField returns the error message for a contact field that the API does not have.
func lacksField(field tidio.ContactField) lack {
	switch field {
	case tidio.ContactName:
		return lacksContactName
	case tidio.ContactDistinctID:
		return lacksDistinctID
	}
	return lacksFirstAndLastName
}
