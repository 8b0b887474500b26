package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const apiKey = "bench-key"

// bench is what the groups of rows share.
type bench struct {
	engine    *engine.Engine
	real      string // mirror of the provider
	empty     string // mirror of the empty one
	progress  io.Writer
	violation func(error)

	mu     sync.Mutex
	spaces []*engine.Workspace // to be removed at the end
}

// group is a part of the table that can be chosen.
type group struct {
	about   string
	measure func(*bench, context.Context) ([]row, error)
}

var groups = []group{
	{"requests of a plan that changes nothing", (*bench).requests},
	{"first apply under the rate limit (minutes)", (*bench).firstApply},
	{"time of a plan", (*bench).plan},
	{"time and memory of reading contacts", (*bench).contacts},
	{"start and size", (*bench).start},
}

func listed() string {
	var list strings.Builder
	for i, g := range groups {
		fmt.Fprintf(&list, "\n%d = %s", i+1, g.about)
	}
	return list.String()
}

// choose picks groups by their numbers.
func choose(numbers string) ([]group, error) {
	if numbers == "" {
		return groups, nil
	}
	var picked []group
	for number := range strings.SplitSeq(numbers, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if err != nil || n < 1 || n > len(groups) {
			return nil, fmt.Errorf("there are no rows %q, only 1 to %d", number, len(groups))
		}
		picked = append(picked, groups[n-1])
	}
	return picked, nil
}

// measure fills the groups of the table, prints it as Markdown, and returns how many limits are
// missed.
func measure(ctx context.Context, picked []group, table, progress io.Writer) (missed int, err error) {
	began := time.Now()
	// A request or reply that breaks the contract is a failure, wherever it happens.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b := &bench{progress: progress, violation: cancel}
	if b.engine, err = engine.Find(ctx); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "tidio-bench-")
	if err != nil {
		return 0, err
	}
	defer func() {
		err = errors.Join(err, os.RemoveAll(dir))
		for _, space := range b.spaces {
			err = errors.Join(err, space.Close())
		}
	}()
	b.note("building the provider, and an empty one, as a release is built ...")
	if b.real, err = engine.BuildReleaseMirror(ctx, filepath.Join(dir, "real"), ""); err != nil {
		return 0, err
	}
	if b.empty, err = engine.BuildReleaseMirror(ctx, filepath.Join(dir, "empty"), "internal/cmd/bench/empty"); err != nil {
		return 0, err
	}
	machine, err := b.machine(ctx)
	if err != nil {
		return 0, err
	}

	var rows []row
	for _, g := range picked {
		b.note("%s ...", g.about)
		measured, err := g.measure(b, ctx)
		if err = errors.Join(context.Cause(ctx), err); err != nil {
			return 0, fmt.Errorf("%s: %w", g.about, err)
		}
		rows = slices.Concat(rows, measured)
	}
	fmt.Fprintf(table, "Measured in %s on %s.\n\n%s", time.Since(began).Round(time.Second), machine, markdown(rows))
	for _, r := range rows {
		if r.missed() {
			missed++
		}
	}
	return missed, nil
}

// note tells who waits what happens.
func (b *bench) note(format string, args ...any) {
	fmt.Fprintf(b.progress, "# "+format+"\n", args...)
}

// account is an account of the mock that can be reached.
type account struct {
	*tidiomock.Mock
	url string
}

// account opens an account. It stays open until the end.
func (b *bench) account(config tidiomock.Config) account {
	config.APIKey, config.OnViolation = apiKey, b.violation
	mock := tidiomock.New(config)
	return account{Mock: mock, url: httptest.NewServer(mock).URL}
}

// env points a provider at the account.
func (a account) env() []string {
	return []string{"TIDIO_API_KEY=" + apiKey, "TIDIO_BASE_URL=" + a.url + "/v1/"}
}

// workspace returns a workspace with a configuration, installed by `init`. It stays until the end.
func (b *bench) workspace(ctx context.Context, mirror, config string, env ...string) (*engine.Workspace, error) {
	space, err := b.engine.NewWorkspace(engine.Options{Mirror: mirror, Env: env})
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.spaces = append(b.spaces, space)
	b.mu.Unlock()
	if err := os.WriteFile(filepath.Join(space.Dir, "main.tf"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	return space, space.Init(ctx)
}

// timed runs a command that must succeed and returns what it took. With -detailed-exitcode a plan
// that would change something does not succeed.
func (b *bench) timed(
	ctx context.Context, space *engine.Workspace, args ...string,
) (time.Duration, engine.Result, error) {
	began := time.Now()
	result, err := space.Run(ctx, args...)
	took := time.Since(began)
	if err == nil && result.ExitCode != 0 {
		err = fmt.Errorf("%s %s: exit code %d\n%s%s",
			b.engine.Name, strings.Join(args, " "), result.ExitCode, result.Stdout, result.Stderr)
	}
	return took, result, err
}
