package provider_test

import (
	"fmt"
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

const troubleshootingPage = "docs/guides/troubleshooting.md"

// literal is the text of a literal, "" of any other expression.
func literal(e ast.Expr) string {
	basic, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, _ := strconv.Unquote(basic.Value) // of a number: ""
	return text
}

// entry is one of the messages that the page about them begins its items with.
type entry struct {
	section, summary string
	warning          bool
}

// entries are all messages of the page.
func entries(t *testing.T) (all []entry) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, troubleshootingPage))
	if err != nil {
		t.Fatal(err)
	}
	const one = "`[^`\n]+`(?: \\(warning\\))?"
	head := regexp.MustCompile("(?m)^- (" + one + "(?:,\\s+" + one + ")*):\\s")
	for _, text := range strings.Split(string(content), "\n## ")[1:] {
		section, text, _ := strings.Cut(text, "\n")
		for _, item := range head.FindAllStringSubmatch(text, -1) {
			for _, part := range regexp.MustCompile(one).FindAllString(item[1], -1) {
				summary, warning := strings.CutSuffix(part, " (warning)")
				all = append(all, entry{section, strings.Trim(summary, "`"), warning})
			}
		}
	}
	return all
}

const engineSection = "Messages of the engine"

// Each summary that the provider can print is on the page as it is printed, and the page has no other.
func TestTroubleshooting_knowsEverySummary(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var made []summary
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			made = append(made, summariesIn(t, file)...)
		}
	}
	if len(made) < 90 {
		t.Errorf("only %d summaries were found", len(made))
	}
	page := entries(t)
	literals := map[string]bool{} // a pattern such as "Missing <setting>" is no reason to leave these out
	for _, s := range made {
		if !s.differs {
			literals[s.text] = true
		}
	}
	told := map[entry]bool{}
	for _, s := range made {
		found := false
		for _, e := range page {
			if !s.pattern.MatchString(e.summary) || s.differs && (literals[e.summary] || e.section == engineSection) {
				continue
			}
			if e.warning == s.warning || s.text == anotherName { // which is both an error and a warning
				told[e], found = true, true
			}
		}
		if !found {
			t.Errorf("%s: the page does not have `%s` (warning: %t)", s.at, s.text, s.warning)
		}
	}
	for _, e := range page {
		if !told[e] && e.section != engineSection {
			t.Errorf("no code says `%s` (warning: %t)", e.summary, e.warning)
		}
	}
}

const anotherName = "Property %q has a different name in Tidio"

// summary is that of a diagnostic in the code.
type summary struct {
	at      string // file and line
	text    string // with %q or %s for what differs
	pattern *regexp.Regexp
	differs bool
	warning bool
}

func newSummary(at, text string, warning bool) summary {
	pattern := regexp.QuoteMeta(text)
	pattern = strings.NewReplacer("%q", `"[^"]+"`, "%s", `[^"]+`).Replace(pattern)
	return summary{at, text, regexp.MustCompile("^" + pattern + "$"), pattern != regexp.QuoteMeta(text), warning}
}

// constructors of diagnostics, and which of their arguments is the summary.
var constructors = map[string]int{
	"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "AddError": 0, "AddWarning": 0,
	"NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1, "AddAttributeError": 1, "AddAttributeWarning": 1,
	"report":      1, // of a credential
	"actionError": 2,
}

// handedOn are summaries that a function gets from somewhere else, where they are looked for: function and expression.
var handedOn = map[string]bool{
	"report summary":              true, // from its callers
	"unsupported l.summary":       true, // from the literals of lack
	"apiError summary":            true, // from remedy
	"actionError summary":         true, // from remedy, and from its callers
	"createPropertyError summary": true, // from remedy
}

