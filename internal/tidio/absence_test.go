package tidio

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Only the API itself says that an object is gone. A page of a proxy does not; a 404 that says nothing
// counts if the list, read to its end, does not have the object either.
func TestFindContact_absenceNeedsProof(t *testing.T) {
	const (
		json   = `{"message":"There is no such contact."}`
		others = `{"data":[{"id":"c2"}],"meta":{"total":1,"page":1}}`
	)
	for name, test := range map[string]struct {
		status int
		body   string
		list   string
		kind   Kind
	}{
		"404 of the API":                     {404, json, others, NotFound},
		"410 of the API":                     {410, json, others, NotFound},
		"404 of a proxy":                     {404, "<html>Not found</html>", others, WrongEndpoint},
		"410 of a proxy":                     {410, "<html>Gone</html>", others, WrongEndpoint},
		"an empty 404, not in the list":      {404, "", others, NotFound},
		"an empty 410, not in the list":      {410, "", others, NotFound},
		"an empty 404, in the list":          {404, "", `{"data":[{"id":"c1"}]}`, Unproven},
		"an empty 404, an incomplete list":   {404, "", `{"data":[{"id":"c2"}],"meta":{"total":0,"page":1}}`, Unproven},
		"an empty 404, and no list":          {404, "", "<html>", BadResponse},
		"404 of the API, and no list":        {404, json, "", WrongEndpoint},
		"404 of another JSON, and no list":   {404, `[]`, "", WrongEndpoint},
		"404 of the API, behind white space": {404, "\n " + json, others, NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			for what, call := range map[string]func(*Client) error{
				"find": func(c *Client) error { _, err := c.FindContact(t.Context(), "c1"); return err },
				"get":  func(c *Client) error { _, err := c.GetContact(t.Context(), "c1"); return err },
			} {
				client, _ := newFake(t, func(req *http.Request) *http.Response {
					switch {
					case strings.HasSuffix(req.URL.Path, "/contacts/c1"):
						return response(test.status, test.body)
					case test.list == "":
						return response(http.StatusNotFound, json)
					}
					return response(http.StatusOK, test.list)
				})
				failed := AsError(call(client))
				if failed == nil {
					t.Fatalf("%s: it succeeded", what)
				}
				equal(t, what, failed.Kind, test.kind)
			}
		})
	}
}

// A list from before the 404 proves nothing: the contact may be younger.
func TestFindContact_absenceNeedsAListFromAfterIt(t *testing.T) {
	listed := `{"id":"c2"}`
	client, _ := newFake(t, func(req *http.Request) *http.Response {
		if strings.HasSuffix(req.URL.Path, "/contacts/c1") {
			return response(http.StatusNotFound, "")
		}
		return response(http.StatusOK, `{"data":[`+listed+`]}`)
	})
	_, _, err := client.ContactsByEmail(t.Context(), "jane@example.com") // reads the list
	succeeds(t, err)
	listed += `,{"id":"c1"}`
	_, err = client.FindContact(t.Context(), "c1")
	fails(t, err, Unproven)
}

// With a wrong base URL no contact is gone, however many are asked for.
func TestFindContact_atAWrongAddressNoneIsGone(t *testing.T) {
	client, _ := newFake(t, always(http.StatusNotFound, `{"message":"There is no such page."}`))
	for i := range 3 {
		_, err := client.FindContact(t.Context(), contactID(i))
		fails(t, err, WrongEndpoint)
	}
}

func TestDeleteContact_absenceNeedsProof(t *testing.T) {
	const others = `{"data":[{"id":"c2"}],"meta":{"total":1,"page":1}}`
	for name, test := range map[string]struct {
		status int
		body   string
		list   string
		gone   bool
		kind   Kind // if it is not gone
	}{
		"404 of the API":                {404, `{"message":"no"}`, others, true, 0},
		"410 of the API":                {410, `{"message":"no"}`, others, true, 0},
		"404 of a proxy":                {404, "<html>", others, false, WrongEndpoint},
		"200 of a login page":           {200, "<html>", others, false, BadResponse},
		"an empty 404, not in the list": {404, "", others, true, 0},
		"an empty 404, in the list":     {404, "", `{"data":[{"id":"c1"}]}`, false, Unproven},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newFake(t, func(req *http.Request) *http.Response {
				switch {
				case req.Method == http.MethodDelete:
					return response(test.status, test.body)
				case strings.HasSuffix(req.URL.Path, "/contacts/c1"):
					return response(http.StatusOK, `{"id":"c1"}`)
				}
				return response(http.StatusOK, test.list)
			})
			gone, _, err := client.DeleteContact(t.Context(), "c1", time.Time{})
			equal(t, "gone", gone, test.gone)
			if !test.gone {
				fails(t, err, test.kind)
			} else {
				succeeds(t, err)
			}
		})
	}
}

// Over the published API a gateway's JSON is not the API's own: that has a list of errors.
func TestPublished_absenceInAnotherFormat(t *testing.T) {
	for name, test := range map[string]struct {
		body, list string
		kind       Kind
	}{
		"of the API":              {`{"errors":[{"code":"not_found","message":"No."}]}`, `{"contacts":[]}`, NotFound},
		"a code alone":            {`{"errors":[{"code":"not_found"}]}`, `{"contacts":[]}`, NotFound},
		"of a gateway, listed":    {`{"message":"no Route matched"}`, `{"contacts":[{"id":"c1"}]}`, Unproven},
		"of a gateway, not there": {`{"message":"no Route matched"}`, `{"contacts":[]}`, NotFound},
		"no errors":               {`{"errors":[]}`, `{"contacts":[{"id":"c1"}]}`, Unproven},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newPublished(t, func(req *http.Request) *http.Response {
				if req.URL.Path == "/contacts/c1" {
					return response(http.StatusNotFound, test.body)
				}
				return response(http.StatusOK, test.list)
			})
			_, err := client.FindContact(t.Context(), "c1")
			fails(t, err, test.kind)
		})
	}
}

// A delete that landed without a reply, was sent again, and is answered by half a 404: if no list can be read, nobody
// knows what became of it.
func TestDeleteContact_whoseEndNobodyKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deletes := 0
		api := &fakeAPI{answer: func(req *http.Request) *http.Response {
			switch {
			case req.Method == http.MethodDelete:
				if deletes++; deletes == 1 {
					return response(http.StatusInternalServerError, `{"message":"No."}`)
				}
				return response(http.StatusNotFound, `{"message":"There is`)
			case strings.HasSuffix(req.URL.Path, "/contacts/c1"):
				return response(http.StatusOK, `{"id":"c1"}`)
			}
			return response(http.StatusOK, `{"data":[{"id"`)
		}}
		_, _, err := New(testOptions(t, api)).DeleteContact(t.Context(), "c1", time.Time{})
		equal(t, "outcome unknown", failure(t, err, BadResponse).OutcomeUnknown, true)
	})
}
