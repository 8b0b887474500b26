package tidiomock

import (
	"cmp"
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

const (
	garbage      = "upstream connect error or disconnect/reset before headers"
	loginPage    = "<!doctype html>\n<title>Log in</title>\n<p>Log in to continue.</p>\n"
	notFoundPage = "<!doctype html>\n<title>404</title>\n<h1>Not Found</h1>\n"
	hugeBody     = 50_000_000 // bytes
)

// misbehave answers the call as the fault says. What serve returns would be the good answer.
func (m *Mock) misbehave(c *call, f Fault, serve func() reply) reply {
	var good reply
	if slices.Contains(afterEffect, f.Do) {
		good = serve()
	}
	f.reach()
	switch f.Do {
	case HoldBefore:
		f.hold(c.request.Context())
		return serve()
	case HoldAfter:
		f.hold(c.request.Context())
		return good
	case InsertBetween:
		c.route.list(c).insert()
		return serve()
	case DeleteBetween:
		c.route.list(c).remove()
		return serve()
	}
	bad := m.spoil(c, f, good)
	bad.faulty = true
	header := http.Header{}
	maps.Copy(header, bad.header)
	maps.Copy(header, f.Header)
	bad.header = header
	return bad
}

// spoil makes the faulty reply, from the good one where the fault is after the effect.
func (m *Mock) spoil(c *call, f Fault, good reply) reply {
	switch f.Do {
	case FailBefore, FailAfter:
		return f.failure(c, http.StatusInternalServerError)
	case TooManyRequests:
		bad := f.failure(c, http.StatusTooManyRequests)
		if c.header.Get(remainingHeader) != "" {
			bad.header.Set(remainingHeader, "0")
		}
		return bad
	case CutBody:
		body := good.body
		good.body = body[:len(body)/2]
		good.missing = max(len(body)-len(good.body), 1)
		return good
	case TruncatedJSON:
		good.body = good.body[:len(good.body)/2]
		return good
	case Garbage:
		body := f.Body
		if body == nil {
			body = []byte(garbage)
		}
		return f.success(cmp.Or(f.ContentType, "application/json"), body)
	case HTML:
		return f.success("text/html; charset=utf-8", []byte(loginPage))
	case NotFoundHTML:
		f.Status = cmp.Or(f.Status, http.StatusNotFound)
		return f.success("text/html; charset=utf-8", []byte(notFoundPage))
	case Redirect:
		return reply{
			status: cmp.Or(f.Status, http.StatusFound),
			header: http.Header{"Location": {f.Location}},
		}
	case Huge:
		bad := f.success("application/json", nil)
		bad.stream = io.MultiReader(
			strings.NewReader(`{"`+c.key()+`":[],"padding":"`),
			io.LimitReader(padding{}, hugeBody),
			strings.NewReader(`"}`))
		return bad
	case RepeatPage, WrongPage, RepeatCursor, EndlessPages:
		return c.format.spoil(m, c, f.Do)
	default: // CutBefore, CutAfter
		return reply{}
	}
}

// failure is the fault's error; status is the one of its kind.
func (f Fault) failure(c *call, status int) reply {
	status = cmp.Or(f.Status, status)
	return c.format.failure(status, f.Code, cmp.Or(f.Message, http.StatusText(status)))
}

// success is a reply that claims that all is well, unless the fault has a status.
func (f Fault) success(contentType string, body []byte) reply {
	return reply{
		status: cmp.Or(f.Status, http.StatusOK),
		header: http.Header{"Content-Type": {contentType}},
		body:   body,
	}
}

// reach tells who armed the fault that it acts now.
func (f Fault) reach() {
	select {
	case f.Reached <- struct{}{}:
	default:
	}
}

// hold waits for the release; when the client leaves, or its server closes, nobody needs it.
func (f Fault) hold(ctx context.Context) {
	select {
	case <-f.Release:
	case <-ctx.Done():
	}
}

// padding reads as x without end.
type padding struct{}

var xs = strings.Repeat("x", 32<<10)

func (padding) Read(p []byte) (int, error) { return copy(p, xs), nil }
