package engine

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// patience is how long an interrupted engine may take before it is killed: it waits for the
	// request in flight and writes its state.
	patience = 20 * time.Second

	// farewell is how long what an engine has started may take to end after it.
	farewell = 2 * time.Second
)

// Options configure a [Workspace].
type Options struct {
	// Config is the content of main.tf.
	Config string

	// Mirror is a directory made by [BuildMirror], the only place providers are installed from: its
	// absolute path. Empty for configurations that need no provider.
	Mirror string

	// Env holds KEY=value settings for the engine and its providers. An empty TF_CLI_ARGS lets the
	// engine print in colour.
	Env []string

	// Output receives what the engine prints, as it prints it, besides the [Result]. It must be safe
	// for use by two goroutines. May be nil.
	Output io.Writer
}

// Workspace is a temporary directory with a configuration, its state, and the settings the engine
// runs with. It runs one command at a time.
type Workspace struct {
	Engine *Engine
	Dir    string // where the engine runs: configuration goes here

	root   string
	env    []string
	output io.Writer
}

// NewWorkspace makes a workspace for the engine. Outside of [Perform] the caller closes it.
func (e *Engine) NewWorkspace(o Options) (*Workspace, error) {
	root, err := os.MkdirTemp("", "tidio-workspace-")
	if err != nil {
		return nil, err
	}
	cliConfig, bin := filepath.Join(root, "cli.tfrc"), filepath.Join(root, "bin")
	w := &Workspace{
		Engine: e,
		Dir:    filepath.Join(root, "config"),
		root:   root,
		env: slices.Concat(CleanEnv(), []string{
			"TF_CLI_CONFIG_FILE=" + cliConfig, "TF_CLI_ARGS=-no-color", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
			"CHECKPOINT_DISABLE=1", "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		}, o.Env),
		output: cmp.Or(o.Output, io.Discard),
	}
	// What a user has configured cannot change what runs here: nothing is installed from anywhere else.
	installation := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(o.Mirror))
	err = errors.Join(
		os.WriteFile(cliConfig, []byte(installation), 0o600),
		os.Mkdir(bin, 0o755),
		os.Symlink(e.Path, filepath.Join(bin, "terraform")), // for scripts
		w.WriteFile("main.tf", o.Config),
	)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Close removes the workspace with everything in it.
func (w *Workspace) Close() error { return os.RemoveAll(w.root) }

// CleanEnv is the environment without what would make the engine or the provider behave differently
// on this machine.
func CleanEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(setting string) bool {
		name := strings.ToUpper(setting)
		return strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "TIDIO_")
	})
}

// WriteFile writes a file beside or below the configuration.
func (w *Workspace) WriteFile(name, content string) error {
	path := filepath.Join(w.Dir, name)
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o600))
}

// engineFile matches the path of what an engine writes into the directory where it runs.
var engineFile = regexp.MustCompile(`(^|/)\.terraform|\.tfstate`)

// CopyTree copies a directory to a place beside or below the configuration, without what an engine
// may have left in it.
func (w *Workspace) CopyTree(from, to string) error {
	return fs.WalkDir(os.DirFS(from), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || engineFile.MatchString(path) {
			return err
		}
		content, err := os.ReadFile(filepath.Join(from, path))
		if err != nil {
			return err
		}
		return w.WriteFile(filepath.Join(to, path), string(content))
	})
}

// Result is what a command that ran to its end has printed and returned.
type Result struct {
	Stdout   string
	Stderr   string
	ExitCode int

	Took time.Duration // from start to end
	CPU  time.Duration // what the engine has used, and the providers that it has waited for

	// Left is set if something that the engine had started outlived it, and was killed: a provider,
	// say.
	Left bool
}

var decoration = regexp.MustCompile("\x1b\\[[0-9;]*m|[╷│╵]")

