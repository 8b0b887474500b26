// Tidio-mock serves a mock of a Tidio account, with both of its APIs, on this machine: try the provider without an
// account. It keeps its data only while it runs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// example is an edit in the panel of a mock, by its address.
const example = `curl http://%s/panel/properties -d '{"name": "tier", "type": "text", "label": "Tier"}'`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tidio-mock:", err)
		os.Exit(1)
	}
}

// run serves the mock until ctx is done. It writes a line to stderr for each violation of the contract.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	logger := log.New(stderr, "", log.Ltime)
	config := tidiomock.Config{OnViolation: func(err error) { logger.Println("contract:", err) }}
	flags := flag.NewFlagSet("tidio-mock", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the caller reports an error
	addr := flags.String("addr", "127.0.0.1:8787",
		"`address` to listen on, port 0 for any free one;\n"+
			"plain http, which the provider accepts from loopback addresses only")
	flags.StringVar(&config.ClientID, "client-id", "", "the one client `id` that the published API accepts (default: any)")
	flags.StringVar(&config.ClientSecret, "client-secret", "", "the one client `secret` that it accepts (default: any)")
	flags.StringVar(&config.APIKey, "api-key", "", "the one API `key` that v1 accepts (default: any)")
	pageSize := flags.Uint("page-size", 100, "`items` on a page of a list")
	perMinute := flags.Uint("requests-per-minute", 0, "rate limit, in `requests` (default: none)")
	seed := flags.Bool("seed", false,
		"begin with what a support team has: properties, contacts, conversations ...")
	flags.BoolVar(&config.HideRateHeaders, "hide-rate-headers", false,
		"do not say in replies what the rate limit is and what is left of it")
	each := flags.Bool("log", false, "say each request to an API, and how many there were")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stdout)
		flags.Usage()
		fmt.Fprint(stdout, "\nEdits as people make them in Tidio's panel, without credentials:\n\n", tidiomock.PanelHelp)
		fmt.Fprintf(stdout, "\nFor example:\n\n  "+example+"\n", *addr)
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	config.PageSize, config.RequestsPerMinute = int(*pageSize), int(*perMinute)
	if *each {
		config.OnRequest = func(r tidiomock.Request) {
			logger.Println(r.Method, strings.TrimSuffix(r.Path+"?"+address.ReplaceAllString(r.Query, "email=-"), "?"), r.Status)
		}
	}

	mock := tidiomock.New(config)
	if *seed {
		mock.Seed()
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	greet(stdout, listener.Addr(), config)
	panel := mock.Panel()
	// Not by http.ServeMux, which redirects a path with two slashes that the API does not know.
	both := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/panel/") {
			panel.ServeHTTP(w, r)
			return
		}
		mock.ServeHTTP(w, r)
	})
	server := &http.Server{Handler: both, ErrorLog: logger, ReadHeaderTimeout: 10 * time.Second}
	if *each {
		defer func() { logger.Printf("%d requests", len(mock.Requests())) }()
	}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// address matches the e-mail address that a request looks for.
var address = regexp.MustCompile(`\bemail=[^&]*`)

func greet(w io.Writer, addr net.Addr, config tidiomock.Config) {
	// A credential that was set by a flag is not printed.
	value := func(name, given, otherwise string) string {
		if given != "" {
			return "'the " + name + "'"
		}
		return otherwise
	}
	fmt.Fprintf(w, `listening on http://%[1]s/

Point the provider at the API that Tidio publishes:

  export TIDIO_BASE_URL=http://%[1]s/
  export TIDIO_CLIENT_ID=%[2]s
  export TIDIO_CLIENT_SECRET=%[3]s

or at v1:

  export TIDIO_BASE_URL=http://%[1]s/v1/
  export TIDIO_API_KEY=%[4]s

Edit the account as people do in Tidio's panel (see -help):

`, addr, value("-client-id", config.ClientID, "ci_any"), value("-client-secret", config.ClientSecret, "cs_any"),
		value("-api-key", config.APIKey, "any-key"))
	fmt.Fprintf(w, "  "+example+"\n", addr)
}
