package engine

import (
	"bytes"
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
	"sync"
	"time"
)

// patience is how long an interrupted process may take to finish what it is doing before it is
// killed. An engine that was interrupted waits for the request in flight and writes its state.
const patience = 20 * time.Second

// farewell is how long what an engine has started may take to end after it.
const farewell = 2 * time.Second

// Options configure a [Workspace].
type Options struct {
	// Mirror is a directory made by [BuildMirror]: the only place providers are installed from.
	// Empty for configurations that need no provider.
	Mirror string

	// Env holds KEY=value settings for the engine and its providers.
	Env []string

	// Output receives what the engine prints, as it prints it, besides the [Result]. May be nil.
	Output io.Writer

	// Color lets the engine print in colour.
	Color bool
}

// Workspace is a temporary directory with a configuration, its state, and the settings the engine
// runs with. It runs one command at a time.
type Workspace struct {
	// Dir is where the engine runs: configuration goes here.
	Dir string

	engine *Engine
	root   string
	env    []string
	output io.Writer
}

// NewWorkspace makes an empty workspace for the engine. The caller closes it.
func (e *Engine) NewWorkspace(o Options) (*Workspace, error) {
	root, err := os.MkdirTemp("", "tidio-workspace-")
	if err != nil {
		return nil, err
	}
	w := &Workspace{Dir: filepath.Join(root, "config"), engine: e, root: root, output: o.Output}
	cliConfig := filepath.Join(root, "cli.tfrc")
	err = errors.Join(
		os.Mkdir(w.Dir, 0o755),
		os.WriteFile(cliConfig, []byte(installation(o.Mirror)), 0o600),
	)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}

	w.env = append(cleanEnv(os.Environ()),
		"TF_CLI_CONFIG_FILE="+cliConfig,
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
		"CHECKPOINT_DISABLE=1",
	)
	if !o.Color {
		w.env = append(w.env, "TF_CLI_ARGS=-no-color")
	}
	w.env = append(w.env, o.Env...)
	return w, nil
}

// Close removes the workspace with everything in it.
func (w *Workspace) Close() error {
	return os.RemoveAll(w.root)
}

// installation returns a CLI configuration that installs our provider from the mirror and nothing
// from anywhere else: what a user has configured for himself cannot change what runs here.
func installation(mirror string) string {
	if mirror == "" {
		return "provider_installation {}\n"
	}
	addresses := make([]string, len(registryHosts))
	for i, host := range registryHosts {
		addresses[i] = fmt.Sprintf("%q", host+"/"+providerAddress)
	}
	return fmt.Sprintf(`provider_installation {
  filesystem_mirror {
    path    = %q
    include = [%s]
  }
}
`, filepath.ToSlash(mirror), strings.Join(addresses, ", "))
}

// cleanEnv drops what would make the engine or the provider behave differently on this machine.
func cleanEnv(environ []string) []string {
	var kept []string
	for _, setting := range environ {
		name := strings.ToUpper(setting)
		if !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "TIDIO_") {
			kept = append(kept, setting)
		}
	}
	return kept
}

// CopyConfig copies the configuration files of a directory, and nothing that an engine may have
// left beside them.
func (w *Workspace) CopyConfig(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no configuration in %s", dir)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		copied := filepath.Join(w.Dir, filepath.Base(file))
		if err := os.WriteFile(copied, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Result is what a command that ran to its end has printed and returned.
type Result struct {
	Stdout   string
	Stderr   string
	ExitCode int

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

// Init runs `init`. Unlike [Workspace.Run] it turns a failure into an error.
func (w *Workspace) Init(ctx context.Context, args ...string) error {
	result, err := w.Run(ctx, append([]string{"init"}, args...)...)
	if err != nil {
		return err
	}
	if result.ExitCode != 0 {
		return fmt.Errorf("%s init: exit code %d\n%s", w.engine.Name, result.ExitCode, result.Stderr)
	}
	return nil
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

// Command is a running command of the engine.
type Command struct {
	ctx            context.Context
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

// RunShell runs a script of the POSIX shell to its end, as [Workspace.Run] does a command: `terraform` in it is the
// engine, whichever it is.
func (w *Workspace) RunShell(ctx context.Context, script string) (Result, error) {
	bin := filepath.Join(w.root, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return Result{}, err
	}
	if err := os.Symlink(w.engine.Path, filepath.Join(bin, "terraform")); err != nil && !errors.Is(err, fs.ErrExist) {
		return Result{}, err
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	command, err := w.start(ctx, cmd, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	if err != nil {
		return Result{}, err
	}
	return command.Wait()
}

// Start starts a command, which must be waited for. The context's end interrupts it.
func (w *Workspace) Start(ctx context.Context, args ...string) (*Command, error) {
	return w.start(ctx, exec.CommandContext(ctx, w.engine.Path, args...))
}

func (w *Workspace) start(ctx context.Context, cmd *exec.Cmd, env ...string) (*Command, error) {
	c := &Command{ctx: ctx, cmd: cmd}
	cmd.Dir = w.Dir
	cmd.Env = slices.Concat(w.env, env)
	cmd.Stdout, cmd.Stderr = &c.stdout, &c.stderr
	if w.output != nil {
		// One lock for both: they are copied by a goroutine each.
		shared := &lockedWriter{w: w.output}
		cmd.Stdout = io.MultiWriter(&c.stdout, shared)
		cmd.Stderr = io.MultiWriter(&c.stderr, shared)
	}
	// Away from the terminal's process group: Ctrl-C would reach the engine twice, from the terminal
	// and from us, and at the second one an engine exits at once, without writing its state.
	detach(cmd)
	cmd.Cancel = c.Interrupt
	cmd.WaitDelay = patience
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return c, nil
}

// Interrupt asks the engine to stop, as Ctrl-C does. Its providers are not signalled: how they stop
// is between the engine and them.
func (c *Command) Interrupt() error {
	return interrupt(c.cmd.Process)
}

// Wait waits for the command to end and returns what it printed. It is an error if the command was
// killed or the context ended, not if the exit code is another than zero.
func (c *Command) Wait() (Result, error) {
	err := c.cmd.Wait()
	// An engine that had to be killed leaves its providers behind; another should leave nothing.
	left := !groupEnds(c.cmd, farewell)
	killGroup(c.cmd)
	result := Result{
		Left:     left,
		Stdout:   c.stdout.String(),
		Stderr:   c.stderr.String(),
		ExitCode: c.cmd.ProcessState.ExitCode(),
	}
	var exit *exec.ExitError
	switch {
	case c.ctx.Err() != nil:
		return result, context.Cause(c.ctx)
	case errors.As(err, &exit) && exit.Exited():
		return result, nil
	default:
		return result, err
	}
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements [io.Writer].
func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
