package acctest

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Prefix begins the names of whatever a recording creates, so that it can be told apart in a live
// account, and so that it is known not to be anybody's personal data.
const Prefix = "tf_acc_"

// The environment of a recording: `make record` sets the first, the other one and the credentials of
// an API name the account.
const (
	recordVariable  = "TIDIO_RECORD"
	addressVariable = "TIDIO_BASE_URL"
)

// api is one of the two APIs. The names of its cassettes begin with its own.
type api struct {
	name, host, root string   // where every cassette says it was recorded
	credentials      []string // the variables that hold them
	replayed         string   // what is in the provider block instead of them
}

var (
	v1 = &api{
		name: "v1", host: "api.tidio.co", root: "/v1/",
		credentials: []string{"TIDIO_API_KEY"}, replayed: `api_key = "replayed"`,
	}
	published = &api{
		name: "published", host: "api.tidio.com", root: "/",
		credentials: []string{"TIDIO_CLIENT_ID", "TIDIO_CLIENT_SECRET"},
		replayed:    "client_id = \"replayed\"\n  client_secret = \"replayed\"",
	}
)

// apiOf is the API that a cassette is of.
func apiOf(cassette string) *api {
	if strings.HasPrefix(cassette, published.name+"_") {
		return published
	}
	return v1
}

func (a *api) base() string { return "https://" + a.host + a.root }

// fromEnv are the credentials in the environment.
func (a *api) fromEnv() []string {
	var found []string
	for _, variable := range a.credentials {
		if value := strings.TrimSpace(os.Getenv(variable)); value != "" {
			found = append(found, value)
		}
	}
	return found
}

// cassettes is where the cassettes are, seen from the package that plays them.
var cassettes = filepath.Join("testdata", "cassettes")

func recording() bool { return os.Getenv(recordVariable) != "" }

// cassetteFile is where a cassette is.
func cassetteFile(name string) string { return filepath.Join(cassettes, name+".yaml") }

// Cassettes returns the names of all the cassettes there are.
func Cassettes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(cassetteFile("*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no cassette: %v", err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".yaml")
	}
	return files
}

// readCassette returns the file of a cassette.
func readCassette(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(cassetteFile(name))
	if err != nil {
		t.Fatalf("there is no cassette, `make record` makes it: %v", err)
	}
	return content
}

// readTape returns what is on a cassette.
func readTape(t *testing.T, name string) tape {
	t.Helper()
	recorded, err := load(readCassette(t, name))
	if err != nil {
		t.Fatalf("%s: %v", cassetteFile(name), err)
	}
	return recorded
}

// Cassette stands in for the API. It replays what was recorded, without a network, unless
// `make record` runs: then it records.
type Cassette struct {
	t         *testing.T
	provider  string // block of the configuration
	transport http.RoundTripper
}

// NewCassette puts in a cassette: its name is that of an API, v1 or published, and of a family of
// endpoints, as in v1_contacts. A recording skips those of the API that it has no credentials of. It is
// written only if the test has passed; when replaying, the test must have used all of it.
func NewCassette(t *testing.T, name string) *Cassette {
	t.Helper()
	c := &Cassette{t: t}
	if !recording() {
		p := newPlayer(cassetteFile(name), readTape(t, name), t.Errorf)
		// A request that was not recorded fails at once, and not again and again.
		c.provider = "provider \"tidio\" {\n  " + apiOf(name).replayed + "\n  max_retries = 0\n}\n\n"
		c.transport = p
		c.whenPassed(p.allUsed)
		return c
	}

	from, lacks := newSource(t, apiOf(name))
	if lacks != "" {
		t.Skip("not recorded, because the environment has no " + lacks)
	}
	r, err := newRecorder(cassetteFile(name), from)
	if err != nil {
		t.Fatal(err)
	}
	c.provider, c.transport = from.provider, r
	c.whenPassed(r.Stop)
	return c
}

// whenPassed ends a test, after whatever it destroys at its end.
func (c *Cassette) whenPassed(eject func() error) {
	c.t.Cleanup(func() {
		if c.t.Failed() {
			return
		}
		if err := eject(); err != nil {
			c.t.Error(err)
		}
	})
}

// Config puts a provider block for the cassette in front of a configuration.
func (c *Cassette) Config(blocks ...string) string {
	return c.provider + strings.Join(blocks, "\n")
}

// Core returns a [Core] whose requests the cassette answers.
func (c *Cassette) Core() *Core {
	c.t.Helper()
	return NewCore(c.t, provider.WithTransport(c.transport))
}

// source is the account that a recording is made from.
type source struct {
	api      *api
	origin   string // what the cassette says about it
	provider string // block of the configuration
	base     *url.URL
	secrets  []string // the credentials
}

// newSource is the account that the environment names, or else a mock with its seed data. lacks are the
// variables that are missing if the environment has credentials of the other API only.
func newSource(t *testing.T, of *api) (from source, lacks string) {
	t.Helper()
	other := v1
	if of == v1 {
		other = published
	}
	secrets, address := of.fromEnv(), os.Getenv(addressVariable)
	// The credentials stay in the environment: they must not be in the files of the engine.
	from = source{api: of, origin: originMock, secrets: secrets, provider: "provider \"tidio\" {}\n\n"}
	switch foreign := other.fromEnv(); {
	case len(secrets) > 0 && len(foreign) > 0:
		t.Fatal("the environment has credentials of both APIs: record one after the other")
	case len(foreign) > 0:
		return from, strings.Join(of.credentials, " and ")
	case len(secrets) == 0 && address == "":
		m := NewMock(t, tidiomock.Config{PageSize: 10}) // so that some lists have two pages
		m.Seed()
		address, from.provider = m.URL, m.Config()
		if of == published {
			address, from.provider = m.Published, m.PublishedConfig()
		}
		from.secrets = mockSecrets
	}
	base, err := tidio.ParseBaseURL(cmp.Or(address, of.base()))
	if err != nil {
		t.Fatalf("%s: %v", addressVariable, err)
	}
	if !isLoopback(base.Hostname()) {
		from.origin = originLive
	}
	from.base = base
	return from, ""
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
