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

func TestFindPrefersTheVariableThenTerraformThenTofu(t *testing.T) {
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

func TestFindNamesTheVariableThatIsWrong(t *testing.T) {
	fakeTool(t, t.TempDir(), "terraform")
	t.Setenv(PathVariable, filepath.Join(t.TempDir(), "missing"))
	_, err := Find(t.Context())
	if err == nil || !strings.Contains(err.Error(), PathVariable) {
		t.Errorf("got %v, want an error that names %s", err, PathVariable)
	}
}

func TestFindUsesTheTerraformThatWasFetchedBefore(t *testing.T) {
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

func TestCleanEnvDropsWhatSteersEngineAndProvider(t *testing.T) {
	got := cleanEnv([]string{
		"PATH=/bin", "HOME=/somewhere", "https_proxy=http://proxy.example.com",
		"TF_LOG=TRACE", "TF_CLI_CONFIG_FILE=/etc/rc", "TF_VAR_key=x", "TIDIO_API_KEY=secret",
	})
	want := []string{"PATH=/bin", "HOME=/somewhere", "https_proxy=http://proxy.example.com"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInstallationIsFromTheMirrorOnly(t *testing.T) {
	want := `provider_installation {
  filesystem_mirror {
    path    = "/a/mirror"
    include = ["registry.terraform.io/tidio-community/tidio", "registry.opentofu.org/tidio-community/tidio"]
  }
}
`
	if got := installation("/a/mirror"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTextJoinsAFramedSentence(t *testing.T) {
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
