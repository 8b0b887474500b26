// Command fetch downloads Terraform into the user's cache, unless it is there, and prints the
// directory that holds it: for scripts that need `terraform` on PATH.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

func main() {
	terraform, err := engine.Fetch(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetch: install Terraform and put it on PATH:", err)
		os.Exit(1)
	}
	fmt.Println(filepath.Dir(terraform.Path))
}
