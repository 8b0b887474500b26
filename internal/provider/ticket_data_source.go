package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*ticketDataSource)(nil)

func newTicketDataSource() datasource.DataSource { return &ticketDataSource{} }

type ticketDataSource struct {
	dataSource
}

func (d *ticketDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_ticket"
}

func (d *ticketDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := ticketAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "Number of the ticket.",
		Required:            true,
		Validators:          []validator.String{ticketIDValidator{}},
	}
	attributes["messages"] = schema.ListNestedAttribute{
		MarkdownDescription: "The messages of the ticket. The whole list is sensitive: the engine masks it in its output.",
		Computed:            true,
		Sensitive:           true, // as in tidio_messages
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id":         schema.StringAttribute{MarkdownDescription: "Id of the message.", Computed: true},
			"created_at": schema.StringAttribute{MarkdownDescription: "Time of sending, in RFC 3339 format.", Computed: true},
			"author_type": schema.StringAttribute{
				MarkdownDescription: "Kind of author: `contact` or `operator`.",
				Computed:            true,
			},
			"author_id": schema.StringAttribute{
				MarkdownDescription: "Id of the contact or operator who wrote it.",
				Computed:            true,
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "`public`, or `internal` for a note that the contact does not see.",
				Computed:            true,
			},
			"content": schema.StringAttribute{
				MarkdownDescription: "Text of the message. It may be HTML if the message is public.",
				Computed:            true,
			},
			"attachments": schema.ListAttribute{
				MarkdownDescription: "URLs of the attachments.",
				ElementType:         types.StringType,
				Computed:            true,
			},
		}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One ticket with its messages, found by its number. Published API only.",
		Attributes:          attributes,
	}
}

func (d *ticketDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var id string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &id)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.data.HasTickets() {
		resp.Diagnostics.Append(unsupported(lacksTickets, path.Empty()))
		return
	}
	ticket, err := d.data.GetTicket(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(lookUpError(err, "ticket", id))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, ticketWithMessages(ticket))...)
}

// ticketModel is a tidio_ticket.
type ticketModel struct {
	ticketDataModel

	Messages []ticketMessageModel `tfsdk:"messages"`
}

// ticketMessageModel is a message of a ticket.
type ticketMessageModel struct {
	ID          types.String `tfsdk:"id"`
	CreatedAt   types.String `tfsdk:"created_at"`
	AuthorType  types.String `tfsdk:"author_type"`
	AuthorID    types.String `tfsdk:"author_id"`
	Type        types.String `tfsdk:"type"`
	Content     types.String `tfsdk:"content"`
	Attachments []string     `tfsdk:"attachments"`
}

func ticketWithMessages(t tidio.Ticket) ticketModel {
	made := ticketModel{ticketDataModel: ticketData(t), Messages: make([]ticketMessageModel, len(t.Messages))}
	for i, m := range t.Messages {
		made.Messages[i] = ticketMessageModel{
			ID:          types.StringValue(m.ID),
			CreatedAt:   stringOrNull(m.CreatedAt),
			AuthorType:  stringOrNull(m.AuthorType),
			AuthorID:    stringOrNull(m.AuthorID),
			Type:        stringOrNull(m.Type),
			Content:     stringOrNull(m.Content),
			Attachments: append([]string{}, m.Attachments...), // not nil, which would be null
		}
	}
	return made
}
