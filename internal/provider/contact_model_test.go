package provider

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// properties is a map of values; a nil is a null element.
func properties(pairs map[string]any) types.Map {
	values := map[string]types.String{}
	for key, value := range pairs {
		if s, ok := value.(string); ok {
			values[key] = str(s)
		} else {
			values[key] = types.StringNull()
		}
	}
	return types.MapValueMust(types.StringType, elements(values))
}

var definitions = tidio.PropertyList{Complete: true, Items: []tidio.Property{
	{Name: "seats", Type: "number"}, {Name: "tier", Type: "text"}, {Name: "site", Type: "url"},
}}

func contactWith(change func(*contactModel)) contactModel {
	m := contactModel{ID: str("c1"), Email: str("jane@example.com"), Properties: types.MapNull(types.StringType)}
	change(&m)
	return m
}

func TestContactModel_fromAPI(t *testing.T) {
	remote := tidio.Contact{
		ID: "c1", Name: "Jane", Email: "Jane@Example.com", Phone: "+49 30 12",
		Properties: map[string]string{
			"seats": "1000", "tier": "gold", "note": "007", "code": "1000", "blob": `{"a":1}`,
		},
	}
	for what, c := range map[string]struct {
		prior, want contactModel
	}{
		"what is null stays null": {
			prior: contactModel{ID: str("c1"), Properties: types.MapNull(types.StringType)},
			want:  contactModel{ID: str("c1"), Properties: types.MapNull(types.StringType)},
		},
		"an equal spelling is kept": {
			prior: contactModel{
				ID: str("c1"), Email: str("jane@example.com"), Phone: str("+493012"),
				Properties: properties(map[string]any{"seats": "1e3"}),
			},
			want: contactModel{
				ID: str("c1"), Email: str("jane@example.com"), Phone: str("+493012"),
				Properties: properties(map[string]any{"seats": "1e3"}),
			},
		},
		"a text that looks like an equal number is another": {
			prior: contactModel{Properties: properties(map[string]any{"code": "1e3"})},
			want:  contactModel{ID: str("c1"), Properties: properties(map[string]any{"code": "1000"})},
		},
		"drift shows": {
			prior: contactModel{
				Name: str("Joan"), Email: str("joan@example.com"), Phone: str("1"),
				Properties: properties(map[string]any{"seats": "1001", "tier": "silver"}),
			},
			want: contactModel{
				ID: str("c1"), Name: str("Jane"), Email: str("Jane@Example.com"), Phone: str("+49 30 12"),
				Properties: properties(map[string]any{"seats": "1000", "tier": "gold"}),
			},
		},
		"foreign keys do not": {
			prior: contactModel{Properties: properties(map[string]any{"tier": "gold"})},
			want:  contactModel{ID: str("c1"), Properties: properties(map[string]any{"tier": "gold"})},
		},
		"a key that was cleared": {
			prior: contactModel{Properties: properties(map[string]any{"gone": "x", "note": nil})},
			want:  contactModel{ID: str("c1"), Properties: properties(map[string]any{"gone": nil, "note": "007"})},
		},
		"an empty map stays one": {
			prior: contactModel{Properties: properties(nil)},
			want:  contactModel{ID: str("c1"), Properties: properties(nil)},
		},
		"an object of ours": {
			prior: contactModel{Properties: properties(map[string]any{"blob": "x"})},
			want:  contactModel{ID: str("c1"), Properties: properties(map[string]any{"blob": `{"a":1}`})},
		},
	} {
		t.Run(what, func(t *testing.T) {
			got := c.prior
			got.fromAPI(remote, definitions)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestContactModel_toPatch(t *testing.T) {
	same := func(*contactModel) {}
	values := func(pairs map[string]any) func(*contactModel) {
		return func(m *contactModel) { m.Properties = properties(pairs) }
	}
	for what, c := range map[string]struct {
		prior, planned func(*contactModel)
		remote         *tidio.Contact
		body           string
	}{
		"nothing": {prior: same, planned: same, body: `{}`},
		"a field changes": {
			prior: same, planned: func(m *contactModel) { m.Email = str("joan@example.com") },
			body: `{"email":"joan@example.com"}`,
		},
		"only its case does": {
			prior: same, planned: func(m *contactModel) { m.Email = str("JANE@example.com") },
			body: `{"email":"JANE@example.com"}`, // the plan shows it
		},
		"a field is removed": {
			prior: func(m *contactModel) { m.Name = str("Jane") }, planned: same, body: `{"name":null}`,
		},
		"a field is claimed as it is": {
			prior: same, planned: func(m *contactModel) { m.Phone = str("+49 30") },
			remote: &tidio.Contact{Phone: "+4930"}, body: `{}`,
		},
		"a field without digits is removed": { // as a phone number it looks like none
			prior: func(m *contactModel) { m.Phone = str("call reception") }, planned: same, body: `{"phone":null}`,
		},
		"a field is claimed that has no value": {
			prior: same, planned: func(m *contactModel) { m.Phone = str("call reception") },
			remote: &tidio.Contact{}, body: `{"phone":"call reception"}`,
		},
		"a number that is none": {
			prior: values(nil), planned: values(map[string]any{"seats": "many"}), body: `{"properties":{"seats":"many"}}`,
		},
		"values change by their type": {
			prior:   values(map[string]any{"seats": "1", "tier": "1"}),
			planned: values(map[string]any{"seats": "2", "tier": "2"}),
			body:    `{"properties":{"seats":"2","tier":"2"}}`,
		},
		"a number is spelled otherwise": {
			prior: values(map[string]any{"seats": "1000"}), planned: values(map[string]any{"seats": "1e3"}),
			body: `{"properties":{"seats":"1e3"}}`,
		},
		"a text is, and that matters": {
			prior: values(map[string]any{"tier": "1000"}), planned: values(map[string]any{"tier": "1e3"}),
			body: `{"properties":{"tier":"1e3"}}`,
		},
		"a key is removed": {
			prior: values(map[string]any{"tier": "gold", "seats": "1"}), planned: values(map[string]any{"seats": "1"}),
			body: `{"properties":{"tier":null}}`,
		},
		"all are": {
			prior: values(map[string]any{"tier": "gold"}), planned: same, body: `{"properties":{"tier":null}}`,
		},
		"a key is removed whose property is gone": {
			prior: values(map[string]any{"gone": "gold"}), planned: same, body: `{}`,
		},
		"one that was null is": {prior: values(map[string]any{"tier": nil}), planned: same, body: `{}`},
		"a key is set to null": {
			prior: values(map[string]any{"tier": "gold"}), planned: values(map[string]any{"tier": nil}),
			body: `{"properties":{"tier":null}}`,
		},
		"keys are claimed": {
			prior:   same,
			planned: values(map[string]any{"tier": "gold", "seats": "7", "site": nil}),
			remote: &tidio.Contact{Properties: map[string]string{
				"tier": "gold", "seats": "8", "site": "https://example.com",
				"foreign": "x",
			}},
			body: `{"properties":{"seats":"7","site":null}}`,
		},
		"texts stay texts": {
			prior:   values(nil),
			planned: values(map[string]any{"a": "007", "b": "true", "c": "null", "d": "1e3", "e": "🙂"}),
			body:    `{"properties":{"a":"007","b":"true","c":"null","d":"1e3","e":"🙂"}}`,
		},
		"thirty digits": {
			prior: values(nil), planned: values(map[string]any{"seats": strings.Repeat("12345", 6)}),
			body: `{"properties":{"seats":"` + strings.Repeat("12345", 6) + `"}}`,
		},
	} {
		t.Run(what, func(t *testing.T) {
			planned, prior := contactWith(c.planned), contactWith(c.prior)
			sent := planned.toPatch(prior, c.remote, definitions)
			body := wireBody(t, sent)
			if body != c.body {
				t.Errorf("got  %s\nwant %s", body, c.body)
			}
			if sent.Empty() != (c.body == `{}`) {
				t.Errorf("Empty() = %t", sent.Empty())
			}
		})
	}
}

// wireBody is a change as JSON, its values as texts.
func wireBody(t *testing.T, change tidio.ContactChange) string {
	t.Helper()
	body := map[string]any{}
	for field, value := range change.Fields {
		body[string(field)] = value
	}
	if len(change.Properties) > 0 {
		body["properties"] = change.Properties
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func TestContactModel_claimsNewKeys(t *testing.T) {
	planned := contactWith(func(m *contactModel) { m.Properties = properties(map[string]any{"tier": "gold"}) })
	if planned.claimsNewKeys(planned) {
		t.Error("a plan equal to the state claims nothing")
	}
	if !planned.claimsNewKeys(contactWith(func(*contactModel) {})) {
		t.Error("a new key is claimed")
	}
	if withName := contactWith(func(m *contactModel) { m.Name = str("Jane") }); !withName.claimsNewKeys(planned) {
		t.Error("a new field is claimed")
	}
}

// What a contact has already is never refused, however odd: only what a plan changes is.
func TestFlawsOf_whatThePlanWrites(t *testing.T) {
	odd := contactWith(func(m *contactModel) {
		m.Name, m.Email, m.Phone = str("Jane "), str("a..b.@docomo.example.com"), str("ask my assistant")
		m.DistinctID, m.Properties = str(strings.Repeat("x", 56)), properties(map[string]any{"site": "www.example.com", "tier": " x"})
	})
	remote := odd.asContact()
	for what, c := range map[string]struct {
		prior *contactModel
		want  []string // attributes
	}{
		"new":            {nil, []string{"distinct_id", "name", "email", "phone", `properties["site"]`, `properties["tier"]`}},
		"unchanged":      {&odd, nil},
		"newly managed":  {&contactModel{}, []string{"distinct_id", "name", "email", "phone", `properties["site"]`, `properties["tier"]`}},
		"one is changed": {new(contactWith(func(m *contactModel) { *m = odd; m.Phone = str("1") })), []string{"phone"}},
	} {
		t.Run(what, func(t *testing.T) {
			flaws := flawsOf(c.prior, odd, definitions)
			var got []string
			for _, f := range flaws {
				got = append(got, f.problem.(diag.DiagnosticWithPath).Path().String())
				if !f.isIn(remote) {
					t.Errorf("the account has %s", got[len(got)-1])
				}
				if f.isIn(tidio.Contact{}) {
					t.Errorf("another contact does not have %s", got[len(got)-1])
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestContactPlan_checkValues(t *testing.T) {
	isPlanned := func(name string) bool { return name == "planned" }
	for what, c := range map[string]struct {
		values   map[string]any
		severity diag.Severity
		says     string
	}{
		"all fit":         {values: map[string]any{"seats": "1", "tier": "007", "site": nil}},
		"one does not":    {map[string]any{"seats": "seven", "tier": "x"}, diag.SeverityError, `property "seats" does not fit its type`},
		"is planned":      {values: map[string]any{"planned": "x"}},
		"is not there":    {map[string]any{"teir": "gold"}, diag.SeverityWarning, "(tidio_property.<its resource>.name)"},
		"in another case": {map[string]any{"Tier": "gold"}, diag.SeverityWarning, `Write the key as "tier"`},
		"null and gone":   {values: map[string]any{"teir": nil}},
	} {
		t.Run(what, func(t *testing.T) {
			planned := contactWith(func(m *contactModel) { m.Properties = properties(c.values) })
			diags := undefinedKeys(planned, newValues(nil, planned), definitions, isPlanned)
			for _, f := range flawsOf(nil, planned, definitions) {
				diags.Append(f.problem)
			}
			expectDiagnostic(t, diags, c.severity, c.says)
			for _, d := range diags {
				if strings.Contains(d.Detail(), "seven") {
					t.Error("a value is repeated")
				}
			}
		})
	}
}

func TestContactPlan_newValues(t *testing.T) {
	prior := contactWith(func(m *contactModel) { m.Properties = properties(map[string]any{"a": "1", "b": nil, "c": "3"}) })
	planned := contactWith(func(m *contactModel) {
		m.Properties = types.MapValueMust(types.StringType, elements(map[string]types.String{
			"a": str("1"), "b": types.StringNull(), "c": str("4"), "d": types.StringNull(), "e": unknown,
		}))
	})
	if diff := cmp.Diff([]string{"c", "d"}, newValues(&prior, planned)); diff != "" {
		t.Error(diff)
	}
}

func TestContactResource_reconcileAfterAWrite(t *testing.T) {
	cleared, seven := (*string)(nil), "7"
	sent := tidio.ContactChange{
		Fields:     map[tidio.ContactField]*string{tidio.ContactName: cleared},
		Properties: map[string]*string{"tier": nil, "seats": &seven},
	}
	planned := contactWith(func(m *contactModel) { m.Properties = properties(map[string]any{"seats": "7"}) })
	for what, c := range map[string]struct {
		written  tidio.Contact
		severity diag.Severity
		says     string
		want     contactModel
	}{
		"as planned": {
			written: tidio.Contact{ID: "c1", Properties: map[string]string{"seats": "7.0"}},
			want:    planned,
		},
		"a key survives": {
			tidio.Contact{ID: "c1", Properties: map[string]string{"seats": "7", "tier": "gold"}},
			diag.SeverityError, `still has a value for: "tier"`,
			contactWith(func(m *contactModel) {
				m.Properties = properties(map[string]any{"seats": "7", "tier": "gold"})
			}),
		},
		"a field survives": {
			tidio.Contact{ID: "c1", Name: "Jane", Properties: map[string]string{"seats": "7"}},
			diag.SeverityError, `still has a value for: "name"`,
			contactWith(func(m *contactModel) {
				m.Name, m.Properties = str("Jane"), properties(map[string]any{"seats": "7"})
			}),
		},
		"another contact answers": { // which would move the resource
			written: tidio.Contact{ID: "c2", Properties: map[string]string{"seats": "7"}},
			want:    planned,
		},
		"a value is another": {
			tidio.Contact{ID: "c1", Properties: map[string]string{"seats": "8"}},
			diag.SeverityWarning, `a different value for: "seats"`, planned,
		},
	} {
		t.Run(what, func(t *testing.T) {
			state := planned
			diags := reconcileContact(contactModel{}, &state, sent, tidio.WrittenContact{ID: "c1", Contact: &c.written})
			expectDiagnostic(t, diags, c.severity, c.says)
			if diff := cmp.Diff(c.want, state); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("only a field survives", func(t *testing.T) {
		state, fields := contactWith(func(*contactModel) {}), tidio.ContactChange{Fields: sent.Fields}
		state.reconcile(fields, tidio.Contact{ID: "c1", Name: "Jane"})
		if !state.Properties.IsNull() {
			t.Errorf("the properties became %v", state.Properties)
		}
	})
	t.Run("no reply tells", func(t *testing.T) {
		state := planned
		expectDiagnostic(t, reconcileContact(contactModel{}, &state, sent, tidio.WrittenContact{ID: "c1"}), 0, "")
		if diff := cmp.Diff(planned, state); diff != "" {
			t.Error(diff)
		}
	})
}

// A value that was to be cleared stays in the state if the contact could not be read back.
func TestContactResource_reconcileWithoutAnAnswer(t *testing.T) {
	failed := &tidio.Error{Kind: tidio.ServerError, Method: "GET", Path: "contacts/c1", Status: 503}
	prior := contactWith(func(m *contactModel) {
		m.Name, m.Properties = str("Jane"), properties(map[string]any{"tier": "gold", "seats": "1", "note": "x"})
	})
	planned := contactWith(func(m *contactModel) { m.Properties = properties(map[string]any{"seats": "7", "note": nil}) })

	written := tidio.WrittenContact{ID: "c1", ReadBackErr: failed}
	state, sent := planned, planned.toPatch(prior, nil, tidio.PropertyList{})
	diags := reconcileContact(prior, &state, sent, written)
	expectDiagnostic(t, diags, diag.SeverityError, `It may still have a value for: "name", "note", "tier"`)
	want := contactWith(func(m *contactModel) {
		m.Name, m.Properties = str("Jane"), properties(map[string]any{"tier": "gold", "seats": "7", "note": "x"})
	})
	if diff := cmp.Diff(want, state); diff != "" {
		t.Error(diff)
	}
}
