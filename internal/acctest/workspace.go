package acctest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// Workspace is a directory where the real engine runs with the real provider binary, in a clean environment. Commands
// are waited for one at a time. After the test, the workspace is removed.
type Workspace struct {
	Engine     Engine
	Dir        string // where the engine runs: configuration goes here
	Transcript string // all that was printed, in the order in which the commands ended

	t   testing.TB
	env []string
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
	tool := FindEngine(t)
	mirror, err := mirror()
	check(t, err)
	w := EmptyWorkspace(t, tool, mirror, env...)
	w.Write(config)
	w.Expect(0, "init")
	return w
}

// EmptyWorkspace makes a workspace without a configuration. The mirror is the only place that providers are installed
// from. env holds settings for the engine and its providers.
func EmptyWorkspace(tb testing.TB, tool Engine, mirror string, env ...string) *Workspace {
	tb.Helper()
	root := tb.TempDir()
	cliConfig, bin := filepath.Join(root, "cli.tfrc"), filepath.Join(root, "bin")
	w := &Workspace{
		Engine: tool, Dir: filepath.Join(root, "config"), t: tb,
		env: slices.Concat(CleanEnv(), []string{
			"TF_CLI_CONFIG_FILE=" + cliConfig, "TF_CLI_ARGS=-no-color", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
			"CHECKPOINT_DISABLE=1", "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		}, env),
	}
	installation := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(mirror))
	check(tb, errors.Join(
		os.Mkdir(w.Dir, 0o755), os.Mkdir(bin, 0o755), os.WriteFile(cliConfig, []byte(installation), 0o600),
		os.Symlink(tool.Path, filepath.Join(bin, "terraform")), // for scripts
	))
	return w
}

// Write replaces the configuration, apart from the requirement of the provider.
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

// WriteFile writes a file beside or below the configuration.
func (w *Workspace) WriteFile(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.Dir, name)
	check(w.t, errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o600)))
}

// ReadFile returns a file of the workspace.
func (w *Workspace) ReadFile(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name))
	check(w.t, err)
	return string(content)
}

// engineFile matches the path of what an engine writes into the directory where it runs.
var engineFile = regexp.MustCompile(`(^|/)\.terraform|\.tfstate`)

// CopyTree copies a directory to a place beside or below the configuration, without what an engine
// may have left in it.
func (w *Workspace) CopyTree(from, to string) {
	w.t.Helper()
	check(w.t, fs.WalkDir(os.DirFS(from), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || engineFile.MatchString(path) {
			return err
		}
		content, err := os.ReadFile(filepath.Join(from, path))
		w.WriteFile(filepath.Join(to, path), string(content))
		return err
	}))
}
