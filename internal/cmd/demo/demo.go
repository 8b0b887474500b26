package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
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

// demo is what the acts share.
type demo struct {
	stage

	engine *engine.Engine
	space  *engine.Workspace
	mock   *tidiomock.Mock

	// properties are what the configuration manages, by what the state held after the apply.
	properties []property
	requests   int      // those that the mock's log has no longer
	gone       property // the one that a teammate has deleted
}

// property is a tidio_property in the state.
type property struct {
	address string

	ID    string
	Name  string
	Label string
	Type  string
}

// play sets the stage, runs the acts and removes everything. The first act that does not show what
// it says ends the demo with an error.
func play(ctx context.Context, s stage) (err error) {
	began := time.Now()
	// A request or reply that breaks the contract is a failure, wherever it happens.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d := &demo{stage: s, mock: tidiomock.New(tidiomock.Config{
		APIKey: apiKey, ClientID: clientID, ClientSecret: clientSecret, OnViolation: cancel,
	})}

	baseURL, stop, err := serve(ctx, d.mock)
	if err != nil {
		return err
	}
	defer stop()

	d.heading("Preparing", "The mock of the API plays an empty Tidio account, first over v1; its key is "+apiKey+".")
	if d.engine, err = engine.Find(ctx); err != nil {
		return err
	}
	d.aside("engine: %s", d.engine.Path)
	d.aside("building the provider into a local mirror ...")
	mirror, err := os.MkdirTemp("", "tidio-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(mirror)) }()
	if _, err := engine.BuildMirror(ctx, mirror); err != nil {
		return err
	}
	for _, part := range []struct {
		env  []string
		acts []func(context.Context) error
	}{
		{
			[]string{"TIDIO_API_KEY=" + apiKey, "TIDIO_BASE_URL=" + baseURL + "v1/"},
			[]func(context.Context) error{d.install, d.create, d.planAgain, d.labelEdited, d.deleted, d.destroy},
		},
		{
			[]string{
				"TIDIO_CLIENT_ID=" + clientID, "TIDIO_CLIENT_SECRET=" + clientSecret, "TIDIO_BASE_URL=" + baseURL,
			},
			[]func(context.Context) error{d.installAgain, d.missing, d.contract},
		},
	} {
		if err := d.perform(ctx, mirror, part.env, part.acts); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	fmt.Fprintf(s.w, "\n%s\n", s.paint(bold, fmt.Sprintf("Everything held: %d requests to the mock, %s.",
		d.requests+len(d.mock.Requests()), time.Since(began).Round(100*time.Millisecond))))
	return nil
}

// perform runs acts in a workspace of their own, with a copy of the example.
func (d *demo) perform(
	ctx context.Context, mirror string, env []string, acts []func(context.Context) error,
) (err error) {
	root, err := engine.ModuleDir(ctx)
	if err != nil {
		return err
	}
	d.space, err = d.engine.NewWorkspace(engine.Options{Mirror: mirror, Env: env, Output: d.w, Color: d.color})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.space.Close()) }()
	if err := d.space.CopyConfig(filepath.Join(root, "examples", "contact-schema")); err != nil {
		return err
	}
	d.aside("configuration: a copy of examples/contact-schema")
	d.aside("%s", strings.Join(env, " "))
	for _, act := range acts {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

// serve runs the mock on a free port of the loopback interface.
func serve(ctx context.Context, mock *tidiomock.Mock) (baseURL string, stop func(), err error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: mock, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // Its only error is that it was closed.
	return "http://" + listener.Addr().String() + "/", func() { _ = server.Close() }, nil
}

func (d *demo) install(ctx context.Context) error {
	d.heading("Install the provider", "A real init, from a local mirror instead of the registry.")
	_, err := d.run(ctx, 0, "init")
	return err
}

func (d *demo) create(ctx context.Context) error {
	d.heading("Create the contact schema",
		"Look at the plan, and at the ids that the account gives to the new properties.")
	if _, err := d.run(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}

	var err error
	if d.properties, err = d.state(); err != nil {
		return err
	}
	if len(d.properties) == 0 {
		return errors.New("nothing was created")
	}
	if err := d.accountHolds(d.properties); err != nil {
		return err
	}
	types := map[string]bool{}
	for _, p := range d.properties {
		types[p.Type] = true
	}
	d.held("the account holds the %d properties of %d types", len(d.properties), len(types))
	return nil
}

func (d *demo) planAgain(ctx context.Context) error {
	d.heading("Plan again", "Nothing to change: what the account says is what the configuration says.")
	if err := d.runAndFind(ctx, 0, []string{"plan", "-detailed-exitcode"}, "No changes."); err != nil {
		return err
	}
	d.held("exit code 0: nothing to change")
	return nil
}

func (d *demo) labelEdited(ctx context.Context) error {
	edited, label := d.properties[0], "Renamed by a teammate"
	d.heading("A teammate edits a label in the panel",
		"The API cannot change a label back: a warning says where to do it, and the plan stays empty.")
	d.aside("in the panel: the label of %s is now %q", edited.Name, label)
	d.mock.SetPropertyLabel(edited.Name, label)
	// Back afterwards: the next act is about something else.
	defer d.mock.SetPropertyLabel(edited.Name, edited.Label)
	err := d.runAndFind(ctx, 0, []string{"plan", "-detailed-exitcode"},
		"Warning: ", edited.Name, label, "No changes.")
	if err != nil {
		return err
	}
	d.held("a warning, and exit code 0: nobody's plan is blocked")
	return nil
}

func (d *demo) deleted(ctx context.Context) error {
	gone := d.properties[len(d.properties)-1]
	d.heading("A teammate deletes a property in the panel",
		"The plan is to create it again, and touches nothing else.")
	d.aside("in the panel: %s is deleted", gone.Name)
	d.mock.DeleteProperty(gone.Name)
	d.gone = gone
	d.properties = d.properties[:len(d.properties)-1]
	err := d.runAndFind(ctx, 2, []string{"plan", "-detailed-exitcode"},
		gone.address+" will be created", "1 to add, 0 to change, 0 to destroy")
	if err != nil {
		return err
	}
	d.held("exit code 2: one to create")
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	d.heading("Plan to destroy it all", "The API cannot delete a property, and the plan says so: "+
		"Terraform forgets it, Tidio keeps it.\nThe one with prevent_destroy = true fails the plan.")
	err := d.runAndFind(ctx, 1, []string{"plan", "-destroy"}, "Warning: ", "stay in Tidio", "Error: ", "prevent_destroy")
	if err != nil {
		return err
	}
	if err := d.accountHolds(d.properties); err != nil {
		return err
	}
	d.held("a warning and an error; the account holds what it held, %d properties", len(d.properties))
	return nil
}

func (d *demo) installAgain(ctx context.Context) error {
	d.heading("The same account over the API that Tidio publishes",
		"It can read properties and not create them: the configuration is a contract that each plan checks.")
	_, err := d.run(ctx, 0, "init")
	return err
}

func (d *demo) missing(ctx context.Context) error {
	d.heading("One property is missing", "The teammate's deletion fails the plan, which says what to create in the panel.")
	d.requests = len(d.mock.Requests())
	d.mock.ResetRequests()
	if err := d.runAndFind(ctx, 1, []string{"plan"}, "is not in Tidio", "Settings > Contact Properties"); err != nil {
		return err
	}
	d.held("an error; nothing but GET was sent")
	return d.onlyRead()
}

func (d *demo) contract(ctx context.Context) error {
	d.heading("Somebody creates it in the panel",
		"Now the account is what the configuration says. Terraform records it, and writes nothing.")
	d.aside("in the panel: %s is created", d.gone.Name)
	d.mock.AddProperty(tidiomock.Property{Name: d.gone.Name, Label: d.gone.Label, Type: d.gone.Type})
	err := d.runAndFind(ctx, 0, []string{"apply", "-auto-approve"}, "recorded, not created", "Apply complete!")
	if err != nil {
		return err
	}
	if err := d.runAndFind(ctx, 0, []string{"plan", "-detailed-exitcode"}, "No changes."); err != nil {
		return err
	}
	d.held("exit code 0: the contract holds, and nothing but GET was sent")
	return d.onlyRead()
}

// onlyRead checks that nothing was written.
func (d *demo) onlyRead() error {
	for _, r := range d.mock.Requests() {
		if r.Method != http.MethodGet {
			return fmt.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
	return nil
}

// run shows a command with its output and returns the output for comparing. Another exit code than
// the one wanted is an error.
func (d *demo) run(ctx context.Context, exitCode int, args ...string) (string, error) {
	d.prompt(append([]string{d.engine.Name}, args...)...)
	result, err := d.space.Run(ctx, args...)
	if err != nil {
		return "", err
	}
	if result.ExitCode != exitCode {
		return "", fmt.Errorf("%s %s: exit code %d, not %d",
			d.engine.Name, strings.Join(args, " "), result.ExitCode, exitCode)
	}
	return result.Text(), nil
}

// runAndFind is run for a command whose output must contain some texts.
func (d *demo) runAndFind(ctx context.Context, exitCode int, args []string, texts ...string) error {
	output, err := d.run(ctx, exitCode, args...)
	if err != nil {
		return err
	}
	for _, text := range texts {
		if !strings.Contains(output, text) {
			return fmt.Errorf("%s %s did not say %q", d.engine.Name, strings.Join(args, " "), text)
		}
	}
	return nil
}

// state reads the properties from the state file.
func (d *demo) state() ([]property, error) {
	content, err := os.ReadFile(filepath.Join(d.space.Dir, "terraform.tfstate"))
	if err != nil {
		return nil, err
	}
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Attributes property }
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return nil, err
	}
	var found []property
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			p := instance.Attributes
			p.address = resource.Type + "." + resource.Name
			found = append(found, p)
		}
	}
	return found, nil
}

// accountHolds checks that the account holds exactly these properties.
func (d *demo) accountHolds(want []property) error {
	held := map[string]tidiomock.Property{}
	for _, p := range d.mock.Properties() {
		held[p.Name] = p
	}
	for _, p := range want {
		got := held[p.Name]
		if got.ID != p.ID || got.Type != p.Type || got.Label != p.Label {
			return fmt.Errorf("%s is %+v in the account, not as in the state: %+v", p.address, got, p)
		}
	}
	if len(held) != len(want) {
		return fmt.Errorf("the account holds %d properties, not %d", len(held), len(want))
	}
	return nil
}
