package tidiomock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// list is a list of the API, and how items get into it.
type list struct {
	path, route string
	start       func(m *tidiomock.Mock) // what has to be there before the first; nil = nothing
	add         func(m *tidiomock.Mock, id string)
}

var lists = []list{
	{"/properties", "/properties", nil, func(m *tidiomock.Mock, id string) {
		m.AddProperty(tidiomock.Property{ID: id, Name: "name " + id, Type: "url"})
	}},
	{"/contacts", "/contacts", nil, func(m *tidiomock.Mock, id string) {
		m.AddContact(tidiomock.Contact{ID: id})
	}},
	{"/operators", "/operators", nil, func(m *tidiomock.Mock, id string) {
		m.AddOperator(tidiomock.Operator{ID: id})
	}},
	{"/conversations", "/conversations", nil, func(m *tidiomock.Mock, id string) {
		m.AddConversation(tidiomock.Conversation{ID: id})
	}},
	{
		"/conversations/a%2Fb/messages", "/conversations/{id}/messages",
		func(m *tidiomock.Mock) {
			m.AddConversation(tidiomock.Conversation{ID: "another"})
			m.AddMessages("another", tidiomock.Message{ID: "1"}, tidiomock.Message{ID: "2"})
			m.AddConversation(tidiomock.Conversation{ID: "a/b"})
		},
		func(m *tidiomock.Mock, id string) { m.AddMessages("a/b", tidiomock.Message{ID: id}) },
	},
}

// server starts a mock that has no item of the list yet.
func (l list) server(t *testing.T, config tidiomock.Config) *server {
	t.Helper()
	s := start(t, config)
	if l.start != nil {
		l.start(s.Mock)
	}
	return s
}

func (l list) fill(s *server, ids ...string) {
	for _, id := range ids {
		l.add(s.Mock, id)
	}
}

type meta struct {
	Total *int
	Page  int
}

// ids returns the ids on a page of a list, and what the page says of itself.
func (s *server) ids(t *testing.T, path string) ([]string, meta) {
	t.Helper()
	got := s.get(t, path)
	got.wants(t, 200)
	var page struct {
		Data []struct{ ID string }
		Meta meta
	}
	if err := json.Unmarshal([]byte(got.body), &page); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	ids := []string{}
	for _, item := range page.Data {
		ids = append(ids, item.ID)
	}
	return ids, page.Meta
}

func TestListPages(t *testing.T) {
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			s := l.server(t, tidiomock.Config{PageSize: 2})
			s.get(t, l.path).wants(t, 200, `{"data":[],"meta":{"total":0,"page":1}}`)
			l.fill(s, "3", "1", "2")
			for _, test := range []struct {
				query string
				ids   []string
				page  int
			}{
				{"", []string{"3", "1"}, 1}, // in the order of their creation
				{"?page=1", []string{"3", "1"}, 1},
				{"?page=2", []string{"2"}, 2},
				{"?page=3", []string{}, 3},
				{"?page=999999999999", []string{}, 999999999999},
				{"?page=4611686018427387905", []string{}, 4611686018427387905},
				{"?page=9223372036854775807", []string{}, 9223372036854775807},
			} {
				ids, meta := s.ids(t, l.path+test.query)
				if !slices.Equal(ids, test.ids) || *meta.Total != 3 || meta.Page != test.page {
					t.Errorf("%q: %q, total %d, page %d", test.query, ids, *meta.Total, meta.Page)
				}
			}
		})
	}
}

func TestListQueries(t *testing.T) {
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			s := l.server(t, tidiomock.Config{})
			for _, query := range []string{
				"?page=0", "?page=-1", "?page=x", "?page=", "?page=1.5",
				"?page=1&page=2", "?per_page=5", "?email=jane@example.com", "?%zz",
			} {
				s.get(t, l.path+query).wants(t, 400)
				v := s.takeViolations()
				if len(v) != 1 || !strings.Contains(v[0], "/v1"+l.path+query) {
					t.Errorf("%s: violations %q", query, v)
				}
			}
		})
	}
}

func TestDefaultPageSize(t *testing.T) {
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			s := l.server(t, tidiomock.Config{})
			for i := range 101 {
				l.add(s.Mock, fmt.Sprint(i))
			}
			for query, want := range map[string]int{"": 100, "?page=2": 1} {
				if ids, _ := s.ids(t, l.path+query); len(ids) != want {
					t.Errorf("%q has %d, want %d", query, len(ids), want)
				}
			}
		})
	}
}

