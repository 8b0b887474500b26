package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestFind_prefersTheVariableThenTerraformThenTofu(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script is no executable here")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv(pathVariable, "")
	find := func(want string) {
		t.Helper()
		got, err := findEngine()
		if err != nil {
			t.Fatal(err)
		}
		if got != (Engine{Path: filepath.Join(dir, want), Name: want}) {
			t.Errorf("found %+v, want %s", got, want)
		}
	}
	install := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := findEngine(); err == nil || !strings.Contains(err.Error(), "make engine") {
		t.Errorf("got %v, want an error that says what to do", err)
	}
	install("tofu")
	find("tofu")
	install("terraform")
	find("terraform")
	t.Setenv(pathVariable, filepath.Join(dir, "tofu"))
	find("tofu")
	t.Setenv(pathVariable, filepath.Join(dir, "missing"))
	if _, err := findEngine(); err == nil || !strings.Contains(err.Error(), pathVariable) {
		t.Errorf("got %v, want an error that names %s", err, pathVariable)
	}
}

func TestCleanEnv_dropsWhatSteersEngineAndProvider(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("TF_VAR_key", "x")
	t.Setenv("tidio_api_key", "secret")
	t.Setenv("https_proxy", "http://proxy.example.com")
	got := CleanEnv()
	for _, setting := range []string{"TF_LOG=TRACE", "TF_VAR_key=x", "tidio_api_key=secret"} {
		if slices.Contains(got, setting) {
			t.Error(setting)
		}
	}
	if !slices.Contains(got, "https_proxy=http://proxy.example.com") {
		t.Error("the proxy is gone")
	}
}

func TestText_joinsAFramedSentence(t *testing.T) {
	result := Output{
		Stdout: "\x1b[33m╷\x1b[0m\x1b[0m\n" +
			"\x1b[33m│\x1b[0m \x1b[0m\x1b[1m\x1b[33mWarning: \x1b[0m\x1b[0m\x1b[1mIt stays\x1b[0m\n" +
			"\x1b[33m│\x1b[0m \x1b[0min Tidio\n" +
			"\x1b[33m╵\x1b[0m\x1b[0m\n",
		Stderr: "for\never\n",
	}
	if got, want := result.Text(), "Warning: It stays in Tidio for ever"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
