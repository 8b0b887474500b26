package tidio

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What the mock has of an object, a client reads, over both APIs: a field that one wire file leaves out, or whose JSON is
// misspelled, would be empty without a failure.
func TestEveryFieldIsDecoded(t *testing.T) {
	lacks := map[string][]string{ // fields that an API does not have
		"v1 Contact":     {"DistinctID", "FirstName", "LastName", "Language", "Country", "City", "EmailConsent"},
		"v1 Operator":    {"Picture"},
		"v1 Message":     {"ConversationURL"},
		"openapi Ticket": {"Messages"}, // of a list
	}
	for format, newAPI := range map[string]func(*testing.T, tidiomock.Config) account{
		"v1": func(t *testing.T, c tidiomock.Config) account {
			t.Helper()
			return newAccount(t, c, nil)
		},
		"openapi": newPublishedAccount,
	} {
		synctest.Test(t, func(t *testing.T) {
			api := newAPI(t, tidiomock.Config{})
			fill := func(object any) { setFields(reflect.ValueOf(object).Elem()) }
			var property tidiomock.Property
			fill(&property)
			property.Type, property.Hidden, property.Default = "text", false, false
			api.mock.AddProperty(property)
			var contact tidiomock.Contact
			fill(&contact)
			contact.EmailConsent, contact.Properties = "subscribed", map[string]any{property.Name: "x"}
			api.mock.AddContact(contact)
			var operator tidiomock.Operator
			fill(&operator)
			api.mock.AddOperator(operator)
			var conversation tidiomock.Conversation
			fill(&conversation)
			conversation.ContactID = contact.ID
			api.mock.AddConversation(conversation)
			var message tidiomock.Message
			fill(&message)
			api.mock.AddMessages(conversation.ID, message)

			var ticket tidiomock.Ticket
			fill(&ticket)
			ticket.ID, ticket.Status, ticket.Priority = 1, "open", "low"
			api.mock.AddTicket(ticket)

			expect := func(read any, err error) {
				t.Helper()
				succeeds(t, err)
				value := reflect.ValueOf(read)
				of := format + " " + value.Type().Name()
				for i := range value.NumField() {
					name := value.Type().Field(i).Name
					if value.Field(i).IsZero() != slices.Contains(lacks[of], name) {
						t.Errorf("%s.%s is %q: lacks has the fields that an API does not send", of, name, fmt.Sprint(value.Field(i)))
					}
				}
			}
			ctx := t.Context()
			properties, err := api.ListProperties(ctx)
			expect(properties.Items[0], err)
			contacts, _, err := api.ListContacts(ctx)
			expect(contacts[0], err)
			operators, _, err := api.ListOperators(ctx)
			expect(operators[0], err)
			if format == "v1" {
				var conversations []Conversation
				_, err = api.EachConversation(ctx, func(page []Conversation, _ bool) bool {
					conversations = append(conversations, page...)
					return true
				})
				expect(conversations[0], err)
				messages, _, err := api.ListMessages(ctx, conversation.ID)
				expect(messages[0], err)
				return
			}
			messages, _, err := api.ListContactMessages(ctx, contact.ID)
			expect(messages[0], err)
			departments, _, err := api.ListDepartments(ctx)
			expect(departments[0], err)
			project, err := api.GetProject(ctx)
			expect(project, err)
			_, err = api.EachTicket(ctx, func(page []Ticket, _ bool) bool {
				expect(page[0], nil)
				return true
			})
			succeeds(t, err)
		})
	}
}

// setFields gives each field of a struct a value of its own.
func setFields(object reflect.Value) {
	for i := range object.NumField() {
		switch field := object.Field(i); {
		case field.Kind() == reflect.String:
			field.SetString(fmt.Sprintf("2026-01-01T00:00:%02dZ", i)) // a text, and a time where it has to be one
		case field.Kind() == reflect.Bool:
			field.SetBool(true)
		case field.Kind() == reflect.Pointer && field.Type().Elem().Kind() == reflect.Bool:
			value := true
			field.Set(reflect.ValueOf(&value))
		}
	}
}
