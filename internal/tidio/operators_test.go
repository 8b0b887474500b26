package tidio

import (
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestOperators_areRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 1, Replies: tidiomock.Replies{WrapSingle: true}}, nil)
		api.mock.AddOperator(tidiomock.Operator{
			ID: "z", Name: "Ada", Email: "ada@example.com", Role: "admin", Active: true,
			LastSeen: "2026-03-12T16:40:05Z",
		})
		api.mock.AddOperator(tidiomock.Operator{ID: "a"})
		yes, no := true, false
		ada := Operator{
			ID: "z", Name: "Ada", Email: "ada@example.com", Role: "admin", Active: &yes,
			LastSeen: "2026-03-12T16:40:05Z",
		}

		list, complete, err := api.ListOperators(t.Context())
		succeeds(t, err)
		equal(t, "complete", complete, true)
		same(t, "list", list, []Operator{ada, {ID: "a", Active: &no}})
		one, err := getOne(t.Context(), api.Client, api.wire.operators, "z")
		succeeds(t, err)
		same(t, "operator", one, ada)
		same(t, "requests", api.sent(), []string{"GET operators", "GET operators?page=2", "GET operators/z"})
	})
}

// What the API leaves out, or sends as null or as a number.
func TestOperators_withLittle(t *testing.T) {
	for name, body := range map[string]string{
		"left out": `{"id":7}`,
		"null":     `{"id":"7","name":null,"email":null,"role":null,"active":null,"last_seen":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newFake(t, always(200, body))
			got, err := getOne(t.Context(), client, client.wire.operators, "7")
			succeeds(t, err)
			same(t, "operator", got, Operator{ID: "7"})
		})
	}
}

// A 404 on an object means that it is gone only if its collection is there.
func TestGetOne_ofWhatIsNotThere(t *testing.T) {
	gets := map[string]func(*Client) error{
		"contacts": func(c *Client) error {
			_, err := c.GetContact(t.Context(), "x")
			return err
		},
		"operators": func(c *Client) error {
			_, err := getOne(t.Context(), c, c.wire.operators, "x")
			return err
		},
		"conversations": func(c *Client) error {
			_, err := c.GetConversation(t.Context(), "x")
			return err
		},
	}
	for noun, get := range gets {
		t.Run(noun, func(t *testing.T) {
			client, api := newFake(t, byRequest(map[string]string{"GET " + noun: `{"data":[]}`}))
			equal(t, "path", failure(t, get(client), NotFound).Path, noun+"/x")
			same(t, "requests", api.sent(), []string{"GET " + noun + "/x", "GET " + noun})

			client, _ = newFake(t, byRequest(nil))
			equal(t, "path", failure(t, get(client), WrongEndpoint).Path, noun)
		})
	}
}
