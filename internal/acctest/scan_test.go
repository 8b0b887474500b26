package acctest

import (
	"strings"
	"testing"
)

// clean is a cassette with nothing wrong with it.
const clean = originMock + `
---
version: 2
interactions:
    - id: 0
      request:
        host: api.tidio.co
        headers:
            Accept:
                - application/json
        url: https://api.tidio.co/v1/contacts/123e4567-e89b-12d3-a456-426614174000
        method: GET
      response:
        body: '` + cleanBody + `'
        headers:
            Content-Type:
                - application/json
            X-Ratelimit-Limit:
                - "60"
        code: 200
`

const cleanBody = `{"created_at":"2026-03-01T10:00:00.123Z","email":"person1@example.com",` +
	`"id":"123e4567-e89b-12d3-a456-426614174000","name":"text 1","phone":"+1 202 555 0199",` +
	`"properties":{"tf_acc_tier":"gold"}}`

func TestFlaws(t *testing.T) {
	if found := flaws(v1, []byte(clean), Key); len(found) > 0 {
		t.Fatalf("the clean cassette: %q", found)
	}
	for name, c := range map[string]struct{ old, bad, want string }{
		"no origin":              {originMock, "# Made up.", "where it was recorded"},
		"nothing in it":          {clean, originMock + "\n---\nversion: 2\ninteractions: []\n", "nothing in it"},
		"not a cassette":         {"version: 2", "version: [", "cannot be read"},
		"a header of a request":  {"Accept:", "Cookie:", "the header Cookie in its request"},
		"a header of a reply":    {"X-Ratelimit-Limit", "X-Request-Id", "the header X-Request-Id in its reply"},
		"a trailer":              {"response:", "response:\n        trailer: {Via: [x]}", "the header Via"},
		"an authorization":       {"- application/json", "- Bearer x", "a header with credentials"},
		"a bearer in a body":     {"text 1", "bearer", "a header with credentials"},
		"the key":                {"text 1", Key, "a credential"},
		"the key, otherwise":     {"gold", "acctest-k\\u0065y-5d1f0c7be2a94c38", "a credential"},
		"a client id":            {"gold", "ci_Q29va2llTW9u", "a client id or secret"},
		"a client secret":        {"174000\n", "174000?x=cs_Q29va2llTW9u\n", "a client id or secret"},
		"a header in a text":     {"gold", "X-Tidio-Openapi-Client-Id", "a header with credentials"},
		"a client's header":      {"Accept:", "X-Tidio-Openapi-Client-Secret:", "the header X-Tidio-Openapi-Client-Secret"},
		"a token":                {"gold", "x9f3k2m8q7w5e1r6t4y0", "looks like a key"},
		"a token in an address":  {"174000\n", "174000?key=x9f3k2m8q7w5e1r6t4y0\n", "looks like a key"},
		"a token in a comment":   {"version: 2", "version: 2 # 5d1f0c7be2a94c38aa11", "looks like a key"},
		"an address":             {"person1@example.com", "jane@doe.example", "an e-mail address"},
		"an address like ours":   {"person1@example.com", "person1@example.com.de", "an e-mail address"},
		"an address in a text":   {"gold", "mail jane@doe.example please", "an e-mail address"},
		"an address, escaped":    {"person1@", "jane\\u0040doe.", "an e-mail address"},
		"an address in a query":  {"174000\n", "174000?email=jane%40doe.example\n", "an e-mail address"},
		"a cursor":               {"174000\n", "174000?cursor=amFuZQ%3D%3D\n", "a cursor that is not scrubbed"},
		"an address as a field":  {"tf_acc_tier", "jane@doe.example", "an e-mail address"},
		"a phone":                {"+1 202 555 0199", "+49 30 1234567", "a phone number"},
		"a phone near the range": {"+1 202 555 0199", "+1 202 555 0200", "a phone number"},
		"a phone in a text":      {"gold", "call (030) 123-4567 now", "a phone number"},
		"a phone as an id":       {`"name":"text 1"`, `"distinct_id":"+49 30 1234567"`, "a phone number"},
		"a phone as a number":    {`"gold"`, "12125550123", "a phone number"},
		"another host":           {"https://api.tidio.co", "https://api.example.com", "another host"},
		"another API":            {"api.tidio.co/v1", "api.tidio.co", "another address"},
		"another Host":           {"host: api.tidio.co", "host: localhost", "another address"},
		"without TLS":            {"https://api", "http://api", "another address"},
		"a host in a body":       {"gold", "see http://crm.internal/1", "another host"},
		"a visitor's address":    {"gold", "203.0.113.9", "an IP address"},
		"a name":                 {"text 1", "Jane Doe", "not scrubbed"},
		"a reply that is no JSON": {
			`'{"created_at"`, `'<html>{"created_at"`, "not scrubbed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(clean, c.old, c.bad, 1)
			if bad == clean {
				t.Fatal("the sample is not bad")
			}
			found := strings.Join(flaws(v1, []byte(bad), Key), "\n")
			if !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
			if strings.Contains(found, "jane@") || strings.Contains(found, Key) {
				t.Errorf("it repeats what it found: %s", found)
			}
		})
	}
}
