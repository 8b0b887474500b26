package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

var _ list.ListResourceWithConfigure = (*contactList)(nil)

func newContactList() list.ListResource { return &contactList{} }

// contactList lists what a tidio_contact can manage.
type contactList struct {
	managedResource
}

// contactListModel is a list block of tidio_contact.
type contactListModel struct {
	Email      types.String            `tfsdk:"email"`
	Properties map[string]types.String `tfsdk:"properties"`
}

func (l *contactList) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_contact"
}

func (l *contactList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists contacts of the account, in Tidio's order. All `list` blocks of a run share one list, " +
			"which costs one request per page, whatever the limit. A block with `email` costs one request with the published " +
			"API. `properties` of a result is null, because a configuration manages only the values that it names.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "Only contacts with this e-mail address; upper and lower case count as the same.",
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
		},
	}
}

func (l *contactList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	show := func(c tidio.Contact) listed { return listedContact(c, l.data.ContactFields()) }
	sendListed(ctx, req, stream, "contacts", func() ([]tidio.Contact, diag.Diagnostics) {
		var config contactListModel
		if diags := req.Config.Get(ctx, &config); diags.HasError() {
			return nil, diags
		}
		return l.find(ctx, config)
	}, show)
}

// find returns the contacts that fit.
func (l *contactList) find(
	ctx context.Context, config contactListModel,
) (found []tidio.Contact, diags diag.Diagnostics) {
	filter := contactsModel{Email: config.Email, Properties: config.Properties}
	definitions := checkContactFilter(ctx, l.data, filter, &diags)
	if diags.HasError() {
		return nil, diags
	}
	read := l.data.ListContacts
	if !config.Email.IsNull() {
		read = func(ctx context.Context) ([]tidio.Contact, bool, error) {
			return l.data.ContactsByEmail(ctx, config.Email.ValueString())
		}
	}
	all, complete, err := read(ctx)
	switch {
	case err != nil:
		diags.Append(apiError(err, "list the account's contacts"))
	case !complete:
		diags.Append(listChanged("account's contacts", "contact"))
	}
	return slices.DeleteFunc(slices.Clone(all), func(c tidio.Contact) bool {
		return !filter.matches(c, definitions)
	}), diags
}

func listedContact(c tidio.Contact, writable []tidio.ContactField) listed {
	var m contactModel
	m.fromImport(c, writable)
	l := listed{id: c.ID, model: m}
	for _, text := range []string{c.DistinctID, c.Phone, c.Email, c.Name} { // the last one that is there
		if tidio.OneLine(text) != "" {
			l.displayName = text
		}
	}
	if l.displayName == c.Name && c.Email != "" {
		l.displayName += " <" + c.Email + ">"
	}
	return l
}
