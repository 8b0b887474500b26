package tidio

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const testSecret = "cs_0123456789abcdefghijklmnopqrstuvwxyz"

func clientCredentials(t *testing.T) ClientCredentials {
	t.Helper()
	credentials, _, err := ParseClientCredentials("ci_test", testSecret)
	succeeds(t, err)
	return credentials
}

// newPublished returns a client of the published API, and the API that answers it. Nothing is retried.
func newPublished(
	t *testing.T, answer func(*http.Request) *http.Response, change ...func(*Options),
) (*Client, *fakeAPI) {
	t.Helper()
	api := &fakeAPI{answer: answer}
	options := testOptions(t, api)
	options.MaxRetries, options.Credentials = 0, clientCredentials(t)
	var err error
	options.BaseURL, err = ParseBaseURL("https://api.example.com")
	succeeds(t, err)
	for _, c := range change {
		c(&options)
	}
	return New(options), api
}

func TestParseClientCredentials_refusesWhatCannotBeRight(t *testing.T) {
	for name, test := range map[string]struct{ id, secret, flawed, want string }{
		"swapped":         {"cs_secret", "ci_id", "client_id", "swapped"},
		"a secret twice":  {"cs_secret", "cs_secret", "client_id", "swapped"},
		"an id twice":     {"ci_id", "ci_id", "client_id", "swapped"},
		"no id":           {" ", "cs_secret", "client_id", "client id is empty"},
		"no secret":       {"ci_id", "\n", "client_secret", "client secret is empty"},
		"two lines":       {"ci_id", "cs_sec\nret", "client_secret", "client secret contains a line break"},
		"no ASCII":        {"ci_ü", "cs_secret", "client_id", "client id contains"},
		"other beginning": {"id", "secret", "", ""},
		"white space":     {" ci_id\n", "\tcs_secret\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, flawed, err := ParseClientCredentials(test.id, test.secret)
			if flawed != test.flawed {
				t.Errorf("flawed is %q, want %q", flawed, test.flawed)
			}
			if test.want == "" {
				succeeds(t, err)
				return
			}
			if err == nil {
				t.Fatal("accepted")
			}
			contains(t, "the error", err.Error(), test.want)
			hides(t, "the error", err, "cs_sec", "ci_")
		})
	}
}

func TestPublished_headers(t *testing.T) {
	client, api := newPublished(t, always(http.StatusOK, `{"contacts":[]}`))
	_, _, err := client.ContactsByDistinctID(t.Context(), "x")
	succeeds(t, err)
	same(t, "headers", api.requests[0].Header, http.Header{
		"Accept": {"application/json; version=1"}, "User-Agent": {"test/1.0"},
		"X-Tidio-Openapi-Client-Id": {"ci_test"}, "X-Tidio-Openapi-Client-Secret": {testSecret},
	})
	equal(t, "URL", api.requests[0].URL.String(), "https://api.example.com/contacts")
}

func TestPublished_credentialsAreNeverPrinted(t *testing.T) {
	client, _ := newPublished(t, always(http.StatusUnauthorized,
		`{"errors":[{"code":"unauthorized","message":"The secret `+testSecret+` of ci_test is wrong"}]}`))
	_, err := client.GetProject(t.Context())
	failed := failure(t, err, Unauthorized)
	equal(t, "message", failed.Message, "The secret (client secret) of (client id) is wrong")
	for name, value := range map[string]any{
		"credentials": clientCredentials(t), "client": client, "error": failed, "none": ClientCredentials{},
	} {
		hides(t, name, value, testSecret, "ci_test")
	}
}

