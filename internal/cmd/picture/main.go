// Command picture prints what a terminal shows of a plan that destroys a property: a real plan, by a
// real engine, against the mock of the API. `make picture` turns it into the picture in the README.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const apiKey = "picture-key"

// The property is imported: a created one would have another id in each picture. It is one, so that
// the warning, which is given once, is always given for the same.
const config = `terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}

resource "tidio_property" "plan_tier" {
  name  = "plan_tier"
  label = "Plan"
  type  = "text"
}

import {
  to = tidio_property.plan_tier
  id = "plan_tier"
}
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := show(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// show prints a command and what it prints, in colour.
func show(ctx context.Context, w io.Writer) (err error) {
	mock := tidiomock.New(tidiomock.Config{APIKey: apiKey})
	mock.AddProperty(tidiomock.Property{ID: "prop_4f1c9a", Name: "plan_tier", Label: "Plan", Type: "text"})
	server := httptest.NewServer(mock)
	defer server.Close()

	tool, err := engine.Find(ctx)
	if err != nil {
		return err
	}
	mirror, err := os.MkdirTemp("", "tidio-picture-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(mirror)) }()
	if _, err := engine.BuildMirror(ctx, mirror); err != nil {
		return err
	}
	space, err := tool.NewWorkspace(engine.Options{
		Mirror: mirror,
		Env:    []string{"TIDIO_API_KEY=" + apiKey, "TIDIO_BASE_URL=" + server.URL + "/v1/"},
		Color:  true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, space.Close()) }()
	if err := os.WriteFile(filepath.Join(space.Dir, "main.tf"), []byte(config), 0o600); err != nil {
		return err
	}
	if err := space.Init(ctx); err != nil {
		return err
	}

	var plan engine.Result
	for _, args := range [][]string{{"apply", "-auto-approve"}, {"plan", "-destroy"}} {
		if plan, err = space.Run(ctx, args...); err != nil {
			return err
		}
		if plan.ExitCode != 0 {
			return fmt.Errorf("%s %s: exit code %d\n%s", tool.Name, args[0], plan.ExitCode, plan.Stderr)
		}
	}
	_, err = fmt.Fprintf(w, "$ %s plan -destroy\n%s%s", tool.Name, plan.Stdout, plan.Stderr)
	return err
}
