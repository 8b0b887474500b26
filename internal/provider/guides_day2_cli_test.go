package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const day2 = "day-2.md"

func TestCLIGuide_day2ManyAtOnce(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewPublishedWorkspace(t, m, "")
	file := "properties:\n"
	for i := range 30 {
		name := "field" + strconv.Itoa(i)
		m.AddProperty(tidiomock.Property{Name: name, Type: "text"})
		file += "  - {name: " + name + ", type: text}\n"
	}
	w.WriteFile("contact-properties.yaml", file)
	w.Write(guideBlock(t, day2, "setintersection"))
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "30 imported, 0 added, 0 changed, 0 destroyed")
	w.Expect(0, "plan", "-detailed-exitcode")
	expectOnlyReads(t, m)
}

func TestCLIGuide_day2MovedIntoTheModule(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, block("property", "plan_tier", "name = \"plan_tier\"\ntype = \"text\"\n"))
	w.Expect(0, "apply", "-auto-approve")
	w.CopyTree(filepath.Join(root, "examples/modules/contact-schema"), "modules/contact-schema")
	w.WriteFile("contact-properties.yaml", "properties:\n  - {name: plan_tier, type: text}\n")
	w.Write(guideBlock(t, day2, "module.contact_schema.tidio_property"))
	w.Expect(0, "init")
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed")
	expectRequests(t, m, "POST", "/properties", 1)
}

// One instance is let go of, another is given away, and both stay in Tidio.
func TestCLIGuide_day2LetGo(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	instances := "resource \"tidio_property\" \"this\" {\n  for_each = toset([\"plan_tier\", \"seats\"])\n  name = each.key\n" +
		"  type = each.key == \"seats\" ? \"number\" : \"text\"\n}\n"
	w := acctest.NewWorkspace(t, m, instances)
	w.Expect(0, "apply", "-auto-approve")
	w.Write(strings.Replace(instances, "\"plan_tier\", ", "", 1) + guideBlock(t, day2, `this["plan_tier"]
  to   = tidio_property.plan_tier`))
	said := w.Expect(0, "apply", "-auto-approve")
	expectContains(t, said, "0 added, 0 changed, 0 destroyed")
	expectContains(t, w.Expect(0, "state", "list"), `tidio_property.this["seats"]`)

	w.Write("moved {\n  from = tidio_property.this[\"seats\"]\n  to = tidio_property.seats\n}\n" +
		guideBlock(t, day2, "removed {\n  from = tidio_property.seats"))
	expectContains(t, w.Expect(0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed")
	other := acctest.NewWorkspace(t, m, guideBlock(t, day2, "to = tidio_property.seats"))
	expectContains(t, other.Expect(0, "apply", "-auto-approve"), "1 imported, 0 added")
	expectRequests(t, m, "POST", "/properties", 2)
}

func TestCLIGuide_day2Policy(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	w := acctest.NewWorkspace(t, m, tier("tier", ""))
	w.Expect(0, "apply", "-auto-approve")
	script := pageBlock(t, "docs/guides/"+day2, "shell", "jq -er")
	if result, err := w.RunShell(t.Context(), "jq --version"); err != nil || result.ExitCode != 0 {
		t.Skip("jq is not installed")
	}
	for _, c := range []struct {
		config, says string
		code         int
	}{
		{tier("tier", ""), "no property is destroyed or replaced", 0},
		{tier("level", ""), "tidio_property.tier", 1},
		{"", "tidio_property.tier", 1},
		{"removed {\n  from = tidio_property.tier\n  lifecycle {\n    destroy = false\n  }\n}\n", "no property is destroyed or replaced", 0},
	} {
		w.Write(c.config)
		result, err := w.RunShell(t.Context(), script)
		if err != nil {
			t.Fatal(err)
		}
		if result.ExitCode != c.code || !strings.Contains(result.Stdout+result.Stderr, c.says) {
			t.Errorf("exit code %d, want %d and %q:\n%s%s", result.ExitCode, c.code, c.says, result.Stdout, result.Stderr)
		}
	}
}

// Each summary that the provider has is in the page about them, so that it cannot fall behind.
func TestTroubleshooting_knowsEverySummary(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/guides/troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	summaries := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			for _, s := range summariesIn(t, file) {
				summaries[s] = true
			}
		}
	}
	if len(summaries) < 70 {
		t.Errorf("only %d summaries were found", len(summaries))
	}
	for s := range summaries {
		var fixed []string
		for _, part := range regexp.MustCompile(`%\[?[0-9]?\]?[qsd]`).Split(s, -1) {
			fixed = append(fixed, regexp.QuoteMeta(strings.Trim(part, `"`)))
		}
		// What differs each time stands in angle brackets; "..." for a beginning that the row has already.
		found := regexp.MustCompile("(?s)" + strings.Join(fixed, "[^|`]{0,40}")).Match(page)
		if !found {
			last := fixed[len(fixed)-1]
			found = len(last) > 15 && regexp.MustCompile("`\\.\\.\\. ?"+strings.TrimSpace(last)).Match(page)
		}
		if !found {
			t.Errorf("the page does not have %q", s)
		}
	}
}

// summariesIn are the summaries of diagnostics that a file makes, as literals with their verbs.
func summariesIn(t *testing.T, file string) (found []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	literal := func(e ast.Expr) string {
		if call, ok := e.(*ast.CallExpr); ok && len(call.Args) > 0 { // fmt.Sprintf
			e = call.Args[0]
		}
		if sum, ok := e.(*ast.BinaryExpr); ok { // "Could not " + operation
			e = sum.X
		}
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value)
			return text
		}
		return ""
	}
	add := func(e ast.Expr) {
		if text := literal(e); text != "" && text != "Could not " { // the operation follows
			found = append(found, text)
		}
	}
	at := map[string]int{
		"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "AddError": 0, "AddWarning": 0,
		"NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1, "AddAttributeError": 1, "AddAttributeWarning": 1,
		"report": 1,
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok {
				if i, isDiagnostic := at[f.Sel.Name]; isDiagnostic && len(n.Args) > i {
					add(n.Args[i])
				}
			}
		case *ast.CompositeLit:
			if name, ok := n.Type.(*ast.Ident); ok && name.Name == "lack" {
				add(n.Elts[0])
			}
		case *ast.FuncDecl:
			if n.Name.Name == "remedy" || n.Name.Name == "foreignRemedy" {
				ast.Inspect(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 2 {
						add(r.Results[0])
					}
					return true
				})
			}
		}
		return true
	})
	return found
}
