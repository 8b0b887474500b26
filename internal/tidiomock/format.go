package tidiomock

import (
	"errors"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// format is one of the two ways to talk with the account: v1 or published.
type format struct {
	prefix   string // of its paths
	document string // the file of its contract
	contract func() *openapi3.T

	// authorize returns why a request is refused; the status is 0 if it is not.
	authorize func(config Config, header http.Header) (status int, message string)
	// failure is the body of an error.
	failure func(status int, message string) fields
	// position is where the page begins that a call asks for; false = the list has no such place.
	position func(m *Mock, c *call) (position, bool)
	// page is the body of a page of a list.
	page func(m *Mock, c *call, p page) fields
}

// allowed reports whether a credential is the accepted one, "" being any.
func allowed(sent, accepted string) bool {
	return sent != "" && (accepted == "" || sent == accepted)
}

// isMisfit reports whether a violation is one of a body that can be read.
func isMisfit(violation error) bool {
	var sent *openapi3filter.RequestError
	var misfit *openapi3.SchemaError
	return errors.As(violation, &sent) && sent.RequestBody != nil && errors.As(sent.Err, &misfit)
}

// invalid is the reply to a well-formed write that breaks a rule of the account or the contract.
func (m *Mock) invalid(c *call, flaw string) reply {
	if c.format == v1 {
		return c.fail(http.StatusBadRequest, flaw)
	}
	status := m.config.Published.ValidationStatus
	if status == 0 {
		status = http.StatusUnprocessableEntity
	}
	return jsonReply(status, publishedError(status, "validation_error", flaw))
}
