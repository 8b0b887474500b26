package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// ticketAttributes are what the data sources show of a ticket.
func ticketAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         schema.StringAttribute{MarkdownDescription: "Number of the ticket.", Computed: true},
		"link":       schema.StringAttribute{MarkdownDescription: "Address in the Tidio panel.", Computed: true},
		"subject":    schema.StringAttribute{MarkdownDescription: "Subject.", Computed: true},
		"contact_id": schema.StringAttribute{MarkdownDescription: "Id of the contact.", Computed: true},
		"contact_email": schema.StringAttribute{
			MarkdownDescription: "E-mail address of the contact.",
			Computed:            true,
		},
		"priority": schema.StringAttribute{
			MarkdownDescription: "Priority: `low`, `normal` or `urgent`.",
			Computed:            true,
		},
		"status": schema.StringAttribute{
			MarkdownDescription: "Status: `open`, `pending` or `solved`.",
			Computed:            true,
		},
		"operator_id": schema.StringAttribute{
			MarkdownDescription: "Id of the operator it is assigned to; null if there is none.",
			Computed:            true,
		},
		"department_id": schema.StringAttribute{
			MarkdownDescription: "Id of the department it is assigned to.",
			Computed:            true,
		},
		"custom_channel_id": schema.StringAttribute{
			MarkdownDescription: "Id of the custom channel it came through; null if there is none.",
			Computed:            true,
		},
	}
}

// ticketDataModel is a ticket as the data sources show it.
type ticketDataModel struct {
	ID              types.String `tfsdk:"id"`
	Link            types.String `tfsdk:"link"`
	Subject         types.String `tfsdk:"subject"`
	ContactID       types.String `tfsdk:"contact_id"`
	ContactEmail    types.String `tfsdk:"contact_email"`
	Priority        types.String `tfsdk:"priority"`
	Status          types.String `tfsdk:"status"`
	OperatorID      types.String `tfsdk:"operator_id"`
	DepartmentID    types.String `tfsdk:"department_id"`
	CustomChannelID types.String `tfsdk:"custom_channel_id"`
}

func ticketData(t tidio.Ticket) ticketDataModel {
	return ticketDataModel{
		ID:              types.StringValue(t.ID),
		Link:            stringOrNull(t.Link),
		Subject:         stringOrNull(t.Subject),
		ContactID:       stringOrNull(t.ContactID),
		ContactEmail:    stringOrNull(t.ContactEmail),
		Priority:        stringOrNull(t.Priority),
		Status:          stringOrNull(t.Status),
		OperatorID:      stringOrNull(t.OperatorID),
		DepartmentID:    stringOrNull(t.DepartmentID),
		CustomChannelID: stringOrNull(t.ChannelID),
	}
}
