package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// CompareWithMock makes the requests of a cassette once more, to a mock, and fails the test where
// the shape of a reply differs from the recorded one: its status, its fields and their types. A
// recorded reply may lack what the contract says is optional. It may have nothing that the mock
// never sends: then the mock has something to learn.
func CompareWithMock(t *testing.T, name string) {
	t.Helper()
	mock := tidiomock.New(tidiomock.Config{
		OnViolation: func(err error) { t.Errorf("the contract is broken: %v", err) },
	})
	for _, difference := range readTape(t, name).differences(t.Context(), mock) {
		t.Error(difference)
	}
}

// differences are where the mock, which is to be empty, answers in another shape than was recorded.
func (t tape) differences(ctx context.Context, mock *tidiomock.Mock) []string {
	mock.Seed()
	for _, p := range t.properties() {
		if _, taken := mock.Property(p.Name); !taken {
			mock.AddProperty(p)
		}
	}
	var found []string
	ids := map[string]string{} // recorded to the mock's
	for n, i := range t {
		place := fmt.Sprintf("interaction %d, %s %s", n, i.Request.Method, requestURI(i.Request))
		answer := ask(ctx, mock, i.Request, ids)
		for _, difference := range compare(i, answer, ids) {
			found = append(found, place+": "+difference)
		}
	}
	return found
}

// properties are those that were there before the first write. The values of contacts need them.
func (t tape) properties() []tidiomock.Property {
	var all []tidiomock.Property
	for _, i := range t {
		if i.Request.Method != http.MethodGet {
			break
		}
		if !areProperties(i.Request) {
			continue
		}
		var list struct {
			Data, Properties []struct{ ID, Name, Label, Type string }
		}
		_ = json.Unmarshal([]byte(i.Response.Body), &list) // what does not fit shows in the comparison
		for _, p := range slices.Concat(list.Data, list.Properties) {
			all = append(all, tidiomock.Property(p))
		}
	}
	return all
}

// areProperties reports whether a request is about definitions of properties.
func areProperties(r cassette.Request) bool {
	return strings.HasSuffix(collectionOf(requestURI(r)), "properties")
}

// ask makes a recorded request to the mock, with the mock's ids.
func ask(
	ctx context.Context, mock *tidiomock.Mock, recorded cassette.Request, ids map[string]string,
) *httptest.ResponseRecorder {
	path, sent, _ := strings.Cut(requestURI(recorded), "?")
	query, _ := url.ParseQuery(sent) // what does not fit shows in the comparison
	query.Del("cursor")              // the mock's list may have fewer pages: each is like the first
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		id, err := url.PathUnescape(segment)
		if known, ok := ids[id]; ok && err == nil {
			segments[i] = url.PathEscape(known)
		}
	}
	target := strings.Join(segments, "/") + "?" + query.Encode()
	req := httptest.NewRequestWithContext(ctx, recorded.Method, target, strings.NewReader(recorded.Body))
	maps.Copy(req.Header, recorded.Headers)
	req.Header.Set("Authorization", "Bearer "+Key)
	req.Header.Set("X-Tidio-Openapi-Client-Id", ClientID)
	req.Header.Set("X-Tidio-Openapi-Client-Secret", ClientSecret)
	answer := httptest.NewRecorder()
	mock.ServeHTTP(answer, req)
	return answer
}

// compare returns how the mock's answer differs from what was recorded, and learns ids from it.
func compare(
	recorded *cassette.Interaction, answer *httptest.ResponseRecorder, ids map[string]string,
) []string {
	isWrite := recorded.Request.Method != http.MethodGet
	succeeded := func(status int) bool { return status >= 200 && status <= 299 }
	want, got := recorded.Response.Code, answer.Code
	written := isWrite && succeeded(want) && succeeded(got) // any 2xx says so
	if want != got && !written {
		return []string{fmt.Sprintf("status %d was recorded, the mock's is %d", want, got)}
	}
	if isWrite && (recorded.Response.Body == "" || answer.Body.Len() == 0) {
		return nil // a write need not say more
	}
	theirs, errTheirs := decode([]byte(recorded.Response.Body))
	ours, errOurs := decode(answer.Body.Bytes())
	if errTheirs != nil || errOurs != nil {
		return []string{fmt.Sprintf("a body is not JSON: recorded %v, the mock's %v", errTheirs, errOurs)}
	}
	theirs, ours = unwrapped(theirs), unwrapped(ours)
	pair(theirs, ours, ids)
	required := append(envelopesOf(nounOf(requestURI(recorded.Request))), "id", "project_id")
	if areProperties(recorded.Request) && !isWrite {
		required = append(required, "name", "type")
	}
	return shapeOf("", theirs).differences("", shapeOf("", ours), required)
}

