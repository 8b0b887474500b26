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

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Prefix begins the names of whatever a recording creates, so that it can be told apart in a live
// account, and so that it is known not to be anybody's personal data.
const Prefix = "tf_acc_"

// The environment of a recording: `make record` sets the first, the others name the account.
const (
	recordVariable  = "TIDIO_RECORD"
	keyVariable     = "TIDIO_API_KEY"
	addressVariable = "TIDIO_BASE_URL"
)

// cassettes is where the cassettes are, seen from the package that plays them.
var cassettes = filepath.Join("testdata", "cassettes")

func recording() bool { return os.Getenv(recordVariable) != "" }

// cassetteFile is where the cassette of a family is.
func cassetteFile(family string) string { return filepath.Join(cassettes, family+".yaml") }

// Cassettes returns the families of all the cassettes there are.
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
func readCassette(t *testing.T, family string) []byte {
	t.Helper()
	content, err := os.ReadFile(cassetteFile(family))
	if err != nil {
		t.Fatalf("there is no cassette, `make record` makes it: %v", err)
	}
	return content
}

// readTape returns what is on a cassette.
func readTape(t *testing.T, family string) tape {
	t.Helper()
	recorded, err := load(readCassette(t, family))
	if err != nil {
		t.Fatalf("%s: %v", cassetteFile(family), err)
	}
	return recorded
}

// Cassette stands in for the API. It replays what was recorded, without a network, unless
// `make record` runs: then it records.
type Cassette struct {
	t         *testing.T
	provider  string // block of the configuration
	transport http.RoundTripper
	eject     func() error // after the last step has passed
}

// NewCassette puts in the cassette of a family.
func NewCassette(t *testing.T, family string) *Cassette {
	t.Helper()
	c := &Cassette{t: t}
	if !recording() {
		p := newPlayer(cassetteFile(family), readTape(t, family), t.Errorf)
		// A request that was not recorded fails at once, and not again and again.
		c.provider = "provider \"tidio\" {\n  api_key     = \"replayed\"\n  max_retries = 0\n}\n\n"
		c.transport, c.eject = p, p.allUsed
		return c
	}

	from := newSource(t)
	r, err := newRecorder(cassetteFile(family), from)
	if err != nil {
		t.Fatal(err)
	}
	c.provider, c.transport, c.eject = from.provider, r, r.Stop
	return c
}

// Config puts a provider block for the cassette in front of a configuration.
func (c *Cassette) Config(blocks ...string) string {
	return c.provider + strings.Join(blocks, "\n")
}

// Test runs the steps of an acceptance test. A recording is written only if all of them have
// passed; when replaying, they must have used all of it.
func (c *Cassette) Test(steps ...resource.TestStep) {
	c.t.Helper()
	resource.ParallelTest(c.t, resource.TestCase{
		IsUnitTest:               true,
		ProtoV6ProviderFactories: Factories(provider.WithTransport(c.transport)),
		Steps:                    steps,
	})
	if c.t.Failed() {
		return
	}
	if err := c.eject(); err != nil {
		c.t.Error(err)
	}
}

// source is the account that a recording is made from.
type source struct {
	origin   string // what the cassette says about it
	provider string // block of the configuration
	base     *url.URL
	key      string
}

// newSource is the account that the environment names, or else a mock with its seed data.
func newSource(t *testing.T) source {
	t.Helper()
	key, address := strings.TrimSpace(os.Getenv(keyVariable)), os.Getenv(addressVariable)
	// The key stays in the environment: it must not be in the files of the engine.
	from := source{origin: originMock, key: key, provider: "provider \"tidio\" {}\n\n"}
	if key == "" && address == "" {
		m := NewMock(t, tidiomock.Config{})
		m.Seed()
		address, from.key, from.provider = m.URL, Key, m.Config()
	}
	base, err := tidio.ParseBaseURL(cmp.Or(address, tidio.V1BaseURL))
	if err != nil {
		t.Fatalf("%s: %v", addressVariable, err)
	}
	if !isLoopback(base.Hostname()) {
		from.origin = originLive
	}
	from.base = base
	return from
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
