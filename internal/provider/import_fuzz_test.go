package provider

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// Whatever an import id holds, it means the property of that name, else the one of that id, else an
// error; and the import block that an error offers means the name it was made from.
func FuzzImportID(f *testing.F) {
	for _, seed := range []string{
		"plan", "a.b/c:d e", "é", "e\u0301", "${x}", "%{ if true }", `"`, `\`, "\n", "email:x", "", " ", "p1", "\xff", "\u200b",
	} {
		f.Add(seed, "plan", "p1")
		f.Add("plan", seed, "p1")
		f.Add("p1", "plan", seed)
	}
	f.Fuzz(func(t *testing.T, id, name, otherID string) {
		list := tidio.PropertyList{Complete: true, Items: []tidio.Property{
			{ID: "p1", Name: name, Type: "text"},
			{ID: otherID, Name: "other " + name, Type: "number"},
		}}
		found, problem := resolveImport(id, list, true)
		byName, byID := id == name || id == "other "+name, id == "p1" || id == otherID
		switch {
		case problem != nil && strings.TrimSpace(problem.Detail()) == "":
			t.Error("an error without advice")
		case problem == nil && !byName && !byID:
			t.Errorf("%q means %+v", id, found)
		case problem == nil && byName && found.Name != id:
			t.Errorf("%q is a name, and means %+v", id, found)
		case problem == nil && !byName && found.ID != id:
			t.Errorf("%q is an id, and means %+v", id, found)
		case problem != nil && id != "" && byName != byID && otherID != "p1":
			t.Errorf("%q is refused: %s", id, problem.Detail())
		}
		if !utf8.ValidString(name) {
			return // no configuration can hold it
		}
		filledIn := strings.Replace(importBlock(name), "<yours>", "plan", 1)
		file, diags := hclsyntax.ParseConfig([]byte(filledIn), "import.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%s\n%s", diags, filledIn)
		}
		block := file.Body.(*hclsyntax.Body).Blocks[0]
		value, diags := block.Body.Attributes["id"].Expr.Value(nil)
		if diags.HasErrors() || !value.RawEquals(cty.StringVal(name)) {
			t.Errorf("%q became %#v: %v\n%s", name, value, diags, importBlock(name))
		}
	})
}
