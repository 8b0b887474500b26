package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	apiKey = "chaos-key-7f20c1"

	// pageSize is small, so that lists have pages between which something can happen.
	pageSize = 7
)

var apply = []string{"apply", "-auto-approve", "-parallelism=10"}

// campaign is one seed's rounds against one account.
type campaign struct {
	seed    uint64
	report  *report
	w       io.Writer
	rounds  *rand.Rand // decides what happens
	choices *rand.Rand // decides between ways out: it is asked as often as there are errors

	mock     *tidiomock.Mock
	inFlight *atomic.Int64 // requests that the mock has not answered yet
	others   *others
	space    *engine.Workspace
	heard    *ear
	races    string // directory where the race detector reports

	want      *desired
	written   *desired // what the file says: want as it was when it was written
	abandoned map[string]bool
	pending   []complaint // while they are followed
	round     int
}

// options are what all campaigns of a process share.
type options struct {
	changes int
	mirror  string
	w       io.Writer
	log     io.Writer // receives all that the engine prints
}

// wage runs a campaign. Damage is in the report; an error means that it could not go on.
func wage(ctx context.Context, tool *engine.Engine, seed uint64, o options) (r *report, err error) {
	baseline := runtime.NumGoroutine()
	c := &campaign{
		seed: seed, report: newReport(seed), w: o.w,
		rounds:    rand.New(rand.NewPCG(seed, 1)), //nolint:gosec // it has to be repeatable
		choices:   rand.New(rand.NewPCG(seed, 2)), //nolint:gosec // as said
		heard:     newEar(o.log),
		inFlight:  &atomic.Int64{},
		want:      &desired{},
		abandoned: map[string]bool{},
	}
	err = c.wage(ctx, tool, o)
	if err == nil {
		for _, f := range goroutinesLeft(ctx, baseline) {
			c.found(f)
		}
	}
	return c.report, err
}

// goroutinesLeft finds those of this process that are more than there were before the campaign.
func goroutinesLeft(ctx context.Context, before int) []finding {
	if settles(ctx, func() bool { return runtime.NumGoroutine() <= before }) {
		return nil
	}
	stacks := make([]byte, 1<<20)
	return []finding{{lingering, fmt.Sprintf("%d goroutines of the campaign before, %d after:\n%s", before,
		runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])}}
}

func (c *campaign) wage(ctx context.Context, tool *engine.Engine, o options) (err error) {
	// A request or reply that breaks the contract ends the campaign.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c.mock = tidiomock.New(tidiomock.Config{APIKey: apiKey, PageSize: pageSize, OnViolation: cancel})
	c.others = newOthers(c.mock)
	baseURL, stop := c.serve()
	defer stop()

	if c.races, err = os.MkdirTemp("", "tidio-races-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.races)) }()
	c.space, err = tool.NewWorkspace(engine.Options{
		Mirror: o.mirror,
		Env: []string{
			"TIDIO_API_KEY=" + apiKey, "TIDIO_BASE_URL=" + baseURL,
			// The engine shows nothing of what a provider writes to its standard error.
			"GORACE=log_path=" + filepath.Join(c.races, "race"),
		},
		Output: c.heard,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.space.Close()) }()
	if err := c.write(); err != nil {
		return err
	}
	if err := c.space.Init(ctx); err != nil {
		return err
	}
	for c.report.changes < o.changes {
		if err := c.playRound(ctx, drawRound(c.rounds, c.want, c.round > 0, o.changes-c.report.changes)); err != nil {
			return err
		}
	}
	return c.end(ctx)
}

// end destroys what the configuration has: the contacts are deleted, no more and no less.
func (c *campaign) end(ctx context.Context) error {
	c.want.contacts = nil
	c.want.imports, c.want.forgets = nil, nil
	if err := c.write(); err != nil {
		return err
	}
	return c.recover(ctx, nil, false)
}

// serve runs the mock on a free port of the loopback interface.
func (c *campaign) serve() (baseURL string, stop func()) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.inFlight.Add(1)
		defer c.inFlight.Add(-1)
		c.mock.ServeHTTP(w, r)
	}))
	return server.URL + "/v1/", server.Close
}

// outcome is what a command did.
type outcome struct {
	result   engine.Result
	said     []complaint
	evidence evidence
	deleted  bool // others have deleted a property
}

// command runs a command in a storm (nil = fine weather), and audits it.
func (c *campaign) command(ctx context.Context, s storm, args ...string) (outcome, error) {
	before, err := take(c.mock, c.space.Dir)
	if err != nil {
		return outcome{}, err
	}
	c.mock.ResetRequests()
	result, err := c.weather(ctx, s, before.ids(), args...)
	if err != nil {
		return outcome{}, err
	}
	// A request that the client has given up on may be on its way still.
	settles(ctx, func() bool { return c.inFlight.Load() == 0 })
	c.report.ran(len(c.mock.Requests()))

	o := outcome{result: result, said: complaints(result)}
	now := c.mock.Properties()
	o.deleted = c.others.tidyUp(before.properties, now)
	after, err := take(c.mock, c.space.Dir)
	if err != nil {
		return outcome{}, err
	}
	o.evidence = evidence{
		before: before, after: after, wanted: c.written, others: c.others,
		deleted: deletions(c.mock.Requests()), abandoned: c.abandoned, said: o.said, pending: c.pending,
	}
	o.evidence.abandon()
	all := append(audit(o.evidence), c.crashes(result)...)
	// A contact may be deleted before or after the data sources are read.
	if s == nil && args[0] == "apply" && result.ExitCode == 0 && len(o.evidence.deleted) == 0 {
		c.report.answers++
		all = append(all, o.evidence.misanswered()...)
	}
	for _, f := range all {
		f.text = strings.Join(args, " ") + ": " + f.text
		c.found(f)
	}
	return o, nil
}

// deletions are the ids that requests asked to delete.
func deletions(requests []tidiomock.Request) (ids []string) {
	for _, r := range requests {
		if r.Method == http.MethodDelete {
			ids = append(ids, r.Path[strings.LastIndex(r.Path, "/")+1:])
		}
	}
	return ids
}

// crashes finds what a run must not print, and what it must not leave.
func (c *campaign) crashes(result engine.Result) (found []finding) {
	if text := alarm(result.Stdout + result.Stderr); text != "" {
		found = append(found, finding{crashed, text})
	}
	if text := raceReports(c.races); text != "" {
		found = append(found, finding{crashed, text})
	}
	if result.Left {
		found = append(found, finding{leftBehind, "a process that the engine had started"})
	}
	return found
}

// raceReports returns what the race detector has written into a directory, and takes it away.
func raceReports(dir string) string {
	var all strings.Builder
	files, _ := filepath.Glob(filepath.Join(dir, "race*"))
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err == nil {
			all.Write(content)
		}
		_ = os.Remove(file)
	}
	return all.String()
}

// found notes damage, and says it at once.
func (c *campaign) found(f finding) {
	c.report.damage[f.damage]++
	fmt.Fprintf(c.w, "!! seed %d, round %d: %s: %s\n", c.seed, c.round, f.damage, f.text)
}

// write writes the configuration for the account as it is now.
func (c *campaign) write() error {
	c.want.lookUp = c.want.unambiguous(c.mock.Contacts())
	c.written = c.want.clone()
	return os.WriteFile(filepath.Join(c.space.Dir, "main.tf"), []byte(c.want.hcl()), 0o600)
}

// settles waits until something is so; it gives up after a while, or with the context.
func settles(ctx context.Context, so func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
