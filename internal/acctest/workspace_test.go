//go:build unix

package acctest

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

// builtin is a workspace whose configuration needs no provider that `init` would have to install.
func builtin(t *testing.T, config string, env ...string) *Workspace {
	t.Helper()
	w := EmptyWorkspace(t, FindEngine(t), "", env...)
	w.WriteFile("main.tf", config)
	w.Expect(0, "init")
	return w
}

func TestRun_returnsOutputAndExitCode(t *testing.T) {
	t.Setenv("TF_VAR_greeting", "from the caller's environment")
	w := builtin(t, `
variable "greeting" { default = "from the configuration" }
variable "name"     {}
resource "terraform_data" "this" { input = "${var.greeting}, ${var.name}" }
output "text" { value = terraform_data.this.output }
`, "TF_VAR_name=from the options")
	w.Expect(2, "plan", "-detailed-exitcode")
	if got := w.Run("apply", "-auto-approve"); got.ExitCode != 0 || got.CPU < time.Millisecond {
		t.Errorf("an apply ended with %d and took %s of CPU time", got.ExitCode, got.CPU)
	}
	w.Expect(0, "plan", "-detailed-exitcode")
	const want = "from the configuration, from the options"
	if got := w.Run("output", "-raw", "text"); got.Stdout != want {
		t.Errorf("output %q, want %q", got.Stdout, want)
	}
	if got := w.Transcript; !strings.Contains(got, "1 added") || strings.Contains(got, "\x1b") {
		t.Errorf("the transcript has no apply, or colours:\n%s", got)
	}
	if got := w.Run("no-such-command"); got.ExitCode != 1 {
		t.Errorf("an unknown command: %+v", got)
	}
}

func TestCopyTree_leavesOutWhatAnEngineLeft(t *testing.T) {
	source, w := &Workspace{t: t, Dir: t.TempDir()}, &Workspace{t: t, Dir: t.TempDir()}
	for _, name := range []string{
		"main.tf", "sub/sub.tf", ".terraform/providers/x", "sub/.terraform/x", ".terraform.lock.hcl", "terraform.tfstate", "sub/terraform.tfstate.backup",
	} {
		source.WriteFile(name, name)
	}
	w.CopyTree(source.Dir, "modules/m")
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
	check(t, syscall.Mkfifo(fifo, 0o600))
	command := builtin(t, `
resource "terraform_data" "first" {}
resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" { command = "cat '`+fifo+`'" }
}
`).Start(ctx, "apply", "-auto-approve")

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
	check(t, command.Interrupt())
	if !command.WaitFor("Interrupt received") {
		t.Error("the engine did not notice")
	}
	if command.WaitFor("no such text") { // nobody waits for the command yet
		t.Error("it was printed")
	}
	if output := command.Wait(); output.ExitCode != 1 {
		t.Errorf("got %+v", output)
	}
	if state := command.w.ReadFile("terraform.tfstate"); !strings.Contains(state, `"first"`) {
		t.Errorf("what was applied before is not in the state:\n%s", state)
	}
}

func TestWait_interruptsWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	command := blocked(ctx, t)
	stop := errors.New("stopped by the test")
	cancel(stop)
	result, err := command.wait()
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want %v", err, stop)
	}
	if !strings.Contains(result.Stdout, "Interrupt received") {
		t.Errorf("the engine was not interrupted:\n%s", result.Stdout)
	}
}

// On Ctrl-C, no engine outlives the tests.
func TestWait_interruptsOnCtrlC(t *testing.T) {
	before := interrupted
	t.Cleanup(func() { interrupted = before })
	ctx, cancel := context.WithCancel(before)
	interrupted = ctx
	command := blocked(t.Context(), t)
	cancel()
	output, err := command.wait()
	if err == nil || !strings.Contains(output.Stdout, "Interrupt received") {
		t.Errorf("the engine was not interrupted: %v\n%s", err, output.Stdout)
	}
}

func TestOutput_saysThatSomethingWasLeftBehind(t *testing.T) {
	w := EmptyWorkspace(t, Engine{Path: "/bin/sh"}, "")
	if !w.RunShell("sleep 60 >/dev/null 2>&1 &").Left {
		t.Error("nobody said that a process was left behind")
	}
	if w.RunShell("true").Left {
		t.Error("nothing was left behind, and it was said so")
	}
}
