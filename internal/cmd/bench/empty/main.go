// Command empty is what `make bench` holds the provider against: a provider with the same schema, and
// so with the same work for the engine and the framework, that does nothing itself. It knows no API.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
)

func main() {
	debug := flag.Bool("debug", false, "run with support for debuggers such as delve")
	flag.Parse()

	err := providerserver.Serve(context.Background(), newEmpty, providerserver.ServeOpts{
		Address:         provider.Address,
		Debug:           *debug,
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// empty has the real provider's schemas, and nothing else of it.
type empty struct {
	framework.Provider
}

func newEmpty() framework.Provider { return empty{provider.New("bench")()} }

func (empty) Configure(context.Context, framework.ConfigureRequest, *framework.ConfigureResponse) {}

func (e empty) Resources(ctx context.Context) []func() resource.Resource {
	var wrapped []func() resource.Resource
	for _, constructor := range e.Provider.Resources(ctx) {
		wrapped = append(wrapped, func() resource.Resource { return emptyResource{constructor()} })
	}
	return wrapped
}

func (e empty) DataSources(ctx context.Context) []func() datasource.DataSource {
	var wrapped []func() datasource.DataSource
	for _, constructor := range e.Provider.DataSources(ctx) {
		wrapped = append(wrapped, func() datasource.DataSource { return emptyDataSource{constructor()} })
	}
	return wrapped
}
