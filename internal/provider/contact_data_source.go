package provider

import (
	"context"

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
	_ datasource.DataSourceWithConfigure        = (*contactDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*contactDataSource)(nil)
)

func newContactDataSource() datasource.DataSource { return &contactDataSource{} }

type contactDataSource struct {
	dataSource
}

func (d *contactDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_contact"
}

func (d *contactDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := contactAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the contact. Give this or `email`. A single request reads it; " +
			"many are read together.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{textValidator{}, notEmailValidator{}},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "E-mail address; upper and lower case count as the same. Give this or `id`. The API " +
			"cannot search, so **all contacts of the account are read**, one request per page, once per run.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{textValidator{}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One contact, by its id or its e-mail address.",
		Attributes:          attributes,
	}
}

func (d *contactDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email")),
	}
}

func (d *contactDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config contactDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	contact, problems := d.find(ctx, config.ID, config.Email)
	if len(contact.Unreadable) > 0 {
		problems.Append(unreadableContacts(contact))
	}
	if resp.Diagnostics.Append(problems...); resp.Diagnostics.HasError() {
		return
	}
	found := contactData(contact)
	if !config.Email.IsNull() {
		found.Email = config.Email // as it is written there
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
}

// find reads the contact with an id, or else the one with an address.
func (d *contactDataSource) find(
	ctx context.Context, id, email types.String,
) (tidio.Contact, diag.Diagnostics) {
	if id.IsNull() {
		return contactByEmail(ctx, d.data, email.ValueString(), "look for a contact by its e-mail address")
	}
	contact, err := d.data.FindContact(ctx, id.ValueString())
	if err != nil {
		return contact, diag.Diagnostics{lookUpError(err, "contact", id.ValueString())}
	}
	return contact, nil
}

// contactAttributes are what the data sources show of a contact.
func contactAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":    schema.StringAttribute{MarkdownDescription: "Id of the contact.", Computed: true},
		"name":  schema.StringAttribute{MarkdownDescription: "Name.", Computed: true},
		"email": schema.StringAttribute{MarkdownDescription: "E-mail address.", Computed: true},
		"phone": schema.StringAttribute{MarkdownDescription: "Phone number.", Computed: true},
		"properties": schema.MapAttribute{
			MarkdownDescription: "Values by property name, all as strings: a number digit for digit, `true` and " +
				"`false` as words. A property without a value has no key.",
			ElementType: types.StringType,
			Computed:    true,
		},
		"created_at": schema.StringAttribute{MarkdownDescription: "When it was created, RFC 3339.", Computed: true},
	}
}

// contactDataModel is a contact as the data sources show it.
type contactDataModel struct {
	ID         types.String      `tfsdk:"id"`
	Name       types.String      `tfsdk:"name"`
	Email      types.String      `tfsdk:"email"`
	Phone      types.String      `tfsdk:"phone"`
	Properties map[string]string `tfsdk:"properties"`
	CreatedAt  types.String      `tfsdk:"created_at"`
}

func contactData(c tidio.Contact) contactDataModel {
	return contactDataModel{
		ID:         types.StringValue(c.ID),
		Name:       stringOrNull(c.Name),
		Email:      stringOrNull(c.Email),
		Phone:      stringOrNull(c.Phone),
		Properties: c.Properties,
		CreatedAt:  stringOrNull(c.CreatedAt),
	}
}
