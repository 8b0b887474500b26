package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ list.ListResourceWithConfigure = (*propertyList)(nil)

func newPropertyList() list.ListResource { return &propertyList{} }

// propertyList lists what a tidio_property can manage.
type propertyList struct {
	managedResource
}

// propertyListModel is a list block of tidio_property.
type propertyListModel struct {
	Type       types.String `tfsdk:"type"`
	NamePrefix types.String `tfsdk:"name_prefix"`
}

func (l *propertyList) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_property"
}

func (l *propertyList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the contact properties of the account, in Tidio's order. All `list` blocks and data " +
			"sources of a run share one list, which costs one request per page. With the published API, it also has Tidio's " +
			"default properties.",
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "Only properties of this type: " + codeList(tidio.PropertyTypes) + ". Properties of other " +
					"types, which no configuration can create, are listed only if this names their type.",
				Optional:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"name_prefix": schema.StringAttribute{
				MarkdownDescription: "Only properties whose name begins with this, in the same letter case.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
		},
	}
}

func (l *propertyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	sendListed(ctx, req, stream, "properties", func() ([]tidio.Property, diag.Diagnostics) {
		var config propertyListModel
		if diags := req.Config.Get(ctx, &config); diags.HasError() {
			return nil, diags
		}
		all, err := l.data.ListProperties(ctx)
		if err != nil {
			return nil, diag.Diagnostics{apiError(err, "list the account's properties")}
		}
		return config.find(all)
	}, listedProperty)
}

// find returns the properties that fit, and warns of those that are left out because of their type.
func (m propertyListModel) find(all tidio.PropertyList) (found []tidio.Property, diags diag.Diagnostics) {
	if !all.Complete {
		diags.Append(listChanged("account's properties", "property"))
	}
	var leftOut []string // types
	for _, p := range all.Items {
		switch {
		case !strings.HasPrefix(tidio.Normalize(p.Name), tidio.Normalize(m.NamePrefix.ValueString())):
		case !isOrAny(m.Type, p.Type):
		case m.Type.IsNull() && !isCreatable(p.Type):
			leftOut = append(leftOut, p.Type)
		default:
			found = append(found, p)
		}
	}
	if len(leftOut) > 0 {
		diags.Append(leftOutWarning(leftOut))
	}
	return found, diags
}

func listedProperty(p tidio.Property) listed {
	var m propertyModel
	m.fromAPI(p)
	l := listed{displayName: p.Name, id: p.ID, model: m}
	if p.Label != p.Name {
		l.displayName = p.Label + " (" + p.Name + ")"
	}
	return l
}

// leftOutWarning counts the properties that a list block leaves out; ofTypes has the type of each.
func leftOutWarning(ofTypes []string) diag.Diagnostic {
	count := len(ofTypes)
	slices.Sort(ofTypes)
	return diag.NewWarningDiagnostic("Properties of other types are left out",
		fmt.Sprintf("This block leaves out %d of the account's properties: no configuration can create their type. To "+
			"list them, set type in a block of its own to one of: %s.", count, quoted(slices.Compact(ofTypes))))
}

// codeList writes words as code, with commas and "or".
func codeList(words []string) string {
	last := len(words) - 1
	return "`" + strings.Join(words[:last], "`, `") + "` or `" + words[last] + "`"
}
