package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// createContact creates a contact and returns it as the account has it.
func (s *server) createContact(t *testing.T, created answer) tidiomock.Contact {
	t.Helper()
	created.wants(t, 201)
	c, ok := s.Contact(fmt.Sprint(created.field(t, "id")))
	if !ok {
		t.Fatalf("not there: %s", created.body)
	}
	return c
}

// long is a text of n characters.
func long(n int) string { return strings.Repeat("ä", n) }

func TestContacts_create(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	const sent = `{"distinct_id":"u1","first_name":"Jane","last_name":"Doe","email":"jane@example.com",` +
		`"phone":"5","properties":[{"name":"text","value":"😕"},{"name":"number","value":"1.50"}]}`
	jane := s.createContact(t, s.ask(t, "POST", "/contacts", sent))
	if parts := strings.Split(jane.ID, "-"); len(jane.ID) != 36 || len(parts) != 5 || parts[2][0] != '4' {
		t.Errorf("id %q", jane.ID)
	}
	again := s.createContact(t, s.ask(t, "POST", "/contacts", sent)) // always a new one
	joe := s.createContact(t, s.do(t, "POST", "/contacts",
		`{"name":"Joe","email":"jane@example.com","phone":"5","properties":{"text":"","number":1e3}}`))
	bare := s.createContact(t, s.do(t, "POST", "/contacts", `{"properties":{"url":"https://example.com"}}`))
	values := map[string]any{"text": "😕", "number": json.Number("1.50")}
	for i, want := range []tidiomock.Contact{
		{
			ID: jane.ID, DistinctID: "u1", FirstName: "Jane", LastName: "Doe", Email: "jane@example.com", Phone: "5",
			EmailConsent: "unsubscribed", Properties: values,
		},
		{
			ID: again.ID, DistinctID: "u1", FirstName: "Jane", LastName: "Doe", Email: "jane@example.com", Phone: "5",
			EmailConsent: "unsubscribed", Properties: values,
		},
		{
			ID: joe.ID, Name: "Joe", Email: "jane@example.com", Phone: "5",
			Properties: map[string]any{"text": "", "number": json.Number("1e3")},
		},
		{ID: bare.ID, Properties: map[string]any{"url": "https://example.com"}},
	} {
		got := s.Contacts()[i]
		if got.CreatedAt == "" {
			t.Errorf("%+v has no time", got)
		}
		if got.CreatedAt = ""; !reflect.DeepEqual(got, want) {
			t.Errorf("stored %+v\nwant %+v", got, want)
		}
	}
	s.ask(t, "POST", "/contacts", `{"distinct_id":"`+long(55)+`","first_name":"`+long(127)+`","phone":"`+long(155)+`"}`).wants(t, 201)

	full := start(t, tidiomock.Config{Published: tidiomock.Published{FullReplies: true}})
	created := full.ask(t, "POST", "/contacts", `{"distinct_id":"1","phone":"5","email_consent":"subscribed"}`)
	if created.field(t, "email_consent") != "subscribed" || created.field(t, "phone") != "5" {
		t.Errorf("%s", created.body)
	}
}

