package tidiomock

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

//go:embed v1.yaml openapi.yaml
var documents embed.FS

// parseOnce parses a document, once for all mocks. It panics when the document is invalid.
func parseOnce(name string) func() *openapi3.T {
	return sync.OnceValue(func() *openapi3.T {
		text, err := documents.ReadFile(name)
		var doc *openapi3.T
		if err == nil {
			doc, err = openapi3.NewLoader().LoadFromData(text)
		}
		if err == nil {
			err = doc.Validate(context.Background())
		}
		if err != nil {
			panic("tidiomock: " + name + ": " + err.Error())
		}
		return doc
	})
}

// mustSpecify returns what the contract says about a route, and panics when it has none.
func mustSpecify(rt *route) *routers.Route {
	doc := rt.format.contract()
	item := doc.Paths.Value(rt.path)
	if item == nil || item.GetOperation(rt.method) == nil {
		panic(fmt.Sprintf("tidiomock: %s has no %s %s", rt.format.document, rt.method, rt.path))
	}
	return &routers.Route{
		Spec: doc, Path: rt.path, PathItem: item, Method: rt.method, Operation: item.GetOperation(rt.method),
	}
}

// checkRequest returns what in the request breaks the contract. The key is not looked at: a wrong one is
// refused, which the contract has a status for.
func checkRequest(c *call) error {
	switch {
	case c.path == "":
		return errors.New("there is no such path")
	case c.route == nil:
		return fmt.Errorf("the path has no such method, only %v", c.allow)
	}
	if err := checkQuery(c); err != nil {
		return err
	}
	if len(c.body) > 0 && !json.Valid(c.body) {
		return errors.New("the body is not JSON")
	}
	return openapi3filter.ValidateRequest(c.request.Context(), validationInput(c))
}

// checkQuery does what the library does not: it refuses parameters the contract has not.
func checkQuery(c *call) error {
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	known := c.route.spec.Operation.Parameters
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch {
		case known.GetByInAndName(openapi3.ParameterInQuery, name) == nil:
			return fmt.Errorf("there is no query parameter %q", name)
		case len(query[name]) > 1:
			return fmt.Errorf("the query parameter %q comes %d times", name, len(query[name]))
		}
	}
	return nil
}

// checkReply returns what in the reply breaks the contract.
func checkReply(c *call, r reply) error {
	request := validationInput(c)
	// v1 allows it in words: OpenAPI cannot say that a body may be missing.
	request.Options.ExcludeResponseBody = c.format == v1 && c.request.Method != http.MethodGet && r.status < 300 &&
		len(r.body) == 0
	header := c.header.Clone()
	maps.Copy(header, r.header)
	response := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: r.status, Header: header, Options: request.Options,
	}
	response.SetBodyBytes(r.body)
	return openapi3filter.ValidateResponse(c.request.Context(), response)
}

// validationInput is the request as the library wants it; it may change the request it is given.
func validationInput(c *call) *openapi3filter.RequestValidationInput {
	return &openapi3filter.RequestValidationInput{
		Request: &http.Request{
			Method: c.request.Method, URL: c.request.URL, Header: c.request.Header,
			Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)),
		},
		PathParams: c.params,
		Route:      c.route.spec,
		Options: &openapi3filter.Options{
			AuthenticationFunc:                openapi3filter.NoopAuthenticationFunc,
			IncludeResponseStatus:             true,
			RejectWhenRequestBodyNotSpecified: true,
			SchemaValidationOptions:           []openapi3.SchemaValidationOption{openapi3.DisableSchemaErrorDetails()},
		},
	}
}

// CheckExchange returns what in a request and its reply, recorded elsewhere, breaks the contract.
func (m *Mock) CheckExchange(r *http.Request, sent string, status int, header http.Header, got string) error {
	c := &call{request: r, body: []byte(sent), header: http.Header{}}
	m.find(c)
	if err := checkRequest(c); err != nil {
		return err
	}
	return checkReply(c, reply{status: status, header: header, body: []byte(got)})
}
