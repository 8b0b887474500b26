package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ModuleDir returns the root of this module's checkout. The working directory must be inside it.
func ModuleDir(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", ModulePath).Output()
	return strings.TrimSpace(string(output)), err
}

// CopyConfig copies the configuration files of a directory, and nothing that an engine may have
// left beside them.
func (w *Workspace) CopyConfig(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no configuration in %s", dir)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := w.WriteFile(filepath.Base(file), string(content)); err != nil {
			return err
		}
	}
	return nil
}
