package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// contactAttributes are what the data sources show of a contact.
func contactAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":    schema.StringAttribute{MarkdownDescription: "Id of the contact.", Computed: true},
		"name":  schema.StringAttribute{MarkdownDescription: "Name.", Computed: true},
		"email": schema.StringAttribute{MarkdownDescription: "E-mail address.", Computed: true},
		"phone": schema.StringAttribute{MarkdownDescription: "Phone number.", Computed: true},
		"properties": schema.MapAttribute{
			MarkdownDescription: "Values by property name, all as strings: a number digit for digit, `true` and " +
				"`false` as words. A property without a value has no key.",
			ElementType: types.StringType,
			Computed:    true,
		},
		"created_at": schema.StringAttribute{MarkdownDescription: "When it was created, RFC 3339.", Computed: true},
	}
}

func contactData(c tidio.Contact) object {
	values := make(object, len(c.Properties))
	for name, value := range c.Properties {
		values[name] = textValue(value.Text)
	}
	return object{
		"id":         textValue(c.ID),
		"name":       textValue(c.Name),
		"email":      textValue(c.Email),
		"phone":      textValue(c.Phone),
		"properties": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values),
		"created_at": textValue(c.CreatedAt),
	}
}

// contactsModel is the configuration of tidio_contacts.
type contactsModel struct {
	Email      types.String            `tfsdk:"email"`
	Name       types.String            `tfsdk:"name"`
	Properties map[string]types.String `tfsdk:"properties"`
	MaxResults types.Int64             `tfsdk:"max_results"`
	Truncated  types.Bool              `tfsdk:"truncated"`
	Contacts   types.List              `tfsdk:"contacts"`
}

// matches reports whether a contact is asked for.
func (m contactsModel) matches(c tidio.Contact) bool {
	for name, wanted := range m.Properties {
		actual, text := c.Properties[name], wanted.ValueString() // both "" for none
		equal := text == actual.Text || actual.Number && sameNumber(text, actual.Text)
		if !equal {
			return false
		}
	}
	return isOrAny(m.Name, c.Name) && (m.Email.IsNull() || strings.EqualFold(m.Email.ValueString(), c.Email))
}
