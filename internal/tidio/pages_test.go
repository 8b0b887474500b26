package tidio

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// pageOf is a page with these ids; meta is JSON, or "" for none.
func pageOf(ids, meta string) string {
	items := []string{}
	for id := range strings.FieldsSeq(ids) {
		items = append(items, fmt.Sprintf(`{"id":%q,"name":"name of %s","type":"text"}`, id, id))
	}
	body := `{"data":[` + strings.Join(items, ",") + `]`
	if meta != "" {
		body += `,"meta":` + meta
	}
	return body + `}`
}

// serve answers with the pages in turn; there are no more.
func serve(t *testing.T, pages []string) func(*http.Request) *http.Response {
	t.Helper()
	return func(req *http.Request) *http.Response {
		number := 1
		if asked := req.URL.Query().Get("page"); asked != "" {
			number, _ = strconv.Atoi(asked)
		}
		if number < 1 || number > len(pages) {
			t.Errorf("page %d was requested", number)
			return response(http.StatusOK, pageOf("", ""))
		}
		return response(http.StatusOK, pages[number-1])
	}
}

func TestListsAreReadToTheirEnd(t *testing.T) {
	for name, test := range map[string]struct {
		pages      []string // all of which must be asked for
		want       string   // ids
		incomplete bool
	}{
		"no item":                       {[]string{pageOf("", `{"total":0,"page":1}`)}, "", false},
		"total reached on page 1":       {[]string{pageOf("a b", `{"total":2,"page":1}`)}, "a b", false},
		"total reached on page 2":       {[]string{pageOf("a b", `{"total":3}`), pageOf("c", `{"total":3}`)}, "a b c", false},
		"null data means no item":       {[]string{`{"data":null,"meta":{"total":0}}`}, "", false},
		"null data and no meta":         {[]string{`{"data":null}`}, "", false},
		"behind a byte order mark":      {[]string{"\xef\xbb\xbf" + pageOf("a", "")}, "a", false},
		"no meta means one page":        {[]string{pageOf("a b", "")}, "a b", false},
		"null meta means one page":      {[]string{pageOf("a b", "null")}, "a b", false},
		"meta without total":            {[]string{pageOf("a b", `{"page":1}`), pageOf("", `{"page":2}`)}, "a b", false},
		"total is null":                 {[]string{pageOf("a", `{"total":null}`), pageOf("", `{}`)}, "a", false},
		"page is null":                  {[]string{pageOf("a", `{"total":1,"page":null}`)}, "a", false},
		"unknown fields":                {[]string{pageOf("a", `{"total":1,"pages":7,"next":"?page=2"}`)}, "a", false},
		"more than the total":           {[]string{pageOf("a b", `{"total":1}`)}, "a b", true},
		"pages of different sizes":      {[]string{pageOf("a", `{}`), pageOf("b c d", `{}`), pageOf("", `{}`)}, "a b c d", false},
		"order is the API's":            {[]string{pageOf("z a", `{"total":4}`), pageOf("m b", `{"total":4}`)}, "z a m b", false},
		"overlap":                       {[]string{pageOf("a b", `{}`), pageOf("b c", `{}`), pageOf("", `{}`)}, "a b c", true},
		"overlap within a page":         {[]string{pageOf("a a b", `{"total":3}`)}, "a b", true},
		"overlap counts for the total":  {[]string{pageOf("a b", `{"total":4}`), pageOf("b c", `{"total":4}`)}, "a b c", true},
		"total grows":                   {[]string{pageOf("a b", `{"total":3}`), pageOf("c d", `{"total":4}`)}, "a b c d", true},
		"total shrinks":                 {[]string{pageOf("a b", `{"total":5}`), pageOf("c d", `{"total":4}`)}, "a b c d", true},
		"total shrinks on an empty end": {[]string{pageOf("a b", `{"total":3}`), pageOf("", `{"total":2}`)}, "a b", true},
		"ends before its total":         {[]string{pageOf("a b", `{"total":3}`), pageOf("", `{"total":3}`)}, "a b", true},
		"ends without meta, too early":  {[]string{pageOf("a b", `{"total":9}`), pageOf("c", "")}, "a b c", true},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, serve(t, test.pages))
			list, err := client.ListProperties(t.Context())
			succeeds(t, err)
			ids := []string{}
			for _, p := range list.Items {
				ids = append(ids, p.ID)
			}
			equal(t, "ids", strings.Join(ids, " "), test.want)
			equal(t, "complete", list.Complete, !test.incomplete)
			want := []string{"GET properties"}
			for number := 2; number <= len(test.pages); number++ {
				want = append(want, fmt.Sprintf("GET properties?page=%d", number))
			}
			same(t, "requests", api.sent(), want)
		})
	}
}

