package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// operatorAttributes are what the data sources show of an operator.
func operatorAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":   schema.StringAttribute{MarkdownDescription: "Id of the operator.", Computed: true},
		"name": schema.StringAttribute{MarkdownDescription: "Name.", Computed: true},
		"email": schema.StringAttribute{
			MarkdownDescription: "E-mail address; null if the operator has none.",
			Computed:            true,
		},
		"role": schema.StringAttribute{MarkdownDescription: "Role, as Tidio writes it.", Computed: true},
		"active": schema.BoolAttribute{
			MarkdownDescription: "Whether the operator is active; null if Tidio does not say.",
			Computed:            true,
		},
		"picture": schema.StringAttribute{
			MarkdownDescription: "URL of the operator's picture. Published API only.",
			Computed:            true,
		},
		"last_seen": schema.StringAttribute{
			MarkdownDescription: "When the operator was last seen, in RFC 3339 format.",
			Computed:            true,
		},
	}
}

// operatorDataModel is an operator as the data sources show it.
type operatorDataModel struct {
	ID       types.String `tfsdk:"id"`
	Name     types.String `tfsdk:"name"`
	Email    types.String `tfsdk:"email"`
	Role     types.String `tfsdk:"role"`
	Active   types.Bool   `tfsdk:"active"`
	Picture  types.String `tfsdk:"picture"`
	LastSeen types.String `tfsdk:"last_seen"`
}

func operatorData(o tidio.Operator) operatorDataModel {
	return operatorDataModel{
		ID:       types.StringValue(o.ID),
		Name:     stringOrNull(o.Name),
		Email:    stringOrNull(o.Email),
		Role:     stringOrNull(o.Role),
		Active:   types.BoolPointerValue(o.Active),
		Picture:  stringOrNull(o.Picture),
		LastSeen: stringOrNull(o.LastSeen),
	}
}

// operatorsModel is a tidio_operators.
type operatorsModel struct {
	Role      types.String        `tfsdk:"role"`
	Active    types.Bool          `tfsdk:"active"`
	Operators []operatorDataModel `tfsdk:"operators"`
}

// matches reports whether an operator passes all filters. One whose active Tidio does not send is
// neither active nor inactive.
func (m operatorsModel) matches(o tidio.Operator) bool {
	active := m.Active.IsNull() || o.Active != nil && *o.Active == m.Active.ValueBool()
	return active && isOrAny(m.Role, o.Role)
}
