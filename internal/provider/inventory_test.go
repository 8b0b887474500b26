package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// root is the module's directory.
const root = "../.."

// Whatever is registered has a documentation page, an example, tests, and, if it is a resource, an
// example of an import.
func TestInventory(t *testing.T) {
	p := provider.New("test")()
	need := func(pattern string) {
		t.Helper()
		if found, err := filepath.Glob(filepath.Join(root, pattern)); err != nil || len(found) == 0 {
			t.Errorf("there is no %s (%v)", pattern, err)
		}
	}
	for _, makeResource := range p.Resources(t.Context()) {
		var meta resource.MetadataResponse
		makeResource().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "tidio"}, &meta)
		noun := strings.TrimPrefix(meta.TypeName, "tidio_")
		need("docs/resources/" + noun + ".md")
		need("examples/resources/" + meta.TypeName + "/resource.tf")
		need("examples/resources/" + meta.TypeName + "/import.sh")
		need("examples/resources/" + meta.TypeName + "/import-by-string-id.tf")
		need("internal/provider/" + noun + "_resource_test.go")
	}
	for _, makeEphemeral := range p.(framework.ProviderWithEphemeralResources).EphemeralResources(t.Context()) {
		var meta ephemeral.MetadataResponse
		makeEphemeral().Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "tidio"}, &meta)
		noun := strings.TrimPrefix(meta.TypeName, "tidio_")
		need("docs/ephemeral-resources/" + noun + ".md")
		need("examples/ephemeral-resources/" + meta.TypeName + "/ephemeral-resource.tf")
		need("internal/provider/" + noun + "_ephemeral_test.go")
	}
	for _, makeList := range p.(framework.ProviderWithListResources).ListResources(t.Context()) {
		var meta resource.MetadataResponse
		makeList().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "tidio"}, &meta)
		noun := strings.TrimPrefix(meta.TypeName, "tidio_")
		need("docs/list-resources/" + noun + ".md")
		need("examples/list-resources/" + meta.TypeName + "/list-resource.tfquery.hcl")
		need("internal/provider/" + noun + "_list_test.go")
	}
	for _, makeAction := range p.(framework.ProviderWithActions).Actions(t.Context()) {
		var meta action.MetadataResponse
		makeAction().Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: "tidio"}, &meta)
		need("docs/actions/" + strings.TrimPrefix(meta.TypeName, "tidio_") + ".md")
		need("examples/actions/" + meta.TypeName + "/action.tf")
		noun := meta.TypeName[strings.LastIndex(meta.TypeName, "_")+1:] // of tidio_reply_to_ticket: ticket
		need("internal/provider/" + noun + "_action_test.go")
	}
	for _, makeDataSource := range p.DataSources(t.Context()) {
		var meta datasource.MetadataResponse
		makeDataSource().Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "tidio"}, &meta)
		noun := strings.TrimPrefix(meta.TypeName, "tidio_")
		need("docs/data-sources/" + noun + ".md")
		need("examples/data-sources/" + meta.TypeName + "/data-source.tf")
		need("internal/provider/" + noun + "_data_source*.go")
	}
}

func TestEverythingIsDescribed(t *testing.T) {
	schemas := providerSchemas(t)
	var described func(where string, attributes []*tfprotov6.SchemaAttribute)
	described = func(where string, attributes []*tfprotov6.SchemaAttribute) {
		for _, a := range attributes {
			if a.Description == "" {
				t.Errorf("%s.%s has no description", where, a.Name)
			}
			if a.NestedType != nil {
				described(where+"."+a.Name, a.NestedType.Attributes)
			}
		}
	}
	all := map[string]*tfprotov6.Schema{"provider": schemas.Provider}
	maps.Copy(all, schemas.ResourceSchemas)
	for name, schema := range schemas.DataSourceSchemas {
		all["data."+name] = schema
	}
	for name, schema := range schemas.EphemeralResourceSchemas {
		all["ephemeral."+name] = schema
	}
	for name, schema := range schemas.ListResourceSchemas {
		all["list."+name] = schema
	}
	for name, schema := range schemas.ActionSchemas {
		all["action."+name] = schema.Schema
	}
	if len(all) < 4 {
		t.Fatalf("only %d schemas", len(all))
	}
	for name, schema := range all {
		if schema.Block.Description == "" {
			t.Errorf("%s has no description", name)
		}
		described(name, schema.Block.Attributes)
	}
}