func TestListsThatAreNone(t *testing.T) {
	const more = `{"page":1}`
	for name, test := range map[string]struct {
		pages []string
		want  string // in the error
	}{
		"page 1 again":           {[]string{pageOf("a b", more), pageOf("a b", `{"page":2}`)}, "page 2 of the list has only items from earlier pages"},
		"nothing new":            {[]string{pageOf("a b", "{}"), pageOf("b", "{}")}, "page 2 of the list has only items from earlier pages"},
		"another page":           {[]string{pageOf("a", more), pageOf("b", more)}, "page 2 was requested, but page 1 was returned"},
		"empty other page":       {[]string{pageOf("", `{"page":7}`)}, "page 1 was requested, but page 7 was returned"},
		"item without id":        {[]string{`{"data":[{"name":"n","type":"text"}]}`}, "page 1 of the list has no id"},
		"item with empty id":     {[]string{`{"data":[{"id":"","name":"n","type":"text"}]}`}, "has no id"},
		"item with null id":      {[]string{`{"data":[{"id":null,"name":"n","type":"text"}]}`}, "has no id"},
		"item is null":           {[]string{`{"data":[null]}`}, "has no name or no type"},
		"item is no object":      {[]string{`{"data":["secret"]}`}, "page 1 of the list cannot be read"},
		"item without name":      {[]string{`{"data":[{"id":"a","type":"text"}],"meta":{"page":1}}`}, "has no name or no type"},
		"item without type":      {[]string{pageOf("a", more), `{"data":[{"id":"b","name":"n"}]}`}, "has no name or no type"},
		"no data":                {[]string{`{"meta":{"total":0}}`}, "it has no field \"data\""},
		"data is an object":      {[]string{`{"data":{"id":"secret"}}`}, `the field "data" has the wrong type`},
		"data is a string":       {[]string{`{"data":"secret"}`}, `the field "data" has the wrong type`},
		"total is no number":     {[]string{pageOf("a", `{"total":"secret"}`)}, `the field "meta.total" has the wrong type`},
		"total is a fraction":    {[]string{pageOf("a", `{"total":1.5}`)}, `the field "meta.total" has the wrong type`},
		"meta is a list":         {[]string{pageOf("a", `[1]`)}, `the field "meta" has the wrong type`},
		"bare list":              {[]string{`[{"id":"secret","name":"n","type":"text"}]`}, "it is not a JSON object"},
		"JSON of no object":      {[]string{`"secret"`}, "it is not a JSON object"},
		"null":                   {[]string{`null`}, "it has no field \"data\""},
		"empty body":             {[]string{""}, "it is empty"},
		"cut":                    {[]string{`{"data":[{"id":"secret"`}, "the JSON is incomplete"},
		"HTML":                   {[]string{"<html>secret</html>"}, "it is not JSON (at byte 1)"},
		"more after the end":     {[]string{`{"data":[]} secret`}, "data after the end"},
		"two values":             {[]string{`{"data":[]}{"data":["secret"]}`}, "data after the end"},
		"nested without end":     {[]string{`{"data":` + strings.Repeat("[", 20_000)}, "it is not JSON"},
		"broken on a later page": {[]string{pageOf("a", "{}"), `{"data":`}, "page 2 of the list cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, serve(t, test.pages))
			list, err := client.ListProperties(t.Context())
			failed := failure(t, err, BadResponse)
			contains(t, "the error", failed.Error(), test.want)
			hides(t, "the error", failed, "secret")
			equal(t, "may have landed", failed.OutcomeUnknown, false)
			equal(t, "items", len(list.Items), 0)
			equal(t, "requests", len(api.requests), len(test.pages))
		})
	}
}

