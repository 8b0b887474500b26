package tidiomock_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// createPublished creates a contact over the published API and returns it as the account has it.
func (s *server) createPublished(t *testing.T, sent string) tidiomock.Contact {
	t.Helper()
	created := s.ask(t, "POST", "/contacts", sent)
	created.wants(t, 201)
	c, ok := s.Contact(fmt.Sprint(created.field(t, "id")))
	if !ok {
		t.Fatalf("not there: %s", created.body)
	}
	return c
}

func TestPublishedContact_create(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	const sent = `{"distinct_id":"u1","first_name":"Jane","last_name":"Doe","email":"jane@example.com",` +
		`"phone":"5","properties":[{"name":"text","value":"😕"},{"name":"number","value":"1.50"}]}`
	got := s.createPublished(t, sent)
	if parts := strings.Split(got.ID, "-"); len(got.ID) != 36 || len(parts) != 5 || parts[2][0] != '4' {
		t.Errorf("id %q", got.ID)
	}
	s.ask(t, "GET", "/contacts/"+got.ID, "").wants(t, 200, `{"id":"`+got.ID+`","distinct_id":"u1",`+
		`"first_name":"Jane","last_name":"Doe","email":"jane@example.com","phone":"5","language":null,`+
		`"country":null,"city":null,"created_at":"`+got.CreatedAt+`","email_consent":"unsubscribed",`+
		`"properties":[{"name":"number","value":"1.50"},{"name":"text","value":"😕"}],`+
		`"messenger_id":null,"instagram_id":null}`)
	again := s.createPublished(t, sent) // always a new one
	if again.ID == got.ID || len(s.Contacts()) != 2 {
		t.Errorf("contacts %+v", s.Contacts())
	}
	full := start(t, tidiomock.Config{Published: tidiomock.Published{FullReplies: true}})
	created := full.ask(t, "POST", "/contacts", `{"distinct_id":"1","phone":"5","email_consent":"subscribed"}`)
	if created.field(t, "email_consent") != "subscribed" || created.field(t, "phone") != "5" {
		t.Errorf("%s", created.body)
	}
}

func TestPublishedContact_refused(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ä", n) }
	for _, test := range []struct {
		fields string // besides distinct_id
		known  bool   // to the contract: a violation
	}{
		{``, true},
		{`"email_consent":"subscribed"`, true},
		{`"email":null`, true},
		{`"email":""`, true},
		{`"email":"nobody"`, false},
		{`"first_name":"` + long(128) + `"`, true},
		{`"last_name":"` + long(128) + `"`, true},
		{`"phone":"` + long(156) + `"`, true},
		{`"phone":"5","language":"en"`, true},
		{`"phone":"5","email_consent":"maybe"`, true},
		{`"phone":"5","properties":{"text":"x"}`, true},
		{`"phone":"5","properties":[{"name":"text"}]`, true},
		{`"phone":"5","properties":[{"name":"text","value":null}]`, true},
		{`"phone":"5","properties":[{"name":"text","value":""}]`, true},
		{`"phone":"5","properties":[{"name":"` + long(129) + `","value":"x"}]`, true},
		{`"phone":"5","properties":[{"name":"nothing","value":"x"}]`, false},
		{`"phone":"5","properties":[{"name":"text","value":"x"},{"name":"text","value":"x"}]`, false},
		{`"phone":"5","properties":[{"name":"text","value":7}]`, false},
		{`"phone":"5","properties":[{"name":"text","value":"` + long(1001) + `"}]`, false},
		{`"phone":"5","properties":[{"name":"number","value":"many"}]`, false},
		{`"phone":"5","properties":[{"name":"number","value":" 1"}]`, false},
		{`"phone":"5","properties":[{"name":"number","value":1}]`, false},
		{`"phone":"5","properties":[{"name":"email","value":"nobody"}]`, false},
		{`"phone":"5","properties":[{"name":"phone","value":"none"}]`, false},
		{`"phone":"5","properties":[{"name":"url","value":"example"}]`, false},
	} {
		for _, status := range []int{0, 400} {
			s := start(t, tidiomock.Config{Published: tidiomock.Published{ValidationStatus: status}})
			s.define()
			fields := strings.TrimSuffix(`{"distinct_id":"1",`+test.fields, ",") + "}"
			for _, body := range []string{fields, `{"contacts":[{"distinct_id":"0","phone":"5"},` + fields + `]}`} {
				path := map[bool]string{true: "/contacts/batch", false: "/contacts"}[body != fields]
				s.ask(t, "POST", path, body).refused(t, max(status, 400)+22*(1-status/400), "validation_error")
				if v := s.takeViolations(); (len(v) == 1) != test.known {
					t.Errorf("%s: violations %q", body, v)
				}
			}
			if len(s.Contacts()) != 0 { // a batch is created whole or not at all
				t.Errorf("%s: created %+v", test.fields, s.Contacts())
			}
		}
	}
	s := start(t, tidiomock.Config{})
	for _, id := range []string{``, `"distinct_id":"",`, `"distinct_id":"` + long(56) + `",`} {
		s.ask(t, "POST", "/contacts", `{`+id+`"phone":"5"}`).refused(t, 422, "validation_error")
	}
	s.takeViolations()
	s.createPublished(t, `{"distinct_id":"`+long(55)+`","first_name":"`+long(127)+`","phone":"`+long(155)+`"}`)
}

