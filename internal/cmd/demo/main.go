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
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// act is a command of the engine, with its expected result.
type act struct {
	title, look string
	panel       func() // what a teammate does before
	command     string

	exitCode   int
	says       []string // texts that the command prints, among others
	writes     bool     // a request other than GET is sent
	properties int      // how many the account holds afterwards
}

// The properties of the example that something happens to.
const edited, gone = "account_manager", "support_phone"

func overV1(mock *tidiomock.Mock) []act {
	return []act{
		{
			title:      "Create the contact schema",
			look:       "Look at the plan, and at the ids that the account gives to the new properties.",
			command:    "apply -auto-approve",
			says:       []string{"Apply complete! Resources: 10 added"},
			writes:     true,
			properties: 10,
		},
		{
			title:      "Plan again",
			look:       "Nothing to change: the account matches the configuration.",
			command:    "plan -detailed-exitcode",
			says:       []string{"No changes."},
			properties: 10,
		},
		{
			title:      "A teammate edits the label of " + edited + " in the panel",
			look:       "The API cannot change a label back: a warning says where to do it, and the plan stays empty.",
			panel:      func() { mock.SetPropertyLabel(edited, "Renamed by a teammate") },
			command:    "plan -detailed-exitcode",
			says:       []string{"Warning: ", edited, "Renamed by a teammate", "No changes."},
			properties: 10,
		},
		{
			title: "A teammate sets the label back, and deletes " + gone + " in the panel",
			look:  "The plan is to create it again, and touches nothing else.",
			panel: func() {
				mock.SetPropertyLabel(edited, "Account manager")
				mock.DeleteProperty(gone)
			},
			command:    "plan -detailed-exitcode",
			exitCode:   2,
			says:       []string{"tidio_property." + gone + " will be created", "1 to add, 0 to change, 0 to destroy"},
			properties: 9,
		},
		{
			title: "Plan to destroy it all",
			look: "The API cannot delete a property, and the plan says so: Terraform forgets it, Tidio keeps it.\n" +
				"The one with prevent_destroy = true fails the plan.",
			command:    "plan -destroy",
			exitCode:   1,
			says:       []string{"Warning: ", "stay in Tidio", "Error: ", "prevent_destroy"},
			properties: 9,
		},
	}
}

func overPublished(mock *tidiomock.Mock) []act {
	return []act{
		{
			title:      "One property is missing",
			look:       "The teammate's deletion fails the plan, which says what to create in the panel.",
			command:    "plan",
			exitCode:   1,
			says:       []string{"is not in Tidio", "Settings > Contact Properties"},
			properties: 9,
		},
		{
			title: "Somebody creates " + gone + " in the panel",
			look:  "Now the account matches the configuration. Terraform records the property, and writes nothing.",
			panel: func() {
				mock.AddProperty(tidiomock.Property{Name: gone, Label: "Direct line", Type: "phone"})
			},
			command:    "apply -auto-approve",
			says:       []string{"recorded, not created", "Apply complete!"},
			properties: 10,
		},
		{
			title:      "Plan again",
			look:       "The contract holds.",
			command:    "plan -detailed-exitcode",
			says:       []string{"No changes."},
			properties: 10,
		},
	}
}

func main() { os.Exit(engine.Perform("demo", play)) }

// play performs the acts. The first one without its expected result ends the demo with an error.
func play(ctx context.Context) error {
	began := time.Now()
	// A request or reply that breaks the contract is a failure, wherever it happens.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	mock := tidiomock.New(tidiomock.Config{OnViolation: cancel})
	server := httptest.NewServer(mock)
	defer server.Close()
	tool, err := engine.Find()
	if err != nil {
		return err
	}
	fmt.Printf("# %s; building the provider into a local mirror ...\n", tool.Path)
	mirror, err := engine.BuildMirror(ctx, filepath.Join(os.TempDir(), "mirror"))
	if err != nil {
		return err
	}
	for _, scene := range []struct {
		title, look string
		env         []string
		acts        []act
	}{
		{
			"Install the provider for an empty account, over v1", "A real init, from a local mirror instead of the registry.",
			[]string{"TIDIO_API_KEY=demo-key", "TIDIO_BASE_URL=" + server.URL + "/v1/"},
			overV1(mock),
		},
		{
			"The same account over the API that Tidio publishes, with a state that is empty",
			"It can read properties and not create them: the configuration is a contract that each plan checks.",
			[]string{"TIDIO_CLIENT_ID=ci_demo", "TIDIO_CLIENT_SECRET=cs_demo", "TIDIO_BASE_URL=" + server.URL},
			overPublished(mock),
		},
	} {
		space, err := tool.NewWorkspace(engine.Options{
			Mirror: mirror, Env: append(scene.env, colors()...), Output: os.Stdout,
		})
		if err != nil {
			return err
		}
		if err := space.CopyTree("examples/contact-schema", "."); err != nil {
			return err
		}
		fmt.Printf("\n== %s\n%s\n\n# %s\n$ %s init\n", scene.title, scene.look, strings.Join(scene.env, " "), tool.Name)
		if err := space.Init(ctx); err != nil {
			return err
		}
		for _, a := range scene.acts {
			err := a.perform(ctx, mock, space)
			if err = errors.Join(context.Cause(ctx), err); err != nil {
				return fmt.Errorf("%s: %w", a.title, err)
			}
		}
	}
	fmt.Printf("\nEverything held: %d requests to the mock, %s.\n",
		len(mock.Requests()), time.Since(began).Round(100*time.Millisecond))
	return nil
}

// perform runs an act's command and checks the result.
func (a act) perform(ctx context.Context, mock *tidiomock.Mock, space *engine.Workspace) error {
	fmt.Printf("\n== %s\n%s\n\n$ %s %s\n", a.title, a.look, space.Engine.Name, a.command)
	if a.panel != nil {
		a.panel()
	}
	before := len(mock.Requests())
	result, err := space.Expect(ctx, a.exitCode, strings.Fields(a.command)...)
	if err != nil {
		return err
	}
	for _, text := range a.says {
		if !strings.Contains(result.Text(), text) {
			return fmt.Errorf("the output does not contain %q", text)
		}
	}
	written := slices.ContainsFunc(mock.Requests()[before:], func(r tidiomock.Request) bool {
		return r.Method != http.MethodGet
	})
	if written != a.writes {
		return fmt.Errorf("sent a request other than GET: %t, expected %t", written, a.writes)
	}
	if n := len(mock.Properties()); n != a.properties {
		return fmt.Errorf("the account holds %d properties, expected %d", n, a.properties)
	}
	wrote := map[bool]string{true: "something was written", false: "nothing was written"}[written]
	fmt.Printf("✓ exit code %d; %s; the account holds %d properties\n", a.exitCode, wrote, a.properties)
	return nil
}

// colors let the engine print in colour if whoever reads stdout can and wants to see it.
func colors() []string {
	info, err := os.Stdout.Stat()
	if err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" {
		return []string{"TF_CLI_ARGS="}
	}
	return nil
}
