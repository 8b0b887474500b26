package main

import (
	"context"
	"maps"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/bench/sample"
)

// emptyDataSource returns what the configuration says. The one with a list of contacts returns
// BENCH_CONTACTS of them, in the cheapest way that the framework has: values of the protocol, made
// at once and put into the state as they are.
type emptyDataSource struct {
	datasource.DataSource
}

func (emptyDataSource) Read(_ context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.State.Raw = req.Config.Raw
	schema := req.Config.Raw.Type().(tftypes.Object) // as every schema is
	list, ok := schema.AttributeTypes["contacts"].(tftypes.List)
	if !ok {
		return
	}
	n, err := strconv.Atoi(os.Getenv("BENCH_CONTACTS"))
	if err != nil {
		resp.Diagnostics.AddError("BENCH_CONTACTS is no number", err.Error())
		return
	}
	rows := make([]tftypes.Value, n)
	for i := range rows {
		rows[i] = row(list.ElementType, sample.New(i))
	}
	var config map[string]tftypes.Value
	if err := req.Config.Raw.As(&config); err != nil {
		resp.Diagnostics.AddError("The configuration is no object", err.Error())
		return
	}
	// A copy: the map is the configuration's own, and with rows in it the framework would compare them
	// all with themselves, which costs about as much as all the rest.
	state := maps.Clone(config)
	state["contacts"] = tftypes.NewValue(list, rows)
	state["truncated"] = tftypes.NewValue(tftypes.Bool, false)
	resp.State.Raw = tftypes.NewValue(schema, state)
}

func row(of tftypes.Type, c sample.Contact) tftypes.Value {
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	values := make(map[string]tftypes.Value, len(c.Values))
	for name, value := range c.Values {
		values[name] = text(value)
	}
	return tftypes.NewValue(of, map[string]tftypes.Value{
		"id":         text(c.ID),
		"name":       text(c.Name),
		"email":      text(c.Email),
		"phone":      text(c.Phone),
		"properties": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values),
		"created_at": text(c.CreatedAt),
	})
}
