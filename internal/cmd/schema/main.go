// Command schema prints the provider's schemas as `terraform providers schema -json` does, without an engine: one that
// is older than a kind of block leaves that kind out, and the documentation would lose its pages.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
)

func main() {
	schemas, err := read(context.Background())
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(schemas)
	}
	if err != nil {
		log.Fatal(err)
	}
}
