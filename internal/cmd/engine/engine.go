// Package engine runs a real Terraform or OpenTofu against the provider of this checkout: it finds
// the command line tool, installs the provider where `init` looks for it, and runs commands in a
// directory that is removed afterwards.
//
// A typical use:
//
//	space, err := engine.Open(ctx, engine.Options{Config: config, Env: []string{"TIDIO_API_KEY=…"}})
//	defer space.Close()
//	err = space.Init(ctx)
//	result, err := space.Expect(ctx, 2, "plan", "-detailed-exitcode")
package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	Path string // absolute path of the binary
	Name string // what a user types to run it: terraform or tofu
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
	binary := filepath.Join(dir, product.Terraform.BinaryName())
	if found, err := lookUp(binary); err == nil {
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
	return lookUp(binary)
}
