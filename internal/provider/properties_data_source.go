package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*propertiesDataSource)(nil)

// Descriptions of attributes that both data sources share.
const (
	labelDescription = "Name that people see. If Tidio has no label, this is the property's name."
	typeDescription  = "Type of the values: `text`, `email`, `number`, `phone` or `url`. Tidio may have other types."
)

func newPropertiesDataSource() datasource.DataSource { return &propertiesDataSource{} }

type propertiesDataSource struct {
	dataSource
}

type propertiesDataModel struct {
	Type       types.String                 `tfsdk:"type"`
	Properties map[string]propertyDataModel `tfsdk:"properties"`
}

func (d *propertiesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_properties"
}

func (d *propertiesDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All custom contact properties of the account, by name.",
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "Only properties of this type.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"properties": schema.MapNestedAttribute{
				MarkdownDescription: "The properties, with their names as keys.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{
					Attributes: map[string]schema.Attribute{
						"id":    schema.StringAttribute{MarkdownDescription: "Id of the property.", Computed: true},
						"name":  schema.StringAttribute{MarkdownDescription: "Name of the property.", Computed: true},
						"label": schema.StringAttribute{MarkdownDescription: labelDescription, Computed: true},
						"type":  schema.StringAttribute{MarkdownDescription: typeDescription, Computed: true},
					},
				},
			},
		},
	}
}

func (d *propertiesDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config propertiesDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	list, err := d.data.ListProperties(ctx)
	if err != nil {
		resp.Diagnostics.Append(apiError(err, "read the account's properties"))
		return
	}
	config.Properties = propertiesByName(list, config.Type.ValueString(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// propertiesByName returns the properties of a type ("" for all), by name.
func propertiesByName(
	list tidio.PropertyList, ofType string, diags *diag.Diagnostics,
) map[string]propertyDataModel {
	if !list.Complete {
		diags.Append(listChanged("account's properties", "property"))
	}
	byName := map[string]propertyDataModel{}
	for _, p := range list.Items {
		if ofType == "" || p.Type == ofType {
			byName[p.Name] = propertyData(p)
		}
	}
	return byName
}
