// Command demo shows what the provider does, and fails if it does not: it runs a real Terraform or
// OpenTofu with the provider of this checkout against the mock of the API. No account is needed, and
// nothing is left behind.
package main

import (
	"context"
	"os"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

func main() {
	os.Exit(engine.Perform("demo", func(ctx context.Context) error {
		return play(ctx, stage{w: os.Stdout, color: wantsColor(os.Stdout)})
	}))
}

// wantsColor reports whether whoever reads the file can and wants to see colours.
func wantsColor(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 &&
		os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
