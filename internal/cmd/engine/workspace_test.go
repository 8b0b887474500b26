//go:build unix

package engine

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// workspace returns a workspace of the real engine that holds the configuration.
func workspace(t *testing.T, config string, o Options) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs a real engine: set TF_ACC=1, as `make test` does")
	}
	found, err := Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w, err := found.NewWorkspace(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(w.Dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", w.Dir)
		}
	})

	source := t.TempDir()
	if err := os.WriteFile(filepath.Join(source, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.CopyConfig(source); err != nil {
		t.Fatal(err)
	}
	if err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func run(t *testing.T, w *Workspace, args ...string) Result {
	t.Helper()
	result, err := w.Run(t.Context(), args...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestRunReturnsOutputAndExitCode(t *testing.T) {
	t.Setenv("TF_VAR_greeting", "from the caller's environment")
	var streamed bytes.Buffer
	w := workspace(t, `
variable "greeting" { default = "from the configuration" }
variable "name"     {}
resource "terraform_data" "this" { input = "${var.greeting}, ${var.name}" }
output "text" { value = terraform_data.this.output }
`, Options{Env: []string{"TF_VAR_name=from the options"}, Output: &streamed})

	if got := run(t, w, "plan", "-detailed-exitcode"); got.ExitCode != 2 {
		t.Errorf("plan of something new: exit code %d, want 2\n%s", got.ExitCode, got.Stderr)
	}
	if got := run(t, w, "apply", "-auto-approve"); got.ExitCode != 0 {
		t.Errorf("apply: exit code %d, want 0\n%s", got.ExitCode, got.Stderr)
	}
	if got := run(t, w, "plan", "-detailed-exitcode"); got.ExitCode != 0 {
		t.Errorf("plan of nothing new: exit code %d, want 0\n%s", got.ExitCode, got.Stderr)
	}
	const want = "from the configuration, from the options"
	if got := run(t, w, "output", "-raw", "text"); got.Stdout != want {
		t.Errorf("output %q, want %q", got.Stdout, want)
	}
	if got := streamed.String(); !strings.Contains(got, "1 added") || strings.Contains(got, "\x1b") {
		t.Errorf("the stream holds no apply, or colours:\n%s", got)
	}

	got := run(t, w, "no-such-command")
	if got.ExitCode != 1 || !strings.Contains(got.Stdout+got.Stderr, "no-such-command") {
		t.Errorf("an unknown command: %+v", got)
	}
}

// blocked starts an apply whose provisioner reads from a pipe that nobody writes to, and returns
// once it does.
func blocked(ctx context.Context, t *testing.T) *Command {
	t.Helper()
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	w := workspace(t, `
resource "terraform_data" "first" {}
resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" { command = "cat '`+fifo+`'" }
}
`, Options{})
	command, err := w.Start(ctx, "apply", "-auto-approve")
	if err != nil {
		t.Fatal(err)
	}

	// Opening for writing waits for the reader; the pipe stays open, so that the reader does not end.
	opened := make(chan *os.File, 1)
	go func() {
		file, _ := os.OpenFile(fifo, os.O_WRONLY, 0)
		opened <- file
	}()
	select {
	case file := <-opened:
		t.Cleanup(func() { file.Close() })
	case <-time.After(time.Minute):
		t.Fatal("the provisioner did not start")
	}
	return command
}

func TestInterruptLetsTheEngineFinish(t *testing.T) {
	command := blocked(t.Context(), t)
	if err := command.Interrupt(); err != nil {
		t.Fatal(err)
	}
	result, err := command.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if result.ExitCode != 1 || !strings.Contains(result.Stdout, "Interrupt received") {
		t.Errorf("got %+v", result)
	}
	state, err := os.ReadFile(filepath.Join(command.cmd.Dir, "terraform.tfstate"))
	if err != nil || !strings.Contains(string(state), `"first"`) {
		t.Errorf("what was applied before is not in the state: %v\n%s", err, state)
	}
}

func TestTheEndOfTheContextInterrupts(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	command := blocked(ctx, t)
	stop := errors.New("stopped by the test")
	cancel(stop)
	result, err := command.Wait()
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want %v", err, stop)
	}
	if !strings.Contains(result.Stdout, "Interrupt received") {
		t.Errorf("the engine was not interrupted:\n%s", result.Stdout)
	}
}

func TestWhatIsLeftBehindShows(t *testing.T) {
	shell := &Engine{Path: "/bin/sh", Name: "sh"}
	w, err := shell.NewWorkspace(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if got := run(t, w, "-c", "sleep 60 >/dev/null 2>&1 &"); !got.Left {
		t.Error("nobody said that a process was left behind")
	}
	if got := run(t, w, "-c", "true"); got.Left {
		t.Error("nothing was left behind, and it was said so")
	}
}
