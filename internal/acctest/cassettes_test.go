package acctest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// suspect is what looks like an e-mail address, a phone number, a URL, a credential or its header.
var suspect = regexp.MustCompile(`[^\s"]*@[^\s"]*|\+?(\d[ ()./-]*){9,}|://|([A-Za-z]+\d+){3}|[A-Za-z0-9]{24,}|` +
	`\bc[is]_|(?i)bearer|authorization|x-tidio`)

// mayBeKept reports whether an interaction is as the scrubber leaves it, and nothing in it is suspect all the same.
func mayBeKept(i *cassette.Interaction) bool {
	scrubbed := *i
	scrubber{}.interaction(&scrubbed)
	text := fmt.Sprintln(i.Request.URL, i.Request.Headers, i.Response.Headers["Content-Type"], i.Request.Body, i.Response.Body)
	return reflect.DeepEqual(scrubbed, *i) && slices.Contains([]string{"mock", "live"}, i.Request.Host) &&
		!slices.ContainsFunc(suspect.FindAllString(text, -1), func(s string) bool { return !keptValue.MatchString(s) })
}

func TestCassettes_holdNoSecrets(t *testing.T) {
	files, _ := filepath.Glob("../provider/testdata/cassettes/*.yaml")
	if len(files) == 0 {
		t.Fatal("there is no cassette")
	}
	for _, file := range files {
		recorded, err := cassette.Load(strings.TrimSuffix(file, ".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range recorded.Interactions {
			if !mayBeKept(i) { // a log is public, too: do not say what it is
				t.Errorf("%s: interaction %d holds what is not on the lists of what may be kept", file, i.ID)
			}
		}
	}
}

func TestCassettes_badOnesAreFound(t *testing.T) {
	const clean = `{version: 2, interactions: [{request: {method: GET, host: live, url: "contacts/invented-1?page=2",
	  headers: {Accept: [application/json]}, body: '{"email":"tf_acc_jane@example.com","phone":"+1 202 555 0143"}'},
	  response: {code: 200, content_length: -1, headers: {X-Ratelimit-Reset: ["1772445600"]},
	  body: '{"id":900000001,"name":"invented-2","updated_at":"2026-03-02T09:30:12.123456Z"}'}}]}`
	name := filepath.Join(t.TempDir(), "bad")
	for _, change := range []string{
		"live => live", "live => api.tidio.co", "Accept => Authorization", "Reset => Token", "url => remote_addr: x, url",
		"invented-2 => Jane", "900000001 => 4711", "900000001 => 12125550143", "0143 => 0243", `{"id => <p>{"id`,
		`"name":"invented-2" => "new":"x"`, "contacts/invented-1 => contacts/cont_2vh8m5xqtk", "page=2 => cursor=amFuZQ",
		"example.com => doe.example", "tf_acc_jane => " + Key, "2026-03-02 => jane@doe.example",
		"2026-03-02 => +49 30 1234567", "2026-03-02 => " + ClientID, "[app => [https://doe.example", "[app => [Bearer x",
	} {
		old, bad, _ := strings.Cut(change, " => ")
		if err := os.WriteFile(name+".yaml", []byte(strings.Replace(clean, old, bad, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		recorded, err := cassette.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if mayBeKept(recorded.Interactions[0]) != (bad == old) {
			t.Errorf("wrong about %s", change)
		}
	}
}

func TestCassette_saysWhatIsWrong(t *testing.T) {
	t.Chdir("../provider")
	var said []string
	t.Run("replay", func(t *testing.T) {
		c := NewCassette(t, "v1_operators")
		c.fail = func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
		resp, err := c.RoundTrip(httptest.NewRequestWithContext(t.Context(), "GET", c.base+"contacts", http.NoBody))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	})
	want := "v1_operators has no GET /v1/contacts .*`make record`.*v1_operators: nothing asked for GET operators: `make"
	if all := strings.Join(said, " "); !regexp.MustCompile(want).MatchString(all) {
		t.Error(all)
	}
}
