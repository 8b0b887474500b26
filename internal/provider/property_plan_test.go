package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func model(change ...func(*propertyModel)) propertyModel {
	m := propertyModel{
		ID:    types.StringValue("p1"),
		Name:  types.StringValue("seats"),
		Label: types.StringValue("Seats"),
		Type:  types.StringValue("number"),
	}
	for _, c := range change {
		c(&m)
	}
	return m
}

func name(v types.String) func(*propertyModel)  { return func(m *propertyModel) { m.Name = v } }
func label(v types.String) func(*propertyModel) { return func(m *propertyModel) { m.Label = v } }
func kind(v types.String) func(*propertyModel)  { return func(m *propertyModel) { m.Type = v } }
func adopt(v types.Bool) func(*propertyModel)   { return func(m *propertyModel) { m.AdoptExisting = v } }

var (
	str     = types.StringValue
	unknown = types.StringUnknown()
)

// expectDiagnostic checks that there is one diagnostic of a severity whose text has the words, or
// none for "".
func expectDiagnostic(t *testing.T, diags diag.Diagnostics, severity diag.Severity, words string) {
	t.Helper()
	if words == "" {
		if len(diags) != 0 {
			t.Errorf("got %v, want nothing", diags)
		}
		return
	}
	if len(diags) != 1 || diags[0].Severity() != severity {
		t.Fatalf("got %v, want one %s", diags, severity)
	}
	if text := diags[0].Summary() + "\n" + diags[0].Detail(); !strings.Contains(text, words) {
		t.Errorf("%q is not in:\n%s", words, text)
	}
}

func TestPropertyPlan_planChange(t *testing.T) {
	kept, text := str("Seats"), kind(str("text"))
	for what, c := range map[string]struct {
		prior, planned propertyModel
		severity       diag.Severity
		says           string
		names          propertyNames
		imported       bool
		renames        bool
		label          types.String // planned afterwards
		name           string       // planned afterwards; "" = as before
	}{
		"nothing changes": {prior: model(), planned: model(), label: kept},
		"type changes": {
			prior: model(), planned: model(text), label: kept,
			severity: diag.SeverityError, says: `Set type = "number".`,
		},
		"type is unknown": {prior: model(), planned: model(kind(unknown)), label: kept},
		"label differs": {
			prior: model(), planned: model(label(str("Other"))), label: kept,
			severity: diag.SeverityWarning, says: `In Tidio:    "Seats"`,
		},
		"label is unknown":     {prior: model(), planned: model(label(unknown)), label: kept},
		"name changes":         {prior: model(), planned: model(name(str("new"))), renames: true, label: kept},
		"name and type change": {prior: model(), planned: model(name(str("new")), text), renames: true, label: kept},
		"name is unknown": {
			prior: model(), planned: model(name(unknown)), label: kept,
			severity: diag.SeverityWarning, says: "not known yet",
		},
		"name unknown, label new": {
			prior: model(), planned: model(name(unknown), label(str("Other"))), label: kept,
			severity: diag.SeverityWarning, says: "not known yet",
		},
		"name unknown, type new": {
			prior: model(), planned: model(name(unknown), text), label: kept,
			severity: diag.SeverityError, says: "cannot change",
		},
		"type that cannot be created": {
			prior: model(kind(str("currency"))), planned: model(), label: kept,
			severity: diag.SeverityError, says: `Set type = "currency".`,
		},
		"type that cannot be created, kept": {
			prior: model(kind(str("currency"))), planned: model(kind(str("currency"))), label: kept,
		},
		"renamed in Tidio": {
			prior: model(name(str("level"))), planned: model(), names: propertyNames{"seats", "level"}, label: kept,
			severity: diag.SeverityWarning, says: `name = "level"`, name: "level",
		},
		"renamed in Tidio, then in the configuration": {
			prior: model(name(str("level"))), planned: model(name(str("new"))), names: propertyNames{"seats", "level"},
			renames: true, label: kept, name: "new",
		},
		"name is taken over": {
			prior: model(name(str("level"))), planned: model(name(str("level"))), names: propertyNames{"seats", "level"},
			label: kept, name: "level",
		},
		"imported under another name": {
			prior: model(), planned: model(name(str("new"))), imported: true, label: kept,
			severity: diag.SeverityError, says: `name = "seats"`, name: "new",
		},
		"in another Unicode form": {
			prior: model(name(str("Gro\u0308\u00dfe"))), planned: model(name(str("Gr\u00f6\u00dfe"))), label: kept, name: "Gr\u00f6\u00dfe",
		},
	} {
		t.Run(what, func(t *testing.T) {
			diags, renames := planChange(c.prior, &c.planned, c.names, c.imported, true)
			expectDiagnostic(t, diags, c.severity, c.says)
			if renames != c.renames {
				t.Errorf("renames = %t", renames)
			}
			if got := c.planned.Name.ValueString(); c.name != "" && got != c.name {
				t.Errorf("the planned name is %q, want %q", got, c.name)
			}
			if !c.planned.Label.Equal(c.label) {
				t.Errorf("the planned label is %s, want %s", c.planned.Label, c.label)
			}
		})
	}
}

