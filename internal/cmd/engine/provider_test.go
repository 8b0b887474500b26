//go:build unix

package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeProvider writes a provider that is a shell script and returns its path.
func fakeProvider(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terraform-provider-fake")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAProviderTellsHowToAttachAndWhatItUsed(t *testing.T) {
	t.Setenv("TIDIO_API_KEY", "from the caller's environment")
	provider, err := StartProvider(t.Context(), fakeProvider(t, `
test "$1" = -debug && test -z "$TIDIO_API_KEY" && test "$SETTING" = x || exit 1
printf 'Provider started.\n\n\tTF_REATTACH_PROVIDERS='"'"'{"a":"it'"'\"'\"'"'s"}'"'"'\n'
exec tail -f /dev/null
`), "SETTING=x")
	if err != nil {
		t.Fatal(err)
	}
	state := provider.Stop()
	if want := `TF_REATTACH_PROVIDERS={"a":"it's"}`; provider.Reattach != want {
		t.Errorf("%s, want %s", provider.Reattach, want)
	}
	if peak := PeakMemory(state); peak < 100<<10 || peak > 1<<30 {
		t.Errorf("a shell script took %d bytes", peak)
	}
}

func TestAProviderThatEndsIsAnError(t *testing.T) {
	_, err := StartProvider(t.Context(), fakeProvider(t, "echo broken >&2; exit 3"))
	if err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("got %v, want what it said", err)
	}
}