// Values are judged alike over both APIs, in creates and in updates.
func TestContacts_valuesRefused(t *testing.T) {
	const (
		noString = `The value of %q must be a string.`
		noNumber = `The value of %q must be a number.`
		noScheme = `The value of %q is not a URL: it has no scheme.`
		tooLong  = `The value of %q is longer than 1000 characters.`
	)
	for _, test := range []struct{ name, value, want, published string }{
		{name: "seats", value: `"1"`, want: `There is no property with the name %q.`},
		{name: "Text", value: `"1"`, want: `There is no property with the name %q.`},
		{name: "text", value: `7`, want: noString},
		{name: "text", value: `true`, want: noString},
		{name: "text", value: `{}`, want: noString},
		{name: "text", value: `["a"]`, want: noString},
		{name: "number", value: `true`, want: noNumber},
		{name: "number", value: `"many"`, want: noNumber},
		{name: "number", value: `" 1"`, want: noNumber},
		{name: "hidden", value: `"many"`, want: noNumber},
		{name: "number", value: `{}`, want: noNumber},
		{name: "email", value: `"jane"`, want: `The value of %q is not an e-mail address.`},
		{name: "phone", value: `"call me"`, want: `The value of %q is not a phone number: it has no digits.`},
		{name: "url", value: `"example.com"`, want: noScheme},
		{name: "url", value: `"http://a b/%"`, want: noScheme},
		{name: "text", value: `"` + long(1001) + `"`, want: tooLong},
		{name: "number", value: strings.Repeat("1", 1001), want: tooLong, published: "-"},
		{name: "number", value: `"` + strings.Repeat("1", 1001) + `"`, want: noNumber, published: tooLong},
		{name: "number", value: `"1"`, want: noNumber, published: "-"},
		{name: "number", value: `1`, want: "-", published: noString},
	} {
		for _, status := range []int{422, 400} {
			s := start(t, tidiomock.Config{Published: tidiomock.Published{ValidationStatus: status}})
			s.define()
			s.AddProperty(tidiomock.Property{Name: "hidden", Type: "number"})
			s.HideProperty("hidden")
			before := s.AddContact(tidiomock.Contact{ID: "1", Name: "Jane", Phone: "4", Properties: map[string]any{"text": "old"}})
			inV1 := fmt.Sprintf(`{"name":"New","properties":{"text":"new",%q:%s}}`, test.name, test.value)
			inPublished := fmt.Sprintf(`{"distinct_id":"1","phone":"5","properties":[{"name":%q,"value":%s}]}`, test.name, test.value)
			if test.published == "" {
				test.published = test.want
			}
			for _, method := range []string{"POST", "PATCH"} {
				path := map[string]string{"POST": "/contacts", "PATCH": "/contacts/1"}[method]
				for want, send := range map[string]func() string{
					test.want:            func() string { return s.do(t, method, path, inV1).refused(t, 400) },
					test.published + " ": func() string { return s.ask(t, method, path, inPublished).refused(t, status, "validation_error") },
				} {
					if want = strings.TrimSpace(want); want == "-" {
						continue
					}
					if got := send(); got != fmt.Sprintf(want, test.name) {
						t.Errorf("%s %.60s:\ngot  %q\nwant %q", method, test.value, got, want)
					}
				}
			}
			if all := s.Contacts(); len(all) != 1 || !reflect.DeepEqual(all[0], before) {
				t.Errorf("refused requests left %+v", all)
			}
		}
	}
}

