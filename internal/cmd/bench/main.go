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

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
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

	return engine.Perform("bench", func(ctx context.Context) error {
		missed, err := measure(ctx, picked, os.Stdout, os.Stderr)
		if err == nil && missed > 0 {
			err = fmt.Errorf("%d limits are missed", missed)
		}
		return err
	})
}

func unexpected(args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unexpected: %q", args)
}
