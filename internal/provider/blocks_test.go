package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// notRun are the fenced blocks that no test runs, by page and by a text in them, with the reason.
var notRun = []struct{ page, text, reason string }{
	{"README.md", "export TIDIO_CLIENT_ID", "the workspaces of all tests do the same"},
	{"README.md", "-generate-config-out", "TestCLIGuide_codifyInOneCommand runs the same"},
	{"README.md", `list "tidio_property" "account"`, "the same"},
	{"README.md", "GOOS", "builds for the user's own machine"},
	{"README.md", "dev_overrides", "a CLI configuration with a path of the user's own"},
	{"README.md", "git clone", "needs the network; make mock runs the same program"},
	{"docs/index.md", "export TIDIO_CLIENT_ID", "as in the README"},
	{"docs/index.md", "TF_LOG_PROVIDER", "a variable of the engine"},
	{"docs/index.md", "required_version", "there is no release to pin yet"},
	{"docs/guides/codify-an-existing-account.md", "terraform output -raw", "TestCLIGuide_codifyAnExistingAccount runs its commands"},
	{"docs/guides/codify-an-existing-account.md", "-generate-config-out", "the same"},
	{"docs/guides/export-transcripts.md", "-var contact_id", "TestCLIGuide_exportWithoutATrace runs its commands"},
	{"docs/guides/export-transcripts.md", "umask 077 #", "TestCLIGuide_exportTranscripts runs its commands"},
	{"docs/guides/export-transcripts.md", "output -json transcripts", "the same"},
	{"docs/guides/export-transcripts.md", "console -plan", "OpenTofu has no such command; tried by hand on Terraform"},
	{"docs/guides/move-between-apis.md", "state list", "TestCLIGuide_moveBetweenAPIs runs state rm"},
	{"docs/guides/personal-data-and-state.md", "encryption {", "OpenTofu only; tried by hand"},
	{"docs/guides/run-in-ci.md", `backend "s3"`, "needs S3"},
	{"docs/guides/several-accounts.md", "TF_VAR_tidio", "TestCLIGuide_severalAccounts sets the same variable"},
	{"docs/guides/test-your-module-offline.md", "git clone", "as in the README"},
	{"docs/guides/test-your-module-offline.md", "export TIDIO_BASE_URL", "the workspaces of all tests do the same"},
	{"docs/guides/test-your-module-offline.md", "tidio-mock -seed &", "needs a fixed port; tried by hand"},
	{"docs/list-resources/contact.md", "terraform query", "TestCLIGuide_codifyInOneCommand runs the same"},
	{"docs/list-resources/property.md", "terraform query", "the same"},
	{"docs/resources/contact.md", "identity", "import blocks by identity need newer engines; Core tests the import"},
	{"docs/resources/contact.md", "removed {", "the same block as in personal-data-and-state.md"},
	{"docs/resources/property.md", "identity", "as for contacts"},
	{"docs/data-sources/messages.md", "nonsensitive", "TestCLIGuide_exportTranscripts reads the same list"},
	{"examples/modules/contact-schema/README.md", `module "contact_schema"`, "the example that it calls complete is planned by a test"},
	{"examples/modules/contact-schema/README.md", "tidio-mock &", "TestModules_contactSchema runs terraform test"},
	{"examples/modules/contact-schema/README.md", "-var=adopt_existing", "the same"},
}

// Every block of HCL or shell that a user may copy is run by a test, comes from an example, which a test plans, or has a
// reason not to.
func TestBlocks_areRunOrHaveAReason(t *testing.T) {
	run := blocksInTests(t)
	var examples strings.Builder
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".md") {
			return err
		}
		content, err := os.ReadFile(path)
		examples.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	used := make([]bool, len(notRun))
	blocks := 0
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/*/*.md", "examples/modules/*/*.md"} {
		pages, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range pages {
			page, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, language := range []string{"```terraform\n", "```shell\n"} {
				for _, part := range strings.Split(string(content), language)[1:] {
					block, _, _ := strings.Cut(part, "```")
					blocks++
					isRun := slices.ContainsFunc(run, func(r [2]string) bool {
						return strings.HasSuffix(page, r[0]) && strings.Contains(block, r[1])
					})
					reason := false
					for i, exempt := range notRun {
						if exempt.page == page && strings.Contains(block, exempt.text) {
							used[i], reason = true, true
						}
					}
					if !isRun && !reason && !strings.Contains(examples.String(), strings.TrimSpace(block)) {
						t.Errorf("%s has a block that nothing runs:\n%s", page, block)
					}
				}
			}
		}
	}
	for i, exempt := range notRun {
		if !used[i] {
			t.Errorf("%s has no block with %q any more", exempt.page, exempt.text)
		}
	}
	if blocks < 70 {
		t.Errorf("only %d blocks were found", blocks)
	}
}

// blocksInTests are the pages and texts that tests look for blocks by: the arguments of guideBlock and pageBlock.
func blocksInTests(t *testing.T) (found [][2]string) {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		constants := map[string]string{}
		text := func(e ast.Expr) string {
			switch e := e.(type) {
			case *ast.BasicLit:
				s, _ := strconv.Unquote(e.Value)
				return s
			case *ast.Ident:
				return constants[e.Name]
			case *ast.BinaryExpr: // "docs/guides/" + day2
				if name, ok := e.Y.(*ast.Ident); ok {
					return constants[name.Name]
				}
			}
			return ""
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) {
						constants[name.Name] = text(n.Values[i])
					}
				}
			case *ast.CallExpr:
				name, _ := n.Fun.(*ast.Ident)
				switch {
				case name == nil:
				case name.Name == "guideBlock" && text(n.Args[1]) != "":
					found = append(found, [2]string{text(n.Args[1]), text(n.Args[2])})
				case name.Name == "pageBlock" && text(n.Args[1]) != "":
					found = append(found, [2]string{text(n.Args[1]), text(n.Args[3])})
				}
			}
			return true
		})
	}
	return found
}
