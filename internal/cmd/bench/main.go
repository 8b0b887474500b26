// Command bench measures what the provider costs and holds each number against its limit: a real
// Terraform or OpenTofu with the provider of this checkout against the mock of the API, and beside it
// the same engine with an empty provider of the same schema. It fails if a limit is missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(run())
}

func run() int {
	chosen := flag.String("rows", "", "groups of rows to measure, such as 1,3; all by default:"+listed())
	flag.Parse()
	picked, err := choose(*chosen)
	if err != nil || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "bench:", errors.Join(err, unexpected(flag.Args())))
		return 2
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	missed, err := measure(ctx, picked, os.Stdout, os.Stderr)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "\nbench: interrupted, and cleaned up")
		return 130
	case err != nil:
		fmt.Fprintln(os.Stderr, "\nbench:", err)
		return 1
	case missed > 0:
		fmt.Fprintf(os.Stderr, "\nbench: %d limits are missed\n", missed)
		return 1
	default:
		return 0
	}
}

func unexpected(args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unexpected: %q", args)
}
