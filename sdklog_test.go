package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestSDKLogLevel(t *testing.T) {
	type vars = map[string]string
	for name, test := range map[string]struct {
		env  vars
		want string
	}{
		"nothing is set":       {vars{}, "OFF"},
		"a level":              {vars{"TF_LOG": "DEBUG"}, "DEBUG"},
		"in lower case":        {vars{"TF_LOG": "warn"}, "WARN"},
		"off":                  {vars{"TF_LOG": "off"}, "OFF"},
		"JSON":                 {vars{"TF_LOG": "json"}, "TRACE"},
		"no level":             {vars{"TF_LOG": "1"}, "TRACE"},
		"a level with a space": {vars{"TF_LOG": "WARN "}, "TRACE"},
		"providers only":       {vars{"TF_LOG_PROVIDER": "INFO"}, "INFO"},
		"providers more":       {vars{"TF_LOG": "ERROR", "TF_LOG_PROVIDER": "TRACE"}, "TRACE"},
		"providers less":       {vars{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "ERROR"}, "ERROR"},
		"providers JSON":       {vars{"TF_LOG_PROVIDER": "JSON"}, "TRACE"},
		"empty variables":      {vars{"TF_LOG": "DEBUG", "TF_LOG_PROVIDER": "", "TF_LOG_SDK": ""}, "DEBUG"},
		"the SDK less":         {vars{"TF_LOG": "TRACE", "TF_LOG_SDK": "warn"}, "warn"},
		"the SDK more":         {vars{"TF_LOG": "WARN", "TF_LOG_PROVIDER": "WARN", "TF_LOG_SDK": "TRACE"}, "TRACE"},
		"the engine's own":     {vars{"TF_LOG_CORE": "TRACE"}, "OFF"},
		"this provider's own":  {vars{"TF_LOG_PROVIDER_TIDIO": "DEBUG"}, "OFF"},
	} {
		t.Run(name, func(t *testing.T) {
			getenv := func(variable string) string { return test.env[variable] }
			if got := sdkLogLevel(getenv); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// logged runs a plan with a rate limited request and returns what the engine printed as its log.
func logged(t *testing.T, mirror string, env ...string) string {
	t.Helper()
	mock := tidiomock.New(tidiomock.Config{})
	mock.Arm(tidiomock.Fault{Do: tidiomock.TooManyRequests, Header: http.Header{"Retry-After": {"1"}}})
	server := httptest.NewServer(mock)
	defer server.Close()
	w := acctest.EmptyWorkspace(t, acctest.FindEngine(t), mirror,
		append(env, "TIDIO_API_KEY=key", "TIDIO_BASE_URL="+server.URL+"/v1/")...)
	w.Write(`
resource "tidio_property" "plan" {
  name = "plan"
  type = "text"
}
`)
	w.Expect(0, "init")
	result := w.Run("plan")
	if result.ExitCode != 0 {
		t.Fatal(result.Text())
	}
	return result.Stderr
}

func TestSDKLog_hidesNothingThatTheEngineShows(t *testing.T) {
	mirror := acctest.BuildMirror(t, acctest.Module)
	lines := []string{"@module=sdk.proto", "@module=sdk.framework", ": Tidio API request", "Waiting before the next"}
	for setting, wanted := range map[string][]bool{
		"TF_LOG=TRACE":         {true, true, true, true},
		"TF_LOG=DEBUG":         {false, true, true, true},
		"TF_LOG_PROVIDER=WARN": {false, false, false, true},
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			ours := logged(t, mirror, setting)
			unfiltered := logged(t, mirror, setting, "TF_LOG_SDK=TRACE") // as if the provider set nothing
			for i, line := range lines {
				got, want := strings.Count(ours, line), strings.Count(unfiltered, line)
				if got != want || (got > 0) != wanted[i] {
					t.Errorf("%q: %d lines; %d if the SDK logs everything; any wanted: %t", line, got, want, wanted[i])
				}
			}
		})
	}
}

func TestSDKLog_isNotWrittenForNobody(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	mirror := acctest.BuildMirror(t, acctest.Module)
	// A script in the provider's place keeps what the provider writes. It is written into the file, which
	// has a name for each engine.
	binary := acctest.Installed(mirror)
	moved := filepath.Join(t.TempDir(), "provider")
	stderr := moved + ".stderr"
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nexec '" + moved + "' \"$@\" 2>>'" + stderr + "'\n"
	if err := errors.Join(os.WriteFile(moved, content, 0o755), os.WriteFile(binary, []byte(script), 0o755)); err != nil {
		t.Fatal(err)
	}
	for setting, wanted := range map[string][2]bool{
		"TF_LOG=":                    {false, false},
		"TF_LOG_SDK_PROTO=TRACE":     {true, false},
		"TF_LOG_SDK_FRAMEWORK=DEBUG": {false, true},
	} {
		t.Run(setting, func(t *testing.T) {
			if err := os.WriteFile(stderr, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			logged(t, mirror, setting)
			written, err := os.ReadFile(stderr)
			if err != nil {
				t.Fatal(err)
			}
			for i, module := range []string{`"@module":"sdk.proto"`, `"@module":"sdk.framework"`} {
				if got := strings.Count(string(written), module); (got > 0) != wanted[i] {
					t.Errorf("%d lines of %s, any wanted: %t", got, module, wanted[i])
				}
			}
			if !strings.Contains(string(written), "Waiting before the next") {
				t.Errorf("the provider's own lines are missing:\n%s", written)
			}
		})
	}
}