func TestPropertyPlan_checkExisting(t *testing.T) {
	existing := tidio.Property{ID: "p9", Name: "seats", Label: "Seats", Type: "number"}
	odd := tidio.Property{ID: "p9", Name: "seats", Label: "paid", Type: "currency"}
	yes := adopt(types.BoolValue(true))
	for what, c := range map[string]struct {
		planned  propertyModel
		existing tidio.Property
		replaces string
		severity diag.Severity
		says     string
	}{
		"not adopted": {
			planned:  model(name(str(`se"ats ${x}`))),
			existing: tidio.Property{ID: "p9", Name: `se"ats ${x}`, Label: "Seats", Type: "number"},
			severity: diag.SeverityError, says: `id = "se\"ats $${x}"`,
		},
		"of another type": {
			planned: model(kind(str("text"))), existing: existing,
			severity: diag.SeverityError, says: `type  = "number" (configured: "text")`,
		},
		"of another type, adopted": {
			planned: model(yes, kind(str("text"))), existing: existing,
			severity: diag.SeverityError, says: `Set type = "number", or choose a different name`,
		},
		"of a type of its own": {
			planned: model(yes), existing: odd,
			severity: diag.SeverityError, says: `Set type = "currency", or choose a different name`,
		},
		"of a type of its own, adopted": {
			planned: model(yes, kind(str("currency"))), existing: odd,
			severity: diag.SeverityWarning, says: "Terraform adopts it",
		},
		"in another case": {
			planned: model(yes, name(str("SEATS")), kind(str("currency"))), existing: odd,
			severity: diag.SeverityError, says: `set name = "seats" and import it`,
		},
		"in another Unicode form": {
			planned:  model(yes, name(str("Gr\u00f6\u00dfe"))),
			existing: tidio.Property{ID: "p9", Name: "Gro\u0308\u00dfe", Type: "number"},
			severity: diag.SeverityWarning, says: "Terraform adopts it",
		},
		"unknown label": {
			planned: model(label(unknown)), existing: existing, severity: diag.SeverityError, says: "label = \"Seats\"\n",
		},
		"adopted": {planned: model(yes), existing: existing, severity: diag.SeverityWarning, says: "Terraform adopts it"},
		"adopted with label": {
			planned: model(yes, label(str("Other"))), existing: existing,
			severity: diag.SeverityWarning, says: `Its label in Tidio stays "Seats"`,
		},
		"adopted, of unknown type": {
			planned: model(yes, kind(unknown)), existing: existing,
			severity: diag.SeverityWarning, says: "Terraform adopts it",
		},
		"unknown whether": {planned: model(adopt(types.BoolUnknown())), existing: existing},
		"replaced by itself": {
			planned: model(yes), existing: existing, replaces: "p9",
			severity: diag.SeverityError, says: "cannot be replaced under its own name",
		},
		"renamed to it": {
			planned: model(), existing: existing, replaces: "p1",
			severity: diag.SeverityError, says: "`terraform state mv`",
		},
		"renamed to it, adopted": {
			planned: model(yes), existing: existing, replaces: "p1",
			severity: diag.SeverityWarning, says: "Terraform adopts it",
		},
	} {
		t.Run(what, func(t *testing.T) {
			expectDiagnostic(t, checkExisting(c.planned, c.existing, c.replaces), c.severity, c.says)
		})
	}
}

func TestPropertyPlan_resolveImport(t *testing.T) {
	list := tidio.PropertyList{Complete: true, Items: []tidio.Property{
		{ID: "p1", Name: "seats", Type: "text"},
		{ID: "p2", Name: "p1", Type: "text"},
		{ID: "same", Name: "same", Type: "text"},
		{ID: "p4", Name: "paid", Type: "currency"},
	}}
	expect := func(what string, got tidio.Property, problem diag.Diagnostic, id, says string) {
		t.Helper()
		if says == "" {
			if problem != nil || got.ID != id {
				t.Errorf("%s: got %q, %v, want %q", what, got.ID, problem, id)
			}
			return
		}
		expectDiagnostic(t, diag.Diagnostics{problem}, diag.SeverityError, says)
	}
	for id, want := range map[string]struct{ id, says string }{
		"seats": {id: "p1"},
		"p2":    {id: "p2"},
		"same":  {id: "same"},
		"p1":    {says: "names two properties"},
		"SEATS": {says: "None of the account's 4 properties"},
		"":      {says: "import id is empty"},
		"paid":  {id: "p4"},
	} {
		got, problem := resolveImport(id, list, true)
		expect("import "+id, got, problem, want.id, want.says)
	}
	for id, want := range map[string]struct{ id, says string }{
		"p1":    {id: "p1"},
		"seats": {says: `"seats" is the name of a property, but an import by identity needs its id: "p1"`},
		"":      {says: `has the id ""`},
		"p4":    {id: "p4"},
	} {
		got, problem := resolveIdentity(id, list, true)
		expect("identity "+id, got, problem, want.id, want.says)
	}
	list.Complete = false
	_, problem := resolveImport("gone", list, true)
	expectDiagnostic(t, diag.Diagnostics{problem}, diag.SeverityError, "changed while it was read")
}

func TestPropertyPlan_createdDiffers(t *testing.T) {
	as := tidio.Property{ID: "p1", Name: "seats", Label: "Seats", Type: "number"}
	if d := createdDiffers(model(), as); d != nil {
		t.Errorf("got %v for no difference", d)
	}
	if d := createdDiffers(model(label(unknown)), as); d != nil {
		t.Errorf("got %v for a label that was left out", d)
	}
	expectDiagnostic(t, diag.Diagnostics{createdDiffers(model(label(str("Other"))), as)}, diag.SeverityWarning,
		`label: planned "Other", in Tidio "Seats"`)
}

func TestHCLString_escapes(t *testing.T) {
	for in, want := range map[string]string{
		"plain":       `"plain"`,
		`a "b" \c`:    `"a \"b\" \\c"`,
		"${x} %{y} $": `"$${x} %%{y} $"`,
		"tab\tline\n": `"tab\tline\n"`,
		"Größe 🙂":     `"Größe 🙂"`,
	} {
		if got := hclString(in); got != want {
			t.Errorf("hclString(%q) = %s, want %s", in, got, want)
		}
	}
}
