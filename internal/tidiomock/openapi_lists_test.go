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

// cursorList is a list of the published API, and how items get into it and out of it.
type cursorList struct {
	path, route, key, id string
	start                func(m *tidiomock.Mock) // nil = nothing
	add                  func(m *tidiomock.Mock, id int)
}

var cursorLists = []cursorList{
	{"/contacts", "/contacts", "contacts", "id", nil, func(m *tidiomock.Mock, id int) {
		m.AddContact(tidiomock.Contact{ID: fmt.Sprint(id)})
	}},
	{"/contact-properties", "/contact-properties", "properties", "name", nil, func(m *tidiomock.Mock, id int) {
		m.AddProperty(tidiomock.Property{Name: fmt.Sprint(id), Type: "url"})
	}},
	{"/operators", "/operators", "operators", "id", nil, func(m *tidiomock.Mock, id int) {
		m.AddOperator(tidiomock.Operator{ID: fmt.Sprint(id)})
	}},
	{"/tickets", "/tickets", "tickets", "id", nil, func(m *tidiomock.Mock, id int) {
		m.AddTicket(tidiomock.Ticket{ID: id})
	}},
	{
		"/contacts/a%2Fb/messages", "/contacts/{id}/messages", "messages", "id",
		func(m *tidiomock.Mock) {
			m.AddContact(tidiomock.Contact{ID: "a/b"})
			m.AddContact(tidiomock.Contact{ID: "another"})
			m.AddContactMessages("another", tidiomock.Message{ID: "9"})
		},
		func(m *tidiomock.Mock, id int) { // each in a conversation of its own
			c := m.AddConversation(tidiomock.Conversation{ContactID: "a/b"})
			m.AddMessages(c.ID, tidiomock.Message{ID: fmt.Sprint(id)})
		},
	},
}

