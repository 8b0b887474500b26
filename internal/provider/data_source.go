package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// Descriptions of attributes that the plural data sources share.
const (
	maxResultsDescription = "Maximum number of results, at least 1. By default, all results. The provider stops reading " +
		"when it has this many, which saves requests in a large account."
	truncatedDescription = "Whether the provider stopped reading at `max_results`, so that there may be more results."
)

// results collects the results of a plural data source, page by page.
type results[T, M any] struct {
	max     int64 // 0 = no limit
	matches func(T) bool
	convert func(T) M

	items     []M
	truncated bool // whether there may be more than max
}

func newResults[T, M any](maxResults types.Int64, matches func(T) bool, convert func(T) M) *results[T, M] {
	return &results[T, M]{
		max: maxResults.ValueInt64(), matches: matches, convert: convert,
		items: []M{}, // not nil, which would be null
	}
}

// appendMatching adds the matching items of a page, and reports whether to read the next page.
func (r *results[T, M]) appendMatching(page []T, last bool) (keepReading bool) {
	for _, item := range page {
		if !r.matches(item) {
			continue
		}
		if r.isFull() {
			r.truncated = true
			return false
		}
		r.items = append(r.items, r.convert(item))
	}
	r.truncated = r.isFull() && !last
	return !r.truncated
}

func (r *results[T, M]) isFull() bool { return r.max > 0 && int64(len(r.items)) == r.max }

// isOrAny reports whether a value passes a filter. A null filter accepts every value.
func isOrAny(wanted types.String, actual string) bool {
	return wanted.IsNull() || tidio.SameText(wanted.ValueString(), actual)
}
