package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
		"role": schema.StringAttribute{MarkdownDescription: "Role, as Tidio calls it.", Computed: true},
		"active": schema.BoolAttribute{
			MarkdownDescription: "Whether the operator is active; null if Tidio does not say.",
			Computed:            true,
		},
		"last_seen": schema.StringAttribute{
			MarkdownDescription: "When the operator was last seen, RFC 3339.",
			Computed:            true,
		},
	}
}

func operatorData(o tidio.Operator) object {
	return object{
		"id":        textValue(o.ID),
		"name":      textValue(o.Name),
		"email":     textValue(o.Email),
		"role":      textValue(o.Role),
		"active":    tftypes.NewValue(tftypes.Bool, o.Active),
		"last_seen": textValue(o.LastSeen),
	}
}

// operatorsModel is the configuration of tidio_operators.
type operatorsModel struct {
	Role      types.String `tfsdk:"role"`
	Active    types.Bool   `tfsdk:"active"`
	Operators types.List   `tfsdk:"operators"`
}

// matches reports whether an operator is asked for. One of whom Tidio does not say whether they are
// active is neither.
func (m operatorsModel) matches(o tidio.Operator) bool {
	active := m.Active.IsNull() || o.Active != nil && *o.Active == m.Active.ValueBool()
	return active && isOrAny(m.Role, o.Role)
}
