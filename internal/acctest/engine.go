package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
)

// pathVariable names the environment variable that chooses the engine. It is the one that
// terraform-plugin-testing reads, so that one setting serves every test.
const pathVariable = "TF_ACC_TERRAFORM_PATH"

// Engine is a Terraform-compatible command line tool.
type Engine struct {
	Path string // absolute path of the binary
	Name string // what a user types to run it: terraform or tofu
}

// FindEngine returns the engine that TF_ACC_TERRAFORM_PATH names, else `terraform` from PATH, else `tofu`. With -short
// it skips the test.
func FindEngine(tb testing.TB) Engine {
	tb.Helper()
	skipIfShort(tb)
	tool, err := findEngine()
	check(tb, err)
	return tool
}

func findEngine() (Engine, error) {
	names := []string{"terraform", "tofu"}
	if path := os.Getenv(pathVariable); path != "" {
		names = []string{path}
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		path, err = filepath.Abs(path) // it is started in another directory than this process's
		return Engine{Path: path, Name: strings.TrimSuffix(filepath.Base(path), ".exe")}, err
	}
	return Engine{}, fmt.Errorf("there is no engine to run (%s): install Terraform or OpenTofu, or run `make engine` and "+
		"set %s to bin/engine/terraform", strings.Join(names, ", "), pathVariable)
}

// skipIfShort leaves out tests that run an engine: `make quick` does.
func skipIfShort(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("runs an engine")
	}
}

// NeedsTerraform skips a test, and says so, if the engine is not Terraform or is older than a version. what is what
// needs it, such as "terraform query".
func NeedsTerraform(t *testing.T, oldest, what string) {
	t.Helper()
	tool := FindEngine(t)
	found, err := product.Terraform.GetVersion(t.Context(), tool.Path) // OpenTofu tells its own in the same way
	check(t, err)
	if tool.Name != "terraform" || found.LessThan(version.Must(version.NewVersion(oldest))) {
		t.Skipf("%s needs Terraform %s or later; this is %s %s", what, oldest, tool.Name, found)
	}
}

// Module is the path of the provider's module and of its main package.
const Module = "github.com/tidio-community/terraform-provider-tidio"

// BuildMirror builds a main package of this module as the provider, and lays it out as a filesystem mirror: `init`
// installs from it as it would from a registry. It returns the directory, which is removed after the test. Flags go
// to `go build`, such as -race.
func BuildMirror(tb testing.TB, mainPackage string, flags ...string) string {
	tb.Helper()
	skipIfShort(tb)
	dir := tb.TempDir()
	check(tb, buildMirror(tb.Context(), dir, mainPackage, flags...))
	return dir
}

func buildMirror(ctx context.Context, dir, mainPackage string, flags ...string) error {
	binary := Installed(dir)
	args := slices.Concat([]string{"build", "-o", binary}, flags, []string{mainPackage})
	if output, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	// The two engines look for a provider whose source names no host at different hosts.
	path := strings.TrimPrefix(binary, filepath.Join(dir, "registry.terraform.io"))
	other := filepath.Join(dir, "registry.opentofu.org", path)
	return errors.Join(os.MkdirAll(filepath.Dir(other), 0o755), os.Link(binary, other))
}

// Installed returns the path of the binary that a mirror holds. Its version is a release: engines select a pre-release
// only where a configuration asks for exactly that one.
func Installed(mirror string) string {
	binary := "terraform-provider-tidio_v0.1.0"
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	return filepath.Join(mirror, provider.Address, "0.1.0", runtime.GOOS+"_"+runtime.GOARCH, binary)
}

// mirror builds the provider's mirror once for all tests of the process. It is not in t.TempDir: it serves
// the tests that come after this one, too.
var mirror = sync.OnceValues(func() (dir string, err error) {
	if mirrorDir, err = os.MkdirTemp("", "tidio-mirror-"); err != nil {
		return "", err
	}
	return mirrorDir, buildMirror(context.Background(), mirrorDir, Module)
})

// mirrorDir is where the mirror is, if there is one, for [Main] to remove it.
var mirrorDir string

// CleanEnv is the environment without what would make the engine or the provider behave differently
// on this machine.
func CleanEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(setting string) bool {
		name := strings.ToUpper(setting)
		return strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "TIDIO_")
	})
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
