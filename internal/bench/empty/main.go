// Command empty is what `make bench` holds the provider against: a provider with the same schema, and
// so with the same work for the engine and the framework, that does nothing itself. It knows no API.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tidio-community/terraform-provider-tidio/internal/bench/sample"
	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
)

func main() {
	debug := flag.Bool("debug", false, "run with support for debuggers such as delve")
	flag.Parse()
	newEmpty := func() framework.Provider { return empty{provider.New("bench")()} }
	err := providerserver.Serve(context.Background(), newEmpty, providerserver.ServeOpts{
		Address: provider.Address, Debug: *debug, ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// empty has the real provider's schemas. Of its resources and data sources it can do only what the
// bench does with the two below.
type empty struct {
	framework.Provider
}

func (empty) Configure(context.Context, framework.ConfigureRequest, *framework.ConfigureResponse) {}

func (e empty) Resources(ctx context.Context) []func() resource.Resource {
	constructors := e.Provider.Resources(ctx)
	for i, constructor := range constructors {
		constructors[i] = func() resource.Resource { return object{constructor()} }
	}
	return constructors
}

func (e empty) DataSources(ctx context.Context) []func() datasource.DataSource {
	constructors := e.Provider.DataSources(ctx)
	for i, constructor := range constructors {
		constructors[i] = func() datasource.DataSource { return contacts{constructor()} }
	}
	return constructors
}

// object is a resource that is in the state only. The bench does no more than to plan it.
type object struct {
	resource.Resource
}

// Read leaves the state as it is, which the framework has put into the response.
func (object) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// contacts is a tidio_contacts with BENCH_CONTACTS contacts that are made on the spot, as a slice of
// structs: the ordinary way.
type contacts struct {
	datasource.DataSource
}

func (contacts) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	n, _ := strconv.Atoi(os.Getenv("BENCH_CONTACTS"))
	made := make([]sample.Contact, n)
	for i := range made {
		made[i] = sample.New(i)
	}
	resp.State.Raw = req.Config.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("truncated"), false)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("contacts"), made)...)
}
