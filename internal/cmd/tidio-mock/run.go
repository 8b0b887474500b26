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
	"net/url"
	"strings"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// grace is how long requests under way may take when the program is told to stop.
const grace = 5 * time.Second

// example is an edit in the panel of a mock, by its address.
const example = `curl http://%s/panel/properties -d '{"name": "tier", "type": "text", "label": "Tier"}'`

// run serves the mock until ctx is done. What breaks the contract goes to stderr, a line each.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("tidio-mock", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is told by who called
	addr := flags.String("addr", "127.0.0.1:8787",
		"`address` to listen on, port 0 for any free one;\n"+
			"plain http, which the provider accepts from loopback addresses only")
	clientID := flags.String("client-id", "", "the one client `id` that the published API accepts (default: any)")
	clientSecret := flags.String("client-secret", "", "the one client `secret` that it accepts (default: any)")
	apiKey := flags.String("api-key", "", "the one API `key` that v1 accepts (default: any)")
	pageSize := flags.Uint("page-size", 100, "`items` on a page of a list")
	perMinute := flags.Uint("requests-per-minute", 0, "rate limit, in `requests` (default: none)")
	seed := flags.Bool("seed", false,
		"begin with what a support team has: properties, contacts, conversations ...")
	hide := flags.Bool("hide-rate-headers", false, "do not say in replies what the rate limit is and what is left of it")
	each := flags.Bool("log", false, "say each request, and how many there were")
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

	logger := log.New(stderr, "", log.Ltime)
	mock := tidiomock.New(tidiomock.Config{
		ClientID:          *clientID,
		ClientSecret:      *clientSecret,
		APIKey:            *apiKey,
		PageSize:          int(*pageSize),
		RequestsPerMinute: int(*perMinute),
		HideRateHeaders:   *hide,
		OnViolation:       func(err error) { logger.Println("contract:", err) },
	})
	if *seed {
		mock.Seed()
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	greet(stdout, listener.Addr(), *clientID, *clientSecret, *apiKey)
	server := &http.Server{Handler: withPanel(mock), ErrorLog: logger, ReadHeaderTimeout: 10 * time.Second}
	if *each {
		server.Handler = logged(server.Handler, logger)
		defer func() { logger.Printf("%d requests", len(mock.Requests())) }()
	}
	return serve(ctx, listener, server)
}

// withPanel serves the panel beside both APIs.
func withPanel(mock *tidiomock.Mock) http.Handler {
	panel := mock.Panel()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/panel/") {
			panel.ServeHTTP(w, r)
			return
		}
		mock.ServeHTTP(w, r)
	})
}

// logged says each request and its status.
func logged(handler http.Handler, logger *log.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answered{ResponseWriter: w, status: http.StatusOK}
		handler.ServeHTTP(answer, r)
		logger.Println(r.Method, withoutAddress(r.URL), answer.status)
	})
}

// answered remembers the status of a reply.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// withoutAddress is what a request asks for, without the e-mail address that it may look for.
func withoutAddress(u *url.URL) string {
	query := u.Query()
	if !query.Has("email") {
		return u.RequestURI()
	}
	query.Set("email", "-")
	return u.EscapedPath() + "?" + query.Encode()
}

func greet(w io.Writer, addr net.Addr, clientID, clientSecret, apiKey string) {
	// What was given as a flag a terminal need not show.
	value := func(name, given, otherwise string) string {
		if given != "" {
			return "'the " + name + "'"
		}
		return otherwise
	}
	baseURL := fmt.Sprintf("http://%s/", addr)
	fmt.Fprintf(w, "listening on %s\n\nPoint the provider at the API that Tidio publishes:\n\n", baseURL)
	fmt.Fprintf(w, "  export TIDIO_BASE_URL=%s\n  export TIDIO_CLIENT_ID=%s\n  export TIDIO_CLIENT_SECRET=%s\n", baseURL,
		value("-client-id", clientID, "ci_any"), value("-client-secret", clientSecret, "cs_any"))
	fmt.Fprintf(w, "\nor at v1:\n\n  export TIDIO_BASE_URL=%sv1/\n  export TIDIO_API_KEY=%s\n", baseURL,
		value("-api-key", apiKey, "any-key"))
	fmt.Fprintf(w, "\nEdit the account as people do in Tidio's panel (see -help):\n\n  "+example+"\n", addr)
}

// serve serves until ctx is done, and then until the requests under way are.
func serve(ctx context.Context, listener net.Listener, server *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		return server.Close()
	}
	return nil
}
