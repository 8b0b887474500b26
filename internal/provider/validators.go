package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// textValidator accepts a value that is not empty, has no white space around it and at most max
// characters (0 = no limit).
type textValidator struct{ max int }

func (v textValidator) Description(context.Context) string {
	limit := ""
	if v.max > 0 {
		limit = fmt.Sprintf(", at most %d characters", v.max)
	}
	return "not empty, without white space at either end" + limit
}

func (v textValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v textValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	length := utf8.RuneCountInString(value)
	switch {
	case value == "":
		resp.Diagnostics.AddAttributeError(req.Path, "Empty value",
			fmt.Sprintf("The value of %s must not be empty. If it is optional, leave it out or set it to null.", req.Path))
	case strings.TrimSpace(value) != value:
		resp.Diagnostics.AddAttributeError(req.Path, "White space around a value",
			fmt.Sprintf("The value of %s begins or ends with white space, which may get lost. Remove it, or use "+
				"trimspace().", req.Path))
	case v.max > 0 && length > v.max:
		resp.Diagnostics.AddAttributeError(req.Path, "Value too long",
			fmt.Sprintf("The value of %s has %d characters; Tidio takes at most %d.", req.Path, length, v.max))
	}
}

// formatValidator accepts a value in the format of a property type.
type formatValidator struct{ propertyType string }

func (v formatValidator) Description(context.Context) string {
	return "a value of type " + v.propertyType
}

func (v formatValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v formatValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if want := typeMismatch(v.propertyType, req.ConfigValue.ValueString()); want != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
			fmt.Sprintf("The value of %s must be %s. It is not shown: it may be personal data.", req.Path, want))
	}
}

// notEmailValidator refuses an e-mail address in place of an id: it would find nothing, and end up in
// logs.
type notEmailValidator struct{}

func (notEmailValidator) Description(context.Context) string { return "an id, not an e-mail address" }

func (v notEmailValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notEmailValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if strings.Contains(req.ConfigValue.ValueString(), "@") { // null and unknown read as ""
		resp.Diagnostics.AddAttributeError(req.Path, "An e-mail address is not an id",
			"To find it by its e-mail address, set email instead of id.")
	}
}

// ticketIDValidator accepts the number of a ticket. What else stands there is not sent: it would end up in
// logs.
type ticketIDValidator struct{}

func (ticketIDValidator) Description(context.Context) string { return "a number, such as \"42\"" }

func (v ticketIDValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (ticketIDValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := strconv.ParseUint(req.ConfigValue.ValueString(), 10, 64); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "The id of a ticket is a number",
			"Set it to the ticket's number, such as \"42\". To find a contact's tickets, use tidio_tickets with contact_email.")
	}
}

// timestampValidator accepts an RFC 3339 time.
type timestampValidator struct{}

func (timestampValidator) Description(context.Context) string {
	return "a time in RFC 3339, such as \"2026-03-01T00:00:00Z\""
}

func (v timestampValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v timestampValidator) ValidateString(
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

// baseURLValidator accepts an address of the API.
type baseURLValidator struct{}

func (baseURLValidator) Description(context.Context) string { return "an https URL" }

func (v baseURLValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (baseURLValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := tidio.ParseBaseURL(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid address of the Tidio API",
			fmt.Sprintf("base_url cannot be used: %s.", err))
	}
}

// durationValidator accepts a Go duration between two others, inclusive.
type durationValidator struct{ min, max time.Duration }

func (v durationValidator) Description(context.Context) string {
	return fmt.Sprintf("a duration such as \"90s\" or \"5m\", from %s to %s", v.min, v.max)
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v durationValidator) ValidateString(
	ctx context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	d, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err != nil || d < v.min || d > v.max {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration",
			fmt.Sprintf("The value of %s must be %s. Got: %q.", req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}
