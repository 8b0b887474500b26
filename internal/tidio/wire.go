package tidio

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// wire is what differs between the formats in which the API can be spoken. The files that make one,
// v1*.go and openapi*.go, are the only ones that know its JSON, paths, envelope, paging, headers and error bodies.
type wire struct {
	format Format
	help   *Help

	// setHeaders adds the credentials, and what else every request needs.
	setHeaders func(http.Header)

	// redact takes the credentials out of a text that the API sent.
	redact func(string) string

	// classify judges a reply for the transport.
	classify func(transport.Request, transport.Reply) transport.Class

	// isAnswer reports whether a body is in the API's own format. What is not comes from something else:
	// a proxy, a login page.
	isAnswer func(body []byte) bool

	// isError reports whether the body of a 2xx says that there was an error.
	isError func(body []byte) bool

	// message is what the API says in the body of an error, "" if it says nothing.
	message func(body []byte) string

	// writtenID is the id of the object that the reply to a write is about.
	writtenID func(body []byte) (string, error)

	// The collections. One that the format does not have is empty.
	properties           noun[Property]
	operators            noun[Operator]
	contacts             noun[Contact]
	conversations        noun[Conversation]
	departments          noun[Department]
	tickets              noun[Ticket]
	project              noun[Project] // not a collection: the path leads to the only one
	conversationMessages noun[Message] // of one conversation: its path is relative to that
	contactMessages      noun[Message] // of one contact

	// contactFields are those that can be written.
	contactFields []ContactField

	// byEmail is the query that filters contacts; nil if the API cannot.
	byEmail func(email string) url.Values

	// encodeProperty makes the body that creates a property; nil if the API cannot.
	encodeProperty func(NewProperty) any

	// encodeContact makes the body that creates or changes a contact. isNumber tells the properties whose
	// values are numbers; it is asked only if typedValues is set.
	encodeContact func(change ContactChange, isNumber func(property string) bool) any
	typedValues   bool

	// batch creates many contacts with one request, all or none; nil if the API cannot.
	batch *batchFormat
	// encodeConversation makes the body that creates or changes a conversation; nil where there are none.
	encodeConversation func(ConversationChange) any

	ticketWrites ticketWrites // empty where there are no tickets

	// tells reports whether the reply to a write tells what became of all that was sent.
	tells func(body []byte, sent ContactChange) bool
}

// batchFormat is how contacts are created many at once.
type batchFormat struct {
	path   string                                       // relative to the base URL
	encode func(contacts []any) any                     // makes the body, from those of single creates
	split  func(body []byte) ([]json.RawMessage, error) // takes the reply apart into those of single reads
}

// Format is a wire format, as it is noted beside an object that was written over it.
type Format string

// The formats.
const (
	V1      Format = "v1"      // one API key
	OpenAPI Format = "openapi" // the published API: client id and secret
)

// Credentials choose the format: a [Key] or [ClientCredentials].
type Credentials interface{ wire() *wire }

// noun is a collection of the API.
type noun[T any] struct {
	path string // of the collection, relative to the base URL
	id   func(T) string

	// page decodes the page with this number, from 1.
	page func(body []byte, number int) (page[T], error)

	// one decodes a single object. nil if the API has no single reads.
	one func(body []byte) (T, error)
}

func (n noun[T]) exists() bool { return n.path != "" }

// page is a page of a list.
type page[T any] struct {
	items []T
	next  url.Values // asks for the page that follows; nil if this is the last one as far as it tells
	total int        // how many items the list says it has, -1 if it does not say
}

// path addresses a collection, the object in it that id names, or a list that this object has.
type path struct {
	collection string
	id         string
	object     bool
	list       string // "" = none
}

func collection(name string) path { return path{collection: name} }

func object(collection, id string) path { return path{collection: collection, id: id, object: true} }

func listWithin(collection, id, list string) path {
	return path{collection: collection, id: id, object: true, list: list}
}

// String is the path for people, relative to the base URL.
func (p path) String() string { return p.with(url.PathEscape(p.id)) }

// with is the path with the id as it is written here.
func (p path) with(id string) string {
	joined := p.collection
	if p.object {
		joined += "/" + id
	}
	if p.list != "" {
		joined += "/" + p.list
	}
	return joined
}

// on is the URL of the path below a base URL that ends in a slash.
func (p path) on(base *url.URL, query url.Values) *url.URL {
	u := *base
	// Not JoinPath: it would clean away an id's dots and slashes.
	u.Path = base.Path + p.with(p.id)
	u.RawPath = base.EscapedPath() + p.String()
	u.RawQuery = query.Encode()
	return &u
}

// isAddressable reports whether the id can stand in a path. An empty one, or dots, would address
// something else: the collection, say.
func (p path) isAddressable() bool {
	return !p.object || p.id != "" && p.id != "." && p.id != ".."
}
