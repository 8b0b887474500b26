package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ action.ActionWithConfigure  = (*replyToTicket)(nil)
	_ action.ActionWithModifyPlan = (*replyToTicket)(nil)
)

func newReplyToTicket() action.Action {
	return &replyToTicket{tidioAction{
		name: "reply_to_ticket", needs: (*providerData).HasTickets, lacks: lacksTicketReplies,
	}}
}

// replyToTicket speaks as an operator only. That, and the type of the message, must be in the configuration: nobody
// speaks as the customer, or writes to one, by accident.
type replyToTicket struct {
	tidioAction
}

// replyToTicketModel is a tidio_reply_to_ticket.
type replyToTicketModel struct {
	ID          types.String `tfsdk:"id"`
	Content     types.String `tfsdk:"content"`
	OperatorID  types.String `tfsdk:"operator_id"`
	MessageType types.String `tfsdk:"message_type"`
}

func (a *replyToTicket) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Adds a message of an operator to a ticket, and prints its id. Published API only: v1 cannot " +
			"write messages.",
		Attributes: map[string]schema.Attribute{
			"id":          ticketIDAttribute(),
			"content":     textAttribute("What is said. A public message may be HTML, an internal one is plain text.", true),
			"operator_id": idAttribute("Id of the operator who says it.", true, findOperator),
			"message_type": oneOfAttribute("Whom it is for, without a default: a `public` message goes to the contact, an "+
				"`internal` one is a note for the team. One of", true, tidio.MessageTypes),
		},
	}
}

func (a *replyToTicket) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, a, req, resp, func(m replyToTicketModel) (string, diag.Diagnostic) {
		ticket := m.ID.ValueString()
		id, err := a.data.ReplyToTicket(ctx, ticket, tidio.TicketReply{
			OperatorID: m.OperatorID.ValueString(),
			Type:       m.MessageType.ValueString(),
			Content:    m.Content.ValueString(),
		})
		if err != nil {
			return "", actionError(err, "reply to ticket "+ticket, "The reply to ticket "+ticket+" may have been sent")
		}
		return "Added message " + id + " to ticket " + ticket + ".", nil
	})
}
