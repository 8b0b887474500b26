package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// listed is an object as a list block shows it.
type listed struct {
	displayName string
	id          string
	model       any // of the resource
}

// sendListed sends what a list block has found: find returns it, with errors or warnings, show converts one. nouns are
// what is listed.
//
// The engine receives nothing after the result that reaches its limit, so warnings go with the last result.
func sendListed[T any](
	ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, nouns string,
	find func() ([]T, diag.Diagnostics), show func(T) listed,
) {
	stream.Results = func(push func(list.ListResult) bool) {
		found, diags := find()
		if diags.HasError() { // set on the stream it would get lost
			push(list.ListResult{Diagnostics: diags})
			return
		}
		sent := found
		if req.Limit > 0 && int64(len(found)) > req.Limit {
			sent = found[:req.Limit]
			diags.Append(limitReached(nouns, len(sent), len(found)))
		}
		if len(sent) == 0 && len(diags) > 0 {
			push(list.ListResult{Diagnostics: diags})
		}
		for i, item := range sent {
			result := toResult(ctx, req, show(item))
			if i == len(sent)-1 {
				result.Diagnostics.Append(diags...)
			}
			if !push(result) {
				return
			}
		}
	}
}

// toResult makes a result, its identity first: without one it would be an error.
func toResult(ctx context.Context, req list.ListRequest, l listed) list.ListResult {
	result := req.NewListResult(ctx)
	result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root("id"), l.id)...)
	if result.DisplayName = tidio.OneLine(l.displayName); result.DisplayName == "" {
		result.DisplayName = tidio.OneLine(l.id)
	}
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, l.model)...)
	}
	return result
}

// limitReached warns that a list block has found more than the engine takes.
func limitReached(nouns string, sent, found int) diag.Diagnostic {
	return diag.NewWarningDiagnostic("There are more "+nouns+" than the limit of a list block",
		fmt.Sprintf("This block has found %d %s and lists %d: its limit, 100 unless set. To list all, set limit = %d in it.",
			found, nouns, sent, found))
}
