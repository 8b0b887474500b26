package engine

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hc-install/product"
)

// fakeTool writes an executable that does nothing and returns its path.
func fakeTool(t *testing.T, dir, name string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a shell script is no executable here")
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind_prefersTheVariableThenTerraformThenTofu(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv(PathVariable, "")
	find := func(want Engine) {
		t.Helper()
		got, err := Find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if *got != want {
			t.Errorf("found %+v, want %+v", *got, want)
		}
	}

	tofu := fakeTool(t, dir, "tofu")
	find(Engine{Path: tofu, Name: "tofu"})

	find(Engine{Path: fakeTool(t, dir, "terraform"), Name: "terraform"})

	t.Setenv(PathVariable, tofu)
	find(Engine{Path: tofu, Name: "tofu"})
}

func TestFind_namesTheVariableThatIsWrong(t *testing.T) {
	fakeTool(t, t.TempDir(), "terraform")
	t.Setenv(PathVariable, filepath.Join(t.TempDir(), "missing"))
	_, err := Find(t.Context())
	if err == nil || !strings.Contains(err.Error(), PathVariable) {
		t.Errorf("got %v, want an error that names %s", err, PathVariable)
	}
}

func TestFind_usesTheTerraformThatWasFetchedBefore(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(PathVariable, "")
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	caches, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(caches, "terraform-provider-tidio", "terraform-"+fetchedVersion)
	want := fakeTool(t, dir, product.Terraform.BinaryName())

	got, err := Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Path != want {
		t.Errorf("found %s, want %s", got.Path, want)
	}
}

func TestCleanEnv_dropsWhatSteersEngineAndProvider(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("TF_VAR_key", "x")
	t.Setenv("tidio_api_key", "secret")
	t.Setenv("https_proxy", "http://proxy.example.com")
	got := CleanEnv()
	for _, setting := range []string{"TF_LOG=TRACE", "TF_VAR_key=x", "tidio_api_key=secret"} {
		if slices.Contains(got, setting) {
			t.Error(setting)
		}
	}
	if !slices.Contains(got, "https_proxy=http://proxy.example.com") {
		t.Error("the proxy is gone")
	}
}

func TestText_joinsAFramedSentence(t *testing.T) {
	result := Result{
		Stdout: "\x1b[33m╷\x1b[0m\x1b[0m\n" +
			"\x1b[33m│\x1b[0m \x1b[0m\x1b[1m\x1b[33mWarning: \x1b[0m\x1b[0m\x1b[1mIt stays\x1b[0m\n" +
			"\x1b[33m│\x1b[0m \x1b[0min Tidio\n" +
			"\x1b[33m╵\x1b[0m\x1b[0m\n",
		Stderr: "for\never\n",
	}
	if got, want := result.Text(), "Warning: It stays in Tidio for ever"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
