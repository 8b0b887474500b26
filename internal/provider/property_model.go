package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// propertyModel is a tidio_property in configuration, plan and state.
type propertyModel struct {
	ID            types.String `tfsdk:"id"`
	Name          types.String `tfsdk:"name"`
	Label         types.String `tfsdk:"label"`
	Type          types.String `tfsdk:"type"`
	AdoptExisting types.Bool   `tfsdk:"adopt_existing"`
}

// fromAPI copies the account's values. adopt_existing stays, because it only concerns Terraform.
func (m *propertyModel) fromAPI(p tidio.Property) {
	m.ID = types.StringValue(p.ID)
	m.Name = types.StringValue(p.Name)
	m.Label = types.StringValue(p.Label)
	m.Type = types.StringValue(p.Type)
}

// setComputed fills the values that the plan left unknown, and no others: the state must match the plan.
func (m *propertyModel) setComputed(p tidio.Property) {
	m.ID = types.StringValue(p.ID)
	if m.Label.IsUnknown() {
		m.Label = types.StringValue(p.Label)
	}
}

// toCreate returns what is sent to create the property.
func (m *propertyModel) toCreate() tidio.NewProperty {
	return tidio.NewProperty{
		Name:  m.Name.ValueString(),
		Label: m.Label.ValueString(), // "" if the configuration has none
		Type:  m.Type.ValueString(),
	}
}

// propertyDataModel is a property as the data sources show it.
type propertyDataModel struct {
	ID    types.String `tfsdk:"id"`
	Name  types.String `tfsdk:"name"`
	Label types.String `tfsdk:"label"`
	Type  types.String `tfsdk:"type"`
}

func propertyData(p tidio.Property) propertyDataModel {
	return propertyDataModel{
		ID:    types.StringValue(p.ID),
		Name:  types.StringValue(p.Name),
		Label: types.StringValue(p.Label),
		Type:  types.StringValue(p.Type),
	}
}

// find returns the property with the configured id or name. criterion describes it in words.
func (m propertyDataModel) find(list tidio.PropertyList) (found tidio.Property, criterion string, ok bool) {
	if id := m.ID.ValueString(); id != "" {
		found, ok = list.ByID(id)
		return found, fmt.Sprintf("has the id %q", id), ok
	}
	found, ok = list.ByName(m.Name.ValueString())
	return found, fmt.Sprintf("is named %q", m.Name.ValueString()), ok
}
