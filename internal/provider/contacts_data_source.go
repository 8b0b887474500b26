package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ datasource.DataSourceWithConfigure = (*contactsDataSource)(nil)

const contactFilterDescription = "Only contacts that have all of these values, by property name. Numbers are " +
	"compared as numbers, all other values exactly. `null` means no value."

func newContactsDataSource() datasource.DataSource { return &contactsDataSource{} }

type contactsDataSource struct {
	dataSource
}

func (d *contactsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_contacts"
}

func (d *contactsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The contacts of the account that match all filters, in Tidio's order. Each data source of " +
			"this type reads all contacts, unless it filters by `email` with the published API. To filter in several ways, " +
			"read the contacts once and use `for` expressions.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "Only contacts with this e-mail address. Upper and lower case count as the same.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Only contacts with exactly this name.",
				Optional:            true,
				Validators:          []validator.String{notEmptyValidator{}},
			},
			"properties": schema.MapAttribute{
				MarkdownDescription: contactFilterDescription,
				ElementType:         types.StringType,
				Optional:            true,
				Validators: []validator.Map{
					mapvalidator.KeysAre(notEmptyValidator{}), mapvalidator.ValueStringsAre(notEmptyValidator{}),
				},
			},
			"max_results": schema.Int64Attribute{
				MarkdownDescription: maxResultsDescription,
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"truncated": schema.BoolAttribute{MarkdownDescription: truncatedDescription, Computed: true},
			"contacts": schema.ListNestedAttribute{
				MarkdownDescription: "The contacts.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: contactAttributes()},
			},
		},
	}
}

func (d *contactsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config contactsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	definitions := checkContactFilter(ctx, d.data, config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	matches := func(c tidio.Contact) bool { return config.matches(c, definitions) }
	found := newResults(config.MaxResults, matches, contactData)
	complete, err := d.each(ctx, config.Email, found.appendMatching)
	switch {
	case err != nil:
		resp.Diagnostics.Append(apiError(err, "read the account's contacts"))
		return
	case !complete && !found.truncated:
		resp.Diagnostics.Append(listChanged("account's contacts", "contact"))
	}
	config.Contacts, config.Truncated = found.items, types.BoolValue(found.truncated)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// each passes on the contacts with an address, if this takes a single request. Otherwise, it passes on all contacts.
func (d *contactsDataSource) each(
	ctx context.Context, email types.String, keepReading func(page []tidio.Contact, last bool) bool,
) (complete bool, err error) {
	if email.IsNull() || !d.data.CanSearchByEmail() {
		return d.data.EachContact(ctx, keepReading)
	}
	found, complete, err := d.data.ContactsByEmail(ctx, email.ValueString())
	keepReading(found, true)
	return complete, err
}

// checkContactFilter warns of a filter by a property that the account does not have: with null, a misspelled
// name would match every contact. It returns the account's properties, if there is a filter by properties.
func checkContactFilter(
	ctx context.Context, data *providerData, config contactsModel, diags *diag.Diagnostics,
) (definitions tidio.PropertyList) {
	if len(config.Properties) == 0 {
		return definitions
	}
	definitions, err := data.ListProperties(ctx)
	if err != nil {
		diags.Append(apiError(err, "check the filter against the account's properties"))
		return definitions
	}
	for _, name := range slices.Sorted(maps.Keys(config.Properties)) {
		if _, defined := definitions.ByName(name); !defined && definitions.Complete {
			diags.AddAttributeWarning(path.Root("properties").AtMapKey(name),
				fmt.Sprintf("Property %q is not in the account", name),
				"No contact can have a value for it. The filter matches no contact, or every contact if its value is null. "+
					"Check the spelling of the name.")
		}
	}
	return definitions
}

// contactsModel is a tidio_contacts.
type contactsModel struct {
	Email      types.String            `tfsdk:"email"`
	Name       types.String            `tfsdk:"name"`
	Properties map[string]types.String `tfsdk:"properties"`
	MaxResults types.Int64             `tfsdk:"max_results"`
	Truncated  types.Bool              `tfsdk:"truncated"`
	Contacts   []contactDataModel      `tfsdk:"contacts"`
}

// matches reports whether a contact passes all filters. definitions are the account's properties.
func (m contactsModel) matches(c tidio.Contact, definitions tidio.PropertyList) bool {
	for name, wanted := range m.Properties {
		if !sameValue(definitions, name, wanted.ValueString(), c.Properties[name]) { // both "" for none
			return false
		}
	}
	return isOrAny(m.Name, c.Name) && (m.Email.IsNull() || tidio.SameFold(m.Email.ValueString(), c.Email))
}