func TestPagesWithoutEndAreCapped(t *testing.T) {
	client, api := newFake(t, func(req *http.Request) *http.Response { return endlessPage(req, 1) })
	_, err := client.ListProperties(t.Context())
	contains(t, "the error", failure(t, err, BadResponse).Error(), "more than 10000 pages")
	equal(t, "requests", len(api.requests), maxPages)
}

func TestReadingAListMayStopEarly(t *testing.T) {
	client, api := newFake(t, func(req *http.Request) *http.Response { return endlessPage(req, 3) })
	got := 0
	complete, err := eachPage(t.Context(), client, client.wire.properties, collection("things"), func(items []Property, _ bool) bool {
		got += len(items)
		return got < 5
	})
	succeeds(t, err)
	equal(t, "items", got, 6)
	equal(t, "complete, as far as it was read", complete, true)
	same(t, "requests", api.sent(), []string{"GET things", "GET things?page=2"})
}

func TestListsOfTheMock(t *testing.T) {
	const route = "/properties"
	for name, test := range map[string]struct {
		fault      tidiomock.FaultKind
		want       int // properties; -1 = BadResponse
		incomplete bool
	}{
		"sound":            {"", 5, false},
		"repeated page":    {tidiomock.RepeatPage, -1, false},
		"wrong page":       {tidiomock.WrongPage, -1, false},
		"inserted between": {tidiomock.InsertBetween, 5, true},
		"HTML":             {tidiomock.HTML, -1, false},
		"garbage":          {tidiomock.Garbage, -1, false},
		"truncated":        {tidiomock.TruncatedJSON, -1, false},
		"huge":             {tidiomock.Huge, -1, false},
		"cut once":         {tidiomock.CutBody, 5, false},
		"failed once":      {tidiomock.FailBefore, 5, false},
		"refused once":     {tidiomock.TooManyRequests, 5, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
				for i := range 5 {
					api.mock.AddProperty(tidiomock.Property{Name: strconv.Itoa(i), Type: "text"})
				}
				if test.fault != "" {
					api.arm(t, tidiomock.Fault{Route: route, Skip: 1, Do: test.fault})
				}
				list, err := api.ListProperties(t.Context())
				if test.want < 0 {
					fails(t, err, BadResponse)
					return
				}
				succeeds(t, err)
				equal(t, "properties", len(list.Items), test.want)
				equal(t, "complete", list.Complete, !test.incomplete)
			})
		})
	}
}

// Whatever a server sends, a list is read or refused, with a bounded number of requests, and the
// error holds none of it.
func FuzzPages(f *testing.F) {
	for _, seed := range []string{
		pageOf("a b", `{"total":2,"page":1}`), pageOf("a", "{}"), pageOf("", ""), `{"data":[{"id":1}]}`, `{"data":null}`,
		`{"data":[{"id":"a","name":1,"type":true}]}`, `{"DATA":[],"data":[]}`, `[]`, `"`, "null", "", "<html>", "{}{}",
		`{"meta":{"total":-1},"data":[{"id":"x","name":"y","type":"z","label":null}]}`, "\xff\xfe", `{"data":[[[[`,
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, first, later string) {
		client, api := newFake(t, func(req *http.Request) *http.Response {
			query, _ := url.ParseQuery(req.URL.RawQuery)
			if query.Get("page") == "" {
				return response(http.StatusOK, first)
			}
			return response(http.StatusOK, later)
		})
		list, err := client.ListProperties(t.Context())
		if len(api.requests) > 3 { // the later pages are all the same, so that the third has nothing new
			t.Errorf("%d requests", len(api.requests))
		}
		seen := map[string]bool{}
		for _, p := range list.Items {
			if p.ID == "" || p.Name == "" || p.Label == "" || p.Type == "" || seen[p.ID] {
				t.Errorf("the list holds %+v", p)
			}
			seen[p.ID] = true
		}
		if err != nil {
			failed := failure(t, err, BadResponse)
			equal(t, "bytes", failed.Bytes == len(first) || failed.Bytes == len(later) || failed.Bytes == 0, true)
			equal(t, "items with an error", len(list.Items), 0)
		}
	})
}
