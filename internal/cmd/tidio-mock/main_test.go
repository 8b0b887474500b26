package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// start runs the program and returns its base URL of v1, what else it printed, and a function that stops
// it and returns what is on stderr.
func start(t *testing.T, args ...string) (baseURL, greeting string, stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, in := io.Pipe()
	var stderr bytes.Buffer
	var err error
	var program sync.WaitGroup
	program.Go(func() {
		err = run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), in, &stderr)
		in.Close()
	})
	printed := bufio.NewReader(stdout)
	first, readErr := printed.ReadString('\n')
	if readErr != nil {
		program.Wait()
		t.Fatalf("nothing printed: %v, %v", readErr, err)
	}
	baseURL, ok := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if !ok {
		t.Fatalf("first line %q", first)
	}
	var rest strings.Builder
	for !strings.Contains(rest.String(), "curl") {
		line, readErr := printed.ReadString('\n')
		if readErr != nil {
			t.Fatal(readErr)
		}
		rest.WriteString(line)
	}
	return baseURL + "v1/", rest.String(), func() string {
		cancel()
		program.Wait()
		if err != nil {
			t.Errorf("stopped with %v", err)
		}
		return stderr.String()
	}
}

func get(t *testing.T, url, key string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("X-Tidio-Openapi-Client-Id", "ci_"+key)
	req.Header.Set("X-Tidio-Openapi-Client-Secret", "cs_"+key)
	req.Header.Set("Accept", "application/json; version=1")
	resp, body := send(t, req)
	return resp.StatusCode, resp.Header, body
}

func send(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestServesUntilStopped(t *testing.T) {
	url, greeting, stop := start(t)
	root := strings.TrimSuffix(url, "v1/")
	want := "\nPoint the provider at the API that Tidio publishes:\n\n  export TIDIO_BASE_URL=" + root +
		"\n  export TIDIO_CLIENT_ID=ci_any\n  export TIDIO_CLIENT_SECRET=cs_any\n\nor at v1:\n\n  export TIDIO_BASE_URL=" +
		url + "\n  export TIDIO_API_KEY=any-key\n\nEdit the account as people do in Tidio's panel (see -help):\n\n" +
		"  curl " + root + "panel/properties -d '{\"name\": \"tier\", \"type\": \"text\", \"label\": \"Tier\"}'\n"
	if greeting != want {
		t.Errorf("the greeting is\n%s\nwant\n%s", greeting, want)
	}
	if status, _, body := get(t, url+"properties", "any"); status != 200 ||
		body != `{"data":[],"meta":{"page":1,"total":0}}`+"\n" {
		t.Errorf("%d %s", status, body)
	}
	if stderr := stop(); stderr != "" {
		t.Errorf("stderr: %s", stderr)
	}
}

func TestFlags(t *testing.T) {
	url, greeting, stop := start(t,
		"-api-key", "s3cret", "-client-id", "ci_s3cret", "-client-secret", "cs_s3cret", "-page-size", "2", "-requests-per-minute", "2", "-seed")
	if strings.Contains(greeting, "s3cret") {
		t.Errorf("the greeting shows the key:\n%s", greeting)
	}
	if status, _, _ := get(t, url+"properties", "other"); status != 401 {
		t.Errorf("another key: %d", status)
	}
	published := strings.TrimSuffix(url, "v1/") + "contact-properties"
	for key, want := range map[string]int{"other": 401, "s3cret": 200} {
		if status, _, _ := get(t, published, key); status != want {
			t.Errorf("published, with %s: %d", key, status)
		}
	}
	status, header, body := get(t, url+"properties", "s3cret")
	if status != 200 || strings.Count(body, `"id"`) != 2 {
		t.Errorf("page of two: %d %s", status, body)
	}
	if got := header.Get("x-ratelimit-limit"); got != "2" {
		t.Errorf("x-ratelimit-limit: %q", got)
	}
	stop()
}

func TestSeedIsServed(t *testing.T) {
	for _, test := range []struct {
		args []string
		want bool
	}{{nil, false}, {[]string{"-seed"}, true}} {
		url, _, stop := start(t, test.args...)
		for _, path := range []string{"properties", "contacts", "operators", "conversations"} {
			status, _, body := get(t, url+path, "any")
			if got := strings.Contains(body, `"id"`); status != 200 || got != test.want {
				t.Errorf("%q: %s: %d %s", test.args, path, status, body)
			}
		}
		if stderr := stop(); stderr != "" {
			t.Errorf("stderr: %s", stderr)
		}
	}
}

func TestViolationsGoToStderr(t *testing.T) {
	url, _, stop := start(t)
	if status, _, _ := get(t, url+"properties?limit=5", "any"); status != 400 {
		t.Errorf("an unknown parameter: %d", status)
	}
	stderr := stop()
	if !strings.Contains(stderr, "GET /v1/properties?limit=5: ") {
		t.Errorf("stderr: %s", stderr)
	}
}

func TestRequestsAreLogged(t *testing.T) {
	url, _, stop := start(t, "-log", "-hide-rate-headers", "-requests-per-minute", "1")
	if _, header, _ := get(t, url+"properties", "any"); header.Get("x-ratelimit-limit") != "" {
		t.Error("the headers are not hidden")
	}
	get(t, url+"contacts?page=2", "any")
	get(t, strings.TrimSuffix(url, "v1/")+"contacts?email=jane%40example.com", "any")
	stderr := stop()
	if strings.Contains(stderr, "jane") {
		t.Errorf("it shows an e-mail address:\n%s", stderr)
	}
	for _, want := range []string{
		"GET /v1/properties 200", "GET /v1/contacts?page=2 429", "GET /contacts?email=- 429", "3 requests",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q is not in:\n%s", want, stderr)
		}
	}
}