// What is wrong with all requests is found out by one.
func TestPublished_whatEndsAll(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		code   string
		kind   Kind
		ends   bool
	}{
		"wrong secret":     {401, "unauthorized", Unauthorized, true},
		"lower plan":       {403, "api_access_disabled", Forbidden, true},
		"a proxy strips":   {406, "missing_api_version", NotAcceptable, true},
		"forbidden object": {403, "forbidden", Forbidden, false},
		"invalid":          {422, "validation_error", BadRequest, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, api := newPublished(t, always(test.status, `{"errors":[{"code":"`+test.code+`","message":"m"}]}`))
				for i := range 3 {
					_, err := client.GetTicket(t.Context(), fmt.Sprint(i))
					equal(t, "message", failure(t, err, test.kind).Message, "m")
				}
				equal(t, "requests", len(api.sent()), map[bool]int{true: 1, false: 3}[test.ends])
			})
		})
	}
}

func TestPublished_lists(t *testing.T) {
	item := func(names ...string) string {
		var items []string
		for _, name := range names {
			items = append(items, fmt.Sprintf(`{"name":%q,"label":null,"type":"text"}`, name))
		}
		return strings.Join(items, ",")
	}
	page := func(items, cursor string) string {
		return `{"properties":[` + items + `],"meta":{"cursor":` + cursor + `,"limit":2}}`
	}
	for name, test := range map[string]struct {
		pages      map[string]string // by cursor
		want       string
		incomplete bool
		fails      string
	}{
		"one page":          {map[string]string{"": page(item("a", "b"), "null")}, "a b", false, ""},
		"an empty cursor":   {map[string]string{"": page(item("a"), `""`)}, "a", false, ""},
		"no meta":           {map[string]string{"": `{"properties":[` + item("a") + `]}`}, "a", false, ""},
		"nothing":           {map[string]string{"": page("", "null")}, "", false, ""},
		"two pages":         {map[string]string{"": page(item("a"), `"x+/="`), "x+/=": page(item("b"), "null")}, "a b", false, ""},
		"overlap":           {map[string]string{"": page(item("a", "b"), `"x"`), "x": page(item("b", "c"), "null")}, "a b c", true, ""},
		"an empty last one": {map[string]string{"": page(item("a"), `"x"`), "x": page("", "null")}, "a", false, ""},
		"a cursor again": {
			map[string]string{"": page(item("a"), `"x"`), "x": page(item("b"), `"x"`)}, "", false, "leads back to an earlier page",
		},
		"nothing new": {
			map[string]string{"": page(item("a"), `"x"`), "x": page(item("a"), `"y"`)}, "", false, "has only items from earlier pages",
		},
		"an empty page in between": {
			map[string]string{"": page("", `"x"`)}, "", false, "has only items from earlier pages",
		},
		"another field": {map[string]string{"": `{"contacts":[]}`}, "", false, `it has no field "properties"`},
		"no name":       {map[string]string{"": page(`{"type":"text"}`, "null")}, "", false, "no name or no type"},
		"an array":      {map[string]string{"": `[]`}, "", false, "not a JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newPublished(t, func(req *http.Request) *http.Response {
				return response(http.StatusOK, test.pages[req.URL.Query().Get("cursor")])
			})
			list, err := client.ListProperties(t.Context())
			if test.fails != "" {
				contains(t, "the error", failure(t, err, BadResponse).Error(), test.fails)
				return
			}
			succeeds(t, err)
			var names []string
			for _, p := range list.Items {
				names = append(names, p.ID)
				equal(t, "label", p.Label, p.Name)
			}
			equal(t, "names", strings.Join(names, " "), test.want)
			equal(t, "complete", list.Complete, !test.incomplete)
			equal(t, "requests", len(api.sent()), len(test.pages))
		})
	}
}

// A list that has ended is the proof where there is no read of one object.
func TestPublished_propertiesAreFoundInTheListOnly(t *testing.T) {
	client, api := newPublished(t, always(http.StatusOK, `{"properties":[{"name":"plan","type":"text"}],"meta":{"cursor":null}}`))
	found, err := client.FindProperty(t.Context(), "plan")
	succeeds(t, err)
	equal(t, "property", found, Property{ID: "plan", Name: "plan", Label: "plan", Type: "text"})
	_, err = client.FindProperty(t.Context(), "tier")
	fails(t, err, NotFound)
	same(t, "requests", api.sent(), []string{"GET /contact-properties"})
}

