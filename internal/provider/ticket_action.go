package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ action.ActionWithConfigure        = (*createTicket)(nil)
	_ action.ActionWithModifyPlan       = (*createTicket)(nil)
	_ action.ActionWithConfigure        = (*updateTicket)(nil)
	_ action.ActionWithModifyPlan       = (*updateTicket)(nil)
	_ action.ActionWithConfigValidators = (*updateTicket)(nil)
)

func newCreateTicket() action.Action {
	return &createTicket{tidioAction{
		name: "create_ticket", needs: (*providerData).HasTickets, lacks: lacksCreateTicket,
	}}
}

func newUpdateTicket() action.Action {
	return &updateTicket{tidioAction{
		name: "update_ticket", needs: (*providerData).HasTickets, lacks: lacksUpdateTicket,
	}}
}

type createTicket struct {
	tidioAction
}

// createTicketModel is a tidio_create_ticket.
type createTicketModel struct {
	ContactEmail types.String `tfsdk:"contact_email"`
	Subject      types.String `tfsdk:"subject"`
	Message      types.String `tfsdk:"message"`
	DepartmentID types.String `tfsdk:"department_id"`
	TagIDs       []int64      `tfsdk:"tag_ids"`
}

func (a *createTicket) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Creates a ticket in the name of a contact, and prints its number. If no contact has the " +
			"address, Tidio may create one. Published API only: with v1, use `tidio_create_conversation` instead.",
		Attributes: map[string]schema.Attribute{
			"contact_email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the contact whose ticket it is.",
				Required:            true,
				Validators:          []validator.String{emailValidator{}},
			},
			"subject": textAttribute("Subject. The API cannot change it later.", true),
			"message": textAttribute("First message. In Tidio, the contact appears as its author.", true),
			"department_id": idAttribute("Id of the department to assign it to. By default, Tidio chooses.", false,
				setDepartment),
			"tag_ids": tagsAttribute("Ids of its tags."),
		},
	}
}

func (a *createTicket) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, a, req, resp, func(m createTicketModel) (string, diag.Diagnostic) {
		id, err := a.data.CreateTicket(ctx, tidio.NewTicket{
			ContactEmail: m.ContactEmail.ValueString(),
			Subject:      m.Subject.ValueString(),
			Message:      m.Message.ValueString(),
			DepartmentID: m.DepartmentID.ValueString(),
			TagIDs:       m.TagIDs,
		})
		if err != nil {
			return "", actionError(err, "create the ticket", "The ticket may have been created")
		}
		return "Created ticket " + id + ".", nil
	})
}

type updateTicket struct {
	tidioAction
}

// updateTicketModel is a tidio_update_ticket.
type updateTicketModel struct {
	ID           types.String `tfsdk:"id"`
	Status       types.String `tfsdk:"status"`
	Priority     types.String `tfsdk:"priority"`
	OperatorID   types.String `tfsdk:"operator_id"`
	DepartmentID types.String `tfsdk:"department_id"`
	TagIDs       []int64      `tfsdk:"tag_ids"`
}

func (a *updateTicket) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Changes a ticket. What you do not set does not change; `tag_ids` replaces all tags. " +
			"Published API only: with v1, use `tidio_update_conversation` instead.",
		Attributes: map[string]schema.Attribute{
			"id":            ticketIDAttribute(),
			"status":        oneOfAttribute("New status", false, tidio.Statuses),
			"priority":      oneOfAttribute("New priority", false, tidio.Priorities),
			"operator_id":   idAttribute("Id of the operator to assign it to. Not with `department_id`.", false, findOperator),
			"department_id": idAttribute("Id of the department to assign it to. Not with `operator_id`.", false, setDepartment),
			"tag_ids": tagsAttribute("Ids of its tags. They replace all that it has; an empty set takes them away. The API " +
				"does not tell which it has."),
		},
	}
}

func (a *updateTicket) ConfigValidators(context.Context) []action.ConfigValidator {
	operator, department := path.MatchRoot("operator_id"), path.MatchRoot("department_id")
	return []action.ConfigValidator{
		actionvalidator.AtLeastOneOf(
			path.MatchRoot("status"), path.MatchRoot("priority"), operator, department, path.MatchRoot("tag_ids"),
		),
		actionvalidator.Conflicting(operator, department),
	}
}

func (a *updateTicket) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, a, req, resp, func(m updateTicketModel) (string, diag.Diagnostic) {
		id := m.ID.ValueString()
		err := a.data.UpdateTicket(ctx, id, tidio.TicketChange{
			Status:       m.Status.ValueStringPointer(),
			Priority:     m.Priority.ValueStringPointer(),
			OperatorID:   m.OperatorID.ValueStringPointer(),
			DepartmentID: m.DepartmentID.ValueStringPointer(),
			TagIDs:       m.TagIDs,
		})
		if err != nil {
			return "", actionError(err, "change ticket "+id, "Ticket "+id+" may have been changed")
		}
		return "Changed ticket " + id + ".", nil
	})
}

func ticketIDAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Number of the ticket.",
		Required:            true,
		Validators:          []validator.String{ticketIDValidator{}},
	}
}

func tagsAttribute(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description, ElementType: types.Int64Type, Optional: true,
		Validators: []validator.Set{setvalidator.NoNullValues()},
	}
}