// summariesIn are the summaries of the diagnostics that a file makes.
func summariesIn(t *testing.T, file string) (found []summary) {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range parsed.Decls {
		name, assigned := "", map[string][]ast.Expr{}
		if f, ok := declaration.(*ast.FuncDecl); ok {
			name, assigned = f.Name.Name, assignments(f)
		}
		add := func(e ast.Expr, warning bool) {
			at := files.Position(e.Pos()).String()
			for _, text := range textsOf(e, assigned) {
				if strings.Trim(text, "%qs ") == "" {
					t.Errorf("%s: the summary cannot be told", at)
					continue
				}
				found = append(found, newSummary(at, text, warning))
			}
		}
		words := name == "remedy" || name == "foreignRemedy" // which return a summary
		ast.Inspect(declaration, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				parts := strings.Split(written(n.Fun), ".")
				f := parts[len(parts)-1]
				if i, makes := constructors[f]; makes && len(n.Args) > i && !handedOn[name+" "+written(n.Args[i])] {
					add(n.Args[i], strings.Contains(f, "Warning"))
				}
			case *ast.CompositeLit:
				if made, ok := n.Type.(*ast.Ident); ok && made.Name == "lack" && len(n.Elts) > 0 {
					add(n.Elts[0], false)
				}
			case *ast.ReturnStmt:
				if words && len(n.Results) == 2 && written(n.Results[0]) != "summary" {
					add(n.Results[0], false)
				}
			case *ast.AssignStmt:
				if words && written(n.Lhs[0]) == "summary" && len(n.Rhs) == len(n.Lhs) {
					add(n.Rhs[0], false)
				}
			}
			return true
		})
	}
	return found
}

// written is an identifier or a field as it is written; "" for anything else.
func written(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return written(e.X) + "." + e.Sel.Name
	}
	return ""
}

// assignments are what a function assigns to its variables.
func assignments(f *ast.FuncDecl) map[string][]ast.Expr {
	assigned := map[string][]ast.Expr{}
	ast.Inspect(f, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, to := range a.Lhs {
				if variable, ok := to.(*ast.Ident); ok {
					assigned[variable.Name] = append(assigned[variable.Name], a.Rhs[i])
				}
			}
		}
		return true
	})
	return assigned
}

// textsOf are the texts that an expression may have, with %s for what nobody can tell from it.
func textsOf(e ast.Expr, assigned map[string][]ast.Expr) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return []string{literal(e)}
	case *ast.Ident:
		var all []string
		for _, value := range assigned[e.Name] {
			all = append(all, textsOf(value, nil)...)
		}
		if len(all) > 0 {
			return all
		}
	case *ast.BinaryExpr:
		var all []string
		for _, x := range textsOf(e.X, assigned) {
			for _, y := range textsOf(e.Y, assigned) {
				all = append(all, x+y)
			}
		}
		return all
	case *ast.CallExpr:
		if written(e.Fun) == "fmt.Sprintf" {
			return textsOf(e.Args[0], assigned)
		}
	}
	return []string{"%s"}
}

// The blocks at the beginning of the page.
func TestTroubleshooting_showsMoreDetail(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	m := account(t, "tier", "seats")
	m.AddContact(tidiomock.Contact{Email: "jane@example.com"})
	labelled := func(name string) string {
		return strings.Replace(single(name), "}", "label = \"Its label\"\n}", 1)
	}
	w := acctest.NewPublishedWorkspace(t, m, labelled("tier")+labelled("seats")+
		"data \"tidio_contact\" \"jane\" {\n  email = \"jane@example.com\"\n}\n")
	logged := expectShell(t, w, 0, pageBlock(t, troubleshootingPage, "shell", "TF_LOG_PROVIDER=DEBUG"))
	lines := strings.Split(strings.TrimSpace(logged), "\n")
	if len(lines) != len(m.Requests()) {
		t.Errorf("%d lines for %d requests:\n%s", len(lines), len(m.Requests()), logged)
	}
	shown := strings.Fields(strings.TrimPrefix(pageBlock(t, troubleshootingPage, "text", "Tidio API request"), "Tidio API request: "))
	for _, line := range lines {
		for _, field := range shown {
			name, _, _ := strings.Cut(field, "=")
			expectContains(t, line, " "+name+"=")
		}
	}
	expectContains(t, logged, "method=GET", "path=/contact-properties", "status=200")
	for _, secret := range []string{"jane@example.com", acctest.ClientSecret, "email="} {
		expectNot(t, logged, secret)
	}

	if said := w.Expect(0, "plan"); strings.Count(said, "Labels differ from Tidio's") != 1 {
		t.Errorf("the engine does not fold:\n%s", said)
	}
	needJQ(t, w)
	all := expectShell(t, w, 0, pageBlock(t, troubleshootingPage, "shell", "plan -json"))
	expectContains(t, all, "warning: Labels differ from Tidio's (tidio_property.tier)\n",
		"warning: Labels differ from Tidio's (tidio_property.seats)\n", "The API cannot change a label")
}

