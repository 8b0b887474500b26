package engine

import (
	"context"
	"errors"
	"os"
	"testing"
)

func TestPerform(t *testing.T) {
	interrupt := func(ctx context.Context) error {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			t.Skipf("this system cannot interrupt a process: %v", err)
		}
		<-ctx.Done()
		return ctx.Err()
	}
	leaveFile := func(context.Context) error {
		_, err := os.CreateTemp("", "") //nolint:usetesting // where a program puts it
		return err
	}
	for name, c := range map[string]struct {
		work func(context.Context) error
		want int
	}{
		"done":        {func(context.Context) error { return nil }, 0},
		"failed":      {func(context.Context) error { return errors.New("no") }, 1},
		"left a file": {leaveFile, 0},
		"interrupted": {interrupt, 130},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("TMPDIR", dir)
			if got := Perform("test", c.work); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
