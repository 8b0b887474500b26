// Command demo shows what the provider does, and fails if it does not: it runs a real Terraform or
// OpenTofu with the provider of this checkout against the mock of the API. No account is needed, and
// nothing is left behind.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The credentials of the account, for each of its APIs.
const (
	apiKey       = "demo-key"
	clientID     = "ci_demo"
	clientSecret = "cs_demo"
)

const example = "examples/contact-schema"

func main() { os.Exit(engine.Perform("demo", play)) }

// play sets the stage and runs the acts. The first act that does not show what
// it says ends the demo with an error.
func play(ctx context.Context) error {
	began := time.Now()
	// A request or reply that breaks the contract is a failure, wherever it happens.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	mock := tidiomock.New(tidiomock.Config{
		APIKey: apiKey, ClientID: clientID, ClientSecret: clientSecret, OnViolation: cancel,
	})
	server := httptest.NewServer(mock)
	defer server.Close()

	heading("Preparing", "The mock of the API plays an empty Tidio account, first over v1; its key is "+apiKey+".")
	aside("building the provider into a local mirror ...")
	v1 := []string{"TIDIO_API_KEY=" + apiKey, "TIDIO_BASE_URL=" + server.URL + "/v1/"}
	space, err := engine.Open(ctx, engine.Options{Env: append(v1, colors()...), Output: os.Stdout})
	if err != nil {
		return err
	}
	aside("engine: %s", space.Engine.Path)
	aside("configuration: a copy of %s", example)
	if err := perform(ctx, mock, space, v1, overV1(mock)); err != nil {
		return err
	}

	// A workspace of its own: the state begins empty.
	published := []string{
		"TIDIO_CLIENT_ID=" + clientID, "TIDIO_CLIENT_SECRET=" + clientSecret, "TIDIO_BASE_URL=" + server.URL + "/",
	}
	second, err := space.Engine.NewWorkspace(engine.Options{
		Mirror: space.Mirror, Env: append(published, colors()...), Output: os.Stdout,
	})
	if err != nil {
		return err
	}
	if err := perform(ctx, mock, second, published, overPublished(mock)); err != nil {
		return err
	}
	fmt.Printf("\n%s\n", paint(bold, fmt.Sprintf("Everything held: %d requests to the mock, %s.",
		len(mock.Requests()), time.Since(began).Round(100*time.Millisecond))))
	return context.Cause(ctx)
}

// perform runs acts in a workspace with a copy of the example.
func perform(ctx context.Context, mock *tidiomock.Mock, space *engine.Workspace, env []string, acts []act) error {
	if err := space.CopyTree(example, "."); err != nil {
		return err
	}
	aside("%s", strings.Join(env, " "))
	for _, a := range acts {
		heading(a.title, a.look)
		if a.panel != nil {
			aside("in the panel: %s", a.panel())
		}
		fmt.Println(paint(bold, "$ "+space.Engine.Name+" "+a.command))
		before := len(mock.Requests())
		result, err := space.Expect(ctx, a.exitCode, strings.Fields(a.command)...)
		if err = errors.Join(context.Cause(ctx), err); err != nil {
			return err
		}
		if err := a.check(result.Text(), mock.Requests()[before:], len(mock.Properties())); err != nil {
			return fmt.Errorf("%s: %w", a.command, err)
		}
		fmt.Printf("%s %s\n", paint(green, "✓"), a.held)
	}
	return nil
}

// check compares what a command came to with what it must come to.
func (a act) check(printed string, sent []tidiomock.Request, properties int) error {
	for _, text := range a.says {
		if !strings.Contains(printed, text) {
			return fmt.Errorf("it did not say %q", text)
		}
	}
	for _, r := range sent {
		if r.Method != http.MethodGet && !a.writes {
			return fmt.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
	if properties != a.properties {
		return fmt.Errorf("the account holds %d properties, not %d", properties, a.properties)
	}
	return nil
}

const (
	bold  = "1"
	dim   = "2"
	green = "32"
)

// color is whether whoever reads stdout can and wants to see colours.
var color = func() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 &&
		os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}()

func paint(style, text string) string {
	if !color {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// colors are the engine's settings for the same.
func colors() []string {
	if color {
		return []string{"TF_CLI_ARGS="}
	}
	return nil
}

// heading opens an act and says what to look at.
func heading(title, look string) { fmt.Printf("\n%s\n%s\n\n", paint(bold, "== "+title), look) }

// aside tells what happens outside of Terraform.
func aside(format string, args ...any) { fmt.Println(paint(dim, "# "+fmt.Sprintf(format, args...))) }