// The panel is beside the API, asks for no credentials, and is no request to the API.
func TestPanel(t *testing.T) {
	url, _, stop := start(t, "-seed", "-log", "-api-key", "s3cret", "-requests-per-minute", "1")
	edit := func(method, path, body string) (status int, reply string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(url, "v1/")+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, reply := send(t, req)
		return resp.StatusCode, reply
	}
	if status, body := edit("PATCH", "panel/properties/plan", `{"label": "Subscription"}`); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if status, body := edit("PATCH", "panel/properties/plna", `{"label": "x"}`); status != 404 ||
		body != `{"message":"There is no property \"plna\"."}`+"\n" {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := get(t, url+"properties", "s3cret"); status != 200 || !strings.Contains(body, `"label":"Subscription"`) {
		t.Errorf("%d %s", status, body)
	}
	stderr := stop()
	if !strings.Contains(stderr, "GET /v1/properties 200") || !strings.Contains(stderr, "1 requests") || strings.Contains(stderr, "panel") {
		t.Errorf("stderr: %s", stderr)
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, &stdout, &stderr); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		"-requests-per-minute", tidiomock.PanelHelp, "curl http://127.0.0.1:8787/panel/properties -d",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %s in:\n%s", want, stdout.String())
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	for _, args := range [][]string{
		{"-page-size", "many"},
		{"-page-size", "-1"},
		{"-no-such-flag"},
		{"stray"},
		{"-addr", "nowhere.example.com.invalid:http-not-a-port"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q: accepted", args)
		}
	}
}

// The test binary is the program when it is told so.
func TestMain(m *testing.M) {
	if os.Getenv("BE_TIDIO_MOCK") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestSignalsEndItWell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals to send")
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-addr", "127.0.0.1:0")
		cmd.Env = append(os.Environ(), "BE_TIDIO_MOCK=1")
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(stdout).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "listening on ") {
			t.Errorf("%q, %v", line, err)
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", signal, err)
		}
	}
}