func TestContacts_refused(t *testing.T) {
	for _, test := range []struct {
		method, sent string // over v1, or with a distinct_id in front over the published API
		isV1         bool
		violates     bool
	}{
		{"POST", `{"name":7}`, true, true},
		{"POST", `{"phone":""}`, true, true},
		{"POST", `{"name":null}`, true, true},
		{"POST", `{"name":"x","id":"mine"}`, true, true},
		{"POST", `{"properties":null}`, true, true},
		{"POST", `{"properties":[]}`, true, true},
		{"POST", `{}`, true, true},
		{"POST", `{"properties":{"text":null}}`, true, false},
		{"POST", `{"email":"jane"}`, true, false},
		{"POST", `{"email":"@example.com"}`, true, false},
		{"POST", `{"email":"jane@"}`, true, false},
		{"POST", `{"email":"jane doe@example.com"}`, true, false},
		{"PATCH", `null`, true, true},
		{"PATCH", `{"created_at":"2026-01-01T00:00:00Z"}`, true, true},
		{"PATCH", `{"email":""}`, true, true},
		{"PATCH", `{"name":"x","email":"jane"}`, true, false},
		{"DELETE", `{}`, true, true},
		{"POST", ``, false, true},
		{"POST", `"email_consent":"subscribed"`, false, true},
		{"POST", `"email":null`, false, true},
		{"POST", `"first_name":"` + long(128) + `"`, false, true},
		{"POST", `"last_name":"` + long(128) + `"`, false, true},
		{"POST", `"phone":"` + long(156) + `"`, false, true},
		{"POST", `"phone":"5","distinct_id":"` + long(56) + `"`, false, true},
		{"POST", `"phone":"5","distinct_id":""`, false, true},
		{"POST", `"phone":"5","language":"en"`, false, true},
		{"POST", `"phone":"5","name":"x"`, false, true},
		{"POST", `"phone":"5","email_consent":"maybe"`, false, true},
		{"POST", `"phone":"5","properties":{"text":"x"}`, false, true},
		{"POST", `"phone":"5","properties":[{"name":"text"}]`, false, true},
		{"POST", `"phone":"5","properties":[{"name":"text","value":null}]`, false, true},
		{"POST", `"phone":"5","properties":[{"name":"text","value":""}]`, false, true},
		{"POST", `"phone":"5","properties":[{"name":"` + long(129) + `","value":"x"}]`, false, true},
		{"POST", `"email":"nobody"`, false, false},
		{"POST", `"phone":"5","properties":[{"name":"text","value":"x"},{"name":"text","value":"x"}]`, false, false},
		{"PATCH", `"distinct_id":null`, false, true},
		{"PATCH", `"email_consent":null`, false, true},
		{"PATCH", `"city":"Paris"`, false, true},
		{"PATCH", `"first_name":""`, false, true},
		{"PATCH", `"first_name":null,"phone":null`, false, false}, // one has to remain
		{"PATCH", `"properties":[{"name":"nothing","value":null}]`, false, false},
		{"PATCH", `"last_name":"x","email":"nobody"`, false, false},
	} {
		s := start(t, tidiomock.Config{})
		s.define()
		before := s.AddContact(tidiomock.Contact{ID: "1", FirstName: "Jane", Phone: "5"})
		path := map[string]string{"POST": "/contacts", "PATCH": "/contacts/1", "DELETE": "/contacts/1"}[test.method]
		violations := map[bool]int{true: 1}[test.violates]
		if test.isV1 {
			s.do(t, test.method, path, test.sent).refused(t, 400)
			s.wantsViolations(t, violations, test.method+" /v1"+path)
		} else {
			body := strings.TrimSuffix(`{"distinct_id":"2",`+test.sent, ",") + "}"
			s.ask(t, test.method, path, body).refused(t, 422, "validation_error")
			s.wantsViolations(t, violations, test.method+" "+path)
			if test.method == "POST" { // a batch is created whole or not at all
				batch := `{"contacts":[{"distinct_id":"0","phone":"5"},` + body + `]}`
				s.ask(t, "POST", "/contacts/batch", batch).refused(t, 422, "validation_error")
				s.wantsViolations(t, violations, "batch")
			}
		}
		if all := s.Contacts(); len(all) != 1 || !reflect.DeepEqual(all[0], before) {
			t.Errorf("%s %.60s: refused, and left %+v", test.method, test.sent, all)
		}
	}
}

func TestContacts_update(t *testing.T) {
	old := tidiomock.Contact{
		ID: "1", Name: "Jane", FirstName: "Jane", Email: "jane@example.com", Phone: "5", CreatedAt: "then",
		Properties: map[string]any{"text": "old", "number": 7, "gone": []any{"odd"}},
	}
	for _, test := range []struct {
		v1, published string // "" = the API cannot
		ignore        bool
		change        func(*tidiomock.Contact)
	}{
		{`{}`, `{}`, false, func(*tidiomock.Contact) {}},
		{`{"properties":{}}`, `{"properties":[]}`, false, func(*tidiomock.Contact) {}},
		{`{"name":"Joan","phone":null}`, "", false, func(c *tidiomock.Contact) { c.Name, c.Phone = "Joan", "" }},
		{`{"name":null,"email":null,"phone":null}`, "", false, func(c *tidiomock.Contact) {
			c.Name, c.Email, c.Phone = "", "", ""
		}},
		{"", `{"distinct_id":"2","last_name":"Doe","phone":null}`, false, func(c *tidiomock.Contact) {
			c.DistinctID, c.LastName, c.Phone = "2", "Doe", ""
		}},
		{
			`{"properties":{"text":null,"number":-0.50,"url":"x:y"}}`,
			`{"properties":[{"name":"text","value":null},{"name":"number","value":"-0.50"},{"name":"url","value":"x:y"}]}`,
			false, func(c *tidiomock.Contact) {
				delete(c.Properties, "text")
				c.Properties["number"], c.Properties["url"] = json.Number("-0.50"), "x:y"
			},
		},
		{`{"properties":{"url":null}}`, `{"properties":[{"name":"url","value":null}]}`, false, func(*tidiomock.Contact) {}},
		{
			`{"phone":"6","email":null,"properties":{"text":null,"url":"x:y"}}`,
			`{"phone":"6","email":null,"properties":[{"name":"text","value":null},{"name":"url","value":"x:y"}]}`,
			true, func(c *tidiomock.Contact) { c.Phone, c.Properties["url"] = "6", "x:y" },
		},
	} {
		for i, sent := range []string{test.v1, test.published} {
			if sent == "" {
				continue
			}
			s := start(t, tidiomock.Config{IgnoreClears: test.ignore})
			s.define()
			want := s.AddContact(old)
			test.change(&want)
			if i == 0 {
				updated := s.do(t, "PATCH", "/contacts/1", sent)
				updated.wants(t, 200)
				s.get(t, "/contacts/1").wants(t, 200, updated.body)
			} else {
				s.ask(t, "PATCH", "/contacts/1", sent).wants(t, 204, "")
			}
			if got, _ := s.Contact("1"); !reflect.DeepEqual(got, want) {
				t.Errorf("%s:\ngot  %+v\nwant %+v", sent, got, want)
			}
		}
	}
	s := start(t, tidiomock.Config{})
	s.define()
	s.AddContact(tidiomock.Contact{ID: "bare"}) // that it lacks a required field already is not refused
	s.ask(t, "PATCH", "/contacts/bare", `{"properties":[{"name":"text","value":"x"}]}`).wants(t, 204)
	for _, method := range []string{"PATCH", "DELETE"} {
		body := map[string]string{"PATCH": `{"phone":"5"}`}[method]
		s.do(t, method, "/contacts/2", body).refused(t, 404)
		s.ask(t, method, "/contacts/2", body).refused(t, 404, "not_found")
	}
	s.do(t, "DELETE", "/contacts/bare", "").wants(t, 204)
	s.ask(t, "DELETE", "/contacts/bare", "").refused(t, 404, "not_found")
}

