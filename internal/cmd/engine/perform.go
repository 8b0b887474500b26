package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Perform does the work of a program until it is done or interrupted, says on stderr how it went
// wrong, if it did, and returns the exit code. The work must end when its context does. All temporary
// files go to a directory that is removed afterwards, with whatever is in it.
func Perform(program string, work func(context.Context) error) (exitCode int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "tidio-"+program+"-")
	if err == nil {
		err = errors.Join(os.Setenv("TMPDIR", dir), os.Setenv("TMP", dir), work(ctx), os.RemoveAll(dir))
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintf(os.Stderr, "\n%s: interrupted, and cleaned up\n", program)
		return 130
	case err != nil:
		fmt.Fprintf(os.Stderr, "\n%s: %v\n", program, err)
		return 1
	}
	return 0
}
