package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What the plural data sources say of the same attributes.
const (
	maxResultsDescription = "Most results to return, at least 1; all by default. Reading stops as soon as " +
		"there are so many, which saves requests in a large account."
	truncatedDescription = "Whether reading stopped at `max_results`, so that there may be more."
)

// idOrEmail are the attributes of which a singular data source has one.
func idOrEmail(
	ctx context.Context, req datasource.ReadRequest, diags *diag.Diagnostics,
) (id, email types.String) {
	diags.Append(req.Config.GetAttribute(ctx, path.Root("id"), &id)...)
	diags.Append(req.Config.GetAttribute(ctx, path.Root("email"), &email)...)
	return id, email
}

// object is what a data source read of one, by attribute: values of the protocol at once. For 20,000
// contacts that takes a third of the time and of the allocations of a slice of structs, and little
// more than half of those of framework values (measured).
type object = map[string]tftypes.Value

// textValue is null where the API sends nothing.
func textValue(s string) tftypes.Value {
	if s == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return tftypes.NewValue(tftypes.String, s)
}

// setState sets what was read. What the configuration has stays as it is written there.
func setState(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse, read object,
) {
	var config object
	_ = req.Config.Raw.As(&config) // it is an object, as the schema is
	state := maps.Clone(read)
	for name, value := range config {
		if _, isRead := read[name]; !isRead || !value.IsNull() {
			state[name] = value
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, tftypes.NewValue(req.Config.Raw.Type(), state))...)
}

// rows are what a plural data source returns, collected page by page.
type rows struct {
	list      tftypes.List // their type
	values    []tftypes.Value
	max       int64 // 0 = as many as there are
	truncated bool  // whether there may be more than max
}

// newRows returns what collects the list attribute of a data source with this configuration.
func newRows(config tfsdk.Config, attribute string, maxResults types.Int64) *rows {
	schema := config.Raw.Type().(tftypes.Object) // as every schema is
	return &rows{
		list:   schema.AttributeTypes[attribute].(tftypes.List),
		values: []tftypes.Value{},
		max:    maxResults.ValueInt64(),
	}
}

func (r *rows) full() bool { return r.max > 0 && int64(len(r.values)) == r.max }

func (r *rows) value() tftypes.Value { return tftypes.NewValue(r.list, r.values) }

// isOrAny reports whether a filter that may be null lets a value through.
func isOrAny(wanted types.String, actual string) bool {
	return wanted.IsNull() || wanted.ValueString() == actual
}

// take adds what is wanted of a page, and reports whether to read the next one.
func take[T any](r *rows, page []T, last bool, wanted func(T) bool, row func(T) object) (readOn bool) {
	for _, item := range page {
		if !wanted(item) {
			continue
		}
		if r.full() {
			r.truncated = true
			return false
		}
		r.values = append(r.values, tftypes.NewValue(r.list.ElementType, row(item)))
	}
	r.truncated = r.full() && !last
	return !r.truncated
}