func TestPublished_contact(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want Contact
	}{
		"all": {
			`{"id":"c1","distinct_id":"7","first_name":"Jane","last_name":"Doe","email":"jane@example.com","phone":"+1",
			  "language":"en","country":"US","city":"Austin","created_at":"2026-01-01T00:00:00+00:00",
			  "email_consent":"subscribed","properties":[{"name":"plan","value":"pro"}],"messenger_id":null}`,
			Contact{
				ID: "c1", DistinctID: "7", Name: "Jane Doe", FirstName: "Jane", LastName: "Doe", Email: "jane@example.com",
				Phone: "+1", Language: "en", Country: "US", City: "Austin", CreatedAt: "2026-01-01T00:00:00+00:00",
				EmailConsent: "subscribed", Properties: map[string]string{"plan": "pro"},
			},
		},
		"little":      {`{"id":"c1"}`, Contact{ID: "c1", Properties: map[string]string{}}},
		"nulls":       {`{"id":"c1","first_name":null,"properties":null}`, Contact{ID: "c1", Properties: map[string]string{}}},
		"a last name": {`{"id":"c1","last_name":"Doe"}`, Contact{ID: "c1", Name: "Doe", LastName: "Doe", Properties: map[string]string{}}},
		"value shapes": {
			`{"id":"c1","properties":[{"name":"a","value":1.50},{"name":"b","value":true},{"name":"c","value":null},
			  {"name":"d","value":""},{"name":"e"},{"name":"f","value":{}},{"name":"g","value":[1]}]}`,
			Contact{ID: "c1", Properties: map[string]string{"a": "1.50", "b": "true", "f": "{}", "g": "[1]"}},
		},
		"a name twice: the last": {
			`{"id":"c1","properties":[{"name":"a","value":"1"},{"name":"b","value":{}},{"name":"a","value":"2"},
			  {"name":"b","value":"x"},{"name":"c","value":"1"},{"name":"c","value":null}]}`,
			Contact{ID: "c1", Properties: map[string]string{"a": "2", "b": "x"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newPublished(t, always(http.StatusOK, test.body))
			got, err := client.GetContact(t.Context(), "c1")
			succeeds(t, err)
			same(t, "contact", got, test.want)
		})
	}
}

func TestPublished_contactWrites(t *testing.T) {
	text := func(s string) *string { return &s }
	client, api := newPublished(t, func(req *http.Request) *http.Response {
		if req.Method == http.MethodPost {
			return response(http.StatusCreated, `{"id":"c1"}`)
		}
		if req.Method == http.MethodGet {
			return response(http.StatusOK, `{"id":"c1","properties":[{"name":"plan","value":"pro"}]}`)
		}
		if req.Method == http.MethodPatch {
			return response(http.StatusOK, `{"id":"c1","last_name":null}`) // tells nothing of values
		}
		return response(http.StatusNoContent, "")
	})
	written, err := client.CreateContact(t.Context(), ContactChange{
		Fields:     map[ContactField]*string{ContactDistinctID: text("7"), ContactFirstName: text("Jane")},
		Properties: map[string]*string{"seats": text("42"), "plan": text("pro")},
	})
	succeeds(t, err)
	equal(t, "id", written.ID, "c1")
	_, err = client.UpdateContact(t.Context(), "c1", ContactChange{Fields: map[ContactField]*string{ContactLastName: text("Doe")}})
	succeeds(t, err)
	written, err = client.UpdateContact(t.Context(), "c1", ContactChange{
		Fields: map[ContactField]*string{ContactLastName: nil}, Properties: map[string]*string{"seats": nil},
	})
	succeeds(t, err)
	equal(t, "read back", written.Contact.Properties["plan"], "pro")
	gone, _, err := client.DeleteContact(t.Context(), "c1", time.Time{})
	succeeds(t, err)
	equal(t, "gone", gone, false)
	same(t, "requests", api.sent(), []string{
		"POST /contacts", "PATCH /contacts/c1", "PATCH /contacts/c1", "GET /contacts/c1", "DELETE /contacts/c1",
	})
	same(t, "bodies", api.bodies, []string{
		`{"distinct_id":"7","first_name":"Jane","properties":[{"name":"plan","value":"pro"},{"name":"seats","value":"42"}]}`,
		`{"last_name":"Doe"}`, `{"last_name":null,"properties":[{"name":"seats","value":null}]}`, "", "",
	})
}

