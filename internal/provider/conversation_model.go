package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// conversationAttributes are what the data sources show of a conversation.
func conversationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":      schema.StringAttribute{MarkdownDescription: "Id of the conversation.", Computed: true},
		"status":  schema.StringAttribute{MarkdownDescription: "Status, as Tidio writes it.", Computed: true},
		"subject": schema.StringAttribute{MarkdownDescription: "Subject.", Computed: true},
		"contact_id": schema.StringAttribute{
			MarkdownDescription: "Id of the contact who takes part.",
			Computed:            true,
		},
		"operator_id": schema.StringAttribute{
			MarkdownDescription: "Id of the operator who takes part; null if there is none.",
			Computed:            true,
		},
		"created_at": schema.StringAttribute{MarkdownDescription: "Time of creation, in RFC 3339 format.", Computed: true},
		"updated_at": schema.StringAttribute{
			MarkdownDescription: "Time of the last change, in RFC 3339 format.",
			Computed:            true,
		},
	}
}

// conversationDataModel is a conversation as the data sources show it.
type conversationDataModel struct {
	ID         types.String `tfsdk:"id"`
	Status     types.String `tfsdk:"status"`
	Subject    types.String `tfsdk:"subject"`
	ContactID  types.String `tfsdk:"contact_id"`
	OperatorID types.String `tfsdk:"operator_id"`
	CreatedAt  types.String `tfsdk:"created_at"`
	UpdatedAt  types.String `tfsdk:"updated_at"`
}

func conversationData(c tidio.Conversation) conversationDataModel {
	return conversationDataModel{
		ID:         types.StringValue(c.ID),
		Status:     stringOrNull(c.Status),
		Subject:    stringOrNull(c.Subject),
		ContactID:  stringOrNull(c.ContactID),
		OperatorID: stringOrNull(c.OperatorID),
		CreatedAt:  stringOrNull(c.CreatedAt),
		UpdatedAt:  stringOrNull(c.UpdatedAt),
	}
}

// conversationsModel is a tidio_conversations.
type conversationsModel struct {
	Status        types.String            `tfsdk:"status"`
	ContactID     types.String            `tfsdk:"contact_id"`
	OperatorID    types.String            `tfsdk:"operator_id"`
	CreatedSince  types.String            `tfsdk:"created_since"`
	UpdatedSince  types.String            `tfsdk:"updated_since"`
	MaxResults    types.Int64             `tfsdk:"max_results"`
	Truncated     types.Bool              `tfsdk:"truncated"`
	Conversations []conversationDataModel `tfsdk:"conversations"`
}

// matches reports whether a conversation passes all filters. noTime is the name of an attribute that a filter
// needs but that has no valid time.
func (m conversationsModel) matches(c tidio.Conversation) (matches bool, noTime string) {
	if !isOrAny(m.Status, c.Status) || !isOrAny(m.ContactID, c.ContactID) ||
		!isOrAny(m.OperatorID, c.OperatorID) {
		return false, ""
	}
	for _, limit := range []struct {
		since  types.String
		name   string
		actual string
	}{
		{m.CreatedSince, "created_at", c.CreatedAt},
		{m.UpdatedSince, "updated_at", c.UpdatedAt},
	} {
		if limit.since.IsNull() {
			continue
		}
		if limit.actual == "" {
			return false, ""
		}
		since, _ := time.Parse(time.RFC3339, limit.since.ValueString()) // checked by the validator
		actual, err := time.Parse(time.RFC3339, limit.actual)
		if err != nil {
			return false, limit.name
		}
		if actual.Before(since) {
			return false, ""
		}
	}
	return true, ""
}
