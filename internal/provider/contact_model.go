package provider

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// contactModel is a tidio_contact in configuration, plan and state. A field or key that is null in the state is
// not managed: the provider neither shows nor changes what others write there.
type contactModel struct {
	ID             types.String `tfsdk:"id"`
	DistinctID     types.String `tfsdk:"distinct_id"`
	Name           types.String `tfsdk:"name"`
	FirstName      types.String `tfsdk:"first_name"`
	LastName       types.String `tfsdk:"last_name"`
	Email          types.String `tfsdk:"email"`
	Phone          types.String `tfsdk:"phone"`
	Properties     types.Map    `tfsdk:"properties"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

// fromAPI copies the managed fields and keys. It keeps the prior spelling of an equal value. definitions are the
// account's properties; they may be empty unless [contactModel.needsTypes] is true.
func (m *contactModel) fromAPI(c tidio.Contact, definitions tidio.PropertyList) {
	m.ID = types.StringValue(c.ID)
	for _, f := range contactFields {
		managed := f.in(m)
		if actual := *c.Field(f.field); !managed.IsNull() && !f.same(managed.ValueString(), actual) {
			*managed = stringOrNull(actual)
		}
	}
	if m.Properties.IsNull() {
		return
	}
	values := m.values()
	for key, prior := range values {
		if actual := c.Properties[key]; !sameValue(definitions, key, prior.ValueString(), actual) {
			values[key] = stringOrNull(actual)
		}
	}
	m.Properties = types.MapValueMust(types.StringType, elements(values))
}

// needsTypes reports whether a managed value equals the account's value only as a number. Then the type of its
// property decides whether the two differ.
func (m *contactModel) needsTypes(c tidio.Contact) bool {
	for key, prior := range m.values() {
		if actual := c.Properties[key]; prior.ValueString() != actual && keepsNumber(prior.ValueString(), actual) {
			return true
		}
	}
	return false
}

// fromImport copies the fields that the API can write. A property is managed only when a configuration names its
// key.
func (m *contactModel) fromImport(c tidio.Contact, writable []tidio.ContactField) {
	m.ID = types.StringValue(c.ID)
	for _, f := range contactFields {
		if slices.Contains(writable, f.field) {
			*f.in(m) = stringOrNull(*c.Field(f.field))
		}
	}
	m.Properties = types.MapNull(types.StringType)
}

// keepOnly removes the fields that the API does not have, which the state may have from the other API.
func (m *contactModel) keepOnly(writable []tidio.ContactField) {
	for _, f := range contactFields {
		if !slices.Contains(writable, f.field) {
			*f.in(m) = types.StringNull()
		}
	}
}

// values returns the elements of the map; none if it is null or unknown.
func (m *contactModel) values() map[string]types.String {
	values := make(map[string]types.String, len(m.Properties.Elements()))
	for key, element := range m.Properties.Elements() {
		values[key], _ = element.(types.String) // the schema has no other type
	}
	return values
}

// toCreate returns what is sent to create the contact.
func (m *contactModel) toCreate() tidio.ContactChange {
	return m.toPatch(contactModel{}, &tidio.Contact{}, tidio.PropertyList{})
}

// toPatch returns what is sent to make a contact match the plan: only the differences. prior is the state. remote
// is the contact in the account; it may be nil unless [contactModel.claimsNewKeys] is true. definitions are the
// account's properties; they may be empty unless [contactModel.patchNeedsTypes] is true.
func (m *contactModel) toPatch(
	prior contactModel, remote *tidio.Contact, definitions tidio.PropertyList,
) tidio.ContactChange {
	change := tidio.ContactChange{
		Fields:     map[tidio.ContactField]*string{},
		Properties: map[string]*string{},
	}
	for _, f := range contactFields {
		planned, before := *f.in(m), *f.in(&prior)
		differs := !planned.Equal(before) // also for a different spelling: the plan shows it, so it is sent
		if before.IsNull() && remote != nil {
			differs = !planned.IsNull() && !f.same(*remote.Field(f.field), planned.ValueString())
		}
		if differs && (!planned.IsNull() || f.field.CanBeCleared()) {
			change.Fields[f.field] = planned.ValueStringPointer()
		}
	}

	plannedValues, priorValues := m.values(), prior.values()
	for key, planned := range plannedValues {
		before, managed := priorValues[key]
		differs := !planned.Equal(before)
		if !managed && remote != nil {
			differs = !sameValue(definitions, key, planned.ValueString(), remote.Properties[key])
		}
		if differs {
			change.Properties[key] = planned.ValueStringPointer()
		}
	}
	for key, before := range priorValues {
		if _, kept := plannedValues[key]; !kept && !before.IsNull() && mayHaveValue(definitions, key) {
			change.Properties[key] = nil
		}
	}
	return change
}

// patchNeedsTypes reports whether the patch depends on the account's properties: whether the property of a
// removed key still exists, or whether the value of a new key is a number.
func (m *contactModel) patchNeedsTypes(prior contactModel, remote *tidio.Contact) bool {
	planned, before := m.values(), prior.values()
	for key, value := range before {
		if _, kept := planned[key]; !kept && !value.IsNull() {
			return true
		}
	}
	return remote != nil && m.needsTypes(*remote)
}

// mayHaveValue reports whether a contact can have a value for a key. If the account no longer has the
// property, there is nothing to clear, and the API refuses its name.
func mayHaveValue(definitions tidio.PropertyList, key string) bool {
	_, defined := definitions.ByName(key)
	return defined || !definitions.Complete
}

// claimsNewKeys reports whether the plan has a field or key that the state does not have. The state then does not
// show the account's value.
func (m *contactModel) claimsNewKeys(prior contactModel) bool {
	for _, f := range contactFields {
		if f.in(&prior).IsNull() && !f.in(m).IsNull() {
			return true
		}
	}
	before := prior.values()
	for key := range m.values() {
		if _, managed := before[key]; !managed {
			return true
		}
	}
	return false
}

// reconcile compares the sent values with what the account has now. m is the plan. If a value should have been
// cleared but still exists, reconcile puts it back into m, so that the next plan clears it again. uncleared has the
// names of these values. different has the names of values that differ from the sent ones. They stay as planned, and
// the next plan shows the difference.
func (m *contactModel) reconcile(
	sent tidio.ContactChange, actual tidio.Contact,
) (uncleared, different []string) {
	for _, f := range contactFields {
		value, wasSent := sent.Fields[f.field]
		now := *actual.Field(f.field)
		switch {
		case !wasSent:
		case value == nil && now != "":
			uncleared = append(uncleared, string(f.field))
			*f.in(m) = types.StringValue(now)
		case value != nil && !f.same(*value, now):
			different = append(different, string(f.field))
		}
	}
	kept := map[string]types.String{}
	for key, value := range sent.Properties {
		now := actual.Properties[key]
		switch {
		case value == nil && now != "":
			uncleared = append(uncleared, key)
			kept[key] = types.StringValue(now)
		case value != nil && !tidio.SameText(*value, now) && !keepsNumber(*value, now):
			different = append(different, key)
		}
	}
	if len(kept) > 0 {
		values := m.values()
		maps.Copy(values, kept)
		m.Properties = types.MapValueMust(types.StringType, elements(values))
	}
	slices.Sort(uncleared)
	slices.Sort(different)
	return uncleared, different
}

// reconcileContact updates planned to the state after a write, and reports what differs from the plan. If no reply
// shows the result, the next refresh does.
func reconcileContact(
	prior contactModel, planned *contactModel, sent tidio.ContactChange, written tidio.WrittenContact,
) diag.Diagnostics {
	switch {
	case written.ReadBackErr != nil: // the state keeps the values that should have been cleared
		uncleared, _ := planned.reconcile(sent, prior.asContact())
		return diag.Diagnostics{notReadBack(written.ID, uncleared, written.ReadBackErr)}
	case written.Contact != nil:
		uncleared, different := planned.reconcile(sent, *written.Contact)
		return notAsPlanned(written.ID, uncleared, different)
	}
	return nil
}

// asContact returns the contact as it is in the state.
func (m *contactModel) asContact() tidio.Contact {
	c := tidio.Contact{ID: m.ID.ValueString(), Properties: map[string]string{}}
	for _, f := range contactFields {
		*c.Field(f.field) = f.in(m).ValueString()
	}
	for key, value := range m.values() {
		c.Properties[key] = value.ValueString()
	}
	return c
}

// sameValue reports whether the account's value of a property equals the sent one. Numbers are compared by value, all
// other values as text.
func sameValue(definitions tidio.PropertyList, key, sent, actual string) bool {
	if tidio.SameText(sent, actual) {
		return true
	}
	definition, _ := definitions.ByName(key)
	return definition.Type == tidio.TypeNumber && keepsNumber(sent, actual)
}

func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// samePhone compares the digits, and whether there is a leading plus sign.
func samePhone(a, b string) bool {
	return a == b || digits(a) != "" && digits(a) == digits(b)
}

func digits(phone string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, phone)
	first := strings.IndexFunc(phone, unicode.IsDigit)
	if first > 0 && strings.Contains(phone[:first], "+") {
		return "+" + kept
	}
	return kept
}

func elements(values map[string]types.String) map[string]attr.Value {
	made := make(map[string]attr.Value, len(values))
	for key, value := range values {
		made[key] = value
	}
	return made
}