func TestContacts_batch(t *testing.T) {
	s := start(t, tidiomock.Config{})
	got := s.ask(t, "POST", "/contacts/batch", `{"contacts":[{"distinct_id":"a","phone":"1"},{"distinct_id":"b","phone":"2"}]}`)
	got.wants(t, 200)
	created := got.field(t, "contacts").([]any)
	for i, c := range s.Contacts() {
		if reply := created[i].(map[string]any); reply["id"] != c.ID || reply["distinct_id"] != c.DistinctID || len(created) != 2 {
			t.Errorf("created %+v, told %v", c, reply)
		}
	}
	one := `{"distinct_id":"1","phone":"5"},`
	for n, want := range map[int]int{0: 422, 1: 200, 100: 200, 101: 422} {
		body := `{"contacts":[` + strings.TrimSuffix(strings.Repeat(one, n), ",") + `]}`
		s.ask(t, "POST", "/contacts/batch", body).wants(t, want)
	}
	s.wantsViolations(t, 2, "batch")
}

func TestContacts_numbers(t *testing.T) {
	for _, test := range []struct {
		jsonNumbers    bool
		string, number int // status
		read           string
	}{
		{false, 204, 422, `"42.0"`},
		{true, 422, 204, `42.0`},
	} {
		for value, status := range map[string]int{`"42.0"`: test.string, `42.0`: test.number} {
			s := start(t, tidiomock.Config{Published: tidiomock.Published{JSONNumbers: test.jsonNumbers}})
			s.define()
			s.AddContact(tidiomock.Contact{ID: "1"})
			s.ask(t, "PATCH", "/contacts/1", `{"properties":[{"name":"number","value":`+value+`}]}`).wants(t, status)
			if status != 204 {
				continue
			}
			if got := s.ask(t, "GET", "/contacts/1", "").body; !strings.Contains(got, `"value":`+test.read+`}`) {
				t.Errorf("JSON numbers %t: %s reads as %s", test.jsonNumbers, value, got)
			}
			if got := s.get(t, "/contacts/1").body; !strings.Contains(got, `"number":42.0`) {
				t.Errorf("over v1: %s", got)
			}
		}
	}
}

