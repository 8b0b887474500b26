package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// define adds a property of each type, named like it.
func (s *server) define() {
	for _, kind := range []string{"text", "email", "number", "phone", "url"} {
		s.AddProperty(tidiomock.Property{Name: kind, Type: kind})
	}
}

// createContact creates a contact and returns it as the account has it.
func (s *server) createContact(t *testing.T, sent string) tidiomock.Contact {
	t.Helper()
	created := s.do(t, "POST", "/contacts", sent)
	created.wants(t, 201)
	var reply struct{ ID string }
	if err := json.Unmarshal([]byte(created.body), &reply); err != nil {
		t.Fatalf("%v: %s", err, created.body)
	}
	c, ok := s.Contact(reply.ID)
	if !ok {
		t.Fatalf("the account has no contact %q", reply.ID)
	}
	return c
}

func TestCreateContact(t *testing.T) {
	for _, test := range []struct {
		name, sent string
		want       tidiomock.Contact // without the id and the time
		reply      string            // without the id and the time
	}{
		{
			"all of it",
			`{"name":"Jane <b>","email":"jane@example.com","phone":"+1 202 555 0101",` +
				`"properties":{"text":"😕","number":1e3}}`,
			tidiomock.Contact{
				Name: "Jane <b>", Email: "jane@example.com", Phone: "+1 202 555 0101",
				Properties: map[string]any{"text": "😕", "number": json.Number("1e3")},
			},
			`"name":"Jane <b>","email":"jane@example.com","phone":"+1 202 555 0101",` +
				`"properties":{"number":1e3,"text":"😕"}`,
		},
		{
			"a name",
			`{"name":"Jane"}`,
			tidiomock.Contact{Name: "Jane"},
			`"name":"Jane","email":null,"phone":null,"properties":{}`,
		},
		{
			"a value",
			`{"properties":{"url":"https://example.com"}}`,
			tidiomock.Contact{Properties: map[string]any{"url": "https://example.com"}},
			`"name":null,"email":null,"phone":null,"properties":{"url":"https://example.com"}`,
		},
		{
			"no values",
			`{"phone":"5","properties":{}}`,
			tidiomock.Contact{Phone: "5"},
			`"name":null,"email":null,"phone":"5","properties":{}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{})
			s.define()
			created := s.do(t, "POST", "/contacts", test.sent)
			if len(s.Contacts()) != 1 {
				t.Fatalf("%+v: %s", s.Contacts(), created.body)
			}
			got := s.Contacts()[0]
			object := fmt.Sprintf(`{"id":%q,%s,"created_at":%q}`, got.ID, test.reply, got.CreatedAt)
			created.wants(t, 201, object)
			s.get(t, "/contacts/"+got.ID).wants(t, 200, object)
			s.get(t, "/contacts").wants(t, 200, `{"data":[`+object+`],"meta":{"total":1,"page":1}}`)
			got.ID, got.CreatedAt = "", ""
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("stored %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestCreationTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := tidiomock.New(tidiomock.Config{})
		want := time.Now().UTC().Format(time.RFC3339)
		m.AddContact(tidiomock.Contact{})
		direct(m, newRequest(t, "POST", "/v1/contacts", `{"name":"Jane"}`))
		m.AddContacts(1, func(int) tidiomock.Contact { return tidiomock.Contact{} })
		sleep(time.Hour)
		m.AddContact(tidiomock.Contact{CreatedAt: want})
		for _, c := range m.Contacts() {
			if c.CreatedAt != want || !strings.HasSuffix(want, "Z") {
				t.Errorf("created at %q, want %q", c.CreatedAt, want)
			}
		}
	})
}

// There is no such thing as the contact of an address.
func TestTwoCreatesMakeTwo(t *testing.T) {
	s := start(t, tidiomock.Config{})
	first := s.createContact(t, `{"email":"jane@example.com"}`)
	second := s.createContact(t, `{"email":"jane@example.com"}`)
	if first.ID == second.ID || len(s.Contacts()) != 2 {
		t.Errorf("%+v", s.Contacts())
	}
}

func TestContactWritesRefused(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	s.AddProperty(tidiomock.Property{Name: "hidden", Type: "number"})
	s.HideProperty("hidden")
	before := s.AddContact(tidiomock.Contact{
		Name: "Jane", Properties: map[string]any{"text": "old"},
	})
	const (
		noScheme = `The value of "url" is not a URL: it has no scheme.`
		tooLong  = `The value of %q is longer than 1000 characters.`
	)
	for _, test := range []struct{ sent, want string }{
		{`"email":"jane"`, `The e-mail address is malformed.`},
		{`"email":"@example.com"`, `The e-mail address is malformed.`},
		{`"email":"jane@"`, `The e-mail address is malformed.`},
		{`"email":"jane doe@example.com"`, `The e-mail address is malformed.`},
		{`"properties":{"seats":"1"}`, `There is no property with the name "seats".`},
		{`"properties":{"Text":"1"}`, `There is no property with the name "Text".`},
		{`"properties":{"x":1,"y":1}`, `There is no property with the name "x".`},
		{`"properties":{"text":"new","url":7}`, `The value of "url" must be a string.`},
		{`"properties":{"text":7}`, `The value of "text" must be a string.`},
		{`"properties":{"text":true}`, `The value of "text" must be a string.`},
		{`"properties":{"text":{}}`, `The value of "text" must be a string.`},
		{`"properties":{"text":["a"]}`, `The value of "text" must be a string.`},
		{`"properties":{"number":"7"}`, `The value of "number" must be a number.`},
		{`"properties":{"number":true}`, `The value of "number" must be a number.`},
		{`"properties":{"number":{}}`, `The value of "number" must be a number.`},
		{`"properties":{"hidden":"7"}`, `The value of "hidden" must be a number.`},
		{`"properties":{"email":"jane"}`, `The value of "email" is not an e-mail address.`},
		{
			`"properties":{"phone":"call me"}`,
			`The value of "phone" is not a phone number: it has no digits.`,
		},
		{`"properties":{"url":"example.com"}`, noScheme},
		{`"properties":{"url":"http://a b/%"}`, noScheme},
		{
			`"properties":{"text":"` + strings.Repeat("ä", 1001) + `"}`,
			fmt.Sprintf(tooLong, "text"),
		},
		{
			`"properties":{"number":` + strings.Repeat("1", 1001) + `}`,
			fmt.Sprintf(tooLong, "number"),
		},
	} {
		for method, path := range map[string]string{
			"POST": "/contacts", "PATCH": "/contacts/" + before.ID,
		} {
			refused := s.do(t, method, path, `{"name":"New",`+test.sent+`}`)
			refused.wants(t, 400)
			if got := refused.message(t); got != test.want {
				t.Errorf("%s %.50s:\ngot  %q\nwant %q", method, test.sent, got, test.want)
			}
		}
	}
	s.do(t, "POST", "/contacts", `{"name":"New","properties":{"text":null}}`).
		wants(t, 400, `{"message":"A new contact has no values that null could clear."}`)
	if all := s.Contacts(); len(all) != 1 || !reflect.DeepEqual(all[0], before) {
		t.Errorf("refused requests left %+v", all)
	}
}

func TestContactWritesAgainstTheContract(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	c := s.AddContact(tidiomock.Contact{Name: "Jane"})
	both := []string{
		``, `{`, `[]`, `null`,
		`{"name":7}`, `{"name":""}`, `{"email":""}`, `{"phone":""}`,
		`{"name":"x","id":"mine"}`, `{"name":"x","created_at":"2026-01-01T00:00:00Z"}`,
		`{"properties":null}`, `{"properties":[]}`, `{"properties":"text"}`,
	}
	try := func(method, path, sent string) {
		refused := s.do(t, method, path, sent)
		refused.wants(t, 400)
		refused.message(t)
		if v := s.takeViolations(); len(v) != 1 || !strings.Contains(v[0], method+" /v1"+path) {
			t.Errorf("%s %s: violations %q", method, sent, v)
		}
	}
	for _, sent := range both {
		try("POST", "/contacts", sent)
		try("PATCH", "/contacts/"+c.ID, sent)
	}
	for _, sent := range []string{`{}`, `{"name":null}`, `{"email":null}`, `{"phone":null}`} {
		try("POST", "/contacts", sent)
	}
	try("DELETE", "/contacts/"+c.ID, `{}`)
	if all := s.Contacts(); len(all) != 1 || !reflect.DeepEqual(all[0], c) {
		t.Errorf("refused requests left %+v", all)
	}
}

func TestUpdateContact(t *testing.T) {
	old := tidiomock.Contact{
		ID: "1", Name: "Jane", Email: "jane@example.com", Phone: "5", CreatedAt: "then",
		Properties: map[string]any{"text": "old", "number": 7, "gone": []any{"odd"}},
	}
	for _, test := range []struct {
		name, sent string
		ignore     bool
		change     func(*tidiomock.Contact)
	}{
		{"nothing", `{}`, false, func(*tidiomock.Contact) {}},
		{"no values", `{"properties":{}}`, false, func(*tidiomock.Contact) {}},
		{
			"fields",
			`{"name":"Joan","phone":null}`, false,
			func(c *tidiomock.Contact) { c.Name, c.Phone = "Joan", "" },
		},
		{
			"every field",
			`{"name":null,"email":null,"phone":null}`, false,
			func(c *tidiomock.Contact) { c.Name, c.Email, c.Phone = "", "", "" },
		},
		{
			"values",
			`{"properties":{"text":null,"number":-0.50,"url":"x:y"}}`, false,
			func(c *tidiomock.Contact) {
				delete(c.Properties, "text")
				c.Properties["number"] = json.Number("-0.50")
				c.Properties["url"] = "x:y"
			},
		},
		{"an absent value", `{"properties":{"url":null}}`, false, func(*tidiomock.Contact) {}},
		{
			"clears that do not take",
			`{"name":"Joan","email":null,"properties":{"text":null,"url":"x:y"}}`, true,
			func(c *tidiomock.Contact) {
				c.Name = "Joan"
				c.Properties["url"] = "x:y"
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{IgnoreClears: test.ignore})
			s.define()
			want := s.AddContact(old)
			test.change(&want)
			updated := s.do(t, "PATCH", "/contacts/1", test.sent)
			updated.wants(t, 200)
			if got, _ := s.Contact("1"); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			s.get(t, "/contacts/1").wants(t, 200, strings.TrimSpace(updated.body))
		})
	}
	s := start(t, tidiomock.Config{})
	s.do(t, "PATCH", "/contacts/2", `{"name":"Joan"}`).
		wants(t, 404, `{"message":"There is no such contact."}`)
}

func TestDeleteContact(t *testing.T) {
	s := start(t, tidiomock.Config{Replies: tidiomock.Replies{WrapSingle: true}})
	for _, id := range []string{"1", "2", "a/b", "4"} {
		s.AddContact(tidiomock.Contact{ID: id})
	}
	deleted := s.do(t, "DELETE", "/contacts/a%2Fb", "")
	deleted.wants(t, 204, "")
	for _, name := range []string{"Content-Type", "Content-Length"} {
		if got := deleted.header.Values(name); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	gone := `{"message":"There is no such contact."}`
	s.do(t, "DELETE", "/contacts/a%2Fb", "").wants(t, 404, gone)
	s.get(t, "/contacts/a%2Fb").wants(t, 404, gone)
	s.get(t, "/contacts/2").wants(t, 200)
	if ids, meta := s.ids(t, "/contacts"); fmt.Sprint(ids) != "[1 2 4]" || *meta.Total != 3 {
		t.Errorf("left: %q of %d", ids, *meta.Total)
	}
}

func TestNumbersStayAsTheyWere(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	for _, number := range []string{
		"1e3", "1.0", "-0.50", "1E+2", "0", "-0",
		"123456789012345678901234567890", "0.1000000000000000055511151231257827",
		"1e400", strings.Repeat("9", 1000),
	} {
		c := s.createContact(t, `{"properties":{"number":`+number+`}}`)
		want := `"properties":{"number":` + number + `}`
		for _, path := range []string{"/contacts/" + c.ID, "/contacts"} {
			if got := s.get(t, path); !strings.Contains(got.body, want) {
				t.Errorf("GET %s has no %s: %s", path, want, got.body)
			}
		}
	}
}

// Texts that look like something else are texts, and the longest is not too long.
func TestTextsStayTexts(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.define()
	for _, text := range []string{
		"", "007", "1e3", "true", "null", " ", "😕", "a\nb", strings.Repeat("😕", 1000),
	} {
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		c := s.createContact(t, `{"properties":{"text":`+string(encoded)+`}}`)
		if got := c.Properties["text"]; got != text {
			t.Errorf("got %v, want %q", got, text)
		}
		if got := s.get(t, "/contacts/"+c.ID); !strings.Contains(got.body, string(encoded)) {
			t.Errorf("no %s in %s", encoded, got.body)
		}
	}
}

// A client meets values of all sorts, and the contract lets it.
func TestOddValues(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.AddContact(tidiomock.Contact{ID: "1", CreatedAt: "then", Properties: map[string]any{
		"a": true, "b": nil, "c": 1.5, "d": 7, "e": json.Number("1e3"),
		"f": map[string]any{"deep": []any{1, nil}}, "g": []any{}, "not defined": "",
	}})
	s.get(t, "/contacts/1").wants(t, 200, `{"id":"1","name":null,"email":null,"phone":null,`+
		`"properties":{"a":true,"b":null,"c":1.5,"d":7,"e":1e3,"f":{"deep":[1,null]},"g":[],`+
		`"not defined":""},"created_at":"then"}`)
	s.get(t, "/contacts").wants(t, 200)
}

func TestContactReplyShapes(t *testing.T) {
	const (
		jane = `{"id":"1","name":"Jane","email":null,"phone":"5",` +
			`"properties":{"text":"old"},"created_at":"then"}`
		joan = `{"id":"1","name":"Joan","email":null,"phone":"5",` +
			`"properties":{"text":"old"},"created_at":"then"}`
		created = `{"id":"ID","name":"New","email":null,"phone":null,` +
			`"properties":{},"created_at":"TIME"}`
	)
	for _, test := range []struct {
		name                    string
		replies                 tidiomock.Replies
		list, get, patch, write string // ID and TIME are those of a created contact
	}{
		{"full", tidiomock.Replies{}, jane, jane, joan, created},
		{
			"wrapped",
			tidiomock.Replies{WrapSingle: true},
			jane, `{"data":` + jane + `}`, `{"data":` + joan + `}`, `{"data":` + created + `}`,
		},
		{
			"required fields",
			tidiomock.Replies{OmitOptional: true},
			`{"id":"1"}`, `{"id":"1"}`, `{"id":"1"}`, `{"id":"ID"}`,
		},
		{
			"id only",
			tidiomock.Replies{Write: tidiomock.IDOnly},
			jane, jane, `{"id":"1"}`, `{"id":"ID"}`,
		},
		{
			"wrapped id",
			tidiomock.Replies{Write: tidiomock.IDOnly, WrapSingle: true},
			jane, `{"data":` + jane + `}`, `{"data":{"id":"1"}}`, `{"data":{"id":"ID"}}`,
		},
		{"empty", tidiomock.Replies{Write: tidiomock.EmptyBody}, jane, jane, ``, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{Replies: test.replies})
			s.AddContact(tidiomock.Contact{
				ID: "1", Name: "Jane", Phone: "5", CreatedAt: "then",
				Properties: map[string]any{"text": "old"},
			})
			s.get(t, "/contacts/1").wants(t, 200, test.get)
			s.get(t, "/contacts").
				wants(t, 200, `{"data":[`+test.list+`],"meta":{"total":1,"page":1}}`)
			s.do(t, "PATCH", "/contacts/1", `{"name":"Joan"}`).wants(t, 200, test.patch)
			reply := s.do(t, "POST", "/contacts", `{"name":"New"}`)
			got := s.Contacts()[1]
			ids := strings.NewReplacer("ID", got.ID, "TIME", got.CreatedAt)
			reply.wants(t, 201, ids.Replace(test.write))
			if now, _ := s.Contact("1"); now.Name != "Joan" || got.Name != "New" {
				t.Errorf("stored %+v", s.Contacts())
			}
		})
	}
}

// A mock with many contacts is as quick as one with few; see also the benchmarks.
func TestManyContacts(t *testing.T) {
	const n = 20_000
	s := start(t, tidiomock.Config{PageSize: 50})
	s.AddContacts(n, crowd)
	s.do(t, "DELETE", "/contacts/"+crowd(n/2).ID, "").wants(t, http.StatusNoContent)
	s.DeleteContact(crowd(0).ID)
	s.DeleteContact(crowd(n - 1).ID)
	last := s.AddContact(tidiomock.Contact{ID: "last"})
	for page, want := range map[int][]string{
		1:   {crowd(1).ID, crowd(50).ID},
		200: {crowd(9951).ID, crowd(10_001).ID}, // one in it is gone
		400: {crowd(19_952).ID, last.ID},
	} {
		ids, meta := s.ids(t, fmt.Sprintf("/contacts?page=%d", page))
		if ids[0] != want[0] || ids[len(ids)-1] != want[1] || *meta.Total != n-2 {
			t.Errorf("page %d: from %s to %s of %d, want %q",
				page, ids[0], ids[len(ids)-1], *meta.Total, want)
		}
	}
}
