package tidiomock

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Replies is the shape of v1's successful replies, where the contract leaves several.
type Replies struct {
	// WrapSingle sends {"data": {...}} in place of a bare object.
	WrapSingle bool
	// OmitOptional leaves out the fields that the contract does not require, also where they have a value,
	// and in lists too. The published API does so as well.
	OmitOptional bool
	// Write is the body of the reply to a write.
	Write WriteReply
}

// WriteReply is the body of a successful reply to a write.
type WriteReply int

// The bodies of a write's reply.
const (
	FullObject WriteReply = iota // the object after the write
	IDOnly                       // the id and nothing else
	EmptyBody                    // nothing
)

// fields are a JSON object as an API sends it. Each noun has a function that makes them, for each API that
// has the noun.
type fields = map[string]any

// shape returns the fields of an object by their JSON names, without those named; an empty text is null.
func shape(object any, without ...string) (shaped fields) {
	if err := recode(object, &shaped); err != nil {
		panic(err) // cannot happen: the account has only what can be encoded
	}
	for _, name := range without {
		delete(shaped, name)
	}
	for name, value := range shaped {
		if value == "" {
			shaped[name] = nil
		}
	}
	return shaped
}

// recode copies an object to another type, by the JSON names of the fields.
func recode(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return decode(text, to)
}

// decode decodes JSON, and keeps all digits of a number. An unknown field is an error.
func decode(text []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	return decoder.Decode(to)
}

// trim leaves only the required fields of an object if Replies.OmitOptional is set.
func (m *Mock) trim(object fields, required ...string) fields {
	if m.config.Replies.OmitOptional {
		maps.DeleteFunc(object, func(name string, _ any) bool { return !slices.Contains(required, name) })
	}
	return object
}

// object is the reply with one object.
func (m *Mock) object(c *call, status int, object fields) reply {
	if c.format == v1 && m.config.Replies.WrapSingle {
		object = fields{"data": object}
	}
	return jsonReply(status, object)
}

// written is v1's reply to a write that left an object behind.
func (m *Mock) written(c *call, status int, object fields) reply {
	switch m.config.Replies.Write {
	case IDOnly:
		return m.object(c, status, fields{"id": object["id"]})
	case EmptyBody:
		return reply{status: status}
	default:
		return m.object(c, status, object)
	}
}

func jsonReply(status int, v any) reply {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // cannot happen: replies have only what can be encoded
	}
	header := http.Header{"Content-Type": {"application/json"}}
	return reply{status: status, header: header, body: body.Bytes()}
}

// reply is what goes back, good or bad.
type reply struct {
	status  int         // 0 = nothing goes back, the connection is cut
	header  http.Header // on top of the call's
	body    []byte
	missing int  // bytes promised after the body, and never sent
	unsized bool // without a Content-Length
	faulty  bool // bad on purpose: not checked against the contract
}

// send writes the reply with these headers, which its own override. To cut the connection, it panics with
// http.ErrAbortHandler.
func (r reply) send(w http.ResponseWriter, header http.Header) {
	if r.status == 0 {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), header)
	maps.Copy(w.Header(), r.header)
	if !r.unsized {
		w.Header().Set("Content-Length", strconv.Itoa(len(r.body)+r.missing))
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // fails when the client is gone: nobody to tell
	if r.missing > 0 {
		_ = http.NewResponseController(w).Flush() // the part before the cut must get there
		panic(http.ErrAbortHandler)
	}
}
