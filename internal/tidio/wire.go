package tidio

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// wire is what differs between the wire formats of the API. Only the files that construct one, v1*.go and
// openapi*.go, know its JSON, paths, envelope, paging, headers and error bodies.
type wire struct {
	format Format
	help   *Help

	// setHeaders adds the credentials and the other headers that every request needs.
	setHeaders func(http.Header)

	// redact removes the credentials from a text that the API sent.
	redact func(string) string

	// classify returns the class of a reply for the transport.
	classify func(transport.Request, transport.Reply) transport.Class

	// isAnswer reports whether a body is in the API's own format. Other bodies come from something else,
	// such as a proxy or a login page.
	isAnswer func(body []byte) bool

	// isError reports whether the body of a 2xx reports an error.
	isError func(body []byte) bool

	// message returns the API's message in the body of an error, or "".
	message func(body []byte) string

	// writtenID returns the id of the object in the reply to a write.
	writtenID func(body []byte) (string, error)

	// The collections. If the format does not have a collection, it is empty.
	properties           noun[Property]
	operators            noun[Operator]
	contacts             noun[Contact]
	conversations        noun[Conversation]
	departments          noun[Department]
	tickets              noun[Ticket]
	project              noun[Project] // not a collection: the path leads to the only object
	conversationMessages noun[Message] // of one conversation: the path is relative to the conversation
	contactMessages      noun[Message] // of one contact

	// contactFields are the fields that can be written.
	contactFields []ContactField

	// byEmail returns the query that filters contacts; nil if the API cannot filter.
	byEmail func(email string) url.Values

	// encodeProperty returns the body that creates a property; nil if the API cannot create one.
	encodeProperty func(NewProperty) any

	// encodeContact returns the body that creates or changes a contact. isNumber reports whether a property
	// has numbers as values; it is used only if typedValues is set.
	encodeContact func(change ContactChange, isNumber func(property string) bool) any
	typedValues   bool

	// batch creates several contacts with one request: all of them or none. It is nil if the API cannot.
	batch *batchFormat

	// encodeConversation makes the body that creates or changes a conversation. It is nil if there are none.
	encodeConversation func(ConversationChange) any

	ticketWrites ticketWrites // empty if there are no tickets

	// tells reports whether the reply to a write shows the result of everything that was sent.
	tells func(body []byte, sent ContactChange) bool
}

// batchFormat is how several contacts are created with one request.
type batchFormat struct {
	path   string                                       // relative to the base URL
	encode func(contacts []any) any                     // makes the body, from the bodies of single creates
	split  func(body []byte) ([]json.RawMessage, error) // splits the reply into the bodies of single reads
}

// Format is a wire format. Private state records it for each object.
type Format string

// The formats.
const (
	V1      Format = "v1"      // one API key
	OpenAPI Format = "openapi" // the published API: client id and secret
)

// Credentials select the format: a [Key] or [ClientCredentials].
type Credentials interface{ wire() *wire }

// noun is a collection of the API.
type noun[T any] struct {
	path string // of the collection, relative to the base URL
	id   func(T) string

	// page decodes the page with this number, counted from 1.
	page func(body []byte, number int) (page[T], error)

	// one decodes a single object. nil if the API has no single reads.
	one func(body []byte) (T, error)
}

func (n noun[T]) exists() bool { return n.path != "" }

// page is a page of a list.
type page[T any] struct {
	items []T
	next  url.Values // the query for the next page; nil if the page does not report one
	total int        // the reported number of items in the list; -1 if it is not reported
}

// path is the path of a collection, of an object in it, or of a list within this object.
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

// String returns the path for people, relative to the base URL.
func (p path) String() string { return p.with(url.PathEscape(p.id)) }

// with returns the path with the id written as given.
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

// on returns the URL of the path below a base URL that ends in a slash.
func (p path) on(base *url.URL, query url.Values) *url.URL {
	u := *base
	// Not JoinPath, which would remove dots and slashes from an id.
	u.Path = base.Path + p.with(p.id)
	u.RawPath = base.EscapedPath() + p.String()
	u.RawQuery = query.Encode()
	return &u
}

// isAddressable reports whether the id can be part of a path. An empty id, or dots, would address
// something else, such as the collection.
func (p path) isAddressable() bool {
	return !p.object || p.id != "" && p.id != "." && p.id != ".."
}
