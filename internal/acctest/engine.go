// Package engine runs a real Terraform or OpenTofu against the provider of this checkout: it finds
// the command line tool, installs the provider where `init` looks for it, and runs commands in a
// directory that is removed afterwards.
//
// A typical use:
//
//	tool, err := engine.Find()
//	mirror, err := engine.BuildMirror(ctx, dir)
//	space, err := tool.NewWorkspace(engine.Options{Config: config, Mirror: mirror, Env: []string{"TIDIO_API_KEY=…"}})
//	defer space.Close()
//	err = space.Init(ctx)
//	result, err := space.Expect(ctx, 2, "plan", "-detailed-exitcode")
package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// PathVariable names the environment variable that chooses the engine. It is the one that
// terraform-plugin-testing reads, so that one setting serves every test and command.
const PathVariable = "TF_ACC_TERRAFORM_PATH"

// Engine is a Terraform-compatible command line tool.
type Engine struct {
	Path string // absolute path of the binary
	Name string // what a user types to run it: terraform or tofu
}

// Find returns the engine that [PathVariable] names, else `terraform` from PATH, else `tofu`.
func Find() (*Engine, error) {
	names := []string{"terraform", "tofu"}
	if path := os.Getenv(PathVariable); path != "" {
		names = []string{path}
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		// The engine is started in another directory than this process's.
		if path, err = filepath.Abs(path); err != nil {
			return nil, err
		}
		return &Engine{Path: path, Name: strings.TrimSuffix(filepath.Base(path), ".exe")}, nil
	}
	return nil, fmt.Errorf("there is no engine to run (%s): install Terraform or OpenTofu, or run `make engine` and "+
		"set %s to bin/engine/terraform", strings.Join(names, ", "), PathVariable)
}