// Numbers are kept digit for digit, and texts that look like something else are texts; the longest is not too long.
func TestContacts_valuesStayAsTheyWere(t *testing.T) {
	for property, values := range map[string][]string{
		"number": {
			"1e3", "1.0", "-0.50", "1E+2", "0", "-0", "123456789012345678901234567890",
			"0.1000000000000000055511151231257827", "1e400", strings.Repeat("9", 1000),
		},
		"text": {`""`, `"007"`, `"1e3"`, `"true"`, `"null"`, `" "`, `"a\nb"`, `"` + strings.Repeat("😕", 1000) + `"`},
	} {
		s := start(t, tidiomock.Config{})
		s.define()
		for _, value := range values {
			want := fmt.Sprintf(`"properties":{%q:%s}`, property, value)
			s.do(t, "POST", "/contacts", "{"+want+"}").wants(t, 201)
			all := s.Contacts()
			for _, path := range []string{"/contacts/" + all[len(all)-1].ID, "/contacts"} {
				if got := s.get(t, path); !strings.Contains(got.body, want) {
					t.Errorf("GET %s has no %s: %s", path, want, got.body)
				}
			}
		}
	}
}

func TestContacts_cleared(t *testing.T) {
	for cleared, want := range map[tidiomock.Cleared]string{
		tidiomock.ClearedDropped: `[]`,
		tidiomock.ClearedNull:    `[{"name":"text","value":null}]`,
		tidiomock.ClearedEmpty:   `[{"name":"text","value":""}]`,
	} {
		for _, ignored := range []bool{false, true} {
			s := start(t, tidiomock.Config{IgnoreClears: ignored, Published: tidiomock.Published{Cleared: cleared}})
			s.define()
			s.AddContact(tidiomock.Contact{ID: "1", Properties: map[string]any{"text": "x"}})
			s.ask(t, "PATCH", "/contacts/1", `{"properties":[{"name":"text","value":null}]}`).wants(t, 204)
			if ignored {
				want = `[{"name":"text","value":"x"}]`
			}
			if got := s.ask(t, "GET", "/contacts/1", "").body; !strings.Contains(got, `"properties":`+want) {
				t.Errorf("%d, ignored %t: %s, want %s", cleared, ignored, got, want)
			}
		}
	}
}

func TestContacts_emailFilter(t *testing.T) {
	filtered := contacts
	filtered.path += "?" + url.Values{"email": {"jane+x@example.com"}}.Encode()
	for filter, want := range map[tidiomock.EmailFilter]string{
		tidiomock.EmailAnyCase: "[[1] [3]]", tidiomock.EmailExact: "[[3]]", tidiomock.EmailIgnored: "[[1] [2] [3]]",
	} {
		s := start(t, tidiomock.Config{PageSize: 1, Published: tidiomock.Published{EmailFilter: filter}})
		for i, email := range []string{"Jane+x@example.com", "else@example.com", "jane+x@example.com"} {
			s.AddContact(tidiomock.Contact{ID: fmt.Sprint(i + 1), Email: email})
		}
		if got := fmt.Sprint(filtered.pages(t, s)); got != want {
			t.Errorf("%d: %s, want %s", filter, got, want)
		}
	}
}

// The account is one: what one API writes the other reads.
func TestContacts_overBoth(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	c := s.createContact(t, s.do(t, "POST", "/contacts", `{"name":"Jane Doe","properties":{"text":"team","number":1e3}}`))
	got := s.ask(t, "GET", "/contacts/"+c.ID, "")
	if want := `"properties":[{"name":"number","value":"1e3"},{"name":"text","value":"team"}]`; !strings.Contains(got.body, want) {
		t.Errorf("%s has no %s", got.body, want)
	}
	s.ask(t, "PATCH", "/contacts/"+c.ID, `{"first_name":"Janet","last_name":"Dough"}`).wants(t, 204, "")
	name := func(want string) {
		t.Helper()
		if got := s.get(t, "/contacts/"+c.ID).field(t, "name"); got != want {
			t.Errorf("name %q over v1, want %q", got, want)
		}
	}
	name("Jane Doe")
	s.do(t, "PATCH", "/contacts/"+c.ID, `{"name":null}`).wants(t, 200)
	name("Janet Dough")
	s.ask(t, "PATCH", "/contacts/"+c.ID, `{"first_name":null}`).wants(t, 204)
	name("Dough")
	s.ask(t, "DELETE", "/contacts/"+c.ID, "").wants(t, 204, "")
	s.get(t, "/contacts/"+c.ID).refused(t, 404)
}
