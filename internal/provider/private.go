package provider

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The keys of private state.
const (
	// privateFormat is the wire format with which the object was last written or found; none = v1. With a
	// different format, an object that is not found may still exist.
	privateFormat = "format"

	// privateReplaces is the id of the object whose replacement is planned. The second half of such a plan has no
	// state, but it has this id from the first half.
	privateReplaces = "replaces"

	// privateCreated is when Terraform created the object, in UTC; none = long ago. Until the object is some seconds
	// old, a read that does not find it is repeated.
	privateCreated = "created"

	// privateNames are the [propertyNames] of a property.
	privateNames = "names"

	// privateMissing is set while the account lacks the property, if the API cannot create properties.
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

// getPrivate reads a value, or the zero value if there is none.
func getPrivate[T any](ctx context.Context, from privateReader, key string, diags *diag.Diagnostics) (value T) {
	encoded, problems := from.GetKey(ctx, key)
	diags.Append(problems...)
	if len(encoded) > 0 {
		_ = json.Unmarshal(encoded, &value) // only this provider writes it
	}
	return value
}

// setPrivate writes a value, as JSON: the engine requires it.
func setPrivate(ctx context.Context, to privateWriter, key string, value any, diags *diag.Diagnostics) {
	encoded, _ := json.Marshal(value) // all values can be encoded
	diags.Append(to.SetKey(ctx, key, encoded)...)
}

// propertyNames are the names of one property.
type propertyNames struct {
	Configured string `json:"configured"` // at the last create or change; after an import, the first that was read
	Actual     string `json:"actual"`     // in the account, as last read
}

// differ reports whether the name in the account differs from the configured one, because the API rewrote it or
// somebody renamed the property.
func (n propertyNames) differ() bool {
	return n.Configured != "" && !tidio.SameText(n.Configured, n.Actual)
}

// createdIn returns when the object was created; zero means long ago.
func createdIn(ctx context.Context, from privateReader, diags *diag.Diagnostics) time.Time {
	return getPrivate[time.Time](ctx, from, privateCreated, diags)
}

// setCreated records that the object was created now.
func setCreated(ctx context.Context, to privateWriter, diags *diag.Diagnostics) {
	setPrivate(ctx, to, privateCreated, time.Now().UTC(), diags)
}

// formatIn returns the format in private state.
func formatIn(ctx context.Context, from privateReader, diags *diag.Diagnostics) tidio.Format {
	if format := getPrivate[tidio.Format](ctx, from, privateFormat, diags); format != "" {
		return format
	}
	return tidio.V1
}
