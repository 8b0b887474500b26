package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var (
	_ datasource.DataSourceWithConfigure        = (*departmentDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*departmentDataSource)(nil)
)

func newDepartmentDataSource() datasource.DataSource { return &departmentDataSource{} }

type departmentDataSource struct {
	dataSource
}

func (d *departmentDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_department"
}

func (d *departmentDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One department, found by its id or its name. The provider reads all departments with one " +
			"request. Published API only.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the department. Set this or `name`.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{notEmptyValidator{}, notEmailValidator{setDepartment}},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the department, exactly as it is in Tidio. Set this or `id`.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
		},
	}
}

func (d *departmentDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *departmentDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config departmentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.data.HasTickets() {
		resp.Diagnostics.Append(unsupported(lacksDepartments, path.Empty()))
		return
	}
	all, complete, err := d.data.ListDepartments(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, "read the account's departments"))
		return
	}
	found, problem := config.find(all, complete)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, departmentData(found))...)
}

// find returns the one department with the configured id or name.
func (m departmentModel) find(all []tidio.Department, complete bool) (tidio.Department, diag.Diagnostic) {
	var found []tidio.Department
	var lines, ids []string
	for _, d := range all {
		lines = append(lines, fmt.Sprintf("  %s  %q", d.ID, d.Name))
		if d.ID == m.ID.ValueString() || !m.Name.IsNull() && tidio.SameText(d.Name, m.Name.ValueString()) {
			found = append(found, d)
			ids = append(ids, "  "+d.ID)
		}
	}
	by, wanted := "name", m.Name.ValueString()
	if m.Name.IsNull() {
		by, wanted = "id", m.ID.ValueString()
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		detail := "Use one of the account's departments:\n\n" + strings.Join(lines, "\n")
		if !complete {
			detail += "\n\nThe list changed while it was read, so one may have been missed: try again."
		}
		return tidio.Department{}, diag.NewAttributeErrorDiagnostic(path.Root(by),
			fmt.Sprintf("There is no department with the %s %q", by, wanted), detail)
	}
	return tidio.Department{}, diag.NewAttributeErrorDiagnostic(path.Root(by),
		fmt.Sprintf("Several departments have the name %q", wanted),
		"Use the id of the one you mean:\n\n"+strings.Join(ids, "\n"))
}