// One contact by its address is one request, whatever the API does with the filter.
func TestPublished_contactsByEmail(t *testing.T) {
	one := `{"id":"c1","email":"Jane@Example.com"}`
	for name, list := range map[string]string{
		"filtered": one, "ignored": `{"id":"c0","email":"joe@example.com"},` + one + `,{"id":"c2"}`,
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newPublished(t, always(http.StatusOK, `{"contacts":[`+list+`],"meta":{"cursor":null}}`))
			others, _, err := client.ContactsByEmail(t.Context(), "jane+x@example.com")
			succeeds(t, err)
			equal(t, "of another address", len(others), 0)
			found, complete, err := client.ContactsByEmail(t.Context(), "jane@example.com")
			succeeds(t, err)
			equal(t, "complete", complete, true)
			equal(t, "found", len(found) == 1 && found[0].ID == "c1", true)
			same(t, "requests", api.sent(), []string{
				"GET /contacts?email=jane%2Bx%40example.com", "GET /contacts?email=jane%40example.com",
			})
		})
	}
}

// No contact has an empty address or distinct id: those that have none are strangers to each other.
func TestPublished_contactsByNothing(t *testing.T) {
	client, _ := newPublished(t, always(http.StatusOK, `{"contacts":[{"id":"c1"},{"id":"c2","email":"","distinct_id":""}]}`))
	for name, find := range map[string]func(context.Context, string) ([]Contact, bool, error){
		"e-mail": client.ContactsByEmail, "distinct id": client.ContactsByDistinctID,
	} {
		found, complete, err := find(t.Context(), "")
		succeeds(t, err)
		equal(t, name+": complete", complete, true)
		equal(t, name+": found", len(found), 0)
	}
}

