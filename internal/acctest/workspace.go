package acctest

import (
	"io/fs"
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
	mirror := binary.build(t)
	tool, err := engine.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	transcript := newTranscript()
	made, err := tool.NewWorkspace(engine.Options{
		Mirror: mirror,
		Env:    env,
		Output: transcript,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := made.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &Workspace{Workspace: made, Transcript: transcript, t: t}
	w.Write(config)
	if err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
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
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// ReadFile returns a file of the workspace.
func (w *Workspace) ReadFile(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(content)
}

// CopyTree copies a directory to a place beside or below the configuration, without what an engine
// may have left in it.
func (w *Workspace) CopyTree(from, to string) {
	w.t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		left := strings.HasPrefix(entry.Name(), ".terraform") || strings.Contains(entry.Name(), ".tfstate")
		if entry.IsDir() {
			if left {
				return fs.SkipDir
			}
			return nil
		}
		relative, err := filepath.Rel(from, path)
		if err != nil || left {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		copied := filepath.Join(w.Dir, to, relative)
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			return err
		}
		return os.WriteFile(copied, content, 0o600)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Expect runs a command, fails the test unless it ends with the exit code, and returns what it
// printed, with the engine's line breaks and frames taken out, so that a sentence can be searched
// for.
func (w *Workspace) Expect(code int, args ...string) string {
	w.t.Helper()
	result, err := w.Run(w.t.Context(), args...)
	if err != nil {
		w.t.Fatal(err)
	}
	if result.ExitCode != code {
		w.t.Fatalf("%v: exit code %d, want %d\n%s%s", args, result.ExitCode, code, result.Stdout, result.Stderr)
	}
	return result.Text()
}

// binary is the provider's mirror, built once for all tests of the process.
var binary mirror

type mirror struct {
	once sync.Once
	dir  string
	err  error
}

func (m *mirror) build(t *testing.T) string {
	t.Helper()
	m.once.Do(func() {
		// Not t.TempDir: it serves the tests that come after this one, too.
		if m.dir, m.err = os.MkdirTemp("", "tidio-mirror-"); m.err == nil { //nolint:usetesting // as said
			m.dir, m.err = engine.BuildMirror(t.Context(), m.dir)
		}
	})
	if m.err != nil {
		t.Fatal(m.err)
	}
	return m.dir
}

func (m *mirror) remove() {
	if m.dir != "" {
		_ = os.RemoveAll(m.dir)
	}
}

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
