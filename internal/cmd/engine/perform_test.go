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
	for name, c := range map[string]struct {
		work func(context.Context) error
		want int
	}{
		"done":        {func(context.Context) error { return nil }, 0},
		"failed":      {func(context.Context) error { return errors.New("no") }, 1},
		"interrupted": {interrupt, 130},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Perform("test", c.work); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}
