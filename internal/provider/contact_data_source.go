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
		Validators: []validator.String{text{}, notEmail{}},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "E-mail address; upper and lower case count as the same. Give this or `id`. The API " +
			"cannot search, so **all contacts of the account are read**, one request per page, once per run.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{text{}},
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
	id, email := idOrEmail(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	contact, problems := d.find(ctx, id, email)
	if len(contact.Unreadable) > 0 {
		problems.Append(unreadableContacts(contact))
	}
	if resp.Diagnostics.Append(problems...); resp.Diagnostics.HasError() {
		return
	}
	setState(ctx, req, resp, contactData(contact))
}

// find reads the contact with an id, or else the one with an address.
func (d *contactDataSource) find(
	ctx context.Context, id, email types.String,
) (tidio.Contact, diag.Diagnostics) {
	if id.IsNull() {
		return contactByEmail(ctx, d.account, email.ValueString(), "look for a contact by its e-mail address")
	}
	contact, err := d.account.FindContact(ctx, id.ValueString())
	if err != nil {
		return contact, diag.Diagnostics{lookUpError(err, "contact", id.ValueString())}
	}
	return contact, nil
}
