package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// emptyResource is a resource whose objects are what the configuration says, in the state only.
type emptyResource struct {
	resource.Resource
}

// Create makes known what the plan leaves open.
func (emptyResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	known, err := tftypes.Transform(req.Plan.Raw, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		switch {
		case v.IsKnown():
			return v, nil
		case v.Type().Is(tftypes.String):
			return tftypes.NewValue(tftypes.String, "made up"), nil
		default:
			return tftypes.NewValue(v.Type(), nil), nil
		}
	})
	if err != nil {
		resp.Diagnostics.AddError("The plan cannot be made known", err.Error())
		return
	}
	resp.State.Raw = known
}

// Read leaves the state as it is, which the framework has put into the response.
func (emptyResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (emptyResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete lets the framework remove it from the state.
func (emptyResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
