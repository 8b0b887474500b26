package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// tidioAction is embedded in every action.
type tidioAction struct {
	data *providerData

	name  string                   // of the action, without the provider's
	needs func(*providerData) bool // reports whether the API has what the action works on
	lacks lack                     // what to say where it does not
}

func (a *tidioAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.name
}

func (a *tidioAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.data = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// ModifyPlan says in the plan that the API does not have what the action needs. It makes no request.
func (a *tidioAction) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	resp.Diagnostics.Append(a.checkSupported()...)
}

func (a *tidioAction) checkSupported() diag.Diagnostics {
	if a.needs(a.data) {
		return nil
	}
	return diag.Diagnostics{unsupported(a.lacks, path.Empty())}
}

func (a *tidioAction) base() *tidioAction { return a }

// actionWithBase is an action that embeds [tidioAction].
type actionWithBase interface {
	action.Action
	base() *tidioAction
}

// validate validates a configuration again: when it was validated, some values may have been unknown.
func validate(ctx context.Context, a action.Action, config tfsdk.Config) (diags diag.Diagnostics) {
	var described action.SchemaResponse
	a.Schema(ctx, action.SchemaRequest{}, &described)
	for name, attribute := range described.Schema.Attributes {
		text, ok := attribute.(schema.StringAttribute)
		if !ok {
			continue
		}
		req := validator.StringRequest{Path: path.Root(name), Config: config}
		diags.Append(config.GetAttribute(ctx, req.Path, &req.ConfigValue)...)
		for _, v := range text.Validators {
			var resp validator.StringResponse
			v.ValidateString(ctx, req, &resp)
			diags.Append(resp.Diagnostics...)
		}
	}
	if whole, ok := a.(action.ActionWithConfigValidators); ok {
		for _, v := range whole.ConfigValidators(ctx) {
			var resp action.ValidateConfigResponse
			v.ValidateAction(ctx, action.ValidateConfigRequest{Config: config}, &resp)
			diags.Append(resp.Diagnostics...)
		}
	}
	return diags
}

// invoke reads the configuration of an action, and calls send, which returns what it has done, for people, or what went
// wrong.
func invoke[M any](
	ctx context.Context, a actionWithBase, req action.InvokeRequest, resp *action.InvokeResponse,
	send func(M) (done string, problem diag.Diagnostic),
) {
	var config M
	resp.Diagnostics.Append(validate(ctx, a, req.Config)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(a.base().checkSupported()...)
	if resp.Diagnostics.HasError() {
		return
	}
	done, problem := send(config)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: done})
}

// idAttribute is an id that an action needs, or can do without. instead says what to do with an e-mail address there.
func idAttribute(description string, required bool, instead string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Required:            required,
		Optional:            !required,
		Validators:          []validator.String{notEmptyValidator{}, notEmailValidator{instead}},
	}
}

// textAttribute is a text that an action needs, or can do without.
func textAttribute(description string, required bool) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Required:            required,
		Optional:            !required,
		Validators:          []validator.String{notEmptyValidator{}},
	}
}

// oneOfAttribute is one of some words that an action needs, or can do without.
func oneOfAttribute(description string, required bool, words []string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("%s: %s.", description, codeList(words)),
		Required:            required,
		Optional:            !required,
		Validators:          []validator.String{stringvalidator.OneOf(words...)},
	}
}