// What a resource manages its data sources show, one object and the list: a configuration that cannot manage an
// object yet can read it.
func TestDataSourcesShowWhatResourcesManage(t *testing.T) {
	ofTerraform := []string{"adopt_existing", "deletion_policy"} // about the resource, not the object
	schemas := providerSchemas(t)
	names := func(attributes []*tfprotov6.SchemaAttribute) (names []string) {
		for _, a := range attributes {
			names = append(names, a.Name)
		}
		return names
	}
	for noun, plural := range map[string]string{"property": "properties", "contact": "contacts"} {
		list := schemas.DataSourceSchemas["tidio_"+plural].Block.Attributes
		i := slices.IndexFunc(list, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == plural })
		for where, shown := range map[string][]string{
			noun:   names(schemas.DataSourceSchemas["tidio_"+noun].Block.Attributes),
			plural: names(list[i].NestedType.Attributes),
		} {
			for _, name := range names(schemas.ResourceSchemas["tidio_"+noun].Block.Attributes) {
				if !slices.Contains(shown, name) && !slices.Contains(ofTerraform, name) {
					t.Errorf("data.tidio_%s does not show %s", where, name)
				}
			}
		}
	}
}

func providerSchemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return schemas
}

// overV1 are the examples that need v1; all others are planned over the published API.
var overV1 = []string{
	"v1", "contact-schema", "contact-schema-yaml", "tidio_conversation", "tidio_conversations",
	"tidio_create_conversation", "tidio_update_conversation",
}

// Every directory under examples/ that holds configuration is planned, as it stands, against an
// account that has what the examples refer to.
func TestExamplesPlan(t *testing.T) {
	directories := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "modules" {
			return filepath.SkipDir // planned by the examples that call them, and tested by TestModules
		}
		if strings.HasSuffix(path, ".tf") {
			directories[filepath.Dir(path)] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(directories) < 5 {
		t.Fatalf("only %d examples were found", len(directories))
	}
	for _, directory := range slices.Sorted(maps.Keys(directories)) {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			switch directory = filepath.ToSlash(directory); {
			case strings.Contains(directory, "/actions/"):
				needsActions(t)
				m.Seed()
			case strings.Contains(directory, "/data-sources/"):
				m.Seed()
			case strings.Contains(directory, "/ephemeral-resources/"):
				m.AddContact(tidiomock.Contact{ID: "cont_7k2m9q"})
			case strings.Contains(directory, "/resources/"): // what the examples import or adopt
				m.AddProperty(tidiomock.Property{Name: "plan_tier", Label: "Plan", Type: "text"})
				m.AddProperty(tidiomock.Property{Name: "crm_record", Label: "CRM record", Type: "url"})
				m.AddProperty(tidiomock.Property{Name: "customer_id", Label: "Customer number", Type: "text"})
				m.AddProperty(tidiomock.Property{Name: "plan", Type: "text"})
				m.AddProperty(tidiomock.Property{Name: "licences", Type: "number"})
				m.AddContact(tidiomock.Contact{FirstName: "Ada", Email: "support@example.com"})
			}
			newWorkspace := acctest.NewPublishedWorkspace
			if slices.Contains(overV1, filepath.Base(directory)) {
				newWorkspace = acctest.NewWorkspace
			}
			w := newWorkspace(t, m, "")
			if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
				t.Fatal(err)
			}
			w.CopyTree(directory, ".")
			w.CopyTree(filepath.Join(root, "examples/modules"), "../modules") // where the examples find them
			if !declaresProvider(t, directory) {
				w.Write("") // as a file beside the example
			}
			w.Expect(0, "init")
			w.Expect(0, "plan")
		})
	}
}

// The examples of list blocks are queried as they stand.
func TestExamplesQuery(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "examples/list-resources/*/*.tfquery.hcl"))
	if err != nil || len(files) < 2 {
		t.Fatalf("the examples are %q, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			m.Seed()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w := newQueryWorkspace(t, "published", m, string(content))
			expectContains(t, w.Expect(0, "query"), "list.tidio_")
		})
	}
}

func declaresProvider(t *testing.T, directory string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(directory, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(content), "required_providers")
	})
}

// Without its lifecycle a removed block destroys on Terraform, and forgets on OpenTofu: it is never printed so.
func TestRemovedBlocksDestroyNothing(t *testing.T) {
	blocks := 0
	for _, pattern := range []string{
		"README.md", "docs/*.md", "docs/*/*.md", "templates/*/*", "examples/modules/*/*.md", "internal/provider/*.go",
	} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, after := range strings.Split(string(content), "removed {")[1:] {
				blocks++
				if block, _, _ := strings.Cut(after, "destroy = false"); len(block) > 120 {
					t.Errorf("%s has a removed block without destroy = false", file)
				}
			}
		}
	}
	if blocks < 7 {
		t.Errorf("only %d removed blocks were found", blocks)
	}
}
