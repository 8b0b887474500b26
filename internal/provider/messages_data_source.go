package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*messagesDataSource)(nil)

func newMessagesDataSource() datasource.DataSource { return &messagesDataSource{} }

type messagesDataSource struct {
	dataSource
}

func (d *messagesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_messages"
}

func (d *messagesDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All messages of one conversation, in the order in which Tidio lists them.",
		Attributes: map[string]schema.Attribute{
			"conversation_id": schema.StringAttribute{
				MarkdownDescription: "Id of the conversation.",
				Required:            true,
				Validators:          []validator.String{text{}},
			},
			"messages": schema.ListNestedAttribute{
				MarkdownDescription: "The messages. The list as a whole is sensitive, and masked in what the " +
					"engine prints.",
				Computed: true,
				// Not the content alone: engines take the square of the number of sensitive values, and
				// for 5,000 messages minutes in place of a second (measured with Terraform 1.11).
				Sensitive: true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{MarkdownDescription: "Id of the message.", Computed: true},
					"author_type": schema.StringAttribute{
						MarkdownDescription: "What kind of author wrote it, as Tidio calls it.",
						Computed:            true,
					},
					"author_id": schema.StringAttribute{
						MarkdownDescription: "Id of the contact or operator who wrote it.",
						Computed:            true,
					},
					"content": schema.StringAttribute{
						MarkdownDescription: "Text of the message; null if it has none.",
						Computed:            true,
					},
					"created_at": schema.StringAttribute{MarkdownDescription: "When it was sent, RFC 3339.", Computed: true},
				}},
			},
		},
	}
}

func (d *messagesDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var id string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("conversation_id"), &id)...)
	if resp.Diagnostics.HasError() {
		return
	}
	all, complete, err := d.account.ListMessages(ctx, id)
	switch {
	case tidio.IsNotFound(err):
		resp.Diagnostics.Append(lookUpError(err, "conversation", id))
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(err, fmt.Sprintf("read the messages of conversation %q", id)))
		return
	case !complete:
		resp.Diagnostics.Append(listChanged(fmt.Sprintf("messages of conversation %q", id), "message"))
	}
	found := newRows(req.Config, "messages", types.Int64Null())
	take(found, all, true, func(tidio.Message) bool { return true }, messageData)
	setState(ctx, req, resp, object{"messages": found.value()})
}

func messageData(m tidio.Message) object {
	return object{
		"id":          textValue(m.ID),
		"author_type": textValue(m.AuthorType),
		"author_id":   textValue(m.AuthorID),
		"content":     textValue(m.Content),
		"created_at":  textValue(m.CreatedAt),
	}
}
