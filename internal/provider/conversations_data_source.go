package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*conversationsDataSource)(nil)

func newConversationsDataSource() datasource.DataSource { return &conversationsDataSource{} }

type conversationsDataSource struct {
	dataSource
}

func (d *conversationsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_conversations"
}

func (d *conversationsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The conversations of the account that match all filters, in Tidio's order. Use " +
			"`tidio_messages` to read the messages of a conversation. v1 only.",
		Attributes: map[string]schema.Attribute{
			"status": schema.StringAttribute{
				MarkdownDescription: "Only conversations with this status, written as Tidio writes it.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"contact_id": schema.StringAttribute{
				MarkdownDescription: "Only conversations of this contact.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"operator_id": schema.StringAttribute{
				MarkdownDescription: "Only conversations of this operator.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"created_since": schema.StringAttribute{
				MarkdownDescription: "Only conversations that were created at this time or later, in RFC 3339 format such as " +
					"`2026-03-01T00:00:00Z`. Time zone offsets are taken into account. Conversations without a `created_at` " +
					"are left out.",
				Optional:   true,
				Validators: []validator.String{timestampValidator{}},
			},
			"updated_since": schema.StringAttribute{
				MarkdownDescription: "Only conversations that changed at this time or later, in the format of `created_since`. " +
					"Conversations without an `updated_at` are left out.",
				Optional:   true,
				Validators: []validator.String{timestampValidator{}},
			},
			"max_results": schema.Int64Attribute{
				MarkdownDescription: maxResultsDescription,
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"truncated": schema.BoolAttribute{MarkdownDescription: truncatedDescription, Computed: true},
			"conversations": schema.ListNestedAttribute{
				MarkdownDescription: "The conversations.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: conversationAttributes()},
			},
		},
	}
}

func (d *conversationsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config conversationsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.data.HasConversations() {
		resp.Diagnostics.Append(unsupported(lacksConversations, path.Empty()))
		return
	}
	var unreadable []string
	matches := func(c tidio.Conversation) bool {
		ok, noTime := config.matches(c)
		if noTime != "" {
			unreadable = append(unreadable, fmt.Sprintf("%s of conversation %q", noTime, c.ID))
		}
		return ok
	}
	found := newResults(config.MaxResults, matches, conversationData)
	complete, err := d.data.EachConversation(ctx, func(page []tidio.Conversation, last bool) bool {
		return found.appendMatching(page, last) && len(unreadable) == 0
	})
	switch {
	case err != nil:
		resp.Diagnostics.Append(apiError(err, "read the account's conversations"))
		return
	case len(unreadable) > 0:
		resp.Diagnostics.Append(unreadableTimes(unreadable))
		return
	case !complete && !found.truncated:
		resp.Diagnostics.Append(listChanged("account's conversations", "conversation"))
	}
	config.Conversations, config.Truncated = found.items, types.BoolValue(found.truncated)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
