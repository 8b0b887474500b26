package provider

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// What is kept in private state, by key.
const (
	// privateFormat is the wire format over which the object was last written or found; none = v1. Over
	// another format an object that is not found need not be gone.
	privateFormat = "format"

	// privateReplaces is the id of the object whose replacement is being planned: the second half of such
	// a plan has no state, but what the first half has put here.
	privateReplaces = "replaces"

	// privateCreated is when Terraform created the object, in UTC; none = long ago. Until it is some seconds old, a
	// read that does not find it is made again.
	privateCreated = "created"

	// privateNames are the [propertyNames] of a property.
	privateNames = "names"

	// privateMissing is set while the account does not have the property, which this API cannot create.
	privateMissing = "missing"
)

// privateReader and privateWriter are the private state in requests and responses.
type (
	privateReader interface {
		GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	}
	privateWriter interface {
		SetKey(context.Context, string, []byte) diag.Diagnostics
	}
)

// getPrivate reads a value; the zero value if there is none.
func getPrivate[T any](ctx context.Context, from privateReader, key string, diags *diag.Diagnostics) (value T) {
	encoded, problems := from.GetKey(ctx, key)
	diags.Append(problems...)
	if len(encoded) > 0 {
		_ = json.Unmarshal(encoded, &value) // only we write there
	}
	return value
}

// setPrivate writes a value, as JSON: the engine requires it.
func setPrivate(ctx context.Context, to privateWriter, key string, value any, diags *diag.Diagnostics) {
	encoded, _ := json.Marshal(value) // what is kept there can be encoded
	diags.Append(to.SetKey(ctx, key, encoded)...)
}

// propertyNames are the names of one property.
type propertyNames struct {
	Configured string `json:"configured"` // at its last create or change, else the first that was read after an import
	Actual     string `json:"actual"`     // in the account, as last read
}

// differ reports whether the account has another name than was configured: the API has rewritten it, or somebody has
// renamed the property.
func (n propertyNames) differ() bool {
	return n.Configured != "" && !tidio.SameText(n.Configured, n.Actual)
}

// createdIn is when the object was created; zero if that was long ago.
func createdIn(ctx context.Context, from privateReader, diags *diag.Diagnostics) time.Time {
	return getPrivate[time.Time](ctx, from, privateCreated, diags)
}

// setCreated notes that the object was created now.
func setCreated(ctx context.Context, to privateWriter, diags *diag.Diagnostics) {
	setPrivate(ctx, to, privateCreated, time.Now().UTC(), diags)
}

// formatIn is the format that private state has.
func formatIn(ctx context.Context, from privateReader, diags *diag.Diagnostics) tidio.Format {
	if format := getPrivate[tidio.Format](ctx, from, privateFormat, diags); format != "" {
		return format
	}
	return tidio.V1
}
