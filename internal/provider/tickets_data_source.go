package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*ticketsDataSource)(nil)

func newTicketsDataSource() datasource.DataSource { return &ticketsDataSource{} }

type ticketsDataSource struct {
	dataSource
}

func (d *ticketsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_tickets"
}

func (d *ticketsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	filter := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: description,
			Optional:            true,
			Validators:          []validator.String{notEmptyValidator{}},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The tickets of the account that match all filters, in Tidio's order. The API cannot filter: " +
			"the provider reads all tickets, one request per page. Use `tidio_ticket` to read the messages of a ticket. " +
			"Published API only.",
		Attributes: map[string]schema.Attribute{
			"status":        filter("Only tickets with this status: `open`, `pending` or `solved`."),
			"priority":      filter("Only tickets with this priority: `low`, `normal` or `urgent`."),
			"operator_id":   filter("Only tickets assigned to this operator."),
			"department_id": filter("Only tickets assigned to this department."),
			"contact_email": filter("Only tickets of the contact with this e-mail address, in upper or lower case."),
			"max_results": schema.Int64Attribute{
				MarkdownDescription: maxResultsDescription,
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"truncated": schema.BoolAttribute{MarkdownDescription: truncatedDescription, Computed: true},
			"tickets": schema.ListNestedAttribute{
				MarkdownDescription: "The tickets.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: ticketAttributes()},
			},
		},
	}
}

func (d *ticketsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config ticketsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.data.HasTickets() {
		resp.Diagnostics.Append(unsupported(lacksTickets, path.Empty()))
		return
	}
	found := newResults(config.MaxResults, config.matches, ticketData)
	complete, err := d.data.EachTicket(ctx, found.appendMatching)
	switch {
	case err != nil:
		resp.Diagnostics.Append(apiError(err, "read the account's tickets"))
		return
	case !complete && !found.truncated:
		resp.Diagnostics.Append(listChanged("account's tickets", "ticket"))
	}
	config.Tickets, config.Truncated = found.items, types.BoolValue(found.truncated)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// ticketsModel is a tidio_tickets.
type ticketsModel struct {
	Status       types.String      `tfsdk:"status"`
	Priority     types.String      `tfsdk:"priority"`
	OperatorID   types.String      `tfsdk:"operator_id"`
	DepartmentID types.String      `tfsdk:"department_id"`
	ContactEmail types.String      `tfsdk:"contact_email"`
	MaxResults   types.Int64       `tfsdk:"max_results"`
	Truncated    types.Bool        `tfsdk:"truncated"`
	Tickets      []ticketDataModel `tfsdk:"tickets"`
}

// matches reports whether a ticket passes all filters.
func (m ticketsModel) matches(t tidio.Ticket) bool {
	return isOrAny(m.Status, t.Status) && isOrAny(m.Priority, t.Priority) && isOrAny(m.OperatorID, t.OperatorID) &&
		isOrAny(m.DepartmentID, t.DepartmentID) &&
		(m.ContactEmail.IsNull() || tidio.SameFold(m.ContactEmail.ValueString(), t.ContactEmail))
}
