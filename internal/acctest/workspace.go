package acctest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// Workspace is a directory where the real engine runs with the real provider binary against a mock.
type Workspace struct {
	*engine.Workspace
	Transcript *Transcript

	t *testing.T
}

// NewWorkspace makes a workspace with a configuration, installed by `init`. The key and the address of v1
// come from the environment, as users are told to do it; env adds to it.
func NewWorkspace(t *testing.T, m *Mock, config string, env ...string) *Workspace {
	t.Helper()
	return newWorkspace(t, config, append([]string{"TIDIO_API_KEY=" + Key, "TIDIO_BASE_URL=" + m.URL}, env...))
}

// NewPublishedWorkspace is NewWorkspace for the published API.
func NewPublishedWorkspace(t *testing.T, m *Mock, config string, env ...string) *Workspace {
	t.Helper()
	return newWorkspace(t, config, append([]string{
		"TIDIO_CLIENT_ID=" + ClientID, "TIDIO_CLIENT_SECRET=" + ClientSecret, "TIDIO_BASE_URL=" + m.Published,
	}, env...))
}

func newWorkspace(t *testing.T, config string, env []string) *Workspace {
	t.Helper()
	skipIfShort(t)
	w := &Workspace{Transcript: newTranscript(), t: t}
	mirror, err := mirror()
	w.check(err)
	tool, err := engine.Find()
	w.check(err)
	w.Workspace, err = tool.NewWorkspace(engine.Options{Mirror: mirror, Env: env, Output: w.Transcript})
	w.check(err)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Write(config)
	w.check(w.Init(t.Context()))
	return w
}

func (w *Workspace) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Write replaces the configuration.
func (w *Workspace) Write(config string) {
	w.t.Helper()
	w.WriteFile("main.tf", `terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

`+config)
}

// WriteFile writes a file beside the configuration.
func (w *Workspace) WriteFile(name, content string) {
	w.t.Helper()
	w.check(w.Workspace.WriteFile(name, content))
}

// ReadFile returns a file of the workspace.
func (w *Workspace) ReadFile(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name))
	w.check(err)
	return string(content)
}

// CopyTree copies a directory to a place beside or below the configuration, without what an engine
// may have left in it.
func (w *Workspace) CopyTree(from, to string) {
	w.t.Helper()
	w.check(w.Workspace.CopyTree(from, to))
}

// Expect runs a command, fails the test unless it ends with the exit code, and returns what it
// printed, with the engine's line breaks and frames taken out, so that a sentence can be searched
// for.
func (w *Workspace) Expect(code int, args ...string) string {
	w.t.Helper()
	result, err := w.Workspace.Expect(w.t.Context(), code, args...)
	w.check(err)
	return result.Text()
}

// mirror builds the provider's mirror once for all tests of the process. It is not in t.TempDir: it serves
// the tests that come after this one, too.
var mirror = sync.OnceValues(func() (dir string, err error) {
	if mirrorDir, err = os.MkdirTemp("", "tidio-mirror-"); err != nil {
		return "", err
	}
	return engine.BuildMirror(context.Background(), mirrorDir)
})

// mirrorDir is where the mirror is, if there is one, for [Main] to remove it.
var mirrorDir string

// Transcript is all that the engine has printed so far.
type Transcript struct {
	mu      sync.Mutex
	text    strings.Builder
	changed *sync.Cond
}

func newTranscript() *Transcript {
	t := &Transcript{}
	t.changed = sync.NewCond(&t.mu)
	return t
}

// Write implements [io.Writer].
func (t *Transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changed.Broadcast()
	return t.text.Write(p)
}

// WaitFor blocks until a text has been printed.
func (t *Transcript) WaitFor(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for !strings.Contains(t.text.String(), text) {
		t.changed.Wait()
	}
}

// String returns what has been printed.
func (t *Transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
