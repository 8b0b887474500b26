package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// testSeed is one whose first rounds hold both, a run that ends in errors and one that does not.
const testSeed = 52

func TestMain(m *testing.M) {
	// A CLI configuration that names a missing file makes some engines unusable.
	_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull)
	os.Exit(m.Run())
}

// The campaign of `make chaos`, but short and without the race detector in the provider.
func TestShortCampaign(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs a real engine: set TF_ACC=1, as `make test` does")
	}
	tool, err := engine.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mirror, err := engine.BuildMirror(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var told, log bytes.Buffer
	r, err := wage(t.Context(), tool, testSeed, options{changes: 35, mirror: mirror, w: &told, log: &log})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", told.String())
	if r.harmed() > 0 {
		t.Errorf("there is damage, see above: %v\n%s", r.damage, log.String())
	}
	if r.changes < 35 || r.faults() == 0 || r.failed == 0 || r.errors == 0 || r.answers == 0 {
		t.Errorf("it met too little to prove anything: %+v", r)
	}
}

func TestSeedDecides(t *testing.T) {
	schedule := func(seed uint64) string {
		rng, d := rand.New(rand.NewPCG(seed, 1)), &desired{} //nolint:gosec // as in a campaign
		var all strings.Builder
		for round := range 20 {
			r := drawRound(rng, d, round > 0, 100)
			fmt.Fprint(&all, r, d.hcl())
		}
		return all.String()
	}
	first := schedule(7)
	if first != schedule(7) {
		t.Error("the same seed makes another schedule")
	}
	if first == schedule(8) {
		t.Error("another seed makes the same schedule")
	}
	for _, kind := range faultKinds {
		if !strings.Contains(first+schedule(8)+schedule(9)+schedule(10), kind.label) {
			t.Errorf("nothing of the kind %q in 80 rounds", kind.label)
		}
	}
}

// The baseline of goroutines is found again, unless one is left.
func TestSettles(t *testing.T) {
	if !settles(t.Context(), func() bool { return true }) {
		t.Error("it was so at once")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if settles(ctx, func() bool { return false }) {
		t.Error("it never was so")
	}
}

func TestEar(t *testing.T) {
	e := newEar(io.Discard)
	go fmt.Fprint(e, "Interrupt ", "received")
	e.waitFor(t.Context(), "Interrupt received")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e.waitFor(ctx, "never said")
}