// Each message of the engine that the page has, as the engine prints it.
func TestTroubleshooting_engineMessages(t *testing.T) {
	onlyForGuides(t)
	t.Parallel()
	onPage := map[string]bool{}
	for _, e := range entries(t) {
		if e.section == engineSection {
			onPage[e.summary] = false // not seen yet
		}
	}
	m := account(t)
	w := acctest.NewWorkspace(t, m, "")
	said := regexp.MustCompile(`(?m)^[^\w]*Error: (.+)$`)
	fails := func(config string, command ...string) {
		t.Helper()
		w.Write(config)
		result := w.Run(command...)
		errors := said.FindAllStringSubmatch(result.Stderr+"\n"+result.Stdout, -1)
		if len(errors) == 0 {
			t.Errorf("%v: no error:\n%s%s", command, result.Stdout, result.Stderr)
		}
		for _, e := range errors {
			if _, known := onPage[e[1]]; !known {
				t.Errorf("%v: the page does not have `%s`", command, e[1])
			}
			onPage[e[1]] = true
		}
	}
	later := func(name string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"name\" {\n  input = %q\n}\n", name) +
			"resource \"tidio_property\" \"tier\" {\n  name = terraform_data.name.output\n  type = \"text\"\n}\n"
	}
	w.Write(later("tier"))
	w.Expect(0, "apply", "-auto-approve")
	w.Expect(0, "plan", "-out=tfplan")
	fails(later("level"), "apply", "-auto-approve") // inconsistent; it writes the state
	fails(tier("tier", ""), "apply", "tfplan")      // stale
	fails(tier("tier", protected), "plan", "-destroy")
	fails(tier("tier", ""), "import", "tidio_property.tier", "tier")
	fails(tier("tier", "")+"moved {\n  from = tidio_property.tier\n  to   = tidio_property.level\n}\n", "plan")
	fails(tier("tier", "")+tier("tier", ""), "plan")
	fails("data \"tidio_property\" \"x\" {\n  name = \"x\"\n  id = \"x\"\n}\n", "validate")
	fails("data \"tidio_property\" \"x\" {}\n", "validate")
	fails("data \"tidio_contacts\" \"x\" {\n  max_results = 0\n}\n", "validate")
	fails("resource \"tidio_contact\" \"x\" {\n  deletion_policy = \"PREVENT\"\n}\n", "validate")

	// Held by TestCLIGuide_day2Locked, and told by the code.
	for _, message := range []string{"Error acquiring the state lock", "Unexpected provider data"} {
		if _, there := onPage[message]; !there {
			t.Errorf("the page does not have `%s`", message)
		}
		onPage[message] = true
	}
	// Those of the other engine.
	tofu := strings.Contains(w.Expect(0, "version"), "OpenTofu")
	for _, pair := range [][2]string{
		{"Instance cannot be destroyed", "Resource instance cannot be destroyed"},
		{"Resource already managed by Terraform", "Resource already managed by OpenTofu"},
	} {
		theirs, ours := pair[0], pair[1]
		if !tofu {
			theirs, ours = ours, theirs
		}
		if _, there := onPage[theirs]; !there || !onPage[ours] {
			t.Errorf("the page has `%s`: %t; `%s` was printed: %t", theirs, there, ours, onPage[ours])
		}
		onPage[theirs] = true
	}
	for message, seen := range onPage {
		if !seen {
			t.Errorf("no test saw the engine print `%s`", message)
		}
	}
}
