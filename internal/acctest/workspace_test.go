//go:build unix

package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// workspace returns a workspace of the real engine that holds the configuration.
func workspace(t *testing.T, o Options) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs a real engine: set TF_ACC=1, as `make test` does")
	}
	found, err := Find()
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
	if err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func expect(t *testing.T, w *Workspace, exitCode int, args ...string) Result {
	t.Helper()
	result, err := w.Expect(t.Context(), exitCode, args...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestExpect_returnsOutputAndExitCode(t *testing.T) {
	t.Setenv("TF_VAR_greeting", "from the caller's environment")
	streamed, err := os.Create(filepath.Join(t.TempDir(), "streamed"))
	if err != nil {
		t.Fatal(err)
	}
	defer streamed.Close()
	w := workspace(t, Options{Env: []string{"TF_VAR_name=from the options"}, Output: streamed, Config: `
variable "greeting" { default = "from the configuration" }
variable "name"     {}
resource "terraform_data" "this" { input = "${var.greeting}, ${var.name}" }
output "text" { value = terraform_data.this.output }
`})

	expect(t, w, 2, "plan", "-detailed-exitcode")
	if got := expect(t, w, 0, "apply", "-auto-approve"); got.CPU < time.Millisecond {
		t.Errorf("an apply took %s of CPU time", got.CPU)
	}
	expect(t, w, 0, "plan", "-detailed-exitcode")
	const want = "from the configuration, from the options"
	if got := expect(t, w, 0, "output", "-raw", "text"); got.Stdout != want {
		t.Errorf("output %q, want %q", got.Stdout, want)
	}
	content, err := os.ReadFile(streamed.Name())
	if got := string(content); err != nil || !strings.Contains(got, "1 added") || strings.Contains(got, "\x1b") {
		t.Errorf("the stream holds no apply, or colours: %v\n%s", err, got)
	}

	_, err = w.Expect(t.Context(), 0, "no-such-command")
	if err == nil || !strings.Contains(err.Error(), "exit code 1, want 0") {
		t.Errorf("an unknown command: %v", err)
	}
}

func TestCopyTree_leavesOutWhatAnEngineLeft(t *testing.T) {
	from, w := t.TempDir(), &Workspace{Dir: t.TempDir()}
	source := &Workspace{Dir: from}
	for _, name := range []string{
		"main.tf", "sub/sub.tf", ".terraform/providers/x", "sub/.terraform/x", ".terraform.lock.hcl", "terraform.tfstate", "sub/terraform.tfstate.backup",
	} {
		if err := source.WriteFile(name, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.CopyTree(from, "modules/m"); err != nil {
		t.Fatal(err)
	}
	var copied []string
	err := fs.WalkDir(os.DirFS(w.Dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			copied = append(copied, path)
		}
		return err
	})
	if want := []string{"modules/m/main.tf", "modules/m/sub/sub.tf"}; err != nil || !slices.Equal(copied, want) {
		t.Errorf("%q, %v, want %q", copied, err, want)
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
	w := workspace(t, Options{Config: `
resource "terraform_data" "first" {}
resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" { command = "cat '` + fifo + `'" }
}
`})
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

func TestInterrupt_letsTheEngineFinish(t *testing.T) {
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

func TestWait_interruptsWhenTheContextEnds(t *testing.T) {
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

func TestResult_saysThatSomethingWasLeftBehind(t *testing.T) {
	shell := &Engine{Path: "/bin/sh", Name: "sh"}
	w, err := shell.NewWorkspace(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if !expect(t, w, 0, "-c", "sleep 60 >/dev/null 2>&1 &").Left {
		t.Error("nobody said that a process was left behind")
	}
	if expect(t, w, 0, "-c", "true").Left {
		t.Error("nothing was left behind, and it was said so")
	}
}
