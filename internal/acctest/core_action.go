package acctest

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Invoke is `terraform apply -invoke` for each action block of a configuration, one after the other: it validates and
// plans them all, and runs them with another provider if that was no error. It returns what they tell as they run.
func (c *Core) Invoke(config string, opts ...Option) (progress []string, result *Result) {
	c.t.Helper()
	result = c.command(config, opts, func(r *run) {
		if !r.configure() {
			return
		}
		for _, block := range r.blocks {
			r.planAction(block)
		}
		if r.result.failed() {
			return
		}
		r.applying = true
		if r.start(); !r.configure() {
			return
		}
		for _, block := range r.blocks {
			progress = append(progress, r.invokeAction(block)...)
		}
	})
	return progress, result
}

// planAction validates and plans an action.
func (r *run) planAction(block *hclsyntax.Block) {
	address, config, ok := r.actionConfig(block)
	if !ok {
		return
	}
	server := r.server.(tfprotov6.ActionServer)
	validated := must(server.ValidateActionConfig(r.ctx, &tfprotov6.ValidateActionConfigRequest{
		ActionType: block.Labels[0], Config: config,
	}))
	if !r.report(address, validated.Diagnostics) {
		return
	}
	planned := must(server.PlanAction(r.ctx, &tfprotov6.PlanActionRequest{ActionType: block.Labels[0], Config: config}))
	r.report(address, planned.Diagnostics)
}

// invokeAction runs an action, and returns what it tells.
func (r *run) invokeAction(block *hclsyntax.Block) (progress []string) {
	address, config, ok := r.actionConfig(block)
	if !ok {
		return nil
	}
	stream := must(r.server.(tfprotov6.ActionServer).InvokeAction(r.ctx, &tfprotov6.InvokeActionRequest{
		ActionType: block.Labels[0], Config: config,
	}))
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			r.report(address, event.Diagnostics)
		}
	}
	return progress
}

func (r *run) actionConfig(block *hclsyntax.Block) (address string, config *tfprotov6.DynamicValue, ok bool) {
	address = "action." + strings.Join(block.Labels, ".")
	value, ok := r.evaluate(address, innerBody(block), r.schemas.ActionSchemas[block.Labels[0]].Schema, nil)
	return address, pack(value), ok
}
