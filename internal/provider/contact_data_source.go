package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

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
		MarkdownDescription: "Id of the contact. Set this, `email` or `distinct_id`. One contact costs one request; many " +
			"contacts are read together.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmptyValidator{}, notEmailValidator{setEmail}},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "E-mail address. Upper and lower case count as the same. The published API finds the contact " +
			"with one request. v1 cannot search: **the provider reads all contacts of the account**, one request per page, " +
			"once per run.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmptyValidator{}},
	}
	attributes["distinct_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the same person in your own system. Published API only. The API cannot search for " +
			"it: **the provider reads all contacts of the account**, one request per page, once per run.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmptyValidator{}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One contact, found by its id, its e-mail address or its `distinct_id`.",
		Attributes:          attributes,
	}
}

func (d *contactDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email"), path.MatchRoot("distinct_id")),
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
	contact, problems := d.find(ctx, config)
	if resp.Diagnostics.Append(problems...); resp.Diagnostics.HasError() {
		return
	}
	found := contactData(contact)
	if !config.Email.IsNull() {
		found.Email = config.Email // as it is written there
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
}

// find reads the contact that the configuration names in one of three ways.
func (d *contactDataSource) find(ctx context.Context, config contactDataModel) (tidio.Contact, diag.Diagnostics) {
	switch {
	case !config.Email.IsNull():
		return contactByEmail(ctx, d.data, config.Email.ValueString(), "look for a contact by its e-mail address")
	case !config.DistinctID.IsNull():
		return contactByDistinctID(ctx, d.data, config.DistinctID.ValueString(), path.Root("distinct_id"))
	}
	id := config.ID.ValueString()
	contact, err := d.data.FindContact(ctx, id)
	if err != nil {
		return contact, diag.Diagnostics{lookUpError(err, "contact", id)}
	}
	return contact, nil
}
