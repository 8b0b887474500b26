package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ action.ActionWithConfigure        = (*createConversation)(nil)
	_ action.ActionWithModifyPlan       = (*createConversation)(nil)
	_ action.ActionWithConfigure        = (*updateConversation)(nil)
	_ action.ActionWithModifyPlan       = (*updateConversation)(nil)
	_ action.ActionWithConfigValidators = (*updateConversation)(nil)
)

func newCreateConversation() action.Action {
	return &createConversation{tidioAction{
		name: "create_conversation", needs: (*providerData).HasConversations, lacks: lacksCreateConversation,
	}}
}

func newUpdateConversation() action.Action {
	return &updateConversation{tidioAction{
		name: "update_conversation", needs: (*providerData).HasConversations, lacks: lacksUpdateConversation,
	}}
}

type createConversation struct {
	tidioAction
}

// createConversationModel is a tidio_create_conversation.
type createConversationModel struct {
	ContactID  types.String `tfsdk:"contact_id"`
	Subject    types.String `tfsdk:"subject"`
	Status     types.String `tfsdk:"status"`
	OperatorID types.String `tfsdk:"operator_id"`
}

func (a *createConversation) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Starts a conversation with a contact, and prints its id. v1 only: with the published API, " +
			"use `tidio_create_ticket` instead.",
		Attributes: map[string]schema.Attribute{
			"contact_id":  idAttribute("Id of the contact.", true, findContact),
			"subject":     textAttribute("Subject.", false),
			"status":      oneOfAttribute("Status, by default Tidio's own choice", false, tidio.Statuses),
			"operator_id": idAttribute("Id of the operator to assign it to.", false, findOperator),
		},
	}
}

func (a *createConversation) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, a, req, resp, func(m createConversationModel) (string, diag.Diagnostic) {
		id, err := a.data.CreateConversation(ctx, tidio.ConversationChange{
			ContactID:  m.ContactID.ValueStringPointer(),
			Subject:    m.Subject.ValueStringPointer(),
			Status:     m.Status.ValueStringPointer(),
			OperatorID: m.OperatorID.ValueStringPointer(),
		})
		if err != nil {
			return "", actionError(err, "create the conversation", "The conversation may have been created")
		}
		return "Created conversation " + id + ".", nil
	})
}

type updateConversation struct {
	tidioAction
}

// updateConversationModel is a tidio_update_conversation.
type updateConversationModel struct {
	ID         types.String `tfsdk:"id"`
	Status     types.String `tfsdk:"status"`
	Subject    types.String `tfsdk:"subject"`
	OperatorID types.String `tfsdk:"operator_id"`
}

func (a *updateConversation) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Changes the status, the subject or the operator of a conversation. What you do not set does " +
			"not change. v1 only: with the published API, use `tidio_update_ticket` instead.",
		Attributes: map[string]schema.Attribute{
			"id":          idAttribute("Id of the conversation.", true, findChats),
			"status":      oneOfAttribute("New status", false, tidio.Statuses),
			"subject":     textAttribute("New subject.", false),
			"operator_id": idAttribute("Id of the operator to assign it to from now on.", false, findOperator),
		},
	}
}

func (a *updateConversation) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.AtLeastOneOf(
			path.MatchRoot("status"), path.MatchRoot("subject"), path.MatchRoot("operator_id"),
		),
	}
}

func (a *updateConversation) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, a, req, resp, func(m updateConversationModel) (string, diag.Diagnostic) {
		id := m.ID.ValueString()
		err := a.data.UpdateConversation(ctx, id, tidio.ConversationChange{
			Status:     m.Status.ValueStringPointer(),
			Subject:    m.Subject.ValueStringPointer(),
			OperatorID: m.OperatorID.ValueStringPointer(),
		})
		if err != nil {
			return "", actionError(err, "change conversation "+id, "Conversation "+id+" may have been changed")
		}
		return "Changed conversation " + id + ".", nil
	})
}
