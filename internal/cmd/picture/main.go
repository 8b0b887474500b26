// Command picture prints what a terminal shows of a real engine at work on the mock of the API: `picture query` turns
// an account into code, `picture destroy` plans to destroy a property. `make picture` draws both for the README.
package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The property is imported: a created one would have another id in each picture. It is one, so that the warning, which
// is given once, is always given for the same.
const property = `
resource "tidio_property" "plan_tier" {
  name  = "plan_tier"
  label = "Plan"
  type  = "text"
}

import {
  to = tidio_property.plan_tier
  id = "plan_tier"
}
`

const account = `list "tidio_property" "account" {
  provider = tidio
}
`

func main() { os.Exit(engine.Perform("picture", show)) }

func show(ctx context.Context) error {
	mock := tidiomock.New(tidiomock.Config{})
	mock.AddProperty(tidiomock.Property{ID: "prop_4f1c9a", Name: "plan_tier", Label: "Plan", Type: "text"})
	config, hidden, shown := property, []string{"init", "apply -auto-approve"}, []string{"plan -destroy"}
	isQuery := len(os.Args) > 1 && os.Args[1] == "query"
	if isQuery {
		mock.AddProperty(tidiomock.Property{ID: "prop_8e02b7", Name: "crm_record", Label: "CRM record", Type: "url"})
		config, hidden = "\nprovider \"tidio\" {}\n", []string{"init"}
		shown = []string{"query -generate-config-out=properties.tf", "plan"}
	}
	server := httptest.NewServer(mock) // until the program ends
	tool, err := engine.Find()
	if err != nil {
		return err
	}
	mirror, err := engine.BuildMirror(ctx, filepath.Join(os.TempDir(), "mirror"))
	if err != nil {
		return err
	}
	space, err := tool.NewWorkspace(engine.Options{Config: engine.Requirement + config, Mirror: mirror, Env: []string{
		"TIDIO_API_KEY=picture", "TIDIO_BASE_URL=" + server.URL + "/v1/", "TF_CLI_ARGS=", "TF_CLI_ARGS_plan=-parallelism=1",
	}})
	if err != nil {
		return err
	}
	if isQuery {
		if err := space.WriteFile("account.tfquery.hcl", account); err != nil {
			return err
		}
		fmt.Printf("$ cat account.tfquery.hcl\n%s\n", account)
	}
	for i, command := range append(hidden, shown...) {
		result, err := space.Expect(ctx, 0, strings.Fields(command)...)
		if err != nil {
			return err
		}
		if i >= len(hidden) {
			fmt.Printf("$ %s %s\n%s%s\n", tool.Name, command, result.Stdout, result.Stderr)
		}
	}
	return nil
}
