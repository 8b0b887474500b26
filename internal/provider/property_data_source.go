package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var (
	_ datasource.DataSourceWithConfigure        = (*propertyDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*propertyDataSource)(nil)
)

func newPropertyDataSource() datasource.DataSource { return &propertyDataSource{} }

type propertyDataSource struct {
	dataSource
}

func (d *propertyDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_property"
}

func (d *propertyDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One custom contact property, found by its name or its id.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the property. Set this or `name`.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the property, exactly as it is in Tidio. Set this or `id`.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"label": schema.StringAttribute{MarkdownDescription: labelDescription, Computed: true},
			"type":  schema.StringAttribute{MarkdownDescription: typeDescription, Computed: true},
		},
	}
}

func (d *propertyDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *propertyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config propertyDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	list, err := d.data.ListProperties(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, "read the account's properties"))
		return
	}
	property, criterion, found := config.find(list)
	if !found {
		resp.Diagnostics.Append(noSuchProperty("read", criterion, list, d.data.CanCreateProperties()))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, propertyData(property))...)
}
