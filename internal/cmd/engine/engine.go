// Package engine runs a real Terraform or OpenTofu against the provider of this checkout: it finds
// the command line tool, installs the provider where `init` looks for it, and drives commands in a
// directory that vanishes afterwards.
//
// A typical use:
//
//	tool, err := engine.Find(ctx)
//	mirror, err := engine.BuildMirror(ctx, dir)
//	space, err := tool.NewWorkspace(engine.Options{Mirror: mirror, Env: []string{"TIDIO_API_KEY=…"}})
//	defer space.Close()
//	err = space.CopyConfig("examples/contact-schema")
//	err = space.Init(ctx)
//	result, err := space.Run(ctx, "plan", "-detailed-exitcode")
package engine

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

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// PathVariable names the environment variable that chooses the engine. It is the one that
// terraform-plugin-testing reads, so that one setting serves every test and command.
const PathVariable = "TF_ACC_TERRAFORM_PATH"

// fetchedVersion is the release of Terraform that is downloaded where there is no engine. It is
// fixed so that two machines behave alike.
const fetchedVersion = "1.15.0"

// Engine is a Terraform-compatible command line tool.
type Engine struct {
	// Path is the absolute path of the binary.
	Path string

	// Name is what a user types to run it: terraform or tofu.
	Name string
}

// Find returns the engine that [PathVariable] names, else `terraform` from PATH, else `tofu` from
// PATH, else a Terraform of its own, downloaded once into the user's cache.
func Find(ctx context.Context) (*Engine, error) {
	if path := os.Getenv(PathVariable); path != "" {
		found, err := lookUp(path)
		if err != nil {
			return nil, fmt.Errorf("%s names no engine that can be run: %w", PathVariable, err)
		}
		return found, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if found, err := lookUp(name); err == nil {
			return found, nil
		}
	}

	found, err := Fetch(ctx)
	if err != nil {
		return nil, fmt.Errorf("neither `terraform` nor `tofu` is on PATH, and fetching Terraform "+
			"failed: install Terraform or OpenTofu, or set %s to its path: %w", PathVariable, err)
	}
	return found, nil
}

func lookUp(name string) (*Engine, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, err
	}
	// The engine is started in another directory than this process's.
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	return &Engine{Path: path, Name: strings.TrimSuffix(filepath.Base(path), ".exe")}, nil
}

// Fetch returns Terraform from the user's cache, downloading and verifying it first if need be.
func Fetch(ctx context.Context) (*Engine, error) {
	caches, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(caches, "terraform-provider-tidio", "terraform-"+fetchedVersion)
	if found, err := lookUp(filepath.Join(dir, product.Terraform.BinaryName())); err == nil {
		return found, nil
	}

	// Fetched next to its place and renamed: an interrupted download never looks like an engine.
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	partial, err := os.MkdirTemp(filepath.Dir(dir), "fetch-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(partial)
	release := releases.ExactVersion{
		Product:    product.Terraform,
		Version:    version.Must(version.NewVersion(fetchedVersion)),
		InstallDir: partial,
	}
	if _, err := release.Install(ctx); err != nil {
		return nil, err
	}
	// Another process may have been faster: its copy is as good.
	if err := os.Rename(partial, dir); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return lookUp(filepath.Join(dir, product.Terraform.BinaryName()))
}

const (
	modulePath      = "github.com/tidio-community/terraform-provider-tidio"
	providerAddress = "tidio-community/tidio"

	// mirrorVersion is what `init` finds in a mirror: a release version, because engines select a
	// pre-release only where a configuration asks for exactly that one.
	mirrorVersion = "0.1.0"
)

// registryHosts are where the two engines look for a provider whose source names no host. One
// mirror serves both.
var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// ModuleDir returns the root of this module's checkout. The working directory must be inside it.
func ModuleDir(ctx context.Context) (string, error) {
	return goTool(ctx, nil, "list", "-m", "-f", "{{.Dir}}", modulePath)
}

// BuildMirror builds the provider from this checkout and lays it out in dir, which must be new or
// empty, as a filesystem mirror: `init` installs from it as it would from a registry. It returns
// dir's absolute path. The working directory must be inside the checkout. Flags go to `go build`,
// such as -race.
func BuildMirror(ctx context.Context, dir string, flags ...string) (string, error) {
	return build{pkg: modulePath, flags: flags}.mirror(ctx, dir)
}

// BuildReleaseMirror is [BuildMirror] for what is to be measured: it builds as a release does, which
// takes longer. pkg is the directory of the main package that takes the provider's place, relative
// to the module; "" is the provider itself.
func BuildReleaseMirror(ctx context.Context, dir, pkg string) (string, error) {
	return build{
		pkg:     strings.TrimSuffix(modulePath+"/"+pkg, "/"),
		ldflags: "-s -w ",
		env:     []string{"CGO_ENABLED=0"},
		flags:   []string{"-trimpath"},
	}.mirror(ctx, dir)
}

// Installed returns the path of the binary that a mirror holds.
func Installed(mirror string) string {
	return installed(mirror, registryHosts[0])
}

func installed(mirror, host string) string {
	binary := "terraform-provider-tidio_v" + mirrorVersion
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	return filepath.Join(mirror, host, filepath.FromSlash(providerAddress), mirrorVersion, platform, binary)
}

// build is how a mirror's binary is built.
type build struct {
	pkg, ldflags string
	env, flags   []string
}

func (b build) mirror(ctx context.Context, dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	first := installed(dir, registryHosts[0])
	// The go command leaves its temporary files when it is interrupted.
	scratch, err := os.MkdirTemp("", "tidio-build-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	args := slices.Concat([]string{"build"}, b.flags,
		[]string{"-ldflags", b.ldflags + "-X main.version=" + mirrorVersion, "-o", first, b.pkg})
	if _, err := goTool(ctx, append(b.env, "GOTMPDIR="+scratch), args...); err != nil {
		return "", err
	}
	for _, host := range registryHosts[1:] {
		other := installed(dir, host)
		if err := os.MkdirAll(filepath.Dir(other), 0o755); err != nil {
			return "", err
		}
		if err := os.Link(first, other); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// goTool runs the go command and returns the trimmed text that it printed.
func goTool(ctx context.Context, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), env...)
	// When it is killed, its compilers must not outlive it.
	detach(cmd)
	cmd.WaitDelay = patience
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		return "", err
	}
	err := cmd.Wait()
	killGroup(cmd)
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(stdout.String()), nil
}
