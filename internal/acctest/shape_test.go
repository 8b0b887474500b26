package acctest

import (
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// recorded is an interaction of a JSON API, with the status of its reply.
func recorded(method, path, sent string, status int, reply string) tape {
	i := interaction(method, path, sent, reply)
	i.Request.Headers.Set("Content-Type", "application/json")
	i.Response.Code = status
	return tape{i}
}

func TestCompare_lists(t *testing.T) {
	const list = `{"data":[{"id":"p1","name":"plan","label":"Plan","type":"text"}],"meta":{"total":1,"page":1}}`
	for name, c := range map[string]struct {
		old, reply string
		want       string // of the only difference, "" = there is none
	}{
		"as it is":          {list, list, ""},
		"no meta":           {list, `{"data":[]}`, ""},
		"no label":          {`"label":"Plan",`, "", ""},
		"a null":            {`"Plan"`, "null", ""},
		"no type":           {`,"type":"text"`, "", ".data[].type is missing"},
		"no data":           {list, `{}`, ".data is missing"},
		"a number as label": {`"Plan"`, "1", ".data[].label is a number, the mock's is a string"},
		"a field more":      {`"id"`, `"position":1,"id"`, ".data[].position is a field that the mock never sends"},
	} {
		t.Run(name, func(t *testing.T) {
			reply := strings.Replace(list, c.old, c.reply, 1)
			expect(t, recorded("GET", "properties", "", 200, reply), c.want)
		})
	}
}

func TestCompare_statuses(t *testing.T) {
	const sent = `{"name":"x"}`
	for name, c := range map[string]struct {
		recorded tape
		want     string
	}{
		"another status": {
			recorded("GET", "contacts/c9", "", 410, `{"message":"gone"}`),
			"status 410 was recorded, the mock's is 404",
		},
		"a write refused": {
			recorded("POST", "contacts", sent, 400, `{"message":"no"}`),
			"status 400 was recorded, the mock's is 201",
		},
		"a write without a word": {recorded("POST", "contacts", sent, 204, ""), ""},
		"a write with an id":     {recorded("POST", "contacts", sent, 200, `{"data":{"id":"c1"}}`), ""},
		"no JSON":                {recorded("GET", "contacts", "", 200, `<p>`), "a body is not JSON"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.recorded, c.want) })
	}
}

func TestCompare_values(t *testing.T) {
	const sent = `{"name":"x","properties":{"odd":7}}`
	definition := recorded("GET", "properties", "", 200, `{"data":[{"id":"p1","name":"odd","type":"number"}]}`)
	t.Run("of any type", func(t *testing.T) {
		expect(t, append(definition,
			recorded("POST", "contacts", sent, 201, `{"id":"c1","properties":{"odd":"7","more":true}}`)...), "")
	})
	t.Run("but no objects", func(t *testing.T) {
		expect(t, append(definition,
			recorded("POST", "contacts", sent, 201, `{"id":"c1","properties":{"odd":{}}}`)...),
			".properties is values that are objects or lists, the mock's is values")
	})
}

func TestCompare_published(t *testing.T) {
	send := func(method, path, sent string, status int, reply string) tape {
		one := recorded(method, path, sent, status, reply)
		one[0].Request.URL = published.base() + path
		one[0].Request.Headers.Set("Accept", "application/json; version=1")
		return one
	}
	at := func(path string, status int, reply string) tape { return send("GET", path, "", status, reply) }
	for name, c := range map[string]struct {
		recorded tape
		want     string
	}{
		"a definition": {at("contact-properties", 200, `{"properties":[{"name":"odd","label":"Odd","type":"text"}]}`), ""},
		"no type":      {at("contact-properties", 200, `{"properties":[{"name":"odd"}]}`), ".properties[].type is missing"},
		"no project":   {at("project", 200, `{"status":"online"}`), ".project_id is missing"},
		"a value of the account's property": {
			append(at("contact-properties", 200, `{"properties":[{"name":"odd","type":"text"}]}`),
				send("POST", "contacts", `{"distinct_id":"1","first_name":"x","properties":[{"name":"odd","value":"7"}]}`,
					201, `{"id":"c1"}`)...), "",
		},
		"no envelope": {at("operators", 200, `{"meta":{"limit":9}}`), ".operators is missing"},
		"a page that the mock has not": {
			at("contacts?cursor=cursor%2B%2F1%3D", 200, `{"contacts":[{"id":"c1"}],"meta":{"cursor":null,"limit":9}}`), "",
		},
		"values of any type": {
			at("contacts", 200, `{"contacts":[{"id":"c1","properties":[{"name":"odd","value":7},{"name":"x","value":"7"}]}]}`), "",
		},
		"but no objects": {
			at("contacts", 200, `{"contacts":[{"id":"c1","properties":[{"name":"odd","value":{}}]}]}`),
			".contacts[].properties[].value is values that are objects or lists",
		},
		"numbers as ids": {
			append(at("tickets", 200, `{"tickets":[{"id":7001234}]}`), at("tickets/7001234", 200, `{"id":7001234}`)...), "",
		},
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.recorded, c.want) })
	}
}

func TestCompare_ids(t *testing.T) {
	created := recorded("POST", "contacts", `{"name":"x"}`, 201, `{"id":"recorded/1"}`)
	read := recorded("GET", "contacts/recorded%2F1", "", 200, `{"id":"recorded/1","phone":null}`)
	deleted := recorded("DELETE", "contacts/recorded%2F1", "", 200, "")
	expect(t, append(append(created, read...), deleted...), "")
}

func expect(t *testing.T, recorded tape, want string) {
	t.Helper()
	found := recorded.differences(t.Context(), tidiomock.New(tidiomock.Config{}))
	switch {
	case want == "" && len(found) > 0:
		t.Errorf("found %q", found)
	case want != "" && (len(found) != 1 || !strings.Contains(found[0], want)):
		t.Errorf("found %q, want %q", found, want)
	}
}
