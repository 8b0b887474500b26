package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// notEmptyValidator accepts everything that is not empty, because an account may have it.
type notEmptyValidator struct{}

func (notEmptyValidator) Description(context.Context) string { return "not empty" }

func (v notEmptyValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notEmptyValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || req.ConfigValue.ValueString() != "" {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Empty value",
		fmt.Sprintf("%s must not be empty. If the attribute is optional, remove it or set it to null.", req.Path))
}

// notEmailValidator refuses an e-mail address where an id is needed: it would find nothing, and be in logs.
// instead is the advice for users with an e-mail address.
type notEmailValidator struct{ instead string }

// Advice for users who set an e-mail address as an id.
const (
	setEmail      = "To find it by its e-mail address, set email instead of id."
	findContact   = "Use the data source tidio_contact to find the id of a contact by its e-mail address."
	findOperator  = "Use the data source tidio_operator to find the id of an operator by its e-mail address."
	setDepartment = "Set the id or the name of the department instead."
	findChats     = "Use the data source tidio_conversations to find a contact's conversations by the contact's id."
)

func (notEmailValidator) Description(context.Context) string { return "an id, not an e-mail address" }

func (v notEmailValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v notEmailValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if strings.Contains(req.ConfigValue.ValueString(), "@") { // null and unknown read as ""
		resp.Diagnostics.AddAttributeError(req.Path, "An e-mail address is not an id", v.instead)
	}
}

// emailValidator accepts an e-mail address.
type emailValidator struct{}

func (emailValidator) Description(context.Context) string { return "an e-mail address" }

func (v emailValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (emailValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := checkFormat(req.Path, "email", req.ConfigValue.ValueString()); problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// ticketIDValidator accepts the number of a ticket. Other values are not sent, because they would be in logs.
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
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Tidio API address",
			fmt.Sprintf("base_url cannot be used: %s.", err))
	}
}

// durationValidator accepts a Go duration from min to max.
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
