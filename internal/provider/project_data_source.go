package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ datasource.DataSourceWithConfigure = (*projectDataSource)(nil)

func newProjectDataSource() datasource.DataSource { return &projectDataSource{} }

type projectDataSource struct {
	dataSource
}

func (d *projectDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_project"
}

func (d *projectDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Tidio project that the credentials belong to. It costs one request, so it is the " +
			"cheapest way to check the credentials. Published API only.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the project. Use it as the provider's `expected_project_id`.",
				Computed:            true,
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "Whether the team is `online` or `offline`.",
				Computed:            true,
			},
		},
	}
}

func (d *projectDataSource) Read(
	ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	if !d.data.HasProject() {
		resp.Diagnostics.Append(unsupported(lacksProject, path.Empty()))
		return
	}
	project, err := d.data.GetProject(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, "read the project"))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, projectModel{
		ID:     types.StringValue(project.ID),
		Status: stringOrNull(project.Status),
	})...)
}

// projectModel is a tidio_project.
type projectModel struct {
	ID     types.String `tfsdk:"id"`
	Status types.String `tfsdk:"status"`
}
