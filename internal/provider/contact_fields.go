package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// contactField is a field of a contact that is not a property: its place in the model, when two spellings of its value
// are equal, and what may be written.
type contactField struct {
	field  tidio.ContactField
	in     func(*contactModel) *types.String
	same   func(a, b string) bool
	max    int    // characters; 0 = any number
	format string // the type of a property that has the same format; "" = any text
}

// contactFields are the fields of both APIs that are not properties.
var contactFields = []contactField{
	{
		field: tidio.ContactDistinctID,
		in:    func(m *contactModel) *types.String { return &m.DistinctID },
		same:  tidio.SameText,
		max:   tidio.MaxDistinctID,
	},
	{
		field: tidio.ContactName,
		in:    func(m *contactModel) *types.String { return &m.Name },
		same:  tidio.SameText,
	},
	{
		field: tidio.ContactFirstName,
		in:    func(m *contactModel) *types.String { return &m.FirstName },
		same:  tidio.SameText,
		max:   tidio.MaxContactName,
	},
	{
		field: tidio.ContactLastName,
		in:    func(m *contactModel) *types.String { return &m.LastName },
		same:  tidio.SameText,
		max:   tidio.MaxContactName,
	},
	{
		field:  tidio.ContactEmail,
		in:     func(m *contactModel) *types.String { return &m.Email },
		same:   tidio.SameFold,
		format: "email",
	},
	{
		field:  tidio.ContactPhone,
		in:     func(m *contactModel) *types.String { return &m.Phone },
		same:   samePhone,
		max:    tidio.MaxContactPhone,
		format: "phone",
	},
}

// hasField reports whether a contact has, or may have, at least one of the fields that it needs.
func hasField(m contactModel) bool {
	return slices.ContainsFunc(contactFields, func(f contactField) bool {
		return f.field != tidio.ContactDistinctID && !f.in(&m).IsNull()
	})
}

// checkFields returns an error for each field that the API does not have.
func checkFields(planned contactModel, writable []tidio.ContactField) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, f := range contactFields {
		if !f.in(&planned).IsNull() && !slices.Contains(writable, f.field) {
			diags.Append(unsupported(lacksField(f.field), path.Root(string(f.field))))
		}
	}
	return diags
}
