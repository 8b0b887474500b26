package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ datasource.DataSourceWithConfigure        = (*messagesDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*messagesDataSource)(nil)
)

// messageDescriptions are what the data source and the ephemeral resource say of the same attributes.
var messageDescriptions = map[string]string{
	"conversation_id":  "Id of the conversation. v1 only. Set this or `contact_id`.",
	"contact_id":       "Id of the contact. Published API only. Set this or `conversation_id`.",
	"conversation_url": "Address of the messages in the Tidio panel; null if there are none. Published API only.",
	"id":               "Id of the message.",
	"author_type":      "Kind of author, as Tidio writes it.",
	"author_id":        "Id of the contact or operator who wrote it.",
	"content":          "Text of the message; null if it has none.",
	"created_at":       "Time of sending, in RFC 3339 format.",
}

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
		MarkdownDescription: "All messages of one conversation (v1) or one contact (published API), in Tidio's order.",
		Attributes: map[string]schema.Attribute{
			"conversation_id": schema.StringAttribute{
				MarkdownDescription: messageDescriptions["conversation_id"],
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}, notEmailValidator{findChats}},
			},
			"contact_id": schema.StringAttribute{
				MarkdownDescription: messageDescriptions["contact_id"],
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}, notEmailValidator{findContact}},
			},
			"conversation_url": schema.StringAttribute{
				MarkdownDescription: messageDescriptions["conversation_url"],
				Computed:            true,
			},
			"messages": schema.ListNestedAttribute{
				MarkdownDescription: "The messages. The whole list is sensitive: the engine masks it in its output.",
				Computed:            true,
				// The whole list, not only the content: the engine's time grows with the square of the number of
				// sensitive values. 5,000 messages take minutes instead of a second (measured with Terraform 1.11).
				Sensitive: true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          schema.StringAttribute{MarkdownDescription: messageDescriptions["id"], Computed: true},
					"author_type": schema.StringAttribute{MarkdownDescription: messageDescriptions["author_type"], Computed: true},
					"author_id":   schema.StringAttribute{MarkdownDescription: messageDescriptions["author_id"], Computed: true},
					"content":     schema.StringAttribute{MarkdownDescription: messageDescriptions["content"], Computed: true},
					"created_at":  schema.StringAttribute{MarkdownDescription: messageDescriptions["created_at"], Computed: true},
				}},
			},
		},
	}
}

func (d *messagesDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("conversation_id"), path.MatchRoot("contact_id")),
	}
}

func (d *messagesDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config messagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.read(ctx, d.data)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
	}
}

// messagesModel is a tidio_messages, the data source and the ephemeral resource.
type messagesModel struct {
	ConversationID  types.String       `tfsdk:"conversation_id"`
	ContactID       types.String       `tfsdk:"contact_id"`
	ConversationURL types.String       `tfsdk:"conversation_url"`
	Messages        []messageDataModel `tfsdk:"messages"`
}

// read fills in the messages of what the configuration names.
func (m *messagesModel) read(ctx context.Context, data *providerData) (diags diag.Diagnostics) {
	noun, id, list := "conversation", m.ConversationID.ValueString(), data.ListMessages
	if m.ConversationID.IsNull() {
		noun, id, list = "contact", m.ContactID.ValueString(), data.ListContactMessages
	}
	switch byConversation := noun == "conversation"; {
	case byConversation && !data.HasConversations():
		return diag.Diagnostics{unsupported(lacksConversationMessages, path.Root("conversation_id"))}
	case !byConversation && data.HasConversations():
		return diag.Diagnostics{unsupported(lacksContactMessages, path.Root("contact_id"))}
	}
	all, complete, err := list(ctx, id)
	switch {
	case tidio.IsNotFound(err):
		return diag.Diagnostics{lookUpError(err, noun, id)}
	case err != nil:
		return diag.Diagnostics{apiError(err, fmt.Sprintf("read the messages of %s %q", noun, id))}
	case !complete:
		diags.Append(listChanged(fmt.Sprintf("messages of %s %q", noun, id), "message"))
	}
	if len(all) > 0 {
		m.ConversationURL = stringOrNull(all[0].ConversationURL)
	}
	m.Messages = make([]messageDataModel, len(all))
	for i, message := range all {
		m.Messages[i] = messageData(message)
	}
	return diags
}

// messageDataModel is a message as both show it.
type messageDataModel struct {
	ID         types.String `tfsdk:"id"`
	AuthorType types.String `tfsdk:"author_type"`
	AuthorID   types.String `tfsdk:"author_id"`
	Content    types.String `tfsdk:"content"`
	CreatedAt  types.String `tfsdk:"created_at"`
}

func messageData(m tidio.Message) messageDataModel {
	return messageDataModel{
		ID:         types.StringValue(m.ID),
		AuthorType: stringOrNull(m.AuthorType),
		AuthorID:   stringOrNull(m.AuthorID),
		Content:    stringOrNull(m.Content),
		CreatedAt:  stringOrNull(m.CreatedAt),
	}
}