func TestPublishedContact_update(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	c := s.createPublished(t, `{"distinct_id":"1","first_name":"Jane","phone":"5",`+
		`"properties":[{"name":"text","value":"x"},{"name":"number","value":"1"}]}`)
	for _, sent := range []string{
		`{}`, // nothing
		`{"distinct_id":"2","last_name":"Doe","phone":null}`,
		`{"properties":[{"name":"text","value":null},{"name":"url","value":"https://example.com"}]}`,
	} {
		s.ask(t, "PATCH", "/contacts/"+c.ID, sent).wants(t, 204, "")
	}
	c.DistinctID, c.LastName, c.Phone = "2", "Doe", ""
	delete(c.Properties, "text")
	c.Properties["url"] = "https://example.com"
	if got, _ := s.Contact(c.ID); !reflect.DeepEqual(got, c) {
		t.Errorf("got  %+v\nwant %+v", got, c)
	}
	for sent, known := range map[string]bool{
		`{"distinct_id":null}`:                             true,
		`{"email_consent":null}`:                           true,
		`{"city":"Paris"}`:                                 true,
		`{"first_name":""}`:                                true,
		`{"first_name":null,"last_name":null}`:             false, // one has to remain
		`{"properties":[{"name":"nothing","value":null}]}`: false,
		`{"last_name":"x","email":"nobody"}`:               false,
	} {
		s.ask(t, "PATCH", "/contacts/"+c.ID, sent).refused(t, 422, "validation_error")
		if v := s.takeViolations(); (len(v) == 1) != known {
			t.Errorf("%s: violations %q", sent, v)
		}
	}
	if got, _ := s.Contact(c.ID); !reflect.DeepEqual(got, c) {
		t.Errorf("refused, and changed: %+v", got)
	}
	s.AddContact(tidiomock.Contact{ID: "bare"}) // what is there already is not refused
	s.ask(t, "PATCH", "/contacts/bare", `{"properties":[{"name":"text","value":"x"}]}`).wants(t, 204)
	s.ask(t, "PATCH", "/contacts/absent", `{}`).refused(t, 404, "not_found")
	s.ask(t, "DELETE", "/contacts/"+c.ID, "").wants(t, 204, "")
	s.ask(t, "DELETE", "/contacts/"+c.ID, "").refused(t, 404, "not_found")
}

func TestPublishedContact_batch(t *testing.T) {
	for reply, want := range map[tidiomock.BatchReply]string{
		tidiomock.BatchInOrder: "[a b c]", tidiomock.BatchReversed: "[c b a]", tidiomock.BatchShort: "[a b]",
	} {
		s := start(t, tidiomock.Config{Published: tidiomock.Published{BatchReply: reply}})
		got := s.ask(t, "POST", "/contacts/batch",
			`{"contacts":[{"distinct_id":"a","phone":"1"},{"distinct_id":"b","phone":"2"},{"distinct_id":"c","phone":"3"}]}`)
		got.wants(t, 200)
		ids := []any{}
		for _, c := range got.field(t, "contacts").([]any) {
			ids = append(ids, c.(map[string]any)["distinct_id"])
		}
		if fmt.Sprint(ids) != want || len(s.Contacts()) != 3 {
			t.Errorf("%v, want %s: %+v", ids, want, s.Contacts())
		}
		a, b := s.Contacts()[0].ID, s.Contacts()[1].ID
		update := `{"contacts":[{"id":"` + a + `","phone":"4"},{"id":%q,"email":"b@example.com"}]}`
		s.ask(t, "PATCH", "/contacts/batch", fmt.Sprintf(update, "absent")).refused(t, 422, "validation_error")
		if c, _ := s.Contact(a); c.Phone != "1" {
			t.Error("half a batch was done")
		}
		s.ask(t, "PATCH", "/contacts/batch", fmt.Sprintf(update, b)).wants(t, 204, "")
		if all := s.Contacts(); all[0].Phone != "4" || all[1].Email != "b@example.com" || all[1].Phone != "2" {
			t.Errorf("%+v", all)
		}
	}
	s := start(t, tidiomock.Config{})
	one := `{"distinct_id":"1","phone":"5"},`
	for n, want := range map[int]int{0: 422, 1: 200, 100: 200, 101: 422} {
		body := `{"contacts":[` + strings.TrimSuffix(strings.Repeat(one, n), ",") + `]}`
		s.ask(t, "POST", "/contacts/batch", body).wants(t, want)
	}
	s.takeViolations()
	for status, code := range map[int]string{404: "not_found", 405: "method_not_allowed"} {
		s := start(t, tidiomock.Config{Published: tidiomock.Published{BatchStatus: status}})
		s.ask(t, "POST", "/contacts/batch", `{"contacts":[{"distinct_id":"1","phone":"5"}]}`).refused(t, status, code)
		s.ask(t, "POST", "/contacts", `{"distinct_id":"1","phone":"5"}`).wants(t, 201)
	}
}

