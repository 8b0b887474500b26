package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

func TestConversationsModel_matches(t *testing.T) {
	conversation := tidio.Conversation{
		ID: "v1", Status: "open", ContactID: "c1", OperatorID: "o1",
		CreatedAt: "2026-03-01T12:00:00Z", UpdatedAt: "2026-03-02T01:00:00.5+02:00",
	}
	bare, odd := tidio.Conversation{ID: "v2"}, tidio.Conversation{ID: "v3", Status: "open"}
	odd.CreatedAt, odd.UpdatedAt = "yesterday", "2026-03-01 12:00:00"
	text := types.StringValue
	created := func(s string) conversationsModel { return conversationsModel{CreatedSince: text(s)} }
	updated := func(s string) conversationsModel { return conversationsModel{UpdatedSince: text(s)} }

	for what, c := range map[string]struct {
		filter       conversationsModel
		conversation tidio.Conversation
		want         bool
		noTime       string
	}{
		"no filter":                      {conversationsModel{}, conversation, true, ""},
		"no filter, no fields":           {conversationsModel{}, bare, true, ""},
		"no filter, no times":            {conversationsModel{}, odd, true, ""},
		"status":                         {conversationsModel{Status: text("open")}, conversation, true, ""},
		"another status":                 {conversationsModel{Status: text("Open")}, conversation, false, ""},
		"no status":                      {conversationsModel{Status: text("open")}, bare, false, ""},
		"contact":                        {conversationsModel{ContactID: text("c1")}, conversation, true, ""},
		"another contact":                {conversationsModel{ContactID: text("o1")}, conversation, false, ""},
		"operator":                       {conversationsModel{OperatorID: text("o1")}, conversation, true, ""},
		"another operator":               {conversationsModel{OperatorID: text("c1")}, conversation, false, ""},
		"created before":                 {created("2026-03-01T12:00:01Z"), conversation, false, ""},
		"created at that moment":         {created("2026-03-01T12:00:00Z"), conversation, true, ""},
		"the same moment elsewhere":      {created("2026-03-01T23:00:00+11:00"), conversation, true, ""},
		"later, though it sorts earlier": {created("2026-03-01T13:30:00+02:00"), conversation, true, ""},
		"earlier, though it sorts later": {created("2026-03-01T11:30:00-01:00"), conversation, false, ""},
		"a fraction of a second before":  {updated("2026-03-01T23:00:00.6Z"), conversation, false, ""},
		"a fraction of a second after":   {updated("2026-03-01T23:00:00.4Z"), conversation, true, ""},
		"never created":                  {created("2026-03-01T12:00:00Z"), bare, false, ""},
		"never updated":                  {updated("2026-03-01T12:00:00Z"), bare, false, ""},
		"created at no time":             {created("2026-03-01T12:00:00Z"), odd, false, "created_at"},
		"updated at no time":             {updated("2026-03-01T12:00:00Z"), odd, false, "updated_at"},
		"no time that decides": {
			conversationsModel{Status: text("closed"), CreatedSince: text("2026-03-01T12:00:00Z")}, odd, false, "",
		},
		"created late enough, updated too early": {
			conversationsModel{CreatedSince: text("2026-03-01T00:00:00Z"), UpdatedSince: text("2026-04-01T00:00:00Z")},
			conversation, false, "",
		},
	} {
		if got, noTime := c.filter.matches(c.conversation); got != c.want || noTime != c.noTime {
			t.Errorf("%s: %t, %q; want %t, %q", what, got, noTime, c.want, c.noTime)
		}
	}
}
