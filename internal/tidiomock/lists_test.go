package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// aList is a list of one of the APIs, and how items get into it.
type aList struct {
	path, route string
	key, id     string                // of the items of the published API; v1 has data and id
	start       func(*tidiomock.Mock) // what has to be there before the first; nil = nothing
	add         func(*tidiomock.Mock, int)
}

func addProperty(m *tidiomock.Mock, id int) {
	m.AddProperty(tidiomock.Property{ID: fmt.Sprint(id), Name: fmt.Sprint(id), Type: "url"})
}

func addContact(m *tidiomock.Mock, id int) { m.AddContact(tidiomock.Contact{ID: fmt.Sprint(id)}) }

func addOperator(m *tidiomock.Mock, id int) { m.AddOperator(tidiomock.Operator{ID: fmt.Sprint(id)}) }

func startTalk(m *tidiomock.Mock) {
	for _, id := range []string{"a/b", "another"} {
		m.AddContact(tidiomock.Contact{ID: id})
		m.AddConversation(tidiomock.Conversation{ID: id, ContactID: id})
	}
	m.AddMessages("another", tidiomock.Message{ID: "801"}, tidiomock.Message{ID: "802"})
}

func addMessage(m *tidiomock.Mock, id int) {
	m.AddMessages("a/b", tidiomock.Message{ID: fmt.Sprint(id)})
}

var contacts = aList{path: "/contacts", route: "/contacts", key: "contacts", id: "id", add: addContact}

var lists = []aList{
	{path: "/v1/properties", route: "/properties", add: addProperty},
	{path: "/v1/contacts", route: "/contacts", add: addContact},
	{path: "/v1/operators", route: "/operators", add: addOperator},
	{path: "/v1/conversations", route: "/conversations", add: func(m *tidiomock.Mock, id int) {
		m.AddConversation(tidiomock.Conversation{ID: fmt.Sprint(id)})
	}},
	{path: "/v1/conversations/a%2Fb/messages", route: "/conversations/{id}/messages", start: startTalk, add: addMessage},
	{path: "/contact-properties", route: "/contact-properties", key: "properties", id: "name", add: addProperty},
	contacts,
	{path: "/operators", route: "/operators", key: "operators", id: "id", add: addOperator},
	{path: "/tickets", route: "/tickets", key: "tickets", id: "id", add: func(m *tidiomock.Mock, id int) {
		m.AddTicket(tidiomock.Ticket{ID: id})
	}},
	{
		path: "/contacts/a%2Fb/messages", route: "/contacts/{id}/messages", key: "messages", id: "id", start: startTalk,
		add: func(m *tidiomock.Mock, id int) { // every other one is in a conversation of its own
			if id%2 == 0 {
				addMessage(m, id)
				return
			}
			c := m.AddConversation(tidiomock.Conversation{ContactID: "a/b"})
			m.AddMessages(c.ID, tidiomock.Message{ID: fmt.Sprint(id)})
		},
	},
}

func (l aList) isV1() bool { return l.key == "" }

// forEachList runs a test for each list, with the items 1, 2, ... in it.
func forEachList(t *testing.T, config tidiomock.Config, items int, run func(*testing.T, *server, aList)) {
	t.Helper()
	for _, l := range lists {
		t.Run(l.path, func(t *testing.T) {
			s := start(t, config)
			if l.start != nil {
				l.start(s.Mock)
			}
			for i := range items {
				l.add(s.Mock, i+1)
			}
			run(t, s, l)
		})
	}
}

func (l aList) ask(t *testing.T, s *server, query string) answer {
	t.Helper()
	return s.read(t, l.path+query)
}

// read returns the ids on a page and what it says of itself. What comes first is page "", later ones are the
// cursor of the page before, or the number.
func (l aList) read(t *testing.T, s *server, page string) (ids []string, told meta) {
	t.Helper()
	parameter, key, id := "cursor", l.key, l.id
	if l.isV1() {
		parameter, key, id = "page", "data", "id"
	}
	query := ""
	if page != "" {
		query = map[bool]string{false: "?", true: "&"}[strings.Contains(l.path, "?")] + parameter + "=" + url.QueryEscape(page)
	}
	got := l.ask(t, s, query)
	ids = []string{}
	for _, item := range items(t, got, key) {
		ids = append(ids, fmt.Sprint(item[id]))
	}
	var body struct{ Meta *meta }
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	return ids, *body.Meta
}

// meta is what a page says of itself: the first two over v1, the other over the published API.
type meta struct {
	Total, Page *int
	Cursor      *string
}

// ids are those on a page of v1.
func (s *server) ids(t *testing.T, path string) ([]string, meta) {
	t.Helper()
	path, page, _ := strings.Cut(path, "?page=")
	return aList{path: "/v1" + path}.read(t, s, page)
}

// pages reads the whole list, page by page.
func (l aList) pages(t *testing.T, s *server) (pages [][]string) {
	t.Helper()
	page, read := "", 0
	for {
		ids, meta := l.read(t, s, page)
		pages = append(pages, ids)
		read += len(ids)
		switch {
		case meta.Cursor != nil:
			page = *meta.Cursor
		case meta.Total != nil && read < *meta.Total && len(ids) > 0:
			page = fmt.Sprint(len(pages) + 1)
		default:
			return pages
		}
	}
}

