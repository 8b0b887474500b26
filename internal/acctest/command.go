package acctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	// patience is how long an interrupted engine may take before it is killed: it waits for the
	// request in flight and writes its state.
	patience = 20 * time.Second

	// farewell is how long what an engine has started may take to end after it.
	farewell = 2 * time.Second
)

// Output is what a command that ran to its end has printed and returned.
type Output struct {
	Stdout, Stderr string
	ExitCode       int

	Took time.Duration // from start to end
	CPU  time.Duration // what the engine has used, and the providers that it has waited for

	// Left is set if something that the engine had started outlived it, and was killed: a provider,
	// say.
	Left bool
}

var decoration = regexp.MustCompile("\x1b\\[[0-9;]*m|[╷│╵]")

// Text is all that was printed, without what an engine does for a terminal: colours, frames and
// line breaks. A sentence that was wrapped can be found in it.
func (o Output) Text() string {
	return strings.Join(strings.Fields(decoration.ReplaceAllString(o.Stdout+"\n"+o.Stderr, " ")), " ")
}

// Expect runs a command, fails the test unless it ends with the exit code, and returns the [Output.Text].
func (w *Workspace) Expect(code int, args ...string) string {
	w.t.Helper()
	output := w.Run(args...)
	if output.ExitCode != code {
		w.t.Fatalf("%s %s: exit code %d, want %d\n%s%s",
			w.Engine.Name, strings.Join(args, " "), output.ExitCode, code, output.Stdout, output.Stderr)
	}
	return output.Text()
}

// Run runs a command to its end.
func (w *Workspace) Run(args ...string) Output {
	w.t.Helper()
	return w.Start(w.t.Context(), args...).Wait()
}

// RunShell runs a script of the POSIX shell to its end: `terraform` in it is the engine, whichever it is.
func (w *Workspace) RunShell(script string) Output {
	w.t.Helper()
	return w.start(w.t.Context(), "sh", "-c", script).Wait()
}

// Command is a running command of the engine.
type Command struct {
	w              *Workspace
	ctx            context.Context //nolint:containedctx // of the command
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	done           chan struct{} // closed when the command has ended; then these are set:
	took           time.Duration
	err            error

	mu      sync.Mutex
	changed *sync.Cond
	printed strings.Builder // so far, by both
	ended   bool
}

// Start starts a command, which must be waited for. When the context ends, or somebody presses Ctrl-C, the engine is
// interrupted.
func (w *Workspace) Start(ctx context.Context, args ...string) *Command {
	w.t.Helper()
	return w.start(ctx, w.Engine.Path, args...)
}

func (w *Workspace) start(ctx context.Context, name string, args ...string) *Command {
	w.t.Helper()
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(interrupted, func() { cancel(errors.New("interrupted")) })
	cmd := exec.CommandContext(ctx, name, args...)
	c := &Command{w: w, ctx: ctx, cmd: cmd, done: make(chan struct{})}
	c.changed = sync.NewCond(&c.mu)
	cmd.Env, cmd.Dir = w.env, w.Dir
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&c.stdout, c), io.MultiWriter(&c.stderr, c)
	// Away from the terminal's process group: Ctrl-C would reach the engine twice, from the terminal
	// and from us, and at the second one an engine exits at once, without writing its state.
	detach(cmd)
	cmd.Cancel, cmd.WaitDelay = c.Interrupt, patience
	began := time.Now()
	check(w.t, cmd.Start())
	go func() {
		defer close(c.done)
		c.err, c.took = cmd.Wait(), time.Since(began)
		stop()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ended = true
		c.changed.Broadcast()
	}()
	return c
}

// Interrupt asks the engine to stop, as Ctrl-C does. Its providers are not signalled: how they stop
// is between the engine and them. Windows cannot do this.
func (c *Command) Interrupt() error { return c.cmd.Process.Signal(os.Interrupt) }

// Write receives what the engine prints.
func (c *Command) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed.Broadcast()
	return c.printed.Write(p)
}

// WaitFor blocks until a text has been printed. It reports false if the command has ended without it.
func (c *Command) WaitFor(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !strings.Contains(c.printed.String(), text) {
		if c.ended {
			return false
		}
		c.changed.Wait()
	}
	return true
}

// Wait waits for the command to end and returns what it printed. The test fails if the command was killed or the
// context ended.
func (c *Command) Wait() Output {
	c.w.t.Helper()
	output, err := c.wait()
	if err != nil {
		c.w.t.Fatalf("%v\n%s%s", err, output.Stdout, output.Stderr)
	}
	return output
}

func (c *Command) wait() (Output, error) {
	<-c.done
	// An engine that had to be killed leaves its providers behind; another should leave nothing.
	for end := time.Now().Add(farewell); alive(c.cmd) && time.Now().Before(end); {
		<-time.After(10 * time.Millisecond)
	}
	c.w.Transcript += c.printed.String()
	state := c.cmd.ProcessState
	output := Output{
		Stdout: c.stdout.String(), Stderr: c.stderr.String(), ExitCode: state.ExitCode(),
		Took: c.took, CPU: state.UserTime() + state.SystemTime(), Left: alive(c.cmd),
	}
	_ = kill(c.cmd) // an error means that nothing was left
	var exit *exec.ExitError
	switch {
	case c.ctx.Err() != nil:
		return output, context.Cause(c.ctx)
	case errors.As(c.err, &exit) && exit.Exited():
		return output, nil
	}
	return output, c.err
}