// What became of a create is decided by what was created since, by the API's clock: never an older contact.
func TestPublished_createWithAnUnknownOutcome(t *testing.T) {
	const before, after = "2026-11-01T11:59:30Z", "2026-11-01T12:00:00+00:00"
	type step struct {
		post   int    // status of the next POST
		listed string // contacts in the list from then on
	}
	contact := func(id, distinctID, created string) string {
		return fmt.Sprintf(`{"id":%q,"distinct_id":%q,"email":"jane@example.com","created_at":%q}`, id, distinctID, created)
	}
	for name, test := range map[string]struct {
		steps      []step
		noDate     bool
		want       string // id; "" = an error
		recovered  bool
		posts      int
		candidates int // -1 = not known
	}{
		"it was created":           {[]step{{500, contact("c1", "7", after)}}, false, "c1", true, 1, 0},
		"it was not":               {[]step{{503, ""}, {201, ""}}, false, "new", false, 2, 0},
		"an older one is another":  {[]step{{500, contact("old", "7", before)}, {201, ""}}, false, "new", false, 2, 0},
		"beside an older one":      {[]step{{500, contact("old", "7", before) + "," + contact("c1", "7", after)}}, false, "c1", true, 1, 0},
		"of another distinct id":   {[]step{{500, contact("c1", "8", after)}, {201, ""}}, false, "new", false, 2, 0},
		"two were created":         {[]step{{500, contact("c1", "7", after) + "," + contact("c2", "7", after)}}, false, "", false, 1, 2},
		"nobody knows when":        {[]step{{500, contact("c1", "7", "yesterday")}}, false, "", false, 1, 1},
		"the API has no clock":     {[]step{{500, contact("c1", "7", after)}}, true, "", false, 1, 1},
		"neither of two":           {[]step{{500, ""}, {500, ""}}, false, "", false, 2, 0},
		"the second one":           {[]step{{500, ""}, {500, contact("c2", "7", after)}}, false, "c2", true, 2, 0},
		"a success without an id":  {[]step{{200, contact("c1", "7", after)}}, false, "c1", true, 1, 0},
		"the list kept changing":   {[]step{{500, contact("c0", "8", before) + "," + contact("c0", "8", before)}}, false, "", false, 1, 0},
		"refused: nothing unknown": {[]step{{422, contact("c1", "7", after)}}, false, "", false, 1, -1},
	} {
		for _, email := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", with an e-mail: ", email), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					clock := func() time.Time { // the API's, far from ours
						return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC).Add(time.Since(began))
					}
					posts, listed := 0, ""
					client, api := newPublished(t, func(req *http.Request) *http.Response {
						answer := response(http.StatusOK, `{"contacts":[`+listed+`],"meta":{"cursor":null}}`)
						if req.Method == http.MethodPost {
							s := test.steps[posts]
							posts, listed = posts+1, s.listed
							pass(400 * time.Millisecond) // the reply to the first one comes at a full second of the API's
							answer = response(s.post, `{}`)
							if s.post == http.StatusCreated {
								answer = response(s.post, `{"id":"new"}`)
							}
						}
						if !test.noDate {
							answer.Header.Set("Date", clock().Format(http.TimeFormat))
						}
						return answer
					}, func(o *Options) { o.RecheckAfter = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second} })
					_, _, err := client.ContactsByDistinctID(t.Context(), "x") // the first reply tells the time
					succeeds(t, err)
					distinctID, address := "7", "jane@example.com"
					in := ContactChange{Fields: map[ContactField]*string{ContactDistinctID: &distinctID}}
					if email {
						in.Fields[ContactEmail] = &address
					}
					pass(600 * time.Millisecond)
					written, err := client.CreateContact(t.Context(), in)
					equal(t, "POSTs", posts, test.posts)
					if test.want != "" {
						succeeds(t, err)
						equal(t, "id", written.ID, test.want)
						equal(t, "recovered", written.Recovered, test.recovered)
						return
					}
					failed := AsError(err)
					if failed == nil {
						t.Fatalf("it is %+v", written)
					}
					candidates := -1
					if failed.Candidates != nil {
						candidates = len(failed.Candidates.Contacts)
					}
					equal(t, "candidates", candidates, test.candidates)
					_ = api
				})
			})
		}
	}
}

// A create that shows up late is looked for again before it is sent again.
func TestPublished_createThatShowsUpLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		client, api := newPublished(t, func(req *http.Request) *http.Response {
			if req.Method == http.MethodPost {
				return response(http.StatusInternalServerError, "")
			}
			listed := ""
			if time.Since(began) > 5*time.Second {
				listed = `{"id":"c1","distinct_id":"7","created_at":"2000-01-01T00:00:00Z"}`
			}
			answer := response(http.StatusOK, `{"contacts":[`+listed+`]}`)
			answer.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat)) // 2000-01-01 in the bubble
			return answer
		}, func(o *Options) { o.RecheckAfter = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second} })
		_, _, err := client.ContactsByDistinctID(t.Context(), "x")
		succeeds(t, err)
		distinctID := "7"
		written, err := client.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{ContactDistinctID: &distinctID}})
		succeeds(t, err)
		equal(t, "id", written.ID, "c1")
		equal(t, "requests", len(api.sent()), 1+1+2) // a list soon, and one when reads no longer lag
	})
}

