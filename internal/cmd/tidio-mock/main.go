// Tidio-mock serves a mock of a Tidio account, with both of its APIs, on this machine: try the provider without an
// account. What it holds is gone when it stops.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tidio-mock:", err)
		os.Exit(1)
	}
}
