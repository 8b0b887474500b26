package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var _ datasource.DataSourceWithConfigure = (*conversationDataSource)(nil)

func newConversationDataSource() datasource.DataSource { return &conversationDataSource{} }

type conversationDataSource struct {
	dataSource
}

func (d *conversationDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_conversation"
}

func (d *conversationDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := conversationAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the conversation.",
		Required:            true,
		Validators:          []validator.String{notEmptyValidator{}, notEmailValidator{findChats}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One conversation, found by its id. Use `tidio_messages` to read its messages. v1 only.",
		Attributes:          attributes,
	}
}

func (d *conversationDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var id string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &id)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.data.HasConversations() {
		resp.Diagnostics.Append(unsupported(lacksConversations, path.Empty()))
		return
	}
	conversation, err := d.data.GetConversation(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(lookUpError(err, "conversation", id))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, conversationData(conversation))...)
}
