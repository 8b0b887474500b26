package tidiomock_test

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestRequests(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.create(t, "plan")
	s.get(t, "/properties?page=2")
	s.get(t, "/properties/a%2Fb")
	s.Arm(tidiomock.Fault{Do: tidiomock.CutAfter})
	s.create(t, "seats")
	for i, want := range []struct {
		method, path, query, body string
		status                    int
	}{
		{"POST", "/v1/properties", "", `{"name":"plan","type":"text"}`, 201},
		{"GET", "/v1/properties", "page=2", "", 200},
		{"GET", "/v1/properties/a%2Fb", "", "", 404},
		{"POST", "/v1/properties", "", `{"name":"seats","type":"text"}`, 0},
	} {
		got := s.Requests()[i]
		if got.Method != want.method || got.Path != want.path || got.Query != want.query ||
			string(got.Body) != want.body || got.Status != want.status || got.Time.IsZero() {
			t.Errorf("request %d: %+v", i, got)
		}
	}
	s.ResetRequests()
	if got := s.Requests(); len(got) != 0 {
		t.Errorf("after the reset: %v", got)
	}
}

func TestCount(t *testing.T) {
	s := start(t, tidiomock.Config{})
	s.create(t, "plan")
	s.create(t, "plan")
	s.get(t, "/properties")
	s.get(t, "/properties/1")
	s.do(t, "DELETE", "/properties/1", "")
	s.get(t, "/nothing")
	s.takeViolations()
	for _, test := range []struct {
		method, route string
		want          int
	}{
		{"POST", "/properties", 2},
		{"GET", "/properties", 1},
		{"GET", "/properties/{id}", 1},
		{"DELETE", "/properties/{id}", 1},
		{"PATCH", "/properties/{id}", 0},
		{"GET", "", 3},
		{"", "/properties", 3},
		{"", "", 6},
	} {
		if got := s.Count(test.method, test.route); got != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.route, got, test.want)
		}
	}
	mustPanic(t, "no such route", func() { s.Count("GET", "/property") })
}