func TestListFaults(t *testing.T) {
	for _, test := range []struct {
		kind tidiomock.FaultKind
		ids  []string // of page 2
		page int
	}{
		{tidiomock.RepeatPage, []string{"1", "2"}, 2},
		{tidiomock.WrongPage, []string{"3"}, 3},
		{tidiomock.InsertBetween, []string{"2", "3"}, 2},
		{tidiomock.DeleteBetween, []string{}, 2},
	} {
		for _, l := range lists {
			t.Run(string(test.kind)+" of "+l.route, func(t *testing.T) {
				s := l.server(t, tidiomock.Config{PageSize: 2})
				l.fill(s, "1", "2", "3")
				s.Arm(tidiomock.Fault{Route: l.route, Do: test.kind, Skip: 1})
				if ids, _ := s.ids(t, l.path); !slices.Equal(ids, []string{"1", "2"}) {
					t.Errorf("page 1: %q", ids)
				}
				ids, meta := s.ids(t, l.path+"?page=2")
				if !slices.Equal(ids, test.ids) || meta.Page != test.page {
					t.Errorf("page 2: %q, says %d", ids, meta.Page)
				}
			})
		}
	}
}

func TestListFaultsMeetLists(t *testing.T) {
	s := start(t, tidiomock.Config{})
	c := s.AddContact(tidiomock.Contact{})
	s.Arm(tidiomock.Fault{Do: tidiomock.RepeatPage})
	s.create(t, "plan").wants(t, 201)
	s.get(t, "/contacts/"+c.ID).wants(t, 200)
	s.do(t, "POST", "/contacts", `{"name":"Jane"}`).wants(t, 201)
	s.do(t, "DELETE", "/contacts/"+c.ID, "").wants(t, 204)
	if len(s.Unfired()) != 1 {
		t.Error("met by a request that is for no list")
	}
}

func TestInsertBetweenStays(t *testing.T) {
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			s := l.server(t, tidiomock.Config{})
			l.fill(s, "old")
			s.Arm(tidiomock.Fault{Do: tidiomock.InsertBetween, Times: 2})
			for _, want := range []int{2, 3, 3} {
				ids, meta := s.ids(t, l.path)
				if len(ids) != want || *meta.Total != want || ids[want-1] != "old" {
					t.Errorf("%q, total %d, want %d", ids, *meta.Total, want)
				}
			}
			if !strings.HasSuffix(l.path, "/messages") { // one message cannot be asked for
				ids, _ := s.ids(t, l.path)
				s.get(t, l.path+"/"+ids[0]).wants(t, 200)
			}
			l.fill(s, "new")
			if ids, _ := s.ids(t, l.path); len(ids) != 4 || ids[3] != "new" {
				t.Errorf("what comes later is not last: %q", ids)
			}
		})
	}
}

func TestDeleteBetweenStays(t *testing.T) {
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			s := l.server(t, tidiomock.Config{})
			l.fill(s, "1", "2")
			s.Arm(tidiomock.Fault{Do: tidiomock.DeleteBetween, Times: 3})
			for _, want := range []string{"[2]", "[]", "[]"} {
				if ids, _ := s.ids(t, l.path); fmt.Sprint(ids) != want {
					t.Errorf("%q, want %s", ids, want)
				}
			}
			l.fill(s, "1") // is free again
		})
	}
}

// A hidden property is not in the list.
func TestDeleteBetweenLeavesHidden(t *testing.T) {
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
}

func TestEndlessPages(t *testing.T) {
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			s := l.server(t, tidiomock.Config{PageSize: 3})
			s.Arm(tidiomock.Fault{Do: tidiomock.EndlessPages, Times: -1})
			seen := map[string]bool{}
			for _, query := range []string{"", "?page=2", "?page=1000"} {
				ids, meta := s.ids(t, l.path+query)
				for _, id := range ids {
					seen[id] = true
				}
				if meta.Total != nil {
					t.Errorf("%s: total %d", query, *meta.Total)
				}
			}
			if len(seen) != 9 {
				t.Errorf("%d new items, want 9", len(seen))
			}
			s.Disarm()
			if ids, _ := s.ids(t, l.path); len(ids) != 0 {
				t.Errorf("made-up items are kept: %v", ids)
			}
		})
	}
}

// What a fault invents is what the contract allows.
func TestInventedItems(t *testing.T) {
	var broken []error
	m := tidiomock.New(tidiomock.Config{
		OnViolation: func(err error) { broken = append(broken, err) },
	})
	for _, l := range lists {
		if l.start != nil {
			l.start(m)
		}
		m.Arm(tidiomock.Fault{Route: l.route, Do: tidiomock.InsertBetween})
		w := direct(m, newRequest(t, "GET", "/v1"+l.path, ""))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "ade up") {
			t.Errorf("%s: %d %s", l.path, w.Code, w.Body)
		}
	}
	if broken != nil {
		t.Error(broken)
	}
}
