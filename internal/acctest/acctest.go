// Package acctest is what acceptance tests share: a mock of the API per test, the provider inside
// the test's process for terraform-plugin-testing, and workspaces that run the real binary where a
// test looks at what the engine prints.
package acctest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// Key is the API key of every mock. It is long and odd, so that a search for it in logs and files
// finds nothing else.
const Key = "acctest-key-5d1f0c7be2a94c38"

// The client credentials of every mock, long and odd as well.
const (
	ClientID     = "ci_acctest-id-4b7e90d2c615af38"
	ClientSecret = "cs_acctest-secret-a1c93f07de5b2846"
)

// Main runs a package's tests with what they need in the environment. Call it from TestMain.
func Main(m *testing.M) {
	// A CLI configuration that names a missing file makes some engines unusable; a user's own must
	// not steer a test.
	_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull)
	_ = os.Setenv("CHECKPOINT_DISABLE", "1")
	if !recording() {
		for _, name := range []string{"TIDIO_API_KEY", "TIDIO_CLIENT_ID", "TIDIO_CLIENT_SECRET", "TIDIO_BASE_URL"} {
			_ = os.Unsetenv(name)
		}
	}
	var stop func()
	interrupted, stop = signal.NotifyContext(interrupted, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(interrupted, stop) // a second Ctrl-C ends this process at once
	code := m.Run()
	if mirrorDir != "" {
		_ = os.RemoveAll(mirrorDir)
	}
	os.Exit(code)
}

// interrupted ends when somebody presses Ctrl-C: no engine may outlive the tests.
var interrupted = context.Background()

// Mock is an account behind a server of its own.
type Mock struct {
	*tidiomock.Mock
	URL       string // base URL of v1
	Published string // base URL of the published API
}

// NewMock starts a mock. Whatever breaks the contract fails the test, and so does an armed fault
// that nothing met.
func NewMock(tb testing.TB, config tidiomock.Config) *Mock {
	tb.Helper()
	config.APIKey, config.ClientID, config.ClientSecret = Key, ClientID, ClientSecret
	config.OnViolation = func(err error) { tb.Errorf("the contract is broken: %v", err) }
	mock := tidiomock.New(config)
	server := httptest.NewServer(mock)
	tb.Cleanup(func() {
		server.Close()
		for _, f := range mock.Unfired() {
			tb.Errorf("armed, but nothing met it: %s on %s %s", f.Do, f.Method, f.Route)
		}
	})
	return &Mock{Mock: mock, URL: server.URL + "/v1/", Published: server.URL + "/"}
}

// Config puts a provider block for v1 of the mock in front of a configuration.
func (m *Mock) Config(blocks ...string) string {
	return providerBlock(fmt.Sprintf("api_key = %q", Key), m.URL) + strings.Join(blocks, "\n")
}

// PublishedConfig is Config for the published API.
func (m *Mock) PublishedConfig(blocks ...string) string {
	credentials := fmt.Sprintf("client_id = %q\n  client_secret = %q", ClientID, ClientSecret)
	return providerBlock(credentials, m.Published) + strings.Join(blocks, "\n")
}

func providerBlock(credentials, url string) string {
	return fmt.Sprintf("provider \"tidio\" {\n  %s\n  base_url = %q\n  request_timeout = \"20s\"\n}\n\n", credentials, url)
}

// Test runs the steps of an acceptance test, beside other tests, with the provider in this process.
// It needs no TF_ACC: the mock needs no account.
func Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	skipIfShort(t)
	resource.ParallelTest(t, resource.TestCase{
		IsUnitTest:               true,
		ProtoV6ProviderFactories: Factories(),
		Steps:                    steps,
	})
}

// recheckAfter is when reads that contradict a write are made again, unless a test says otherwise: soon.
var recheckAfter = []time.Duration{10 * time.Millisecond, 30 * time.Millisecond, 100 * time.Millisecond}

// Factories serve the provider from this process.
func Factories(options ...provider.Option) map[string]func() (tfprotov6.ProviderServer, error) {
	options = append([]provider.Option{provider.WithRecheckAfter(recheckAfter...)}, options...)
	return map[string]func() (tfprotov6.ProviderServer, error){
		"tidio": providerserver.NewProtocol6WithError(provider.New("test", options...)()),
	}
}
