// Command demo shows what the provider does, and fails if it does not: it runs a real Terraform or
// OpenTofu with the provider of this checkout against the mock of the API. No account is needed, and
// nothing is left behind.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := play(ctx, stage{w: os.Stdout, color: wantsColor(os.Stdout)})
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "\ndemo: interrupted, and cleaned up")
		return 130
	case err != nil:
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		return 1
	default:
		return 0
	}
}

// wantsColor reports whether whoever reads the file can and wants to see colours.
func wantsColor(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 &&
		os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
