package provider

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// text accepts what is kept as it is written: not empty, no white space around it, at most max
// characters (0 = no limit).
type text struct{ max int }

func (v text) Description(context.Context) string {
	limit := ""
	if v.max > 0 {
		limit = fmt.Sprintf(", at most %d characters", v.max)
	}
	return "not empty, without white space at either end" + limit
}

func (v text) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v text) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	length := utf8.RuneCountInString(value)
	switch {
	case value == "":
		resp.Diagnostics.AddAttributeError(req.Path, "Empty value",
			fmt.Sprintf("The value of %s must not be empty. Leave the attribute out, or set it to null, if it is optional.",
				req.Path))
	case strings.TrimSpace(value) != value:
		resp.Diagnostics.AddAttributeError(req.Path, "White space around a value",
			fmt.Sprintf("The value of %s begins or ends with white space, which is easily lost on the way. "+
				"Remove it, or use trimspace().", req.Path))
	case v.max > 0 && length > v.max:
		resp.Diagnostics.AddAttributeError(req.Path, "Value too long",
			fmt.Sprintf("The value of %s has %d characters; Tidio takes at most %d.", req.Path, length, v.max))
	}
}

// like accepts what looks like a value of a property type.
type like struct{ propertyType string }

func (v like) Description(context.Context) string { return "a value of type " + v.propertyType }

func (v like) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v like) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if want := misfit(v.propertyType, req.ConfigValue.ValueString()); want != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
			fmt.Sprintf("The value of %s must be %s. It is not repeated here: it may be personal.", req.Path, want))
	}
}

// notEmail accepts an id, as long as it is no e-mail address: that would be found by nothing, and
// stand in a log.
type notEmail struct{}

func (notEmail) Description(context.Context) string { return "an id, not an e-mail address" }

func (v notEmail) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notEmail) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if strings.Contains(req.ConfigValue.ValueString(), "@") { // null and unknown read as ""
		resp.Diagnostics.AddAttributeError(req.Path, "An e-mail address is no id",
			"To look for an e-mail address, set email in place of id.")
	}
}

// timestamp accepts an RFC 3339 time.
type timestamp struct{}

func (timestamp) Description(context.Context) string {
	return "a time in RFC 3339, such as \"2026-03-01T00:00:00Z\""
}

func (v timestamp) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v timestamp) ValidateString(
	ctx context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := time.Parse(time.RFC3339, req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid time",
			fmt.Sprintf("The value of %s must be %s. Got: %q.", req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}

// baseURL accepts an address of the API.
type baseURL struct{}

func (baseURL) Description(context.Context) string { return "an https URL" }

func (v baseURL) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (baseURL) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := tidio.ParseBaseURL(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid address of the Tidio API",
			fmt.Sprintf("base_url cannot be used: %s.", err))
	}
}

// duration accepts a Go duration between two others, inclusive.
type duration struct{ min, max time.Duration }

func (v duration) Description(context.Context) string {
	return fmt.Sprintf("a duration such as \"90s\" or \"5m\", from %s to %s", v.min, v.max)
}

func (v duration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v duration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	d, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err != nil || d < v.min || d > v.max {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration",
			fmt.Sprintf("The value of %s must be %s. Got: %q.", req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}
