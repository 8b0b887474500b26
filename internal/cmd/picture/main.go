// Command picture prints what a terminal shows of a plan that destroys a property: a real plan, by a
// real engine, against the mock of the API. `make picture` turns it into the picture in the README.
package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The property is imported: a created one would have another id in each picture. It is one, so that
// the warning, which is given once, is always given for the same.
const config = engine.Requirement + `
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

func main() { os.Exit(engine.Perform("picture", show)) }

func show(ctx context.Context) error {
	mock := tidiomock.New(tidiomock.Config{})
	mock.AddProperty(tidiomock.Property{ID: "prop_4f1c9a", Name: "plan_tier", Label: "Plan", Type: "text"})
	server := httptest.NewServer(mock) // until the program ends
	env := []string{"TIDIO_API_KEY=picture", "TIDIO_BASE_URL=" + server.URL + "/v1/", "TF_CLI_ARGS="}
	space, err := engine.Open(ctx, engine.Options{Config: config, Env: env})
	if err != nil {
		return err
	}
	var plan engine.Result
	for _, command := range [][]string{{"init"}, {"apply", "-auto-approve"}, {"plan", "-destroy"}} {
		if plan, err = space.Expect(ctx, 0, command...); err != nil {
			return err
		}
	}
	_, err = fmt.Printf("$ %s plan -destroy\n%s%s", space.Engine.Name, plan.Stdout, plan.Stderr)
	return err
}
