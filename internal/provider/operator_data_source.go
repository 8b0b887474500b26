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
	_ datasource.DataSourceWithConfigure        = (*operatorDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*operatorDataSource)(nil)
)

func newOperatorDataSource() datasource.DataSource { return &operatorDataSource{} }

type operatorDataSource struct {
	dataSource
}

func (d *operatorDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_operator"
}

func (d *operatorDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := operatorAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the operator. Set this or `email`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{notEmptyValidator{}, notEmailValidator{setEmail}},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "E-mail address. Upper and lower case count as the same. Set this or `id`. The API cannot " +
			"search, so the provider reads all operators of the account, once per run. Null if the operator has none.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmptyValidator{}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One operator (a member of the account's team), found by id or e-mail address.",
		Attributes:          attributes,
	}
}

func (d *operatorDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email")),
	}
}

func (d *operatorDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config operatorDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operator, problem := d.find(ctx, config.ID, config.Email)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	found := operatorData(operator)
	if !config.Email.IsNull() {
		found.Email = config.Email // as it is written there
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
}

// find reads the operator with an id or, if there is none, the operator with an address.
func (d *operatorDataSource) find(
	ctx context.Context, id, email types.String,
) (tidio.Operator, diag.Diagnostic) {
	if !id.IsNull() {
		operator, err := d.data.FindOperator(ctx, id.ValueString())
		if err != nil {
			return operator, lookUpError(err, "operator", id.ValueString())
		}
		return operator, nil
	}
	all, complete, err := d.data.ListOperators(ctx)
	if err != nil {
		return tidio.Operator{}, apiError(err, "look for an operator by e-mail address")
	}
	var found []tidio.Operator
	for _, operator := range all {
		if tidio.SameFold(operator.Email, email.ValueString()) {
			found = append(found, operator)
		}
	}
	if len(found) != 1 {
		return tidio.Operator{}, notOneOperator(found, complete)
	}
	return found[0], nil
}
