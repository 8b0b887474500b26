package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

const (
	// ModulePath is the path of the provider's module and of its main package.
	ModulePath = "github.com/tidio-community/terraform-provider-tidio"

	// The two engines look for a provider whose source names no host at different hosts. One mirror
	// serves both.
	terraformHost = "registry.terraform.io"
	tofuHost      = "registry.opentofu.org"
	providerName  = "tidio-community/tidio"

	// mirrorVersion is what `init` finds in a mirror: a release version, because engines select a
	// pre-release only where a configuration asks for exactly that one.
	mirrorVersion = "0.1.0"
)

// Requirement is the block by which a configuration requires the provider. It names the host, so that
// the provider has the same address in both engines.
const Requirement = `terraform {
  required_providers {
    tidio = {
      source = "` + terraformHost + "/" + providerName + `"
    }
  }
}
`

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
	binary := Installed(dir)
	cmd := exec.CommandContext(ctx, "go", slices.Concat([]string{"build", "-o", binary}, flags, []string{pkg})...)
	// Its compilers must not outlive it.
	detach(cmd)
	cmd.Cancel = func() error { return kill(cmd) }
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	other := filepath.Join(dir, tofuHost, strings.TrimPrefix(binary, filepath.Join(dir, terraformHost)))
	if err := os.MkdirAll(filepath.Dir(other), 0o755); err != nil {
		return "", err
	}
	return dir, os.Link(binary, other)
}

// Installed returns the path of the binary that a mirror holds.
func Installed(mirror string) string {
	binary := "terraform-provider-tidio_v" + mirrorVersion
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	return filepath.Join(mirror, terraformHost, filepath.FromSlash(providerName), mirrorVersion, platform, binary)
}
