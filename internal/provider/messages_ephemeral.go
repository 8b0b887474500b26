package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/ephemeralvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure        = (*messagesEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithConfigValidators = (*messagesEphemeral)(nil)
)

func newMessagesEphemeral() ephemeral.EphemeralResource { return &messagesEphemeral{} }

// messagesEphemeral is the data source of the same name, but what it reads is in no state and no plan.
type messagesEphemeral struct {
	data *providerData
}

func (e *messagesEphemeral) Metadata(
	_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_messages"
}

func (e *messagesEphemeral) Schema(
	_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse,
) {
	shown := func(name string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: messageDescriptions[name], Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All messages of one conversation (v1) or one contact (published API), in Tidio's order. They " +
			"are in no state and no plan: each plan and each apply that needs them reads them again. Needs Terraform 1.10 or " +
			"OpenTofu 1.11.",
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
			"conversation_url": shown("conversation_url"),
			"messages": schema.ListNestedAttribute{
				MarkdownDescription: "The messages.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          shown("id"),
					"author_type": shown("author_type"),
					"author_id":   shown("author_id"),
					"content":     shown("content"),
					"created_at":  shown("created_at"),
				}},
			},
		},
	}
}

func (e *messagesEphemeral) ConfigValidators(context.Context) []ephemeral.ConfigValidator {
	return []ephemeral.ConfigValidator{
		ephemeralvalidator.ExactlyOneOf(path.MatchRoot("conversation_id"), path.MatchRoot("contact_id")),
	}
}

func (e *messagesEphemeral) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	e.data = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

func (e *messagesEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config messagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.read(ctx, e.data)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
	}
}
