package engine

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Perform does the work of a program until it is done or interrupted, says on stderr how it went
// wrong, if it did, and returns the exit code. The work must clean up when its context ends.
func Perform(program string, work func(context.Context) error) (exitCode int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := work(ctx)
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
