package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var _ datasource.DataSourceWithConfigure = (*operatorsDataSource)(nil)

func newOperatorsDataSource() datasource.DataSource { return &operatorsDataSource{} }

type operatorsDataSource struct {
	dataSource
}

func (d *operatorsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_operators"
}

func (d *operatorsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The operators of the account (the members of its team), in Tidio's order.",
		Attributes: map[string]schema.Attribute{
			"role": schema.StringAttribute{
				MarkdownDescription: "Only operators with this role, written as Tidio writes it.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"active": schema.BoolAttribute{
				MarkdownDescription: "Only operators that are active (`true`) or that are not (`false`).",
				Optional:            true,
			},
			"operators": schema.ListNestedAttribute{
				MarkdownDescription: "The operators.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: operatorAttributes()},
			},
		},
	}
}

func (d *operatorsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config operatorsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	all, complete, err := d.data.ListOperators(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, "read the account's operators"))
		return
	}
	if !complete {
		resp.Diagnostics.Append(listChanged("account's operators", "operator"))
	}
	config.Operators = []operatorDataModel{} // not nil, which would be null
	for _, operator := range all {
		if config.matches(operator) {
			config.Operators = append(config.Operators, operatorData(operator))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
