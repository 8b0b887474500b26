package tidio

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const oneListed = `{"data":[{"id":"p1","name":"plan","label":"Plan","type":"text"}],"meta":{"total":1,"page":1}}`

func TestPropertiesAreListedInTheAPIsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
		api.mock.AddProperty(tidiomock.Property{ID: "3", Name: "seats", Label: "Seats", Type: "number"})
		api.mock.AddProperty(tidiomock.Property{ID: "1", Name: "Seats", Type: "text"})
		api.mock.AddProperty(tidiomock.Property{ID: "2", Name: "crm", Label: "CRM", Type: "url"})
		list, err := api.ListProperties(t.Context())
		succeeds(t, err)
		same(t, "list", list, PropertyList{Complete: true, Items: []Property{
			{ID: "3", Name: "seats", Label: "Seats", Type: "number"},
			{ID: "1", Name: "Seats", Label: "Seats", Type: "text"},
			{ID: "2", Name: "crm", Label: "CRM", Type: "url"},
		}})
		same(t, "requests", api.sent(), []string{"GET properties", "GET properties?page=2"})
	})
}

func TestPropertiesAreFoundInAListInEitherUnicodeForm(t *testing.T) {
	list := PropertyList{Items: []Property{
		{ID: "a", Name: "b"}, {ID: "b", Name: "é"}, {ID: "c", Name: "a\u0308"}, {ID: "d", Name: "e\u0301"},
	}}
	for name, want := range map[string]string{"b": "a", "é": "b", "e\u0301": "d", "ä": "c", "B": "", "": "", "b ": ""} {
		p, found := list.ByName(name)
		equal(t, name, p.ID, want)
		equal(t, name, found, want != "")
	}
	for id, want := range map[string]string{"a": "b", "b": "é", "A": "", "": ""} {
		p, found := list.ByID(id)
		equal(t, id, p.Name, want)
		equal(t, id, found, want != "")
	}
	for name, want := range map[string]string{"B": "a", "É": "b", "Ä": "c", "b": "", "ä": ""} {
		p, _ := list.BySimilarName(name)
		equal(t, name, p.ID, want)
	}
}

func TestFindProperty(t *testing.T) {
	const single, lost = `{"id":"p2","name":"lost","type":"text"}`, "GET properties/p2"
	for name, test := range map[string]struct {
		bodies map[string]string
		id     string
		want   string // the name; "" = an error
		kind   Kind
		sent   []string
	}{
		"in the list": {
			map[string]string{"GET properties": oneListed},
			"p1", "plan", 0,
			[]string{"GET properties"},
		},
		"not in the list but there": { // say, the list was read while others wrote
			map[string]string{"GET properties": oneListed, lost: single},
			"p2", "lost", 0,
			[]string{"GET properties", lost},
		},
		"nowhere": {
			map[string]string{"GET properties": oneListed},
			"p2", "", NotFound,
			[]string{"GET properties", lost},
		},
		"the list is not there either": {
			map[string]string{lost: single},
			"p2", "", WrongEndpoint,
			[]string{"GET properties"},
		},
		"the list cannot be read": {
			map[string]string{"GET properties": "<html>", lost: single},
			"p2", "", BadResponse,
			[]string{"GET properties"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, byRequest(test.bodies))
			p, err := client.FindProperty(t.Context(), test.id)
			if test.want == "" {
				fails(t, err, test.kind)
			} else {
				succeeds(t, err)
			}
			equal(t, "name", p.Name, test.want)
			same(t, "requests", api.sent(), test.sent)
		})
	}
}

func TestGetProperty_thatIsGone(t *testing.T) {
	client, _ := newFake(t, byRequest(map[string]string{"GET properties": oneListed}))
	_, err := client.GetProperty(t.Context(), "a/b")
	failed := failure(t, err, NotFound)
	equal(t, "error", failed.Error(), "GET properties/a%2Fb: status 404: not here")
	equal(t, "status", failed.Status, http.StatusNotFound)
}
