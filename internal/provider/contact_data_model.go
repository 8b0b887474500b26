package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// contactAttributes are what the data sources show of a contact.
func contactAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{MarkdownDescription: "Id of the contact.", Computed: true},
		"distinct_id": schema.StringAttribute{
			MarkdownDescription: "Id of the same person in your own system. Published API only.",
			Computed:            true,
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name. With the published API, the first and last name, joined by a space.",
			Computed:            true,
		},
		"first_name": schema.StringAttribute{MarkdownDescription: "First name. Published API only.", Computed: true},
		"last_name":  schema.StringAttribute{MarkdownDescription: "Last name. Published API only.", Computed: true},
		"email":      schema.StringAttribute{MarkdownDescription: "E-mail address.", Computed: true},
		"phone":      schema.StringAttribute{MarkdownDescription: "Phone number.", Computed: true},
		"language": schema.StringAttribute{
			MarkdownDescription: "Language as an ISO 639-1 code, such as `de`. Published API only.",
			Computed:            true,
		},
		"country": schema.StringAttribute{
			MarkdownDescription: "Country as an ISO 3166-1 alpha-2 code, such as `DE`. Published API only.",
			Computed:            true,
		},
		"city": schema.StringAttribute{MarkdownDescription: "City. Published API only.", Computed: true},
		"email_consent": schema.StringAttribute{
			MarkdownDescription: "Whether the person agreed to receive e-mail: `subscribed` or `unsubscribed`. Published API " +
				"only.",
			Computed: true,
		},
		"properties": schema.MapAttribute{
			MarkdownDescription: "Values by property name, all as strings: a number with all its digits, `true` and " +
				"`false` as words. A property without a value has no key.",
			ElementType: types.StringType,
			Computed:    true,
		},
		"created_at": schema.StringAttribute{MarkdownDescription: "Time of creation, in RFC 3339 format.", Computed: true},
	}
}

// contactDataModel is a contact as the data sources show it.
type contactDataModel struct {
	ID           types.String      `tfsdk:"id"`
	DistinctID   types.String      `tfsdk:"distinct_id"`
	Name         types.String      `tfsdk:"name"`
	FirstName    types.String      `tfsdk:"first_name"`
	LastName     types.String      `tfsdk:"last_name"`
	Email        types.String      `tfsdk:"email"`
	Phone        types.String      `tfsdk:"phone"`
	Language     types.String      `tfsdk:"language"`
	Country      types.String      `tfsdk:"country"`
	City         types.String      `tfsdk:"city"`
	EmailConsent types.String      `tfsdk:"email_consent"`
	Properties   map[string]string `tfsdk:"properties"`
	CreatedAt    types.String      `tfsdk:"created_at"`
}

func contactData(c tidio.Contact) contactDataModel {
	return contactDataModel{
		ID:           types.StringValue(c.ID),
		DistinctID:   stringOrNull(c.DistinctID),
		Name:         stringOrNull(c.Name),
		FirstName:    stringOrNull(c.FirstName),
		LastName:     stringOrNull(c.LastName),
		Email:        stringOrNull(c.Email),
		Phone:        stringOrNull(c.Phone),
		Language:     stringOrNull(c.Language),
		Country:      stringOrNull(c.Country),
		City:         stringOrNull(c.City),
		EmailConsent: stringOrNull(c.EmailConsent),
		Properties:   c.Properties,
		CreatedAt:    stringOrNull(c.CreatedAt),
	}
}