// Text is all that was printed, without what an engine does for a terminal: colours, frames and
// line breaks. A sentence that was wrapped can be found in it.
func (r Result) Text() string {
	return strings.Join(strings.Fields(decoration.ReplaceAllString(r.Stdout+"\n"+r.Stderr, " ")), " ")
}

// Init runs `init`, which must succeed.
func (w *Workspace) Init(ctx context.Context) error {
	_, err := w.Expect(ctx, 0, "init")
	return err
}

// Expect runs a command to its end. Another exit code than the given one is an error.
func (w *Workspace) Expect(ctx context.Context, exitCode int, args ...string) (Result, error) {
	result, err := w.Run(ctx, args...)
	if err == nil && result.ExitCode != exitCode {
		err = fmt.Errorf("%s %s: exit code %d, want %d\n%s%s",
			w.Engine.Name, strings.Join(args, " "), result.ExitCode, exitCode, result.Stdout, result.Stderr)
	}
	return result, err
}

// Run runs a command to its end. A non-zero exit code is a result and not an error. When the context
// ends, the engine is interrupted as by Ctrl-C and waited for, and the error is the context's.
func (w *Workspace) Run(ctx context.Context, args ...string) (Result, error) {
	command, err := w.Start(ctx, args...)
	if err != nil {
		return Result{}, err
	}
	return command.Wait()
}

// RunShell runs a script of the POSIX shell to its end, as [Workspace.Run] does a command: `terraform`
// in it is the engine, whichever it is.
func (w *Workspace) RunShell(ctx context.Context, script string) (Result, error) {
	command, err := w.start(ctx, "sh", "-c", script)
	if err != nil {
		return Result{}, err
	}
	return command.Wait()
}

// Command is a running command of the engine.
type Command struct {
	ctx            context.Context
	began          time.Time
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

// Start starts a command, which must be waited for. The context's end interrupts it.
func (w *Workspace) Start(ctx context.Context, args ...string) (*Command, error) {
	return w.start(ctx, w.Engine.Path, args...)
}

func (w *Workspace) start(ctx context.Context, name string, args ...string) (*Command, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	c := &Command{ctx: ctx, began: time.Now(), cmd: cmd}
	cmd.Env = w.env
	cmd.Dir = w.Dir
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&c.stdout, w.output), io.MultiWriter(&c.stderr, w.output)
	// Away from the terminal's process group: Ctrl-C would reach the engine twice, from the terminal
	// and from us, and at the second one an engine exits at once, without writing its state.
	detach(cmd)
	cmd.Cancel = c.Interrupt
	cmd.WaitDelay = patience
	return c, cmd.Start()
}

// Interrupt asks the engine to stop, as Ctrl-C does. Its providers are not signalled: how they stop
// is between the engine and them. Windows cannot do this.
func (c *Command) Interrupt() error { return c.cmd.Process.Signal(os.Interrupt) }

// Wait waits for the command to end and returns what it printed. It is an error if the command was
// killed or the context ended, not if the exit code is another than zero.
func (c *Command) Wait() (Result, error) {
	err := c.cmd.Wait()
	took := time.Since(c.began)
	// An engine that had to be killed leaves its providers behind; another should leave nothing.
	for end := time.Now().Add(farewell); alive(c.cmd) && time.Now().Before(end); {
		<-time.After(10 * time.Millisecond)
	}
	state := c.cmd.ProcessState
	result := Result{
		Stdout:   c.stdout.String(),
		Stderr:   c.stderr.String(),
		ExitCode: state.ExitCode(),
		Took:     took,
		CPU:      state.UserTime() + state.SystemTime(),
		Left:     alive(c.cmd),
	}
	_ = kill(c.cmd) // an error means that nothing was left
	var exit *exec.ExitError
	switch {
	case c.ctx.Err() != nil:
		return result, context.Cause(c.ctx)
	case errors.As(err, &exit) && exit.Exited():
		return result, nil
	}
	return result, err
}
