package tidio

import (
	"net/http"
	"strings"
	"testing"
)

func TestSingleObjectIsRead(t *testing.T) {
	plain := Property{ID: "a1", Name: "plan", Label: "Plan", Type: "text"}
	unlabelled := Property{ID: "a1", Name: "plan", Label: "plan", Type: "text"}
	for name, test := range map[string]struct {
		body string
		want Property
	}{
		"bare":                 {`{"id":"a1","name":"plan","label":"Plan","type":"text"}`, plain},
		"wrapped":              {`{"data":{"id":"a1","name":"plan","label":"Plan","type":"text"}}`, plain},
		"wrapped, with meta":   {`{"meta":{},"data":{"id":"a1","name":"plan","label":"Plan","type":"text"}}`, plain},
		"bare, with data":      {`{"data":"x","id":"a1","name":"plan","label":"Plan","type":"text"}`, plain},
		"white space around":   {"\n {\"id\":\"a1\",\"name\":\"plan\",\"label\":\"Plan\",\"type\":\"text\"} \r\n", plain},
		"unknown fields":       {`{"x":[{}],"id":"a1","name":"plan","label":"Plan","type":"text","y":null}`, plain},
		"no label":             {`{"id":"a1","name":"plan","type":"text"}`, unlabelled},
		"null label":           {`{"id":"a1","name":"plan","label":null,"type":"text"}`, unlabelled},
		"empty label":          {`{"id":"a1","name":"plan","label":"","type":"text"}`, unlabelled},
		"an unknown type":      {`{"id":"a1","name":"b","type":"date"}`, Property{ID: "a1", Name: "b", Label: "b", Type: "date"}},
		"a numeric id":         {`{"id":17,"name":"b","type":"url"}`, Property{ID: "17", Name: "b", Label: "b", Type: "url"}},
		"30 digits":            {`{"id":` + digits + `,"name":"b","type":"url"}`, Property{ID: digits, Name: "b", Label: "b", Type: "url"}},
		"digits as they came":  {`{"id":1.50e3,"name":"b","type":"url"}`, Property{ID: "1.50e3", Name: "b", Label: "b", Type: "url"}},
		"numeric name":         {`{"id":"a","name":1.0,"type":"url"}`, Property{ID: "a", Name: "1.0", Label: "1.0", Type: "url"}},
		"text that looks else": {`{"id":"007","name":"true","label":"null","type":"1e3"}`, Property{ID: "007", Name: "true", Label: "null", Type: "1e3"}},
		"escapes":              {`{"id":"a\/b","name":"\u00fc\n","label":"\ud83d\ude42","type":"t"}`, Property{ID: "a/b", Name: "ü\n", Label: "🙂", Type: "t"}},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newFake(t, always(http.StatusOK, test.body))
			got, err := client.GetProperty(t.Context(), test.want.ID)
			succeeds(t, err)
			equal(t, "property", got, test.want)
		})
	}
}

const digits = "123456789012345678901234567890"

func TestReplyThatHoldsNoProperty(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"empty":                {"", "it is empty"},
		"white space":          {" \n", "it is empty"},
		"HTML":                 {"<!doctype html><title>secret</title>", "it is not JSON (at byte 1)"},
		"text":                 {"secret", "it is not JSON"},
		"cut":                  {`{"id":"secret","na`, "the JSON is incomplete"},
		"cut in a string":      {`{"id":"secret`, "the JSON is incomplete"},
		"more after the end":   {`{"id":"a","name":"b","type":"c"} secret`, "data after the end"},
		"a second object":      {`{"id":"a","name":"b","type":"c"}{"id":"secret"}`, "data after the end"},
		"a bracket too many":   {`{"id":"a","name":"b","type":"c"}}`, "data after the end"},
		"list":                 {`[{"id":"secret","name":"b","type":"c"}]`, "it is not a JSON object"},
		"number":               {"4711", "it is not a JSON object"},
		"null":                 {"null", "the reply has no id"},
		"no field":             {"{}", "the reply has no id"},
		"wrapped null":         {`{"data":null}`, "the reply has no id"},
		"wrapped list":         {`{"data":[{"id":"secret"}]}`, "it is not a JSON object"},
		"wrapped twice":        {`{"data":{"data":{"id":"secret","name":"b","type":"c"}}}`, "the reply has no id"},
		"null id":              {`{"id":null,"name":"secret","type":"c"}`, "the reply has no id"},
		"empty id":             {`{"id":"","name":"secret","type":"c"}`, "the reply has no id"},
		"id is an object":      {`{"id":{"secret":1},"name":"b","type":"c"}`, "must be a string"},
		"id is a list":         {`{"id":["secret"],"name":"b","type":"c"}`, "must be a string"},
		"id is true":           {`{"id":true,"name":"secret","type":"c"}`, "must be a string"},
		"no name":              {`{"id":"x","type":"c"}`, "no name or no type"},
		"null name":            {`{"id":"x","name":null,"type":"c"}`, "no name or no type"},
		"empty name":           {`{"id":"x","name":"","type":"c"}`, "no name or no type"},
		"no type":              {`{"id":"x","name":"b"}`, "no name or no type"},
		"label is an object":   {`{"id":"x","name":"b","type":"c","label":{"x":"y"}}`, "must be a string"},
		"numbers no JSON has":  {`{"id":007,"name":"secret","type":"c"}`, "it is not JSON"},
		"unescaped line break": {"{\"id\":\"secret\n\"}", "it is not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newFake(t, always(http.StatusOK, test.body))
			got, err := client.GetProperty(t.Context(), "x")
			failed := failure(t, err, BadResponse)
			contains(t, "the error", failed.Error(), test.want)
			hides(t, "the error", failed, "secret")
			equal(t, "property", got, Property{})
			equal(t, "status", failed.Status, http.StatusOK)
			equal(t, "content type", failed.ContentType, "application/json")
			equal(t, "bytes", failed.Bytes, len(test.body))
		})
	}
}

func TestReplyThatIsTooLarge(t *testing.T) {
	client, _ := newFake(t, always(http.StatusOK, `{"id":"a","name":"`+strings.Repeat("x", 16<<20)+`","type":"text"}`))
	_, err := client.GetProperty(t.Context(), "a")
	failed := failure(t, err, BadResponse)
	equal(t, "error", failed.Error(), "GET properties/a: status 200: the reply is larger than 16 MiB")
}

// Whatever a server sends is a whole property or an error that holds none of it.
func FuzzProperty(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a1","name":"plan","label":"Plan","type":"text"}`, `{"data":{"id":1,"name":"n","type":"t"}}`, `{"data":{}}`,
		`{"id":` + digits + `,"name":1e3,"type":"t","label":null}`, `{"id":"a"}`, "null", "[]", "", "<html>", `{"id":{}}`,
		`{"ID":"a","Name":"b","TYPE":"c"}`, `{"id":"a","id":null,"name":"b","type":"c"}`, "{}{}", `{"data":[]}`, "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client, _ := newFake(t, always(http.StatusOK, body))
		p, err := client.GetProperty(t.Context(), "x")
		if err != nil {
			failed := failure(t, err, AsError(err).Kind)
			equal(t, "kind", failed.Kind == BadResponse || failed.Kind == OtherObject && failed.OtherID != "", true)
			equal(t, "bytes", failed.Bytes, len(body))
			if len(failed.Error()) > 200 {
				t.Errorf("an error of %d bytes: does it hold the content?", len(failed.Error()))
			}
			return
		}
		if p.ID != "x" || p.Name == "" || p.Label == "" || p.Type == "" {
			t.Errorf("accepted: %+v", p)
		}
	})
}
