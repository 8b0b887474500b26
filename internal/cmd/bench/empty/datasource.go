package main

import (
	"context"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/bench/sample"
)

// emptyDataSource returns what the configuration says. The one with a list of contacts returns
// BENCH_CONTACTS of them that are made on the spot, as a slice of structs: the ordinary way.
type emptyDataSource struct {
	datasource.DataSource
}

// contactsModel is a tidio_contacts.
type contactsModel struct {
	Email      types.String            `tfsdk:"email"`
	Name       types.String            `tfsdk:"name"`
	Properties map[string]types.String `tfsdk:"properties"`
	MaxResults types.Int64             `tfsdk:"max_results"`
	Truncated  types.Bool              `tfsdk:"truncated"`
	Contacts   []contactModel          `tfsdk:"contacts"`
}

// contactModel is a contact of the list; what v1 does not have is null.
type contactModel struct {
	ID           types.String      `tfsdk:"id"`
	DistinctID   types.String      `tfsdk:"distinct_id"`
	Name         types.String      `tfsdk:"name"`
	FirstName    types.String      `tfsdk:"first_name"`
	LastName     types.String      `tfsdk:"last_name"`
	Email        types.String      `tfsdk:"email"`
	Phone        types.String      `tfsdk:"phone"`
	Language     types.String      `tfsdk:"language"`
	Country      types.String      `tfsdk:"country"`
	City         types.String      `tfsdk:"city"`
	EmailConsent types.String      `tfsdk:"email_consent"`
	Properties   map[string]string `tfsdk:"properties"`
	CreatedAt    types.String      `tfsdk:"created_at"`
}

func (emptyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.State.Raw = req.Config.Raw
	schema := req.Config.Raw.Type().(tftypes.Object) // as every schema is
	if _, hasContacts := schema.AttributeTypes["contacts"]; !hasContacts {
		return
	}
	n, err := strconv.Atoi(os.Getenv("BENCH_CONTACTS"))
	if err != nil {
		resp.Diagnostics.AddError("BENCH_CONTACTS is no number", err.Error())
		return
	}
	var state contactsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	state.Truncated, state.Contacts = types.BoolValue(false), make([]contactModel, n)
	for i := range state.Contacts {
		c := sample.New(i)
		state.Contacts[i] = contactModel{
			ID:         types.StringValue(c.ID),
			Name:       types.StringValue(c.Name),
			Email:      types.StringValue(c.Email),
			Phone:      types.StringValue(c.Phone),
			Properties: c.Values,
			CreatedAt:  types.StringValue(c.CreatedAt),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