// An interrupt does not end the looking: reads that lag would hide the contact, and the next apply create it again.
func TestPublished_createIsInterruptedWhileItIsLookedFor(t *testing.T) {
	for name, c := range map[string]struct {
		lag, last time.Duration // of reads, and until the last look
		found     bool
		complete  bool
		took      time.Duration // from the interrupt
	}{
		"shown late":     {5 * time.Second, 8 * time.Second, true, true, 6 * time.Second},
		"not created":    {time.Hour, 8 * time.Second, false, true, 6 * time.Second},
		"looking is cut": {time.Hour, 30 * time.Second, false, false, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), batchQuiet+2*time.Second)
				defer cancel()
				client, _ := newPublished(t, func(req *http.Request) *http.Response {
					if req.Method == http.MethodPost {
						return response(http.StatusInternalServerError, "")
					}
					listed := ""
					if time.Since(began) > c.lag {
						listed = `{"id":"c1","distinct_id":"7","created_at":"` + began.UTC().Format(time.RFC3339) + `"}`
					}
					answer := response(http.StatusOK, `{"contacts":[`+listed+`]}`)
					answer.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
					return answer
				}, func(o *Options) { o.RecheckAfter = []time.Duration{time.Second, c.last} })
				distinctID := "7"
				written, err := client.CreateContact(ctx, ContactChange{Fields: map[ContactField]*string{ContactDistinctID: &distinctID}})
				equal(t, "found", written.ID == "c1" && written.Recovered, c.found)
				if !c.found {
					failed := failure(t, err, ServerError)
					equal(t, "outcome unknown", failed.OutcomeUnknown, true)
					equal(t, "complete", failed.Candidates.Complete, c.complete)
				}
				equal(t, "took", time.Since(began), batchQuiet+2*time.Second+c.took)
			})
		})
	}
}

func TestPublished_theOtherNouns(t *testing.T) {
	client, api := newPublished(t, func(req *http.Request) *http.Response {
		return response(http.StatusOK, map[string]string{
			"/project":     `{"project_id":4711,"status":"online"}`,
			"/departments": `{"departments":[{"id":"d1","name":"General"},{"id":"d2","name":null}]}`,
			"/operators": `{"operators":[{"id":"o1","active":true,"email":"ada@example.com","name":null,"role":"owner",
				"picture":"https://x.example.com/p.png","last_seen":null}],"meta":{"cursor":null}}`,
			"/tickets": `{"tickets":[{"id":7,"subject":"Cake","contact_email":"jane@example.com","priority":"urgent",
				"status":"open","assigned_operator_id":null,"assigned_department_id":"d1"}],"meta":{"cursor":null}}`,
			"/tickets/7": `{"id":7,"subject":"Cake","messages":[{"message_id":"m1","author_type":"contact",
				"message_type":"public","message_content":"Hi","attachments":["https://x.example.com/a"]}]}`,
			"/contacts/c1/messages": `{"messages":[{"id":"m1","author_type":"operator","author_id":"o1","message":"Hello",
				"created_at":"2026-01-01T00:00:00+00:00"}],"conversation_url":"https://x.example.com/c1","meta":{"cursor":null}}`,
		}[req.URL.Path])
	})
	project, err := client.GetProject(t.Context())
	succeeds(t, err)
	equal(t, "project", project, Project{ID: "4711", Status: "online"})
	departments, _, err := client.ListDepartments(t.Context())
	succeeds(t, err)
	same(t, "departments", departments, []Department{{ID: "d1", Name: "General"}, {ID: "d2"}})
	yes := true
	operators, _, err := client.ListOperators(t.Context())
	succeeds(t, err)
	same(t, "operators", operators, []Operator{{
		ID: "o1", Email: "ada@example.com", Role: "owner", Active: &yes, Picture: "https://x.example.com/p.png",
	}})
	_, err = client.EachTicket(t.Context(), func(page []Ticket, last bool) bool {
		equal(t, "last", last, true)
		same(t, "tickets", page, []Ticket{{
			ID: "7", Subject: "Cake", ContactEmail: "jane@example.com", Priority: "urgent", Status: "open", DepartmentID: "d1",
		}})
		return true
	})
	succeeds(t, err)
	ticket, err := client.GetTicket(t.Context(), "7")
	succeeds(t, err)
	same(t, "messages of a ticket", ticket.Messages, []TicketMessage{{
		ID: "m1", AuthorType: "contact", Type: "public", Content: "Hi", Attachments: []string{"https://x.example.com/a"},
	}})
	messages, complete, err := client.ListContactMessages(t.Context(), "c1")
	succeeds(t, err)
	equal(t, "complete", complete, true)
	same(t, "messages", messages, []Message{{
		ID: "m1", AuthorType: "operator", AuthorID: "o1", Content: "Hello", CreatedAt: "2026-01-01T00:00:00+00:00",
		ConversationURL: "https://x.example.com/c1",
	}})
	_, err = client.GetConversation(t.Context(), "x")
	fails(t, err, Unsupported)
	equal(t, "requests", len(api.sent()), 6)

	v1, _ := newFake(t, always(http.StatusOK, `{}`))
	_, err = v1.GetProject(t.Context())
	fails(t, err, Unsupported)
	_, err = v1.GetTicket(t.Context(), "7")
	fails(t, err, Unsupported)
	_, _, err = v1.ListDepartments(t.Context())
	fails(t, err, Unsupported)
	_, _, err = v1.ListContactMessages(t.Context(), "c1")
	fails(t, err, Unsupported)
}