func TestLists_pages(t *testing.T) {
	for items, want := range map[int]string{0: "[[]]", 2: "[[1 2]]", 5: "[[1 2] [3 4] [5]]"} {
		forEachList(t, tidiomock.Config{PageSize: 2}, items, func(t *testing.T, s *server, l aList) {
			t.Helper()
			if got := fmt.Sprint(l.pages(t, s)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// A page behind the last one is empty, however far behind.
func TestLists_pagesBehindTheLast(t *testing.T) {
	s := start(t, tidiomock.Config{PageSize: 2})
	addContact(s.Mock, 1)
	for _, page := range []string{"3", "999999999999", "4611686018427387905", "9223372036854775807"} {
		if ids, meta := s.ids(t, "/contacts?page="+page); len(ids) != 0 || fmt.Sprint(*meta.Page) != page {
			t.Errorf("%s: %q, says %d", page, ids, *meta.Page)
		}
	}
}

func TestLists_queriesRefused(t *testing.T) {
	other := start(t, tidiomock.Config{PageSize: 1})
	addContact(other.Mock, 1)
	addContact(other.Mock, 2)
	_, meta := contacts.read(t, other, "")
	forEachList(t, tidiomock.Config{PageSize: 1}, 2, func(t *testing.T, s *server, l aList) {
		t.Helper()
		if l.isV1() {
			for _, query := range []string{
				"?page=0", "?page=-1", "?page=x", "?page=", "?page=1.5",
				"?page=1&page=2", "?per_page=5", "?email=jane@example.com", "?%zz",
			} {
				l.ask(t, s, query).refused(t, 400)
				s.wantsViolations(t, 1, l.path+query)
			}
			return
		}
		for query, violations := range map[string]int{
			"?cursor=": 1, "?cursor=null": 1, "?cursor=abc": 0, "?cursor=%2B%2F%2B%2F": 0, "?page=2": 1,
		} {
			l.ask(t, s, query).refused(t, 400, "bad_request")
			s.wantsViolations(t, violations, l.path+query)
		}
		_, own := l.read(t, s, "")
		if !strings.Contains(*own.Cursor, "+") || !strings.Contains(*own.Cursor, "/") || !strings.HasSuffix(*own.Cursor, "=") {
			t.Errorf("cursor %s needs no escapes", *own.Cursor)
		}
		if l.path != "/contacts" {
			l.ask(t, s, "?cursor="+url.QueryEscape(*meta.Cursor)).refused(t, 400, "bad_request")
		}
	})
}

func TestLists_faults(t *testing.T) {
	for _, test := range []struct {
		kind    tidiomock.FaultKind
		v1, ids string // page 2 over v1 and over the published API; "" = never meets it
	}{
		{tidiomock.RepeatPage, "[1 2]", "[1 2]"},
		{tidiomock.WrongPage, "[3 4]", ""},
		{tidiomock.InsertBetween, "[2 3]", "[3 4]"},
		{tidiomock.DeleteBetween, "[4]", "[3 4]"},
	} {
		forEachList(t, tidiomock.Config{PageSize: 2}, 4, func(t *testing.T, s *server, l aList) {
			t.Helper()
			s.Arm(tidiomock.Fault{Route: l.route, Do: test.kind, Skip: 1})
			_, first := l.read(t, s, "")
			page, want := "2", test.v1
			if !l.isV1() {
				page, want = *first.Cursor, test.ids
			}
			ids, meta := l.read(t, s, page)
			if met := len(s.Unfired()) == 0; met != (want != "") || met && fmt.Sprint(ids) != want {
				t.Errorf("%s: %q, met %t, want %s", test.kind, ids, met, want)
			}
			if l.isV1() && (*meta.Page == 3) != (test.kind == tidiomock.WrongPage) {
				t.Errorf("%s: it says page %d", test.kind, *meta.Page)
			}
		})
	}
}

// What a fault of a list changes stays, and its id is free again.
func TestLists_changesStay(t *testing.T) {
	forEachList(t, tidiomock.Config{}, 1, func(t *testing.T, s *server, l aList) {
		t.Helper()
		s.Arm(tidiomock.Fault{Do: tidiomock.InsertBetween, Times: 2})
		for _, want := range []int{2, 3, 3} {
			if ids, _ := l.read(t, s, ""); len(ids) != want || ids[want-1] != "1" {
				t.Errorf("%q, want %d", ids, want)
			}
		}
		l.add(s.Mock, 2)
		if ids, _ := l.read(t, s, ""); len(ids) != 4 || ids[3] != "2" {
			t.Errorf("what comes later is not last: %q", ids)
		}
		s.Arm(tidiomock.Fault{Do: tidiomock.DeleteBetween, Times: 5})
		for _, want := range []int{3, 2, 1, 0, 0} {
			if ids, _ := l.read(t, s, ""); len(ids) != want {
				t.Errorf("%q, want %d", ids, want)
			}
		}
		l.add(s.Mock, 1)
	})
}

// The item that a cursor marks may go, and its place is not given to another.
func TestLists_cursorOfWhatIsGone(t *testing.T) {
	s := start(t, tidiomock.Config{PageSize: 2})
	for i := range 3 {
		addContact(s.Mock, i+1)
	}
	_, first := contacts.read(t, s, "")
	s.DeleteContact("2")
	s.DeleteContact("3")
	addContact(s.Mock, 4)
	if ids, last := contacts.read(t, s, *first.Cursor); !slices.Equal(ids, []string{"4"}) || last.Cursor != nil {
		t.Errorf("%q, then %v", ids, last.Cursor)
	}
}

func TestLists_faultsMeetListsOnly(t *testing.T) {
	s := start(t, tidiomock.Config{})
	c := s.AddContact(tidiomock.Contact{})
	s.Arm(tidiomock.Fault{Do: tidiomock.RepeatPage})
	s.create(t, "plan").wants(t, 201)
	s.get(t, "/contacts/"+c.ID).wants(t, 200)
	s.do(t, "DELETE", "/contacts/"+c.ID, "").wants(t, 204)
	if len(s.Unfired()) != 1 {
		t.Error("met by a request that is for no list")
	}
}

// A fault between pages neither makes nor deletes what the list does not show.
func TestLists_faultsLeaveTheRest(t *testing.T) {
	s := start(t, tidiomock.Config{})
	for _, name := range []string{"hidden", "plan", "seats"} {
		s.AddProperty(tidiomock.Property{ID: name, Name: name, Type: "text"})
	}
	s.HideProperty("hidden")
	s.Arm(tidiomock.Fault{Do: tidiomock.DeleteBetween})
	if ids, _ := s.ids(t, "/properties"); fmt.Sprint(ids) != "[seats]" {
		t.Errorf("%q", ids)
	}
	if _, ok := s.Property("hidden"); !ok {
		t.Error("the hidden one is gone")
	}
	for _, kind := range []tidiomock.FaultKind{tidiomock.InsertBetween, tidiomock.DeleteBetween} {
		s.Arm(tidiomock.Fault{Do: kind, Times: 2})
		s.get(t, "/conversations/absent/messages").refused(t, 404)
		s.ask(t, "GET", "/contacts/absent/messages", "").refused(t, 404, "not_found")
	}
	if ids, _ := s.ids(t, "/conversations"); len(ids) != 0 {
		t.Errorf("conversations with nobody: %q", ids)
	}
	s.Disarm()
	s.AddContact(tidiomock.Contact{ID: "1"})
	s.AddConversation(tidiomock.Conversation{ID: "1", ContactID: "1"})
	s.AddMessages("1", tidiomock.Message{})
	s.Arm(tidiomock.Fault{Do: tidiomock.DeleteBetween})
	s.get(t, "/conversations").wants(t, 200)
	if got := items(t, s.ask(t, "GET", "/contacts/1/messages", ""), "messages"); len(got) != 0 {
		t.Errorf("messages of a conversation that is gone: %v", got)
	}
}

// What a fault invents is what the contract allows: no violation fails the test.
func TestLists_inventedItems(t *testing.T) {
	forEachList(t, tidiomock.Config{}, 0, func(t *testing.T, s *server, l aList) {
		t.Helper()
		s.Arm(tidiomock.Fault{Route: l.route, Do: tidiomock.InsertBetween})
		if got := l.ask(t, s, "").body; !strings.Contains(got, `ade`) {
			t.Errorf("%s", got)
		}
	})
}

// A mock with many contacts is as quick as one with few.
func TestLists_manyContacts(t *testing.T) {
	const n = 20_000
	s := start(t, tidiomock.Config{}) // 100 on a page
	s.AddContacts(n, crowd)
	s.do(t, "DELETE", "/contacts/"+crowd(n/2).ID, "").wants(t, 204)
	s.DeleteContact(crowd(0).ID)
	s.DeleteContact(crowd(n - 1).ID)
	last := s.AddContact(tidiomock.Contact{ID: "last"})
	for page, want := range map[int][]string{
		1:   {crowd(1).ID, crowd(100).ID},
		100: {crowd(9901).ID, crowd(10_001).ID}, // one in it is gone
		200: {crowd(19_902).ID, last.ID},
	} {
		ids, meta := s.ids(t, fmt.Sprintf("/contacts?page=%d", page))
		if *meta.Total != n-2 || ids[0] != want[0] || ids[len(ids)-1] != want[1] {
			t.Errorf("page %d of %d: %s to %s, want %q", page, *meta.Total, ids[0], ids[len(ids)-1], want)
		}
	}
}

func crowd(i int) tidiomock.Contact {
	return tidiomock.Contact{
		ID: fmt.Sprintf("cont_%06d", i), Name: fmt.Sprintf("Visitor %d", i), Email: fmt.Sprintf("visitor.%d@example.com", i),
		Phone: fmt.Sprintf("+1 555 %06d", i), Properties: map[string]any{
			"plan": "team", "seats": i, "company": "Example Ltd", "crm_record": fmt.Sprintf("https://crm.example.com/%d", i),
		},
	}
}
