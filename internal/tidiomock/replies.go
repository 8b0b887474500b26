package tidiomock

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Replies is the shape of v1's successful replies, where the contract leaves several.
type Replies struct {
	// WrapSingle sends {"data": {...}} in place of a bare object.
	WrapSingle bool
	// OmitOptional leaves out the fields that the contract does not require, also where they have a
	// value, and in lists too. Only v1's list of the properties keeps its labels. The published API
	// does so as well.
	OmitOptional bool
	// Write is what a write is answered with.
	Write WriteReply
}

// WriteReply is the body of a successful reply to a write.
type WriteReply int

// The bodies of a write's reply.
const (
	FullObject WriteReply = iota // the object as it now is
	IDOnly                       // the id and nothing else
	EmptyBody                    // nothing
)

// object is the reply with one object.
func (m *Mock) object(status int, v any) reply {
	if m.config.Replies.WrapSingle {
		v = map[string]any{"data": v}
	}
	return jsonReply(status, v)
}

// shape is an object as replies of v1 have it, of a noun whose only required field is the id.
func (m *Mock) shape(o v1Object) any {
	if m.config.Replies.OmitOptional {
		return idJSON{o.key()}
	}
	return o.json()
}

// orNull returns nil, which is sent as null, for a field that is not set.
func orNull(field *string) *string {
	if *field == "" {
		return nil
	}
	return field
}

type idJSON struct {
	ID string `json:"id"`
}

// written is the reply to a write that left v behind.
func (m *Mock) written(status int, id string, v any) reply {
	switch m.config.Replies.Write {
	case IDOnly:
		return m.object(status, idJSON{id})
	case EmptyBody:
		return reply{status: status}
	default:
		return m.object(status, v)
	}
}

func jsonReply(status int, v any) reply {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // our own types encode
	}
	return reply{
		status: status,
		header: http.Header{"Content-Type": {"application/json"}},
		body:   body.Bytes(),
	}
}

// reply is what goes back, good or bad.
type reply struct {
	status  int         // 0 = nothing goes back, the connection is cut
	header  http.Header // on top of the call's
	body    []byte
	missing int       // bytes promised after the body, and never sent
	stream  io.Reader // in place of the body
	faulty  bool      // bad on purpose: not held to the contract
}

// send writes the reply. It panics with http.ErrAbortHandler where the connection is to be cut.
func (r reply) send(w http.ResponseWriter, c *call) {
	if r.status == 0 {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), r.headers(c))
	if r.stream != nil {
		w.WriteHeader(r.status)
		_, _ = io.Copy(w, r.stream) // ends early when the client has had enough
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)+r.missing))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // fails when the client is gone: nobody to tell
	if r.missing > 0 {
		_ = http.NewResponseController(w).Flush() // the part before the cut must get there
		panic(http.ErrAbortHandler)
	}
}

// headers returns the call's headers and, on top of them, the reply's.
func (r reply) headers(c *call) http.Header {
	header := c.header.Clone()
	maps.Copy(header, r.header)
	return header
}

// wait returns after d, or when ctx is done.
func wait(ctx context.Context, d time.Duration) {
	if d == 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