// forEachList runs a test for each list, with a number of items in it.
func forEachList(t *testing.T, config tidiomock.Config, items int, run func(*testing.T, *server, cursorList)) {
	t.Helper()
	for _, l := range cursorLists {
		t.Run(l.route, func(t *testing.T) {
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

// read returns the ids on the page of a cursor, nil being the first, and the next cursor.
func (l cursorList) read(t *testing.T, s *server, cursor *string) (ids []string, next *string) {
	t.Helper()
	path := l.path
	if cursor != nil {
		path += "?cursor=" + url.QueryEscape(*cursor)
	}
	got := s.ask(t, "GET", path, "")
	got.wants(t, 200)
	var page map[string]json.RawMessage
	var items []map[string]any
	var meta struct {
		Cursor *string
		Limit  int
	}
	for _, err := range []error{
		json.Unmarshal([]byte(got.body), &page),
		json.Unmarshal(page[l.key], &items),
		json.Unmarshal(page["meta"], &meta),
	} {
		if err != nil {
			t.Fatalf("%v: %s", err, got.body)
		}
	}
	if items == nil || meta.Limit == 0 {
		t.Errorf("%s", got.body)
	}
	for _, item := range items {
		ids = append(ids, fmt.Sprint(item[l.id]))
	}
	return ids, meta.Cursor
}

func TestCursors_pages(t *testing.T) {
	for _, offset := range []bool{false, true} {
		open := tidiomock.Published{OffsetCursors: offset}
		config := tidiomock.Config{PageSize: 2, Published: open}
		forEachList(t, config, 5, func(t *testing.T, s *server, l cursorList) {
			t.Helper()
			var all []string
			var cursor *string
			for range 3 {
				var ids []string
				ids, cursor = l.read(t, s, cursor)
				all = append(all, ids...)
				if cursor != nil && (!strings.Contains(*cursor, "+") ||
					!strings.Contains(*cursor, "/") || !strings.HasSuffix(*cursor, "=")) {
					t.Errorf("cursor %s needs no escapes", *cursor)
				}
			}
			if want := []string{"1", "2", "3", "4", "5"}; !slices.Equal(all, want) || cursor != nil {
				t.Errorf("%q, then %v", all, cursor)
			}
		})
		forEachList(t, config, 2, func(t *testing.T, s *server, l cursorList) {
			t.Helper()
			if ids, next := l.read(t, s, nil); len(ids) != 2 || next != nil {
				t.Errorf("a full last page: %q, then %v", ids, next)
			}
		})
		forEachList(t, config, 0, func(t *testing.T, s *server, l cursorList) {
			t.Helper()
			if ids, next := l.read(t, s, nil); len(ids) != 0 || next != nil {
				t.Errorf("an empty list: %q, then %v", ids, next)
			}
		})
	}
}

func TestCursors_refused(t *testing.T) {
	s := start(t, tidiomock.Config{PageSize: 1})
	for i := range 2 {
		s.AddContact(tidiomock.Contact{ID: fmt.Sprint(i)})
	}
	_, other := cursorLists[0].read(t, s, nil)
	forEachList(t, tidiomock.Config{PageSize: 1}, 2, func(t *testing.T, s *server, l cursorList) {
		t.Helper()
		for query, violations := range map[string]int{
			"cursor=": 1, "cursor=null": 1, "cursor=abc": 0, "cursor=%2B%2F%2B%2F": 0, "page=2": 1,
		} {
			s.ask(t, "GET", l.path+"?"+query, "").refused(t, 400, "bad_request")
			if v := s.takeViolations(); len(v) != violations {
				t.Errorf("%s: violations %q", query, v)
			}
		}
		_, own := l.read(t, s, nil)
		s.ask(t, "GET", l.path+"?cursor="+*own, "").refused(t, 400, "bad_request") // + is a space
		if l.path != "/contacts" {
			s.ask(t, "GET", l.path+"?cursor="+url.QueryEscape(*other), "").refused(t, 400, "bad_request")
		}
	})
}

func TestCursors_changesBetween(t *testing.T) {
	for _, test := range []struct {
		kind   tidiomock.FaultKind
		offset bool
		want   string // on page 2
	}{
		{tidiomock.InsertBetween, false, "[3 4]"},
		{tidiomock.DeleteBetween, false, "[3 4]"},
		{tidiomock.InsertBetween, true, "[2 3]"},
		{tidiomock.DeleteBetween, true, "[4]"},
	} {
		config := tidiomock.Config{PageSize: 2, Published: tidiomock.Published{OffsetCursors: test.offset}}
		forEachList(t, config, 4, func(t *testing.T, s *server, l cursorList) {
			t.Helper()
			s.Arm(tidiomock.Fault{Route: l.route, Do: test.kind, Skip: 1})
			_, cursor := l.read(t, s, nil)
			if ids, _ := l.read(t, s, cursor); fmt.Sprint(ids) != test.want {
				t.Errorf("%s, offset %t: %q, want %s", test.kind, test.offset, ids, test.want)
			}
		})
	}
	// The item that the cursor marks may go, and its place is not given to another.
	s := start(t, tidiomock.Config{PageSize: 2})
	l := cursorLists[0]
	for i := range 3 {
		l.add(s.Mock, i+1)
	}
	_, cursor := l.read(t, s, nil)
	s.DeleteContact("2")
	s.DeleteContact("3")
	l.add(s.Mock, 4)
	if ids, next := l.read(t, s, cursor); fmt.Sprint(ids) != "[4]" || next != nil {
		t.Errorf("%q, then %v", ids, next)
	}
}

func TestCursors_faults(t *testing.T) {
	config := tidiomock.Config{PageSize: 2}
	forEachList(t, config, 5, func(t *testing.T, s *server, l cursorList) {
		t.Helper()
		_, second := l.read(t, s, nil)
		_, third := l.read(t, s, second)
		s.Arm(tidiomock.Fault{Do: tidiomock.WrongPage}) // never meets a list without numbers
		for _, test := range []struct {
			kind         tidiomock.FaultKind
			cursor       *string
			want         string
			again, known bool // what comes is the cursor that was sent; one of those above
		}{
			{tidiomock.RepeatPage, second, "[1 2]", false, true},
			{tidiomock.RepeatPage, third, "[1 2]", false, false},
			{tidiomock.RepeatCursor, second, "[3 4]", true, true},
			{tidiomock.RepeatCursor, third, "[5]", true, true},
		} {
			s.Arm(tidiomock.Fault{Do: test.kind})
			ids, next := l.read(t, s, test.cursor)
			if fmt.Sprint(ids) != test.want || test.again && *next != *test.cursor ||
				test.known != (next != nil) {
				t.Errorf("%s: %q, then %v", test.kind, ids, next)
			}
		}
		s.Arm(tidiomock.Fault{Do: tidiomock.RepeatCursor})
		_, first := l.read(t, s, nil)
		if ids, _ := l.read(t, s, first); fmt.Sprint(ids) != "[1 2]" {
			t.Errorf("the repeated cursor of the first page leads to %q", ids)
		}
		s.Arm(tidiomock.Fault{Do: tidiomock.EndlessPages, Times: 5})
		seen := map[string]bool{}
		var cursor *string
		for range 5 {
			var ids []string
			ids, cursor = l.read(t, s, cursor)
			for _, word := range append(ids, *cursor) {
				if seen[word] {
					t.Errorf("%s comes twice", word)
				}
				seen[word] = true
			}
		}
		l.read(t, s, cursor) // is one of the list
		if left := s.Unfired(); len(left) != 1 || left[0].Do != tidiomock.WrongPage {
			t.Errorf("unfired: %v", left)
		}
	})
}
