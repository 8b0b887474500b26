package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*departmentsDataSource)(nil)

func newDepartmentsDataSource() datasource.DataSource { return &departmentsDataSource{} }

type departmentsDataSource struct {
	dataSource
}

func (d *departmentsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_departments"
}

func (d *departmentsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The departments of the account, in Tidio's order. Published API only.",
		Attributes: map[string]schema.Attribute{
			"departments": schema.ListNestedAttribute{
				MarkdownDescription: "The departments.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":   schema.StringAttribute{MarkdownDescription: "Id of the department.", Computed: true},
					"name": schema.StringAttribute{MarkdownDescription: "Name.", Computed: true},
				}},
			},
		},
	}
}

func (d *departmentsDataSource) Read(
	ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	if !d.data.HasTickets() {
		resp.Diagnostics.Append(unsupported(lacksDepartments, path.Empty()))
		return
	}
	all, complete, err := d.data.ListDepartments(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, "read the account's departments"))
		return
	}
	if !complete {
		resp.Diagnostics.Append(listChanged("account's departments", "department"))
	}
	listed := departmentsModel{Departments: []departmentModel{}} // not nil, which would be null
	for _, department := range all {
		listed.Departments = append(listed.Departments, departmentData(department))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, listed)...)
}

// departmentsModel is a tidio_departments.
type departmentsModel struct {
	Departments []departmentModel `tfsdk:"departments"`
}

// departmentModel is a tidio_department, and a department in a list.
type departmentModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func departmentData(d tidio.Department) departmentModel {
	return departmentModel{ID: types.StringValue(d.ID), Name: stringOrNull(d.Name)}
}