// The first call finds out that the credentials are another project's, and nothing else is sent.
func TestPublished_expectedProject(t *testing.T) {
	for expected, fits := range map[string]bool{"4711": true, "7": false} {
		client, api := newPublished(t, func(req *http.Request) *http.Response {
			if req.URL.Path == "/project" {
				return response(http.StatusOK, `{"project_id":4711,"status":"online"}`)
			}
			return response(http.StatusOK, `{"properties":[]}`)
		}, func(o *Options) { o.ExpectedProjectID = expected })
		for range 3 {
			_, err := client.ListProperties(t.Context())
			if fits {
				succeeds(t, err)
				continue
			}
			equal(t, "the other project", failure(t, err, WrongProject).OtherID, "4711")
			distinctID := "7"
			_, err = client.CreateContact(t.Context(), ContactChange{Fields: map[ContactField]*string{ContactDistinctID: &distinctID}})
			fails(t, err, WrongProject)
			_, err = client.GetContact(t.Context(), "c1")
			fails(t, err, WrongProject)
		}
		want := []string{"GET /project"}
		if fits {
			want = append(want, "GET /contact-properties")
		}
		same(t, "requests", api.sent(), want)
	}
}

// What the formats can do is asked of the client.
func TestClient_capabilities(t *testing.T) {
	v1, _ := newFake(t, always(http.StatusOK, `{}`))
	published, _ := newPublished(t, always(http.StatusOK, `{}`))
	equal(t, "format", v1.Format(), V1)
	equal(t, "format", published.Format(), OpenAPI)
	equal(t, "v1 creates properties", v1.CanCreateProperties(), true)
	equal(t, "the published one does", published.CanCreateProperties(), false)
	equal(t, "v1 has conversations", v1.HasConversations(), true)
	equal(t, "the published one has", published.HasConversations(), false)
	equal(t, "v1 searches", v1.CanSearchByEmail(), false)
	equal(t, "the published one does", published.CanSearchByEmail(), true)
	same(t, "fields of v1", v1.ContactFields(), []ContactField{ContactName, ContactEmail, ContactPhone})
	same(t, "fields of the published one", published.ContactFields(), []ContactField{
		ContactDistinctID, ContactFirstName, ContactLastName, ContactEmail, ContactPhone,
	})
}