func TestPublishedContact_numbers(t *testing.T) {
	for _, test := range []struct {
		numbers        tidiomock.Numbers
		string, number int // status
		read           string
	}{
		{tidiomock.NumbersAsStrings, 204, 422, `"42.0"`},
		{tidiomock.NumbersAsEither, 204, 204, `"42.0"`},
		{tidiomock.NumbersAsJSONNumbers, 422, 204, `42.0`},
	} {
		for value, status := range map[string]int{`"42.0"`: test.string, `42.0`: test.number} {
			s := start(t, tidiomock.Config{Published: tidiomock.Published{Numbers: test.numbers}})
			s.define()
			s.AddContact(tidiomock.Contact{ID: "1"})
			s.ask(t, "PATCH", "/contacts/1", `{"properties":[{"name":"number","value":`+value+`}]}`).wants(t, status)
			if status != 204 {
				continue
			}
			if got := s.ask(t, "GET", "/contacts/1", "").body; !strings.Contains(got, `"value":`+test.read+`}`) {
				t.Errorf("%d: %s reads as %s", test.numbers, value, got)
			}
			if got := s.get(t, "/contacts/1").body; !strings.Contains(got, `"number":42.0`) {
				t.Errorf("over v1: %s", got)
			}
		}
	}
}

func TestPublishedContact_cleared(t *testing.T) {
	for cleared, want := range map[tidiomock.Cleared]string{
		tidiomock.ClearedDropped: `[]`,
		tidiomock.ClearedNull:    `[{"name":"text","value":null}]`,
		tidiomock.ClearedEmpty:   `[{"name":"text","value":""}]`,
	} {
		for _, ignored := range []bool{false, true} {
			s := start(t, tidiomock.Config{
				IgnoreClears: ignored, Published: tidiomock.Published{Cleared: cleared},
			})
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

func TestPublishedContact_emailFilter(t *testing.T) {
	for filter, want := range map[tidiomock.EmailFilter]string{
		tidiomock.EmailAnyCase: "[1 3]", tidiomock.EmailExact: "[3]", tidiomock.EmailIgnored: "[1 2 3]",
	} {
		s := start(t, tidiomock.Config{PageSize: 1, Published: tidiomock.Published{EmailFilter: filter}})
		for i, email := range []string{"Jane+x@example.com", "else@example.com", "jane+x@example.com"} {
			s.AddContact(tidiomock.Contact{ID: fmt.Sprint(i + 1), Email: email})
		}
		var all []any
		query := url.Values{"email": {"jane+x@example.com"}}
		for {
			page := s.ask(t, "GET", "/contacts?"+query.Encode(), "")
			for _, c := range page.field(t, "contacts").([]any) {
				all = append(all, c.(map[string]any)["id"])
			}
			next, more := page.field(t, "meta").(map[string]any)["cursor"].(string)
			if !more {
				break
			}
			query.Set("cursor", next)
		}
		if fmt.Sprint(all) != want {
			t.Errorf("%d: %v, want %s", filter, all, want)
		}
	}
}

// Whatever the account has is sent, for clients that have to cope with it.
func TestPublishedContact_strangeValues(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddContact(tidiomock.Contact{ID: "1", Properties: map[string]any{
		"a": nil, "b": true, "c": 7, "d": []any{1}, "e": map[string]any{"f": nil},
	}})
	got := s.ask(t, "GET", "/contacts/1", "").body
	if want := `[{"name":"a","value":null},{"name":"b","value":true},{"name":"c","value":"7"},` +
		`{"name":"d","value":[1]},{"name":"e","value":{"f":null}}]`; !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