// unwrapped is the object of a reply with one object, which may come under "data".
func unwrapped(v any) any {
	if reply, ok := v.(map[string]any); ok {
		if single, ok := reply["data"].(map[string]any); ok {
			return single
		}
	}
	return v
}

// pair learns which of the mock's objects stands for which recorded one.
func pair(recorded, mocked any, ids map[string]string) {
	switch recorded := recorded.(type) {
	case map[string]any:
		mocked, _ := mocked.(map[string]any)
		for name, value := range recorded {
			if id, other := scalar(value), scalar(mocked[name]); id != "" && other != "" && (leaf{field: name}).isID() {
				if _, known := ids[id]; !known {
					ids[id] = other
				}
				continue
			}
			pair(value, mocked[name], ids)
		}
	case []any:
		mocked, _ := mocked.([]any)
		for i := range min(len(recorded), len(mocked)) {
			pair(recorded[i], mocked[i], ids)
		}
	}
}

// scalar is a text, or a number as it is written; "" is neither.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// shape is what a JSON value is, without what it says.
type shape struct {
	kind   string            // "" = nothing, or null: it goes with every kind
	fields map[string]*shape // of an object
	items  *shape            // of a list: all of them, one upon the other
}

func shapeOf(field string, v any) *shape {
	if field == "value" { // of a property: whatever it is
		return &shape{kind: kindOfValues(map[string]any{field: v})}
	}
	switch v := v.(type) {
	case map[string]any:
		if field == "properties" { // their names are the account's
			return &shape{kind: kindOfValues(v)}
		}
		s := &shape{kind: "an object", fields: map[string]*shape{}}
		for name, value := range v {
			s.fields[name] = shapeOf(name, value)
		}
		return s
	case []any:
		s := &shape{kind: "a list", items: &shape{}}
		for _, item := range v {
			s.items.add(shapeOf("", item))
		}
		return s
	case string:
		return &shape{kind: "a string"}
	case json.Number:
		return &shape{kind: "a number"}
	case bool:
		return &shape{kind: "a boolean"}
	default:
		return &shape{}
	}
}

func kindOfValues(values map[string]any) string {
	for _, value := range values {
		switch value.(type) {
		case map[string]any, []any:
			return "values that are objects or lists"
		}
	}
	return "values"
}

// add makes a shape fit another value as well.
func (s *shape) add(o *shape) {
	switch {
	case o.kind == "":
		return
	case s.kind == "":
		*s = *o
		return
	case s.kind != o.kind:
		s.kind += " or " + o.kind
		return
	}
	for name, field := range o.fields {
		if s.fields[name] == nil {
			s.fields[name] = &shape{}
		}
		s.fields[name].add(field)
	}
	if s.items != nil && o.items != nil {
		s.items.add(o.items)
	}
}

// differences are how a recorded shape differs from the mock's.
func (s *shape) differences(at string, mocked *shape, required []string) []string {
	if s.kind == "" || mocked.kind == "" {
		return nil
	}
	if s.kind != mocked.kind {
		return []string{fmt.Sprintf("%s is %s, the mock's is %s", at, s.kind, mocked.kind)}
	}
	var found []string
	for name, field := range s.fields {
		if mocked.fields[name] == nil {
			found = append(found, at+"."+name+" is a field that the mock never sends")
			continue
		}
		found = append(found, field.differences(at+"."+name, mocked.fields[name], required)...)
	}
	for name := range mocked.fields {
		if s.fields[name] == nil && slices.Contains(required, name) {
			found = append(found, at+"."+name+" is missing, and required")
		}
	}
	if s.items != nil {
		found = append(found, s.items.differences(at+"[]", mocked.items, required)...)
	}
	slices.Sort(found)
	return found
}
