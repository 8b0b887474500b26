package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

const (
	// ModulePath is the path of the provider's module and of its main package.
	ModulePath   = "github.com/tidio-community/terraform-provider-tidio"
	providerName = "tidio-community/tidio"

	// mirrorVersion is what `init` finds in a mirror: a release version, because engines select a
	// pre-release only where a configuration asks for exactly that one.
	mirrorVersion = "0.1.0"
)

// Requirement is the block by which a configuration requires the provider. It names the host, so that
// the provider has the same address in both engines.
const Requirement = `terraform {
  required_providers {
    tidio = {
      source = "registry.terraform.io/` + providerName + `"
    }
  }
}
`

// registryHosts are where the two engines look for a provider whose source names no host. One
// mirror serves both.
var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// BuildMirror builds the provider from this checkout and lays it out in dir, which must be new or
// empty, as a filesystem mirror: `init` installs from it as it would from a registry. It returns
// dir's absolute path. The working directory must be inside the checkout. Flags go to `go build`,
// such as -race.
func BuildMirror(ctx context.Context, dir string, flags ...string) (string, error) {
	return BuildMirrorOf(ctx, ModulePath, dir, flags...)
}

// BuildMirrorOf is [BuildMirror] for another main package in the provider's place.
func BuildMirrorOf(ctx context.Context, pkg, dir string, flags ...string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	args := slices.Concat([]string{"build", "-o", Installed(dir)}, flags, []string{pkg})
	cmd := exec.CommandContext(ctx, "go", args...)
	// Its compilers must not outlive it.
	detach(cmd)
	cmd.Cancel = func() error { return kill(cmd) }
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	for _, host := range registryHosts[1:] {
		other := installed(dir, host)
		if err := os.MkdirAll(filepath.Dir(other), 0o755); err != nil {
			return "", err
		}
		if err := os.Link(Installed(dir), other); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// Installed returns the path of the binary that a mirror holds.
func Installed(mirror string) string { return installed(mirror, registryHosts[0]) }

func installed(mirror, host string) string {
	binary := "terraform-provider-tidio_v" + mirrorVersion
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	return filepath.Join(mirror, host, filepath.FromSlash(providerName), mirrorVersion, platform, binary)
}
